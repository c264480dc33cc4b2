/* A form with data-place acts where it stands: the answer's main part takes the place of this one. Without a script,
   or without a connection, the form goes its ordinary way. Tells the other scripts by the event "accord:placed". */
(() => {
  "use strict";
  const undo = ".notices form";

  const goOrdinaryWay = (form, button) => { // the browser shows what there is, in its own words; the button's own value goes along
    if (button?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
    form.submit();
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest(`form[data-place], ${undo}`);
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    const card = form.closest("[data-card], li, [data-notice]");
    card?.setAttribute("aria-busy", "true");
    const sent = new FormData(form, event.submitter);
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "text/html" } });
    } catch {
      delete form.dataset.sent;
      card?.removeAttribute("aria-busy");
      goOrdinaryWay(form, event.submitter);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const wanted = new URL(answer.url);
    if (!page.querySelector("body.desk-page main") && answer.ok) { location.assign(answer.url); return; }
    if (!page.querySelector("main")) { goOrdinaryWay(form, event.submitter); return; } // not a page of ours
    put(page, card?.id);
    if (answer.redirected && wanted.pathname !== location.pathname) history.pushState({}, "", answer.url);
    document.title = page.title;
  });

  const put = (page, cardId) => {
    const main = document.querySelector("main");
    const fresh = page.querySelector("main");
    const told = fresh.querySelector(".notices");
    const here = main.querySelector(".notices");
    told?.remove();
    for (const old of [...main.children]) if (old !== here) old.remove();
    if (here) here.before(...fresh.childNodes); else main.append(...fresh.childNodes);
    if (here) here.replaceChildren(...(told?.childNodes ?? [])); // the region stays, so that it is read aloud
    document.dispatchEvent(new CustomEvent("accord:placed"));
    const next = (cardId && document.getElementById(cardId)) || document.querySelector("[data-card]") || main;
    next.focus({ preventScroll: true });
  };

  addEventListener("popstate", () => location.reload());
})();

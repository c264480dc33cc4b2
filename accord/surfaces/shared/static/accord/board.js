/* The board, kept up to date on both sides. The server says that something changed (server-sent events); the page
   then fetches its changing part and takes over what differs, node by node: what somebody is typing, the cursor and
   what was unfolded stay. Without this script the forms and a reload do the same. */
(() => {
  "use strict";
  const board = document.querySelector("[data-board]");
  document.documentElement.classList.add("js");
  if (!board) return;
  const area = board.querySelector(".board__part");
  const connection = board.querySelector("[data-connection]");
  let number = board.dataset.number;

  /* Taking over: the same node stays the same node, so focus and typed text stay with it. */
  const typed = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
  const fields = (form) => [...form.querySelectorAll("textarea, input:not([type=hidden])")];
  const busy = (form) => form.contains(document.activeElement) || fields(form).some(typed);

  const own = (old, name) => (old.tagName === "DETAILS" && name === "open") || (old === document.activeElement && name === "tabindex");
  const takeAttributes = (old, fresh) => {
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !own(old, name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value && !own(old, name)) old.setAttribute(name, value);
  };
  const key = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.id || `${node.tagName}.${node.className.baseVal ?? node.className.split(" ")[0]}` : node.nodeType);
  const seen = (form) => form.querySelector("[name=seen], [name=version]")?.value;
  const keep = (form, fresh) => {
    if (seen(form) !== seen(fresh)) { const note = form.querySelector("[data-moved]"); if (note) note.hidden = false; }
  };
  const renewed = new WeakMap(); // form -> when other words came under it: nobody says yes to words that came a moment ago
  const JUST_NOW = 800; // ms
  const take = (old, fresh) => {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeType !== Node.ELEMENT_NODE) { if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue; return; }
    if (old.tagName === "FORM" && fields(old).length && busy(old)) { keep(old, fresh); return; }
    if (old.tagName === "FORM" && seen(old) !== seen(fresh)) renewed.set(old, performance.now());
    takeAttributes(old, fresh);
    takeChildren(old, fresh);
    if (old.tagName === "TEXTAREA" && old !== document.activeElement) old.value = old.defaultValue;
  };
  const takeChildren = (old, fresh) => {
    const spare = new Map();
    for (const child of old.childNodes) { const name = key(child); spare.set(name, [...(spare.get(name) ?? []), child]); }
    let place = old.firstChild;
    for (const child of [...fresh.childNodes]) {
      const same = spare.get(key(child))?.shift();
      if (!same) { old.insertBefore(document.importNode(child, true), place); continue; }
      if (same !== place) old.insertBefore(same, place); else place = place.nextSibling;
      take(same, child);
    }
    for (const rest of [...spare.values()].flat()) if (!rest.contains(document.activeElement) || !rest.querySelector("form")) rest.remove();
  };
  const show = (text) => {
    const fresh = new DOMParser().parseFromString(text, "text/html").body;
    const part = fresh.querySelector("[data-number]");
    if (!part || Number(part.dataset.number) < Number(number)) return; // an older answer that came late
    number = part.dataset.number;
    takeChildren(area, fresh);
  };

  /* Asking: one request at a time, and once more if something changed meanwhile. */
  let asking = false, again = false;
  const refresh = async () => {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(board.dataset.part, { credentials: "same-origin", cache: "no-store" });
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch { say("no"); } finally { asking = false; }
    if (again) { again = false; refresh(); }
  };

  /* Hearing. A page that nobody looks at hears nothing, and is not "here". */
  const say = (how) => { if (connection) connection.textContent = connection.dataset[how]; };
  const here = board.querySelector("[data-here]");
  const showHere = (yes) => {
    if (!here) return;
    here.classList.toggle("here--yes", yes);
    here.querySelector("[data-here-text]").textContent = yes ? here.dataset.yes : here.dataset.no;
  };
  let source;
  const listen = () => {
    if (source || document.hidden || !here) return;
    source = new EventSource(`${board.dataset.live}?known=${number}`);
    source.addEventListener("open", () => say("yes"));
    source.addEventListener("changed", (event) => { if (event.data !== number) refresh(); });
    source.addEventListener("here", (event) => showHere(event.data === "1"));
    source.addEventListener("over", () => { hush(); showHere(false); say("over"); });
    source.addEventListener("error", () => { if (source?.readyState === EventSource.CLOSED) { source = undefined; say("over"); } else say("no"); });
  };
  const hush = () => { source?.close(); source = undefined; };
  document.addEventListener("visibilitychange", () => (document.hidden ? hush() : listen()));
  addEventListener("pagehide", hush);
  addEventListener("pageshow", listen);

  /* Pressing: the answer is the changed part, so that what is typed elsewhere on the page stays. */
  const complain = (form, text) => {
    let line = form.querySelector("[data-wrong]");
    if (!line) { line = document.createElement("p"); line.className = "said-wrong"; line.dataset.wrong = ""; line.setAttribute("role", "alert"); form.append(line); }
    line.textContent = text;
  };
  const settle = (form, text) => {
    const inside = form.contains(document.activeElement);
    const [item, fold] = [form.closest(".item")?.id, form.closest("details")];
    form.reset();
    form.querySelector("[data-wrong]")?.remove();
    if (fold?.matches(".add, .edit-words")) fold.open = false;
    if (inside) document.activeElement.blur();
    show(text);
    if (!inside) return; // the place on the page is kept
    const back = fold?.isConnected ? fold.querySelector("summary") : document.getElementById(item);
    if (back && !back.matches("summary")) back.tabIndex = -1;
    back?.focus({ preventScroll: true });
  };
  area.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-change]")) return;
    event.preventDefault();
    if (form.dataset.sending) return; // a double tap is one tap
    if (performance.now() - (renewed.get(form) ?? -JUST_NOW) < JUST_NOW) { complain(form, board.dataset.justChanged); return; }
    form.dataset.sending = "";
    const body = new FormData(form, event.submitter);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json", "X-Part": "1" }, credentials: "same-origin" });
      const kind = answer.headers.get("Content-Type") ?? "";
      if (answer.ok && !answer.redirected) { settle(form, await answer.text()); return; }
      if (kind.startsWith("application/json")) { complain(form, (await answer.json()).message); if (answer.status === 409) refresh(); return; }
      const what = document.createElement("input"); // both texts, or the door: a page of its own
      what.type = "hidden"; what.name = "what"; what.value = event.submitter.value;
      form.append(what);
      form.submit();
    } catch { say("no"); complain(form, connection.dataset.no); } finally { delete form.dataset.sending; }
  });

  area.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy-note]");
    if (!button) return;
    const text = button.closest("details").querySelector("[data-note]");
    try { await navigator.clipboard.writeText(text.textContent); } catch { getSelection().selectAllChildren(text); return; }
    const label = button.textContent;
    button.textContent = `✓ ${button.dataset.done}`;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
  listen();
})();

/* Keeps an answer while it is typed. "Saved" is said only when the server has it; the buttons work without this. */
(() => {
  "use strict";
  const form = document.querySelector("[data-intake]");
  const words = form?.querySelector("textarea");
  if (!words) return;
  const state = form.querySelector("[data-state]");
  const AFTER = 800, AGAIN = 4000;
  let kept = words.value, timer = 0, stopped = false, busy = null;

  const wait = (time) => { clearTimeout(timer); if (!stopped) timer = setTimeout(keep, time); };
  const end = (name) => { stopped = true; state.textContent = form.dataset[name]; };
  const keep = async () => {
    if (busy || stopped || words.value === kept) return;
    const sent = words.value, body = new FormData(form);
    body.set("do", "keep");
    busy = new AbortController();
    state.textContent = form.dataset.keeping;
    try {
      const answer = await fetch(location.pathname, { method: "POST", body, redirect: "manual", signal: busy.signal });
      if (answer.type === "opaqueredirect" || answer.status === 403) end("out");
      else if (answer.status === 409) end("moved");
      else if (!answer.ok) throw new Error(String(answer.status));
      else {
        kept = sent;
        state.textContent = `${form.dataset.kept} ${(await answer.json()).at}`;
        if (words.value !== kept) wait(AFTER);
      }
    } catch { if (!stopped) { state.textContent = form.dataset.trouble; wait(AGAIN); } }
    busy = null;
  };

  words.addEventListener("input", () => wait(AFTER));
  words.addEventListener("blur", () => wait(0));
  // What Continue sends is the newer: nothing that is still under way may come after it.
  form.addEventListener("submit", () => { stopped = true; clearTimeout(timer); busy?.abort(); });
})();

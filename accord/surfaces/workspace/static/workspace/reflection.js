/* Keeps a reflection while it is written. "Kept" is said only when the server has it. */
(() => {
  "use strict";
  const form = document.querySelector("[data-reflection]");
  if (!form) return;
  const words = form.querySelector("textarea");
  const version = form.querySelector("[name=version]");
  const state = form.querySelector("[data-state]");
  const AFTER = 1500, AGAIN = 5000;
  let kept = words.value, timer = 0, busy = false, stopped = false, last = state.textContent;

  const say = (name, more = "") => { const told = `${form.dataset[name]} ${more}`.trim(); if (state.textContent !== told) state.textContent = told; };
  const wait = (time) => { clearTimeout(timer); if (!stopped) timer = setTimeout(keep, time); };
  const end = (name) => { stopped = true; say(name); };

  const keep = async () => {
    if (busy || stopped || words.value === kept) return;
    busy = true;
    const sent = words.value;
    say("keeping");
    try {
      const answer = await fetch(form.action || location.href, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 403) end("out");
      else if (answer.status === 409) end("moved");
      else if (!answer.ok) throw new Error(String(answer.status));
      else {
        const told = await answer.json();
        version.value = told.version;
        kept = sent;
        last = `${form.dataset.kept} ${told.at}`;
        if (words.value === kept) state.textContent = last; else { say("open"); wait(AFTER); }
      }
    } catch { say("trouble"); wait(AGAIN); }
    busy = false;
  };

  words.addEventListener("input", () => {
    if (stopped) return;
    if (words.value === kept) { clearTimeout(timer); if (!busy) state.textContent = last; return; }
    if (!busy) say("open");
    wait(AFTER);
  });
  words.addEventListener("blur", () => wait(0));
  form.addEventListener("submit", (event) => { if (stopped) return; event.preventDefault(); if (words.value !== kept) { clearTimeout(timer); keep(); } });
  addEventListener("beforeunload", (event) => { if (words.value !== kept) event.preventDefault(); });
})();

/* On every page of a client: install what works offline, send what waits, and leave no draft behind on signing out. */
(() => {
  "use strict";
  const DRAFT = "accord.check-in.";
  const { worker, code, key } = document.currentScript.dataset;
  const language = document.documentElement.lang;

  const tell = (registration) => registration.active?.postMessage({ language });
  if ("serviceWorker" in navigator && worker) {
    addEventListener("load", () => {
      navigator.serviceWorker.register(worker, { scope: "/" }).then(() => navigator.serviceWorker.ready).then(tell).catch(() => {});
    });
  }

  /* A page that says "Sent" stands for the draft, and nothing of it stays here. Unless the answers were changed after
     what the server has: then the page says so, and they are there to be sent after taking back. */
  const changed = ({ waiting, letter, values } = {}) => {
    if (!waiting || !letter) return false;
    const other = ([name, was]) => name !== "mode" && String(values?.[name] ?? "").trim() !== was;
    return letter.idempotency_key !== key || Object.entries(JSON.parse(letter.of)).some(other);
  };
  if (code) {
    try {
      const draft = JSON.parse(localStorage[DRAFT + code] ?? "null") ?? undefined;
      if (changed(draft)) {
        document.querySelector("[data-changed]").hidden = false;
        localStorage[DRAFT + code] = JSON.stringify({ ...draft, waiting: false, letter: null, step: "review" });
      } else localStorage.removeItem(DRAFT + code);
    } catch { /* nothing was kept */ }
    accord.outbox.forget(code);
  }

  const here = () => document.getElementById("check-in")?.dataset.code; // that page sends its own letter itself, and says so
  const sendAll = () => accord.outbox.sendAll({ except: here() }).catch(() => {});
  addEventListener("online", sendAll);
  addEventListener("load", () => setTimeout(sendAll, 0));

  /* What was not handed over to be sent goes; what waits to be sent stays until it is. */
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-sign-out]")) return;
    try {
      for (const name of Object.keys(localStorage)) if (name.startsWith(DRAFT) && !JSON.parse(localStorage[name])?.waiting) localStorage.removeItem(name);
    } catch { /* nothing was kept */ }
  });
})();

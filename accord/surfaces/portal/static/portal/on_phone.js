/* Clear what this phone keeps. Answers that were never sent are asked about first. */
(() => {
  "use strict";
  const PREFIX = "accord.check-in.";
  const [button, line] = ["[data-forget]", "[data-forgot]"].map((part) => document.querySelector(part));
  let sure = false;
  const names = () => { try { return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)); } catch { return []; } };
  const waits = (name) => { try { return JSON.parse(localStorage[name])?.waiting; } catch { return false; } };
  button.addEventListener("click", async () => {
    const waiting = names().filter(waits).length;
    if (waiting && !sure) {
      sure = true;
      line.textContent = line.dataset.some.replace("{n}", new Intl.NumberFormat(document.documentElement.lang).format(waiting));
      return;
    }
    for (const name of names()) {
      localStorage.removeItem(name);
      await accord.outbox.forget(name.slice(PREFIX.length));
    }
    for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
    for (const each of (await navigator.serviceWorker?.getRegistrations()) ?? []) await each.unregister();
    line.textContent = line.dataset.text;
  });
})();

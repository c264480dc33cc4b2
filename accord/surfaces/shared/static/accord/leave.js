/* Quick exit: one tap, or Escape three times. What is on the page goes first, then the page itself.
   Loaded before the rest on pages that carry it, so that it answers even while they still load. */
(() => {
  "use strict";
  const LEFT = "accord.left";
  const root = document.documentElement;
  root.classList.add("js");

  const remember = (value) => {
    try { value ? sessionStorage.setItem(LEFT, value) : sessionStorage.removeItem(LEFT); } catch { /* no storage: leave anyway */ }
  };
  const remembered = () => {
    try { return sessionStorage.getItem(LEFT); } catch { return null; }
  };
  const clear = () => {
    document.title = "…";
    document.body?.replaceChildren();
  };
  // What was begun goes from this phone too. What was handed over to be sent stays until it is: that was promised.
  const forget = () => {
    try {
      for (const name of Object.keys(localStorage)) if (name.startsWith("accord.check-in.") && !JSON.parse(localStorage[name])?.waiting) localStorage.removeItem(name);
    } catch { /* no storage: leave anyway */ }
  };
  const leave = (to) => {
    clear();
    forget();
    remember(to);
    location.replace(to);
  };

  // Back after leaving must not bring the page up again; opening the link anew may.
  const cameBack = (event) => event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  addEventListener("pageshow", (event) => { if (remembered() && cameBack(event)) leave(remembered()); });
  if (remembered() && performance.getEntriesByType("navigation")[0]?.type === "back_forward") location.replace(remembered());
  else remember(null);

  let escapes = [];
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    escapes = [...escapes.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
    const link = document.querySelector("[data-leave]");
    if (escapes.length >= 3 && link) leave(link.href);
  }, { capture: true });
  addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-leave]");
    if (!link) return;
    event.preventDefault();
    leave(link.href);
  }, { capture: true });
})();

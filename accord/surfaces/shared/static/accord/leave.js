/* Quick exit: one tap, or Escape three times; where a page carries data-shift, Shift three times too. What is on the page goes first, then the page itself.
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

  let presses = [], last = "";
  addEventListener("keydown", (event) => {
    const link = document.querySelector("[data-leave]");
    const key = event.key;
    if (event.repeat || !link) return;
    // Shift counts where a page says so, and only by itself: three capitals are no wish to leave.
    const counts = key === "Escape" || (key === "Shift" && "shift" in link.dataset);
    if (!counts || key !== last) presses = [];
    last = key;
    if (!counts) return;
    presses = [...presses.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
    if (presses.length >= 3) leave(link.href);
  }, { capture: true });
  addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-leave]");
    if (!link) return;
    event.preventDefault();
    leave(link.href);
  }, { capture: true });
})();

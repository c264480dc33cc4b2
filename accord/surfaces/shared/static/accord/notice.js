/* A notice with Undo stays ten seconds, and as long as someone points at it or is inside it. */
(() => {
  "use strict";
  const TEN_SECONDS = 10000;
  const begin = () => { for (const bar of document.querySelectorAll("[data-undo]:not([data-timed])")) time(bar); };
  const time = (bar) => {
    let timer;
    bar.dataset.timed = "";
    const wait = () => { timer = setTimeout(() => bar.remove(), TEN_SECONDS); };
    const hold = () => clearTimeout(timer);
    bar.addEventListener("pointerenter", hold);
    bar.addEventListener("focusin", hold);
    bar.addEventListener("pointerleave", wait);
    bar.addEventListener("focusout", wait);
    wait();
  };
  document.addEventListener("accord:placed", begin);
  begin();
})();

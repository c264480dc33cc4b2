/* Copy an opening. Without a script the sentence can still be selected, so the button shows only where it works. */
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const opening = button.closest("[data-opening]");
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(opening.querySelector("[data-words]").textContent.trim());
      button.textContent = `✓ ${label}`;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
})();

/* Copy an opening. Without a script the sentence can still be selected, so the button shows only where it works. */
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  const show = () => { for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false; };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const label = button.textContent;
    await navigator.clipboard.writeText(button.closest("[data-opening]").querySelector("[data-words]").textContent.trim());
    button.textContent = `✓ ${label}`;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
  document.addEventListener("accord:placed", show);
  show();
})();

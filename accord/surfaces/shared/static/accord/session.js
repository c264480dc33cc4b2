/* Before a stay ends, say so two minutes ahead, and let one tap keep it. At the end, cover the page: what was typed
   stays in it, and comes back when the same person has signed in again in another tab. */
(() => {
  "use strict";
  const box = document.querySelector("[data-stay]");
  if (!box) return;
  const WARN = 120; // seconds
  const main = document.getElementById("main");
  const [soon, over] = ["[data-stay-soon]", "[data-stay-over]"].map((part) => box.querySelector(part));
  const count = box.querySelector("[data-stay-left]");
  const person = box.dataset.person;
  let ends = Date.now() + Number(box.dataset.seconds) * 1000;
  let state = "quiet"; // quiet, soon, over

  const left = () => Math.ceil((ends - Date.now()) / 1000);
  const show = (next) => {
    if (next === state) return;
    state = next;
    box.hidden = next === "quiet";
    soon.hidden = next !== "soon";
    over.hidden = next !== "over";
    main.classList.toggle("covered", next === "over"); // private things do not stay on a screen that somebody has left
    if (next === "over") over.querySelector("a").focus();
  };
  const tick = () => {
    const seconds = left();
    show(seconds <= 0 ? "over" : seconds <= WARN ? "soon" : "quiet");
    if (state === "soon") count.textContent = seconds > 60 ? count.dataset.two : count.dataset.one;
  };

  // A page in another tab keeps this one going too.
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("accord.stay") : null;
  const tell = () => tabs?.postMessage({ person, ends });
  tabs?.addEventListener("message", ({ data }) => { if (data.person === person && data.ends > ends && state !== "over") { ends = data.ends; tick(); } });

  // Open forms get the new token, because signing in again has changed it.
  const renew = (token) => document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });
  const askServer = async () => {
    const answer = await fetch(box.dataset.url, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
    if (!answer.ok) return;
    const stay = await answer.json();
    ends = stay.person === person ? Date.now() + stay.seconds * 1000 : 0;
    if (ends) renew(stay.token);
    tell();
    tick();
  };
  const keep = () => askServer().catch(() => {}); // offline: the warning stays up, the next tap tries again

  box.querySelector("[data-stay-keep]").addEventListener("click", keep);
  box.querySelector("[data-stay-back]").addEventListener("click", keep);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) keep(); }); // who came back may have signed in anew elsewhere
  setInterval(tick, 1000);
  tell();
  tick();
})();

/* Ctrl K finds clients, pages and what can be done here; single keys act on a card; ? lists them. The list of where to
   go is the plain page behind the link "Find", read when the palette opens. */
(() => {
  "use strict";
  const palette = document.querySelector("[data-palette]");
  const keys = document.querySelector("[data-keys]");
  if (!palette?.showModal) return;
  const what = palette.querySelector("input");
  const list = palette.querySelector("ul");
  const count = palette.querySelector("[data-count]");
  document.documentElement.classList.add("has-js");
  let places = null;
  let shown = [];
  let at = 0;

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
  const words = (node) => node.textContent.replace(/\s+/g, " ").trim();

  const load = async () => {
    const answer = await fetch(palette.dataset.source);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    places = [...page.querySelectorAll("main [data-go]")].map((link) => {
      const href = new URL(link.getAttribute("href"), location.origin).href;
      return { name: words(link), act: () => location.assign(href) };
    });
  };

  const here = () => [...document.querySelectorAll("main [data-act]")].map((node) => ({
    name: node.dataset.act, hint: palette.dataset.here, act: () => node.click(),
  }));

  const draw = () => {
    const asked = plain(what.value).split(/\s+/).filter(Boolean);
    const fits = [...here(), ...(places ?? [])].filter((one) => asked.every((part) => plain(one.name).includes(part)));
    const begins = (one) => asked.every((part) => ` ${plain(one.name)}`.includes(` ${part}`));
    shown = [...fits.filter(begins), ...fits.filter((one) => !begins(one))]; // what begins so comes first
    at = 0;
    list.replaceChildren(...shown.map((one, number) => {
      const line = document.createElement("li");
      line.id = `palette-${number}`;
      line.role = "option";
      line.textContent = one.name;
      if (one.hint) line.append(Object.assign(document.createElement("span"), { className: "soft small", textContent: one.hint }));
      line.addEventListener("click", () => choose(number));
      return line;
    }));
    count.textContent = shown.length ? `${palette.dataset.some} ${shown.length}` : palette.dataset.none;
    mark();
  };

  const mark = () => {
    for (const [number, line] of [...list.children].entries()) line.setAttribute("aria-selected", String(number === at));
    const line = list.children[at];
    if (line) { what.setAttribute("aria-activedescendant", line.id); line.scrollIntoView({ block: "nearest" }); }
    else what.removeAttribute("aria-activedescendant");
  };

  const choose = (number) => {
    const one = shown[number];
    if (!one) return;
    palette.close();
    one.act();
  };

  const open = async () => {
    if (palette.open) { palette.close(); return; }
    keys.close();
    what.value = "";
    palette.showModal();
    draw();
    try { if (!places) await load(); draw(); } catch { count.textContent = palette.dataset.trouble; }
  };

  what.addEventListener("input", draw);
  palette.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) { event.preventDefault(); at = (at + step + shown.length) % shown.length; mark(); }
    if (event.key === "Enter" && event.target === what) { event.preventDefault(); choose(at); }
  });
  for (const dialog of [palette, keys]) {
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-find]") && !event.metaKey && !event.ctrlKey) { event.preventDefault(); open(); }
  });

  const card = () => document.activeElement?.closest("[data-card]");
  const go = (step) => {
    const cards = [...document.querySelectorAll("[data-card]")];
    if (!cards.length) return;
    const now = cards.indexOf(card());
    const next = cards[now < 0 ? 0 : Math.min(cards.length - 1, Math.max(0, now + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const press = (key) => {
    const wanted = `[data-key="${CSS.escape(key)}"]`;
    const nearest = card() ?? document.querySelector("[data-card]");
    const place = nearest?.dataset[`go${key.toUpperCase()}`];
    if (place) { location.assign(place); return; }
    (nearest?.querySelector(wanted) ?? document.querySelector(`${wanted}:not([data-card] *)`))?.click();
  };

  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
      return;
    }
    const dialog = event.target.closest?.("dialog"); // one that has just closed may still hold the focus
    const writing = dialog ? dialog.open : event.target.closest?.("input, textarea, select, [contenteditable]");
    if (keys.dataset.keys !== "on" || writing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const key = event.key.toLowerCase();
    if (key === "?") keys.showModal();
    else if (key === "j" || key === "k") go(key === "j" ? 1 : -1);
    else if (key === "u") document.querySelector(".notices [data-undo] button")?.click();
    else if (key === "t") document.querySelector(".nav a")?.click();
    else if (/^[a-z/]$/.test(key)) press(key);
    else return;
    event.preventDefault();
  });
})();

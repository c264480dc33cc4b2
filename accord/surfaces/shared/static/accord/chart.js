/* Arrow keys walk along a chart's sessions; what a point says stands under the drawing too. */
(() => {
  "use strict";
  const place = (stops, stop) => stops.forEach((s) => s.setAttribute("tabindex", s === stop ? "0" : "-1"));

  const tell = (figure, stop) => {
    for (const other of figure.querySelectorAll("[data-here]")) other.removeAttribute("data-here");
    stop.setAttribute("data-here", "");
    const line = figure.querySelector("[data-said]");
    const title = stop.closest("svg").querySelector("title").textContent;
    if (line) line.textContent = `${title}. ${stop.getAttribute("aria-label")}`;
  };

  const begin = () => { for (const chart of document.querySelectorAll("[data-chart]:not([data-walked])")) walk(chart); };
  const walk = (chart) => {
    chart.setAttribute("data-walked", "");
    const stops = [...chart.querySelectorAll(".chart__stop")];
    const figure = chart.closest("[data-figure]") ?? chart.parentElement;
    const rtl = getComputedStyle(chart).direction === "rtl" ? -1 : 1;
    chart.addEventListener("keydown", (event) => {
      const at = stops.indexOf(document.activeElement);
      const to = { ArrowRight: at + rtl, ArrowLeft: at - rtl, Home: 0, End: stops.length - 1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      const stop = stops[Math.min(stops.length - 1, Math.max(0, to))];
      place(stops, stop);
      stop.focus();
    });
    for (const stop of stops) {
      stop.addEventListener("focus", () => tell(figure, stop));
      stop.addEventListener("pointerenter", () => tell(figure, stop));
      stop.addEventListener("click", () => { place(stops, stop); tell(figure, stop); });
    }
  };
  document.addEventListener("accord:placed", begin);
  begin();
})();

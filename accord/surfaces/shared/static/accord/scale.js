/* Other ways to give the same 0 to 10: in words, on a slider, or read aloud. All of them set the same eleven radio buttons. */
(() => {
  "use strict";
  const MODE = "accord.mode";
  const MODES = ["buttons", "words", "slider"];

  /* The word nearest to a number: 0 | 1–3 | 4–6 | 7–9 | 10. */
  const nearest = (n) => (n === 0 ? 0 : n < 4 ? 2 : n < 7 ? 5 : n < 10 ? 8 : 10);

  /* Numbers in the reader's own digits; a sentence with its places filled. */
  const plainly = new Intl.NumberFormat(document.documentElement.lang === "ar" ? "ar-u-nu-arab" : document.documentElement.lang, { useGrouping: false });
  const digits = (n) => (Number.isInteger(Number(n)) && n !== "" ? plainly.format(Number(n)) : n);
  const fill = (text, parts) => text.replace(/\{(\w+)\}/g, (_, name) => digits(parts[name] ?? ""));

  class Scale {
    constructor(field, form, onChange) {
      this.keys = field.querySelector("[data-keys]");
      this.slide = field.querySelector("[data-slide]");
      this.radios = [...this.keys.querySelectorAll("input")];
      this.title = field.querySelector(".ask__title").textContent;
      this.form = form;
      this.onChange = onChange;
      this.words = Object.fromEntries(this.radios.filter((r) => r.closest("[data-word]")).map((r) => [r.value, r.parentElement.querySelector(".key__word").textContent]));
      this.plain = this.radios.map((r) => r.getAttribute("aria-label"));
      this.build();
    }

    get value() {
      const chosen = this.radios.find((r) => r.checked);
      return chosen ? Number(chosen.value) : null;
    }

    build() {
      const button = (sign, label, step) => {
        const b = Object.assign(document.createElement("button"), { type: "button", className: "slide__step", textContent: sign });
        b.setAttribute("aria-label", label);
        b.addEventListener("click", () => this.set(this.value === null ? 5 : this.value + step));
        return b;
      };
      this.track = Object.assign(document.createElement("div"), { className: "slide__track", tabIndex: 0 });
      const facts = { role: "slider", "aria-valuemin": 0, "aria-valuemax": 10, "aria-label": this.title };
      for (const [name, fact] of Object.entries(facts)) this.track.setAttribute(name, fact);
      this.said = Object.assign(document.createElement("p"), { className: "slide__value" });
      this.said.setAttribute("aria-hidden", "true"); // the slider itself speaks its value
      this.slide.append(button("−", `− ${this.title}`, -1), this.track, button("+", `+ ${this.title}`, 1), this.said);
      this.track.addEventListener("keydown", (event) => this.key(event));
      this.track.addEventListener("pointerdown", (event) => { this.track.setPointerCapture(event.pointerId); this.point(event); });
      this.track.addEventListener("pointermove", (event) => { if (this.track.hasPointerCapture(event.pointerId)) this.point(event); });
      this.show();
    }

    key(event) {
      const rtl = getComputedStyle(this.track).direction === "rtl" ? -1 : 1;
      const steps = { ArrowRight: rtl, ArrowLeft: -rtl, ArrowUp: 1, ArrowDown: -1, PageUp: 2, PageDown: -2 };
      const ends = { Home: 0, End: 10 };
      if (!(event.key in steps) && !(event.key in ends)) return;
      event.preventDefault();
      this.set(event.key in ends ? ends[event.key] : this.value === null ? 5 : this.value + steps[event.key]);
    }

    point(event) {
      const box = this.track.getBoundingClientRect();
      const along = (event.clientX - box.left) / box.width;
      this.set(Math.round(10 * (getComputedStyle(this.track).direction === "rtl" ? 1 - along : along)));
    }

    set(n) {
      const radio = this.radios[Math.min(10, Math.max(0, n))];
      radio.checked = true;
      this.show();
      this.onChange();
    }

    show() {
      const n = this.value;
      const text = n === null ? this.form.dataset.untouched : fill(this.form.dataset.of, { n, word: this.words[nearest(n)].toLocaleLowerCase() });
      this.track.toggleAttribute("data-touched", n !== null);
      this.track.style.setProperty("--at", n ?? 0);
      this.track.setAttribute("aria-valuenow", n ?? 5); // a slider must have one; the words say that nothing is chosen
      this.track.setAttribute("aria-valuetext", text);
      this.said.textContent = n === null ? "" : text;
    }

    mode(mode) {
      this.keys.classList.toggle("scale--words", mode === "words");
      this.keys.classList.toggle("scale--slider", mode === "slider");
      this.radios.forEach((radio, i) => {
        const label = mode === "words" && this.words[radio.value] ? `${digits(radio.value)}, ${this.words[radio.value]}` : this.plain[i];
        label === null ? radio.removeAttribute("aria-label") : radio.setAttribute("aria-label", label);
      });
      this.show();
    }
  }

  class Ways {
    constructor(form, onChange) {
      this.form = form;
      this.scales = [...form.querySelectorAll("[data-scale]")].map((field) => new Scale(field, form, () => onChange(field.dataset.scale)));
      form.addEventListener("click", (event) => {
        const pick = event.target.closest("[data-mode]");
        if (pick) this.use(pick.dataset.mode);
        if (event.target.closest("[data-read]")) this.read(event.target.closest("[data-step]"));
      });
      for (const button of form.querySelectorAll("[data-read]")) button.hidden = !("speechSynthesis" in window);
      this.use(this.remembered());
    }

    remembered() {
      try { return MODES.find((m) => m === localStorage.getItem(MODE)) ?? "buttons"; } catch { return "buttons"; }
    }

    use(mode) {
      this.current = mode;
      try { localStorage.setItem(MODE, mode); } catch { /* this page only */ }
      for (const scale of this.scales) scale.mode(mode);
      for (const button of this.form.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    }

    refresh() { for (const scale of this.scales) scale.show(); }

    read(section) {
      const lines = [".ask__title", ".ask__why", ".ends"].map((part) => section.querySelector(part)?.textContent.trim().replace(/\s+/g, " "));
      speechSynthesis.cancel();
      const speech = new SpeechSynthesisUtterance(lines.filter(Boolean).join(". "));
      speech.lang = document.documentElement.lang;
      speechSynthesis.speak(speech);
    }
  }

  window.accord = { ...window.accord, Ways, fill, digits };
})();

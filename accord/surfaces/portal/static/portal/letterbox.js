/* The letterbox: keeps a draft on this phone and sends it once.
   One answer set has one key, made when Send is first pressed and kept with the draft, so that a second press, a second
   tab or a retry after a lost answer can only ever arrive as the same letter. "Sent" is said when the server has said it. */
(() => {
  "use strict";
  const PREFIX = "accord.check-in.";
  const KEEP = 8 * 24 * 60 * 60 * 1000; // ms: a draft that nobody touched for as long as a link lives goes
  const PATIENCE = 20000; // ms: after this a request counts as not sent; the same key makes a late arrival harmless

  const uuid = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64;
    b[8] = (b[8] & 63) | 128;
    const hex = Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  const localTime = (now) => {
    const east = -now.getTimezoneOffset();
    const two = (n) => String(Math.trunc(Math.abs(n))).padStart(2, "0");
    const clock = new Date(now.getTime() + east * 60000).toISOString().slice(0, 19);
    return { at: `${clock}${east < 0 ? "-" : "+"}${two(east / 60)}:${two(east % 60)}`, east };
  };

  class Letterbox {
    constructor(form) {
      this.name = PREFIX + form.dataset.code;
      this.form = form;
      this.busy = false;
      this.address = form.getAttribute("action") || location.pathname;
      this.tidy();
      this.draft = this.read() ?? {};
      this.channel = "BroadcastChannel" in window ? new BroadcastChannel(this.name) : null;
    }

    read() {
      try { return JSON.parse(localStorage.getItem(this.name)); } catch { return null; }
    }

    tidy() {
      try {
        for (const name of Object.keys(localStorage)) {
          if (!name.startsWith(PREFIX)) continue;
          const { waiting, when } = JSON.parse(localStorage[name]) ?? {};
          if (!waiting && when && Date.now() - when > KEEP) localStorage.removeItem(name);
        }
      } catch { /* nothing was kept */ }
    }

    /* True when the phone really kept it. */
    keep(change) {
      Object.assign(this.draft, change, { address: this.address, turn: this.form.elements.turn.value, when: Date.now() });
      try {
        localStorage.setItem(this.name, JSON.stringify(this.draft));
        return true;
      } catch { return false; }
    }

    forget() {
      this.draft = {};
      try { localStorage.removeItem(this.name); } catch { /* nothing was kept */ }
      return accord.outbox.forget(this.form.dataset.code);
    }

    /* The same letter where the service worker finds it, and a wish to be woken where a browser grants it. */
    async hand(answers, letter) {
      const { of, ...stamps } = letter;
      const body = new URLSearchParams({ ...answers, ...stamps }).toString();
      await accord.outbox.put({ code: this.form.dataset.code, address: this.address, body, of });
      const registration = await navigator.serviceWorker?.getRegistration?.().catch(() => null);
      await registration?.sync?.register("letters").catch(() => {});
      return body;
    }

    /* What waits was changed: the old letter is not sent any more, the new one waits in its place. */
    async change(answers) {
      const letter = this.seal(answers);
      this.keep({ letter, waiting: true });
      await this.hand(answers, letter);
    }

    /* The page that opens without a connection has no right of its own to one's own pages; a link has. */
    get canPost() { return !("shell" in this.form.dataset) || this.address.startsWith("/c/"); }

    waiting() {
      try {
        return Object.keys(localStorage).filter((k) => k.startsWith(PREFIX) && JSON.parse(localStorage[k])?.waiting).length;
      } catch { return 0; }
    }

    /* The letter for these answers: the one already sealed for them, also by another tab, or a new one. */
    seal(answers) {
      const of = JSON.stringify(answers);
      const sealed = [this.read()?.letter, this.draft.letter].find((letter) => letter?.of === of && letter.turn === this.form.elements.turn.value);
      if (sealed) return sealed;
      const { at, east } = localTime(new Date());
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
      return { of, idempotency_key: uuid(), answered_at: at, zone_offset: east, zone, turn: this.form.elements.turn.value };
    }

    /* → {state: "sent", at, what_next} | {state: "refused", message, field} | {state: "waiting", kept} | {state: "busy"} */
    async send(answers) {
      if (this.busy) return { state: "busy" };
      this.busy = true;
      const letter = this.seal(answers);
      const kept = this.keep({ letter, waiting: true });
      try {
        const body = await this.hand(answers, letter);
        return await accord.outbox.alone(() => this.post(body, kept, letter.of));
      } finally {
        this.busy = false;
      }
    }

    async post(body, kept, of) {
      if (!this.canPost) return { state: "waiting", kept };
      const token = this.form.elements.csrfmiddlewaretoken?.value ?? "";
      let response, said;
      try {
        response = await fetch(this.address, {
          method: "POST",
          headers: { Accept: "application/json", "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded" },
          body,
          credentials: "same-origin",
          signal: AbortSignal.timeout?.(PATIENCE),
        });
        said = await response.json().catch(() => ({}));
      } catch {
        return { state: "waiting", kept };
      }
      if (response.ok && said.state === "sent") {
        await this.forget();
        this.channel?.postMessage({ ...said, of });
        return said;
      }
      if (response.status >= 400 && response.status < 500 && response.status !== 429) {
        this.keep({ waiting: false });
        await accord.outbox.drop(this.form.dataset.code);
        return { state: "refused", message: said.message, field: said.field };
      }
      return { state: "waiting", kept };
    }
  }

  window.accord = { ...window.accord, Letterbox };
})();

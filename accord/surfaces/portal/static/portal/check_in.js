/* One question at a time. The form works without this script as one page; here it becomes pages of one question,
   a look over the answers, and a truthful line about what has been sent. */
(() => {
  "use strict";
  const form = document.getElementById("check-in");
  if (!form) return;
  const { Letterbox, Ways } = window.accord;
  const say = form.dataset;
  const SCORES = [...form.querySelectorAll("[data-scale]")].map((field) => field.dataset.scale);
  const QUESTIONS = [...SCORES, "tension"];
  const SETTLE = 350; // ms: a second tap of a double tap must not answer the next question
  const NOTE_MAX = 2000;
  const TAKE_BACK = 15 * 60 * 1000; // ms

  const box = new Letterbox(form);
  const section = (step) => form.querySelector(`[data-step="${step}"]`);
  const { fill, digits } = window.accord;
  const value = (name) => new FormData(form).get(name) ?? "";
  const off = () => ["a-bit", "yes"].includes(value("tension"));
  const steps = () => [...QUESTIONS, ...(off() ? ["note"] : []), "review"];

  let current = null;
  let answeredAt = -SETTLE; // when a tap last answered something
  let modes = { ...box.draft.modes };

  // ---- answers -------------------------------------------------------------------------------------------------

  const answers = () => {
    const given = Object.fromEntries(QUESTIONS.map((name) => [name, value(name)]));
    if (off()) Object.assign(given, { note: value("note").trim(), travels: value("travels") });
    return { ...given, mode: SCORES.map((name) => `${name}:${modes[name] ?? "buttons"}`).join(" ") };
  };

  const missing = (step) => {
    if (step === "note") return value("travels") === "" ? { text: say.chooseTravel, at: "travels" } : null;
    return QUESTIONS.includes(step) && value(step) === "" ? { text: say.choose, at: step } : null;
  };

  const autosave = () => box.keep({ values: { ...answers(), note: value("note"), travels: value("travels") }, modes, step: current });

  const changed = (name) => {
    if (SCORES.includes(name)) modes[name] = ways.current;
    autosave();
    if (box.draft.waiting && box.draft.letter?.of !== JSON.stringify(answers())) accord.outbox.drop(say.code); // not the old one, whatever comes
  };

  const restore = (values) => {
    for (const [name, was] of Object.entries(values ?? {})) {
      if (name !== "mode" && form.elements[name]) form.elements[name].value = was;
    }
    ways.refresh();
    whoSees();
  };

  // ---- showing one step ----------------------------------------------------------------------------------------

  const headings = () => {
    for (const old of form.querySelectorAll("h2.ask__title")) {
      const title = document.createElement("h1");
      title.className = old.className;
      title.tabIndex = -1;
      title.append(...old.childNodes);
      old.replaceWith(title);
    }
  };

  const show = (step, focus = true) => {
    const known = steps().includes(step) ? step : QUESTIONS[0];
    current = known;
    for (const part of form.querySelectorAll("[data-step]")) part.toggleAttribute("data-current", part.dataset.step === known);
    const here = section(known);
    const at = QUESTIONS.indexOf(known);
    const count = at < 0 ? "" : fill(say.count, { n: at + 1, all: QUESTIONS.length });
    const line = here.querySelector("[data-at-count]");
    if (line) line.textContent = count;
    document.title = [count, say.tab].filter(Boolean).join(" · ");
    problem(null);
    if (known === "review") review();
    if (focus) {
      (known === "note" ? form.elements.note : here.querySelector(".ask__title")).focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    box.keep({ step: known });
  };

  const go = (step, { toReview = false } = {}) => {
    history.pushState({ step, toReview, depth: (history.state?.depth ?? 0) + 1 }, "");
    show(step);
  };

  const advance = () => {
    const fault = missing(current);
    if (fault) return problem(fault.text, fault.at);
    const toReview = history.state?.toReview;
    const following = steps()[steps().indexOf(current) + 1];
    const next = toReview ? steps().find((step) => missing(step)) ?? "review" : following;
    return go(next, { toReview: toReview && next !== "review" });
  };

  const back = () => {
    if (history.state?.depth > 0) return history.back();
    const before = steps()[steps().indexOf(current) - 1];
    history.replaceState({ step: before, depth: 0 }, "");
    return show(before);
  };

  // ---- review --------------------------------------------------------------------------------------------------

  const worded = (name) => {
    const chosen = form.querySelector(`input[name="${name}"]:checked`);
    if (!chosen) return "";
    return chosen.closest(".key") ? digits(chosen.value) : chosen.parentElement.textContent.trim();
  };

  const row = (step, question, answer, isWords) => {
    const part = document.getElementById("answer-row").content.cloneNode(true);
    part.querySelector("dt").textContent = question;
    part.querySelector("[data-answer]").textContent = answer || say.nothing;
    if (isWords && answer) part.querySelector("[data-answer]").className = "words";
    part.querySelector("button span").textContent = ` ${question}`;
    part.querySelector("button").addEventListener("click", () => go(step, { toReview: true }));
    return part;
  };

  const review = () => {
    const rows = QUESTIONS.map((step) => row(step, section(step).querySelector(".ask__title").textContent, worded(step)));
    if (off()) {
      rows.push(row("note", section("note").querySelector(".ask__title").textContent, value("note").trim(), true));
      rows.push(row("note", document.getElementById("travel-question").content.textContent, worded("travels")));
    }
    form.querySelector("[data-answers]").replaceChildren(...rows);
    box.draft.waiting ? state("waiting") : state("");
    if (box.draft.waiting && !steps().some((step) => missing(step)) && box.draft.letter?.of !== JSON.stringify(answers())) box.change(answers());
  };

  const whoSees = () => {
    const chosen = form.querySelector('input[name="travels"]:checked');
    if (chosen) document.querySelector("#who-note [data-who]").textContent = chosen.dataset.who;
  };

  const problem = (text, at) => {
    for (const old of form.querySelectorAll(".error-summary")) old.remove();
    form.querySelectorAll(".has-error").forEach((part) => part.classList.remove("has-error"));
    if (!text) return;
    const part = document.getElementById("problem").content.cloneNode(true).firstElementChild;
    const target = at && (form.querySelector(`#${at} input:not([type="hidden"]), #${at} textarea`));
    const link = Object.assign(document.createElement(target ? "a" : "span"), { textContent: text });
    if (target) {
      link.href = `#${at}`;
      link.addEventListener("click", (event) => { event.preventDefault(); if (!current || !section(current).contains(target)) go(at, { toReview: true }); target.focus(); });
      if (section(current).contains(target)) (target.closest("fieldset") ?? target).classList.add("has-error");
    }
    part.querySelector("li").append(link);
    section(current).querySelector("[data-problem], fieldset, .ask__title").before(part);
    part.focus();
  };

  // ---- sending -------------------------------------------------------------------------------------------------

  const state = (kind) => {
    const line = form.querySelector("[data-state]");
    line.className = `state state--${kind}`;
    const text = { sending: say.sending, waiting: fill(say.waiting, { n: box.waiting() || 1 }), lost: say.notKept }[kind] ?? "";
    line.replaceChildren(...(kind === "sending" ? [document.getElementById("busy").content.cloneNode(true)] : []), text);
    form.querySelector("[data-send]").setAttribute("aria-disabled", String(kind === "sending"));
  };

  // The phone's own worker may have sent it, and does not know which language this page is in.
  const inOwnDigits = (time) =>
    document.documentElement.lang.startsWith("ar") ? time.replace(/[0-9]/g, (digit) => "٠١٢٣٤٥٦٧٨٩"[digit]) : time;

  const sent = ({ at, what_next: next }) => {
    const part = document.getElementById("sent").content.cloneNode(true);
    part.querySelector("[data-sent]").textContent = fill(say.sent, { at: inOwnDigits(at) });
    part.querySelector("[data-what-next]").textContent = next ?? "";
    const undo = part.querySelector("[data-take-back]");
    if (undo) undo.action = `${box.address}take-back/`;
    if (undo) setTimeout(() => undo.remove(), TAKE_BACK);
    form.replaceWith(part);
    current = null;
    document.title = [fill(say.sent, { at: inOwnDigits(at) }), say.tab].join(" · ");
    history.replaceState({ sent: true }, "");
    document.querySelector("[data-sent]").focus();
    scrollTo(0, 0);
  };

  const send = async () => {
    const fault = steps().find((step) => missing(step));
    if (fault) return go(fault, { toReview: true });
    if (box.busy) return undefined;
    problem(null);
    state("sending");
    const said = await box.send(answers());
    if (said.state === "sent") return sent(said);
    state(said.state === "waiting" ? (said.kept ? "waiting" : "lost") : "");
    if (said.state === "refused") problem(said.message || say.refused, said.field);
    return undefined;
  };

  const shell = "shell" in say; // opened without a connection
  const retry = () => { if (current === "review" && box.draft.waiting && document.visibilityState === "visible") send(); };

  // ---- wiring --------------------------------------------------------------------------------------------------

  let tapped = null;
  form.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("[data-next]")) return advance();
    if (target.closest("[data-back]")) return back();
    const label = target.closest("label.key, label.choice");
    if (!label) return undefined;
    const input = label.querySelector("input");
    if (target !== input) {
      // The label's own click follows as a second one on the input; only the first is a tap.
      if (event.detail > 0 && performance.now() - answeredAt < SETTLE) return event.preventDefault();
      tapped = event.detail > 0 ? input : null;
      return undefined;
    }
    const byPointer = event.detail > 0 || tapped === input;
    const byLabel = tapped === input;
    tapped = null;
    if (byPointer && !byLabel && performance.now() - answeredAt < SETTLE) return event.preventDefault();
    if (!byPointer) return undefined; // arrow keys move the choice; Enter or Continue goes on
    answeredAt = performance.now();
    const answered = current;
    setTimeout(() => { if (current === answered) advance(); }, 160);
    return undefined;
  });
  form.addEventListener("change", (event) => { whoSees(); changed(event.target.name); ways.refresh(); });
  form.addEventListener("input", (event) => {
    if (event.target !== form.elements.note) return;
    const left = NOTE_MAX - event.target.value.length;
    const line = form.querySelector("[data-count-left]");
    line.hidden = left > 200;
    line.textContent = fill(say.left, { n: left });
    changed("note");
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    current === "review" ? send() : advance();
  });
  addEventListener("popstate", (event) => { if (current && event.state?.step) show(event.state.step); });
  addEventListener("online", () => (shell && (!box.canPost || !box.draft.waiting) ? accord.reopen() : retry()));
  document.addEventListener("visibilitychange", retry);
  addEventListener("storage", (event) => {
    if (event.key !== box.name || !event.newValue || document.hasFocus()) return;
    box.draft = box.read() ?? {};
    modes = { ...box.draft.modes };
    restore(box.draft.values);
    if (current === "review") review();
  });
  // Another tab or the service worker has sent it. What was changed here since is not in it: the server's page says so.
  if (box.channel) {
    box.channel.onmessage = ({ data }) => {
      if (!current) return;
      if (data.of !== JSON.stringify(answers())) return location.reload();
      box.forget();
      sent(data);
    };
  }

  const ways = new Ways(form, changed);
  headings();
  restore(box.draft.values);
  form.classList.add("stepped");
  const begin = (steps().includes(history.state?.step) && history.state.step) || (box.draft.waiting || "review" in say ? "review" : box.draft.step ?? QUESTIONS[0]);
  history.replaceState({ depth: 0, ...history.state, step: begin }, "");
  const told = document.querySelector(".column > .error-summary, .column > [data-notice]");
  if (location.pathname !== box.address) history.replaceState(history.state, "", box.address); // after taking back
  show(begin, false);
  if (value(QUESTIONS[0]) !== "" && !box.draft.values) autosave();
  if (told) told.focus();
  accord.outbox.sent(say.code).then((known) => (known && shell ? sent(known.said) : retry()));
})();

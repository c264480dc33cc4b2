/* The page that opens without a connection: it finds the check-in that this address belongs to among what this phone
   keeps. An address that was never opened here is not guessed at. */
(() => {
  "use strict";
  /* Back online, the page opens anew: not under the hand of somebody who is on the way to another one, to help for instance. */
  let onTheWay = false;
  addEventListener("beforeunload", () => { onTheWay = true; });
  addEventListener("pageshow", () => { onTheWay = false; });
  accord.reopen = () => { if (!onTheWay) location.reload(); };

  const PREFIX = "accord.check-in.";
  const form = document.getElementById("check-in");
  const read = (name) => { try { return JSON.parse(localStorage[name]); } catch { return null; } };
  const kept = () => {
    try {
      const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
      return names.map((name) => ({ code: name.slice(PREFIX.length), ...read(name) })).filter((each) => each.address);
    } catch { return []; }
  };
  const all = kept();
  const mine = all.find((each) => each.address === location.pathname);
  if (mine) {
    form.dataset.code = mine.code;
    form.setAttribute("action", mine.address);
    form.elements.turn.value = mine.turn ?? 0;
    return;
  }
  const panel = document.querySelector("[data-without]");
  const list = panel.querySelector("[data-kept]");
  for (const each of all) {
    const row = document.getElementById("kept-row").content.cloneNode(true);
    row.querySelector("a").href = each.address;
    row.querySelector("[data-waits]").hidden = !each.waiting;
    row.querySelector("[data-draft]").hidden = Boolean(each.waiting);
    list.append(row);
  }
  panel.querySelector("[data-some]").hidden = all.length === 0;
  panel.querySelector("[data-again]").addEventListener("click", () => location.reload());
  addEventListener("online", accord.reopen);
  form.replaceWith(panel);
  panel.hidden = false;
})();

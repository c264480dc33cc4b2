/* The outbox: letters that wait on this phone, where the service worker can reach them too. One for each check-in.
   A letter knows its address and its body, key and all: whoever posts it, and however often, it is the same letter. */
(() => {
  "use strict";
  const KEEP = 8 * 24 * 60 * 60 * 1000; // ms: as long as a link lives
  const [LETTERS, SENT] = ["letters", "sent"];
  const WITHOUT_SIGN_IN = "/c/"; // only these carry their own right with them
  let opened;

  const open = () => {
    opened ??= new Promise((resolve, reject) => {
      if (!self.indexedDB) return reject(new Error("no storage"));
      const request = indexedDB.open("accord", 1);
      request.onupgradeneeded = () => [LETTERS, SENT].forEach((name) => request.result.createObjectStore(name, { keyPath: "code" }));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
      return undefined;
    });
    return opened;
  };
  const within = async (name, mode, act) => {
    const db = await open();
    return new Promise((resolve, reject) => {
      const change = db.transaction(name, mode);
      const request = act(change.objectStore(name));
      change.oncomplete = () => resolve(request?.result);
      change.onerror = change.onabort = () => reject(change.error);
    });
  };
  const quietly = (promise) => promise.catch(() => undefined); // a browser that keeps nothing still sends

  const put = (letter) => quietly(within(LETTERS, "readwrite", (store) => store.put(letter)));
  const drop = (code) => quietly(within(LETTERS, "readwrite", (store) => store.delete(code)));
  const sent = (code) => quietly(within(SENT, "readonly", (store) => store.get(code)));
  const forget = async (code) => { await drop(code); await quietly(within(SENT, "readwrite", (store) => store.delete(code))); };
  /* Only the letter that was posted goes: the person may have changed it meanwhile. */
  const dropIf = async (letter) => {
    const now = await quietly(within(LETTERS, "readonly", (store) => store.get(letter.code)));
    if (now?.body === letter.body) await drop(letter.code);
  };

  const alone = (act) => (self.navigator.locks ? navigator.locks.request("accord.outbox", act) : act());

  /* true: the server has it. false: it said no, and the page will say so. An error: it still waits. */
  const post = async (letter) => {
    const response = await fetch(letter.address, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      body: letter.body,
      credentials: "omit",
      signal: AbortSignal.timeout?.(20_000), // a try that hangs would keep every other one waiting
    });
    const said = await response.json().catch(() => ({}));
    if (response.ok && said.state === "sent") {
      said.of = letter.of;
      await quietly(within(SENT, "readwrite", (store) => store.put({ code: letter.code, said, when: Date.now() })));
      await dropIf(letter);
      if ("BroadcastChannel" in self) new BroadcastChannel(`accord.check-in.${letter.code}`).postMessage(said);
      return true;
    }
    if (response.status < 400 || response.status > 499 || response.status === 429) throw new Error("not sent yet");
    await dropIf(letter);
    return false;
  };

  const sendAll = ({ except } = {}) => alone(async () => {
    const old = (await quietly(within(SENT, "readonly", (store) => store.getAll()))) ?? [];
    for (const each of old) if (Date.now() - each.when > KEEP) await forget(each.code);
    const letters = (await quietly(within(LETTERS, "readonly", (store) => store.getAll()))) ?? [];
    let late;
    for (const letter of letters) {
      if (!letter.address.startsWith(WITHOUT_SIGN_IN) || letter.code === except) continue;
      try { await post(letter); } catch (error) { late = error; }
    }
    if (late) throw late;
  });

  self.accord = { ...self.accord, outbox: { put, drop, sent, forget, sendAll, alone } };
})();

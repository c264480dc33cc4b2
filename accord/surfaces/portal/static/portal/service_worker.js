/* What works without a connection: the check-in and help. This file comes after `PARTS` and outbox.js, as one script.
   Kept are the empty check-in, help, and what they look like: no name, no answer, no link, nobody's page. */
(() => {
  "use strict";
  const { version, files, shell, help, languages, check_ins: checkIns } = PARTS;
  const CACHE = `accord-${version}`;
  const PATIENCE = 5000; // ms: then what is kept on the phone opens
  const KINDS = [shell, help];

  const pick = (wish) => languages.find((code) => wish?.toLowerCase().startsWith(code)) ?? languages[0];
  /* Without cookies: whoever is signed in is not on these pages. */
  const fetchPages = async (cache, language) => {
    for (const address of KINDS) {
      const page = await fetch(address, { credentials: "omit", cache: "no-store", headers: { "Accept-Language": language } });
      if (page.ok) await cache.put(address, page);
    }
  };

  addEventListener("install", (event) => event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(files.map((file) => new Request(file, { credentials: "omit" })));
    await fetchPages(cache, pick(navigator.language));
    await skipWaiting();
  })()));
  addEventListener("activate", (event) => event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("accord-") && name !== CACHE) await caches.delete(name);
    await clients.claim();
  })()));
  addEventListener("message", (event) => {
    if (event.data?.language) event.waitUntil(caches.open(CACHE).then((cache) => fetchPages(cache, pick(event.data.language))).catch(() => {}));
  });
  addEventListener("sync", (event) => { if (event.tag === "letters") event.waitUntil(accord.outbox.sendAll()); });

  const kept = async (address) => (await caches.open(CACHE)).match(address);
  const first = async (request, fallback) => {
    const known = await kept(fallback);
    const asked = fetch(request);
    if (!known) return asked;
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, known));
    return Promise.race([asked.catch(() => known), late]);
  };
  /* Pages of the check-in, the front door and one's own page open as the empty check-in, which says what waits here. */
  const ours = (path) => path === "/" || path === "/me/" || checkIns.some((start) => path.startsWith(start));

  addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== location.origin) return;
    if (request.mode === "navigate") {
      if (url.pathname === help) event.respondWith(first(request, help));
      else if (ours(url.pathname)) event.respondWith(first(request, shell));
    } else if (files.includes(url.pathname)) event.respondWith(first(request, url.pathname));
  });
})();

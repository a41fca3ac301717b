// Keeps the page and its files by version, nothing else: no household, no visit ever enters this cache.
// The server writes two lines above: const VERSION = "…" and const SHELL = [urls of the page and its files].

const PAGE = "/tablet/";
const PREFIX = "tablet-";
const CACHE = PREFIX + VERSION;
const KEPT = new Set(SHELL);
// A worker asks in the browser's language; the page may be in another one that its reader has chosen.
const LANGUAGE = new URL(location.href).searchParams.get("language");
const ASKED = LANGUAGE ? { "Accept-Language": LANGUAGE } : {};

// All of a version or nothing: a page with half of its files would fail on the mountain.
async function keepAll() {
  const cache = await caches.open(CACHE);
  await Promise.all(SHELL.map((url) => keepOne(cache, url)));
}

async function keepOne(cache, url) {
  const answer = await fetch(url, { cache: "reload", redirect: "error", credentials: "same-origin", headers: ASKED });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  // The server was renewed between our files and its page.
  if (url === PAGE && (answer.headers.get("X-Tablet-Version") ?? VERSION) !== VERSION) throw new Error("another version");
  await cache.put(url, answer);
}

async function dropOthers() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
}

async function kept(url, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(url, { ignoreVary: true })) ?? fetch(request);
}

addEventListener("install", (event) => event.waitUntil(keepAll()));
addEventListener("activate", (event) => event.waitUntil(dropOthers().then(() => clients.claim())));
addEventListener("message", ({ data }) => {
  if (data === "take over") skipWaiting();
});
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" ? url.pathname === PAGE : url.pathname !== PAGE && KEPT.has(url.pathname)) {
    event.respondWith(kept(url.pathname, request));
  }
});

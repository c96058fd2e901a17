// Opens the page without internet too: what she says then is kept and sent later.
// Keeps the page's own files only, never a message. The network always goes first.

const CACHE = "phone";
const PATIENCE_MS = 6_000;
const PAGE = "/phone";
const FILES = "/phone/static/";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const key = keyOf(event.request);
  if (key) event.respondWith(networkFirst(event.request, key));
});

// The page is one for all addresses (?start=, ?lang=); only its files have their own.
function keyOf({ method, url }) {
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return null;
  return pathname === PAGE || pathname.startsWith(FILES) ? pathname : null;
}

async function networkFirst(request, key) {
  const cache = await caches.open(CACHE);
  const alarm = new AbortController();
  setTimeout(() => alarm.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(request, { signal: alarm.signal });
    if (answer.ok) await cache.put(key, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(key);
    if (kept) return kept;
    throw error;
  }
}

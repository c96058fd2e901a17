// What was said but has not reached the server yet. It survives a reload: what there is
// in localStorage, recordings and pictures in IndexedDB, all gone once they are sent.
// Nobody reads it there: it is sealed for the server. As long as the page is open it is
// known here as well; after a reload the server has to open it.

import { unsealed } from "./api.js";
import { canSeal, openJson, seal, sealJson } from "./seal.js";

const KEY = "phone.waiting";
const STORE = "blobs";
const MOST_DAYS = 7;
const DAY_MS = 86_400_000;
const KEEPING_MS = 60_000; // far longer than a page takes from the file to its item
const OPEN = ["id", "at", "kind", "refused", "sealed"];

let kept = canSeal ? null : []; // stands in where the browser forbids storage
const known = new Map(); // what she said, by id
const blobs = new Map();

/** Everything that waits; `closed` is what only the server can open now. */
export function items() {
  return stored().map((item) => {
    const said = known.get(item.id);
    return said || !item.sealed ? { ...item, ...said } : { ...item, closed: true };
  });
}

function stored() {
  if (kept) return kept;
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return (kept = []);
  }
}

function keep(list) {
  if (kept) kept = list;
  else {
    try {
      if (list.length) localStorage.setItem(KEY, JSON.stringify(list));
      else localStorage.removeItem(KEY);
    } catch {
      kept = list;
    }
  }
}

export async function add(item, blob) {
  const said = Object.entries(item).filter(([name]) => !OPEN.includes(name));
  known.set(item.id, Object.fromEntries(said));
  if (blob) await keepBlob(item.id, blob);
  const { id, at, kind } = item;
  const closed = canSeal ? { sealed: await sealJson(known.get(id)) } : {};
  keep([...stored(), { id, at, kind, ...closed }]);
}

export function change(id, changes) {
  keep(stored().map((item) => (item.id === id ? { ...item, ...changes } : item)));
}

// The file goes first: a page closed half way leaves an item, which is seen to again.
export async function remove(id) {
  await inStore("readwrite", (store) => store.delete(id));
  keep(stored().filter((item) => item.id !== id));
  known.delete(id);
  blobs.delete(id);
}

/** Return an item with what she said; the server opens it. Throws as `openJson` does. */
export async function opened(item) {
  if (!item.closed) return item;
  known.set(item.id, await openJson(item.sealed));
  const { closed, ...rest } = item;
  return { ...rest, ...known.get(item.id) };
}

/** The recording or picture of an item; undefined if the browser has lost it. */
export async function blobOf(id) {
  if (blobs.has(id)) return blobs.get(id);
  const found = await inStore("readonly", (store) => store.get(id));
  if (!found || found instanceof Blob) return found; // as earlier pages kept it
  blobs.set(id, new Blob([await unsealed(found.sealed)], { type: found.type }));
  return blobs.get(id);
}

/** Let go of what has waited for so long that it says nothing true any more. */
export async function dropOld() {
  const since = Date.now() - MOST_DAYS * DAY_MS;
  const old = stored().filter(({ at }) => !(new Date(at) >= since));
  for (const { id } of old) await remove(id);
  await dropStray();
  return old.length;
}

// Files of no item: a page was closed before it had kept both. A young one may belong
// to another page, which is keeping its item right now.
async function dropStray() {
  const ids = (await inStore("readonly", (store) => store.getAllKeys())) ?? [];
  const items = new Set(stored().map(({ id }) => id));
  for (const id of ids.filter((each) => !items.has(each))) {
    const { at = 0 } = (await inStore("readonly", (store) => store.get(id))) ?? {};
    if (at > Date.now() - KEEPING_MS) continue;
    await inStore("readwrite", (store) => store.delete(id));
  }
}

/** Forget everything: somebody else will use this phone. */
export async function clear() {
  kept &&= [];
  known.clear();
  blobs.clear();
  for (const storage of [localStorage, sessionStorage]) {
    const ours = Object.keys(storage).filter((key) => key.startsWith("phone."));
    for (const key of ours) storage.removeItem(key);
  }
  await inStore("readwrite", (store) => store.clear());
}

async function keepBlob(id, blob) {
  blobs.set(id, blob);
  if (!canSeal) return;
  const sealed = await seal(await blob.arrayBuffer());
  const file = { sealed, type: blob.type, at: Date.now() };
  await inStore("readwrite", (store) => store.put(file, id));
}

// Without IndexedDB (some private windows) the blob lives as long as the page.
async function inStore(mode, act) {
  try {
    const db = await settled(opening());
    try {
      return await settled(act(db.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      db.close();
    }
  } catch {
    return undefined;
  }
}

function opening() {
  const request = indexedDB.open("phone", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return request;
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

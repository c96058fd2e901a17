// What was said but has not reached the server yet. It survives a reload: words in
// localStorage, recordings and pictures in IndexedDB, all gone once they are sent.

const KEY = "phone.waiting";
const STORE = "blobs";

let kept = null; // stands in where the browser forbids storage
const blobs = new Map();

export function items() {
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
  if (blob) await keepBlob(item.id, blob);
  keep([...items(), item]);
}

export function change(id, changes) {
  keep(items().map((item) => (item.id === id ? { ...item, ...changes } : item)));
}

export async function remove(id) {
  keep(items().filter((item) => item.id !== id));
  blobs.delete(id);
  await inStore("readwrite", (store) => store.delete(id));
}

/** The recording or picture of an item; undefined if the browser has lost it. */
export async function blobOf(id) {
  return blobs.get(id) ?? (await inStore("readonly", (store) => store.get(id)));
}

/** Forget everything: somebody else will use this phone. */
export async function clear() {
  kept &&= [];
  blobs.clear();
  for (const storage of [localStorage, sessionStorage]) {
    const ours = Object.keys(storage).filter((key) => key.startsWith("phone."));
    for (const key of ours) storage.removeItem(key);
  }
  await inStore("readwrite", (store) => store.clear());
}

async function keepBlob(id, blob) {
  blobs.set(id, blob);
  await inStore("readwrite", (store) => store.put(blob, id));
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

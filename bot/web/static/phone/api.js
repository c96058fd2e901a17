// What the page says to the server and asks of it.

import { spoken } from "./words.js";

/** Nobody answered, or the answer was no answer: the same may be said again later. */
export class Unreachable extends Error {}

/** The server understood and will not take it. `status` is HTTP's. */
export class Refused extends Error {
  constructor(status) {
    super(`refused with ${status}`);
    this.status = status;
  }
}

const SOON_MS = 20_000;
const UPLOAD_MS = 180_000;
const LATER = new Set([408, 425, 429]);

async function call(path, options = {}, patience = SOON_MS, as = "json") {
  const headers = { "X-Requested-With": "phone", ...options.headers };
  const alarm = new AbortController();
  const timer = setTimeout(() => alarm.abort(), patience);
  const request = { ...options, headers, signal: alarm.signal, cache: "no-store" };
  let answer;
  try {
    answer = await fetch(path, request);
    if (answer.ok) return await answer[as]();
  } catch {
    throw new Unreachable(path);
  } finally {
    clearTimeout(timer);
  }
  if (answer.status >= 500 || LATER.has(answer.status)) throw new Unreachable(path);
  throw new Refused(answer.status);
}

const posted = (body) => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

export const messages = (after) =>
  call(`/phone/messages?${new URLSearchParams({ after })}`);
export const leave = () => call("/phone/leave", { method: "POST" });
export const comeBack = (token) => call("/phone/back", posted({ token }));

/** Have the server open what this page sealed. */
export function unsealed(bytes) {
  const headers = { "Content-Type": "application/octet-stream" };
  const request = { method: "POST", headers, body: bytes };
  return call("/phone/open", request, UPLOAD_MS, "arrayBuffer");
}

const BODY = {
  text: ({ text, start }) => ({ text, start }),
  tap: ({ tap, on }) => ({ tap, on }),
  pin: ({ pin }) => ({ pin }),
};

/** Say one waiting item; `blob` is its recording or picture. */
export function say(item, blob, after) {
  if (BODY[item.kind]) {
    const body = { id: item.id, language: spoken(), ...BODY[item.kind](item) };
    return call(`/phone/say?${new URLSearchParams({ after })}`, posted(body));
  }
  const query = new URLSearchParams({ id: item.id, after, language: spoken() });
  if (item.seconds) query.set("seconds", item.seconds.toFixed(1));
  const mime = blob.type.split(";")[0];
  const upload = { method: "POST", headers: { "Content-Type": mime }, body: blob };
  return call(`/phone/${item.kind}?${query}`, upload, UPLOAD_MS);
}

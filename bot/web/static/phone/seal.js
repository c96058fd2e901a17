// Seals what has to wait in this browser, so that only the server can open it again: see
// bot/services/waiting.py. A page without HTTPS has no `crypto.subtle`: it keeps nothing.

import { unsealed } from "./api.js";
import { sealKey } from "./words.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const INFO = new TextEncoder().encode("phone waiting");
const IV_BYTES = 12;
const subtle = globalThis.crypto?.subtle;

export const canSeal = Boolean(subtle && sealKey);

/** Seal bytes (an ArrayBuffer or a view of one); return a Uint8Array. */
export async function seal(bytes) {
  const point = fromBase64(sealKey);
  const theirs = await subtle.importKey("raw", point, CURVE, false, []);
  const fresh = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const agreed = { name: "ECDH", public: theirs };
  const shared = await subtle.deriveBits(agreed, fresh.privateKey, 256);
  const mine = new Uint8Array(await subtle.exportKey("raw", fresh.publicKey));
  const base = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const from = { name: "HKDF", hash: "SHA-256", salt: mine, info: INFO };
  const cipher = { name: "AES-GCM", length: 256 };
  const key = await subtle.deriveKey(from, base, cipher, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const closed = await subtle.encrypt({ name: "AES-GCM", iv }, key, bytes);
  return new Uint8Array(await new Blob([mine, iv, closed]).arrayBuffer());
}

/** Seal a value as JSON; return base64. */
export async function sealJson(value) {
  return toBase64(await seal(new TextEncoder().encode(JSON.stringify(value))));
}

/** Have the server open what `sealJson` made. Throws Unreachable and Refused. */
export async function openJson(text) {
  return JSON.parse(new TextDecoder().decode(await unsealed(fromBase64(text))));
}

function toBase64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

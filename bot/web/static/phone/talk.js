// One talk with the server: first everything that waits goes out, oldest first, then
// what is new comes in. One thing at a time, so that nothing is shown twice.

import * as api from "./api.js";
import * as waiting from "./waiting.js";
import { speak } from "./words.js";

const BRISK_MS = 1_000;
const CALM_MS = 5_000;
const BRISK_FOR_MS = 30_000;
const LONGEST_MS = 30_000;
const RENEWED = "phone.renewed";

export class Talk {
  #view;
  #cursor = "";
  #busy = false;
  #again = false;
  #listening = false;
  #failures = 0;
  #newsAt = 0;
  #timer = 0;
  #ended = false;

  constructor(view) {
    this.#view = view;
    addEventListener("online", () => this.sync());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.sync();
    });
  }

  /** Say something: kept first, shown at once, sent as soon as it can be. */
  async say(said, blob) {
    const item = { id: newId(), at: new Date().toISOString(), ...said };
    await waiting.add(item, blob);
    this.#view.showWaiting(item, blob);
    this.sync();
  }

  /** Send again what the server refused, at the resident's own wish. */
  again(id) {
    waiting.change(id, { refused: undefined });
    this.#view.refused(id, false);
    this.sync();
  }

  /** Give up something that was not sent. */
  async drop(id) {
    await waiting.remove(id);
    this.#view.sent(id);
  }

  /** Somebody else begins on this page: what still comes in is not for their eyes. */
  end() {
    this.#ended = true;
  }

  /** Send and fetch now, or right after what is under way. */
  async sync() {
    if (this.#ended) return;
    this.#again = true;
    if (this.#busy) return;
    this.#busy = true;
    clearTimeout(this.#timer);
    try {
      while (this.#again) {
        this.#again = false;
        await this.#round();
      }
    } finally {
      this.#busy = false;
      this.#later();
    }
  }

  async #round() {
    try {
      await alone(() => this.#sendWaiting());
      const news = await api.messages(this.#cursor);
      if (this.#ended) return;
      this.#heard(news);
      this.#failures = 0;
      this.#view.offline(false);
      sessionStorage.removeItem(RENEWED);
    } catch (error) {
      if (!this.#ended) this.#failed(error);
    } finally {
      if (!this.#ended) this.#view.working(this.#listening ? "listening" : null);
    }
  }

  #failed(error) {
    this.#failures += 1;
    if (error instanceof api.Unreachable) this.#view.offline(true);
    else if (error instanceof api.Refused && error.status === 403) this.#renew();
    else throw error;
  }

  async #sendWaiting() {
    for (const item of waiting.items()) {
      if (this.#ended) return;
      if (item.refused) continue;
      this.#view.working("working");
      await this.#send(item);
    }
  }

  async #send(kept) {
    try {
      const item = await waiting.opened(kept);
      const isFile = ["sound", "photo"].includes(item.kind);
      const blob = isFile && (await waiting.blobOf(item.id));
      if (blob === undefined) return this.drop(item.id);
      const news = await api.say(item, blob, this.#cursor);
      await waiting.remove(item.id);
      if (this.#ended) return;
      this.#view.sent(item.id);
      this.#heard({ ...news, messages: inHerWords(item, news.messages) });
    } catch (error) {
      if (!(error instanceof api.Refused) || error.status === 403) throw error;
      if (this.#ended) return;
      waiting.change(kept.id, { refused: error.status });
      this.#view.refused(kept.id, true);
    }
  }

  #heard({ messages, cursor, listening, language, balance }) {
    speak(language);
    this.#view.balance(balance);
    this.#cursor = cursor;
    this.#listening = listening;
    if (messages.length) this.#newsAt = Date.now();
    this.#view.show(messages);
  }

  // The cookie is gone or not ours: the page makes a new one. Once, not for ever.
  #renew() {
    if (sessionStorage.getItem(RENEWED)) return;
    sessionStorage.setItem(RENEWED, "yes");
    location.reload();
  }

  #later() {
    if (this.#ended || document.visibilityState === "hidden") return;
    const brisk = this.#listening || Date.now() - this.#newsAt < BRISK_FOR_MS;
    let wait = brisk ? BRISK_MS : CALM_MS;
    if (this.#failures) wait = Math.min(BRISK_MS * 2 ** this.#failures, LONGEST_MS);
    this.#timer = setTimeout(() => this.sync(), wait);
  }
}

// The server may have erased at once what would show a choice, and keeps of a tap only
// what it means. On her own page her words stay as long as the page is open.
function inHerWords({ label, text }, messages) {
  const hers = messages.findLast((message) => message.mine);
  if (hers && !hers.text && !hers.sound) {
    Object.assign(hers, { text: label ?? text ?? "", erased: false });
  }
  return messages;
}

// Two pages of one browser share what waits: only one of them sends.
function alone(act) {
  return navigator.locks ? navigator.locks.request("phone", act) : act();
}

// crypto.randomUUID exists only where the page came by https or from this machine.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

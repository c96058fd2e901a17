// The list of messages: what is said goes to the end, and the eye is led there.

import { messageBubble, waitingBubble } from "./bubbles.js";
import { find, make } from "./dom.js";
import { day, word } from "./words.js";

const NEAR_PX = 120;
const THERE_PX = 24;
const PATIENCE_MS = 300;

export class View {
  #hooks;
  #scroll = find("scroll");
  #log = find("log");
  #waiting = find("waiting");
  #newest = find("newest");
  #busy = find("busy");
  #busyTimer = 0;
  #offlineKey = null;
  #wasAtEnd = true;

  /** `hooks`: tap, share, again, drop, note (see phone.js). */
  constructor(hooks) {
    this.#hooks = hooks;
    this.#newest.addEventListener("click", () => this.#toEnd());
    this.#newest.hidden = true;
    this.#scroll.addEventListener("scroll", () => this.#scrolled());
    // A keyboard, a note or a long text takes room: what was last said stays in sight.
    new ResizeObserver(() => this.#wasAtEnd && this.#toEnd()).observe(this.#scroll);
  }

  /** Add messages of the server; one that is there already is put anew. */
  show(messages) {
    const wasNear = this.#isNearEnd();
    const first = this.#log.ariaBusy === "true";
    const added = messages.map((message) => this.#put(message)).filter(Boolean);
    this.#log.ariaBusy = "false";
    this.#greet();
    if (!added.length) return;
    this.#markOld();
    if (first) this.#toEnd();
    else if (wasNear || messages.some((message) => message.mine)) this.#lead(added);
    else this.#newest.hidden = false;
  }

  showWaiting(item, blob) {
    if (item.start) return; // a link speaks for itself
    this.#waiting.append(waitingBubble(item, blob, this.#hooks));
    this.#greet();
    if (item.refused) this.refused(item.id, true);
    this.#toEnd();
  }

  /** The waiting message `id` has arrived, or is given up. */
  sent(id) {
    const bubble = this.#bubble(id);
    if (bubble?.contains(document.activeElement)) find("text").focus();
    bubble?.remove();
    this.#greet();
  }

  refused(id, isRefused) {
    const bubble = this.#bubble(id);
    if (!bubble) return;
    bubble.classList.toggle("refused", isRefused);
    const note = bubble.querySelector(".words");
    note.dataset.word = isRefused ? "not_sent" : "waiting";
    note.textContent = word(note.dataset.word);
    bubble.querySelector(".choices").hidden = !isRefused;
    if (isRefused) this.#hooks.note("not_sent");
  }

  offline(isOffline) {
    document.body.toggleAttribute("data-offline", isOffline);
    if (isOffline) this.#log.ariaBusy = "false";
    this.#greet();
    const key = isOffline ? "offline" : null;
    if (key !== this.#offlineKey) this.#hooks.note(key);
    this.#offlineKey = key;
  }

  /** Show how much of the sum is chosen; null: no ballot is open, nothing may stay. */
  balance(told) {
    const words = told ? told.words.join("\n") : "";
    const box = find("balance-words");
    if (told) find("balance").hidden = false;
    if (box.textContent !== words) box.textContent = words;
    find("balance-bar").style.inlineSize = `${100 * (told?.share ?? 0)}%`;
    if (!told) find("balance").hidden = true;
  }

  /** Show that an answer is being made: "working", "listening" or null. */
  working(key) {
    clearTimeout(this.#busyTimer);
    if (!key) this.#rest();
    else if (key === "listening") this.#dots(key);
    else this.#busyTimer = setTimeout(() => this.#dots(key), PATIENCE_MS);
  }

  #rest() {
    this.#busy.hidden = true;
    this.#tellBusy(null);
  }

  #dots(key) {
    if (find("busy-word").dataset.word === key) return;
    const near = this.#isNearEnd();
    this.#tellBusy(key);
    this.#busy.hidden = false;
    if (near) this.#toEnd();
  }

  #tellBusy(key) {
    const words = find("busy-word");
    words.textContent = key ? word(key) : "";
    words.dataset.word = key ?? "";
    words.classList.toggle("unseen", key !== "listening");
  }

  #put(message) {
    const known = this.#log.querySelector(`[data-id="${CSS.escape(message.id)}"]`);
    const bubble = messageBubble(message, this.#hooks);
    if (known) {
      known.replaceWith(bubble);
      return null;
    }
    this.#separate(new Date(message.at));
    this.#log.append(bubble);
    return bubble;
  }

  #separate(at) {
    const date = at.toDateString();
    if (this.#log.dataset.lastDay === date) return;
    this.#log.dataset.lastDay = date;
    const line = make("p", { class: "day", "data-day": at.toISOString() }, day(at));
    this.#log.append(line);
  }

  // Older buttons stay usable (the server knows what they mean now), only quieter.
  #markOld() {
    const boxes = [...this.#log.querySelectorAll(".choices")];
    boxes.forEach((box, n) => box.classList.toggle("old", n < boxes.length - 1));
  }

  #greet() {
    const empty = !this.#log.querySelector(".message") && !this.#waiting.children.length;
    find("welcome").hidden = !empty || this.#log.ariaBusy === "true";
  }

  #bubble(id) {
    return this.#waiting.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  #below() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroll;
    return scrollHeight - scrollTop - clientHeight;
  }

  #isNearEnd() {
    return this.#below() < NEAR_PX;
  }

  #scrolled() {
    this.#wasAtEnd = this.#below() < THERE_PX;
    if (this.#wasAtEnd) this.#newest.hidden = true;
  }

  #toEnd() {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
    this.#newest.hidden = true;
  }

  // To the end, but never past the beginning of the answer.
  #lead(bubbles) {
    const first = bubbles.find((bubble) => !bubble.matches(".mine")) ?? bubbles[0];
    const top = first.offsetTop - this.#scroll.offsetTop - 8;
    const end = this.#scroll.scrollHeight - this.#scroll.clientHeight;
    this.#scroll.scrollTop = Math.min(top, end);
    this.#newest.hidden = this.#below() < THERE_PX;
  }
}

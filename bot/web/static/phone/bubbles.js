// A message as people see it: words, sound or picture, the hour, and its buttons.

import { icon, make, words } from "./dom.js";
import { player } from "./player.js";
import { hour } from "./words.js";

const LINK = /https?:\/\/[^\s\u2066-\u2069<>"]+[^\s\u2066-\u2069<>".,:;!?)]/g;
const MARKS = /[\u200e\u200f\u061c\u2066-\u2069]/g;
const LETTER = /\p{L}/u;

/** A message from the server. `hooks.tap(choice, event, message)` hears its buttons. */
export function messageBubble(message, hooks) {
  const bubble = make("div", { class: "bubble" });
  bubble.append(...content(message), foot(message.at));
  const root = frame(message.mine, bubble);
  root.dataset.id = message.id;
  const share = navigator.share || navigator.clipboard ? links(message.text)[0] : null;
  if (message.choices.length) root.append(choiceList(message, hooks));
  else if (share && !message.mine) root.append(shareButton(message.text, hooks));
  return root;
}

/** Something of hers that is not sent yet, with ways to send it again or drop it. */
export function waitingBubble(item, blob, hooks) {
  const bubble = make("div", { class: "bubble" }, ...inside(item, blob));
  const state = icon("clock");
  const note = words("waiting", { class: "words" });
  bubble.append(foot(item.at, state, note));
  const root = frame(true, bubble);
  root.dataset.id = item.id;
  const again = words("again", { type: "button", class: "choice" }, "button");
  const drop = words("remove", { type: "button", class: "choice plain" }, "button");
  again.addEventListener("click", () => hooks.again(item.id));
  drop.addEventListener("click", () => hooks.drop(item.id));
  root.append(make("div", { class: "choices", hidden: "" }, again, drop));
  return root;
}

// A list that stands below as buttons need not stand above as well.
function withoutLabels(text, choices) {
  const plain = (words) => words.replace(MARKS, "").trim();
  const labels = new Set(choices.map(({ label }) => plain(label)));
  return text.split("\n").filter((line) => !labels.has(plain(line))).join("\n");
}

// What she said herself needs no sentence: a lock for the eye, words for the ear.
function secret(mine) {
  const note = words("erased", mine ? { class: "unseen" } : {});
  return make("p", { class: "about" }, icon("lock"), note);
}

const PICTURES = { photo: ["camera", "photo_message"], pin: ["pin", "place_message"] };

function content({ mine, erased, kind, text, sound, picture, file, choices }) {
  if (erased) return [secret(mine)];
  const parts = PICTURES[kind] ? [about(...PICTURES[kind])] : [];
  if (picture) parts.push(planPicture(picture));
  if (file) return [fileLink(file, text)];
  if (text) parts.push(...lines(withoutLabels(text, choices)));
  if (sound) parts.push(player(sound));
  return parts.length ? parts : [icon("check")];
}

// A file to keep: its name is the link.
function fileLink(href, name) {
  return make("a", { href, download: "", class: "choice file", dir: "auto" }, name);
}

function frame(mine, bubble) {
  const who = mine
    ? words("you", { class: "unseen" }, "p")
    : make("p", { class: "unseen", translate: "no" }, "Buurtstem");
  return make("div", { class: `message ${mine ? "mine" : "theirs"}` }, who, bubble);
}

function foot(at, ...more) {
  const time = make("time", { datetime: at }, hour(new Date(at)));
  return make("div", { class: "foot" }, ...more, time);
}

function about(name, key) {
  return make("p", { class: "about" }, icon(name), words(key));
}

function inside(item, blob) {
  if (item.closed) return [about("lock", "kept_closed")];
  if (item.kind === "sound") return [blob ? player(blob, item.seconds) : ""];
  if (item.kind === "photo" && blob) return [picture(blob)];
  if (PICTURES[item.kind]) return [about(...PICTURES[item.kind])];
  return lines(item.label ?? item.text);
}

// The words below it say the same: a picture that does not come leaves no hole.
function planPicture({ src, alt }) {
  const image = make("img", { class: "plan", src, alt });
  image.addEventListener("error", () => image.remove());
  return image;
}

function picture(blob) {
  const image = make("img", { src: URL.createObjectURL(blob), alt: "" });
  return make("div", {}, image, words("photo_message", { class: "unseen" }));
}

// Every line finds its own direction; one without letters follows the page.
function lines(text) {
  return text.split("\n").map((line) => {
    const dir = LETTER.test(line.replace(LINK, "")) ? "auto" : null;
    return make("p", { dir }, ...linked(line));
  });
}

const links = (text) => text.match(LINK) ?? [];

function linked(line) {
  const parts = [];
  let from = 0;
  for (const found of line.matchAll(LINK)) {
    parts.push(line.slice(from, found.index), anchor(found[0]));
    from = found.index + found[0].length;
  }
  return [...parts, line.slice(from)];
}

function anchor(url) {
  return make("a", { href: url, rel: "noopener noreferrer", dir: "ltr" }, url);
}

function choiceList(message, hooks) {
  const box = make("div", { class: "choices" });
  for (const choice of message.choices) {
    const button = choiceButton(choice);
    button.addEventListener("click", (event) => hooks.tap(choice, event, message));
    box.append(button);
  }
  return box;
}

function choiceButton({ id, label, detail }) {
  const name = make("span", { class: "label", dir: "auto" }, label);
  const parts = [name, icon("check")];
  if (detail) parts.push(make("span", { class: "detail", dir: "auto" }, detail));
  return make("button", { type: "button", class: "choice", "data-choice": id }, ...parts);
}

function shareButton(text, hooks) {
  const button = make("button", { type: "button", class: "choice share" });
  button.append(icon("share"), words("share"));
  button.addEventListener("click", () => hooks.share(text));
  return make("div", { class: "choices" }, button);
}

// The web chat: ties what people do to the talk, and the talk to what they see.

import { comeBack, leave, Refused, Unreachable } from "./phone/api.js";
import { attachments } from "./phone/attach.js";
import { find } from "./phone/dom.js";
import { Recorder } from "./phone/recorder.js";
import { canSeal, openJson, sealJson } from "./phone/seal.js";
import { Talk } from "./phone/talk.js";
import { View } from "./phone/view.js";
import * as waiting from "./phone/waiting.js";
import { word } from "./phone/words.js";

const DRAFT = "phone.draft";
const START = /^[A-Za-z0-9_:-]{1,64}$/;
const PASS = /^#(k_[2-9a-z]{20})$/;
const text = find("text");

const view = new View({
  tap,
  share,
  note,
  again: (id) => talk.again(id),
  drop: (id) => talk.drop(id),
});
const talk = new Talk(view);

/** Say something about the page itself, or nothing any more. */
function note(key) {
  const box = find("note");
  const shown = key ?? (document.body.hasAttribute("data-offline") ? "offline" : null);
  if (shown) box.dataset.word = shown;
  else delete box.dataset.word;
  box.textContent = shown ? word(shown) : "";
}

function say(said, blob) {
  note(null);
  return talk.say(said, blob);
}

/** A button was tapped, of a message or (without one) of the page itself. */
function tap(choice, event, message) {
  // A nervous second tap: it may even hit another button, as everything has moved up.
  if (event.detail > 1) return;
  const button = event.currentTarget;
  for (const other of button.parentElement.querySelectorAll(".taken")) {
    other.classList.remove("taken");
  }
  if (message) button.classList.add("taken");
  say({ kind: "tap", tap: choice.id, on: message?.id, label: choice.label });
}

async function share(words) {
  try {
    if (navigator.share) await navigator.share({ text: words });
    else {
      await navigator.clipboard.writeText(words);
      note("copied");
    }
  } catch {
    // She thought better of it.
  }
}

// Typing

function fit() {
  const isEmpty = !text.value.trim();
  find("send").hidden = isEmpty;
  find("record").hidden = !isEmpty;
  if (CSS.supports("field-sizing", "content")) return;
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 4}px`;
}

function setText(words) {
  text.value = words;
  fit();
}

// What she is typing survives a reload, sealed as all that waits here.
async function remember() {
  fit();
  const words = text.value;
  if (!words) return sessionStorage.removeItem(DRAFT);
  if (!canSeal) return;
  const sealed = await sealJson(words);
  if (text.value === words) sessionStorage.setItem(DRAFT, sealed);
}

async function recall() {
  fit();
  const sealed = sessionStorage.getItem(DRAFT);
  if (!sealed) return;
  try {
    const words = await openJson(sealed);
    if (!text.value) setText(words);
  } catch (error) {
    if (!(error instanceof Unreachable)) sessionStorage.removeItem(DRAFT);
  }
}

// Her words stay a draft until they are kept as a message: one of the two is always there.
async function typed() {
  const words = text.value.trim();
  if (!words) return;
  setText("");
  text.focus();
  await say({ kind: "text", text: words });
  remember();
}

function listenToTyping() {
  text.addEventListener("input", remember);
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    typed();
  });
  find("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    typed();
  });
  recall();
}

// Speaking, showing, pointing

function listenToOtherWays() {
  const onSound = (blob, seconds) => say({ kind: "sound", seconds }, blob);
  new Recorder(onSound, note);
  attachments({
    onPhoto: (blob) => say({ kind: "photo" }, blob),
    onPin: (pin) => say({ kind: "pin", pin }),
    onTrouble: note,
  });
}

// Sheets

function listenToSheets() {
  const sheets = { "open-language": "languages", "open-other": "other", "open-more": "more" };
  for (const [button, sheet] of Object.entries(sheets)) {
    find(button).addEventListener("click", () => find(sheet).showModal());
  }
  for (const sheet of document.querySelectorAll("dialog")) {
    sheet.addEventListener("click", ({ target }) => {
      if (target === sheet || target.closest("[data-close]")) sheet.close();
    });
  }
  for (const button of document.querySelectorAll("[data-tap]")) {
    button.addEventListener("click", (event) => {
      button.closest("dialog")?.close();
      tap({ id: button.dataset.tap, label: button.textContent }, event);
    });
  }
  find("leave").addEventListener("click", nextPerson);
}

// Other people on this phone: other pages of this browser must let go as well.

const pages = new BroadcastChannel("phone");
pages.addEventListener("message", () => beginAnew());

async function nextPerson() {
  try {
    await leave();
  } catch (error) {
    find("other").close();
    if (error instanceof Refused) location.reload();
    return view.offline(true);
  }
  await waiting.clear();
  pages.postMessage("left");
  beginAnew();
}

function beginAnew() {
  talk.end();
  document.body.replaceChildren();
  location.replace("/phone");
}

// Links: a private one back to her talk, or one that supports a plan

/** Go over to the talk of a private link, if there is one; tell whether we do. */
async function followReturnLink() {
  const token = new URLSearchParams(location.hash.slice(1)).get("back");
  if (!token) return;
  history.replaceState(null, "", "/phone");
  if (waiting.items().length) await talk.sync(); // only this talk can open them
  try {
    await comeBack(token);
    pages.postMessage("left");
    beginAnew();
    return true;
  } catch (error) {
    note(error instanceof Refused ? "link_used" : "offline");
  }
}

function followStart() {
  const query = new URLSearchParams(location.search);
  // A pass stands behind "#": it never reaches a server's log.
  const shown = PASS.exec(location.hash)?.[1];
  const start = shown ?? query.get("start");
  query.delete("start"); // once: a reload does not say it again
  const rest = query.toString();
  history.replaceState(null, "", rest ? `/phone?${rest}` : "/phone");
  if (START.test(start ?? "")) say({ kind: "text", text: "", start });
}

/** Let the page open without internet; see worker.js. */
function keepPage() {
  const ready = navigator.serviceWorker?.register("/phone/static/worker.js", {
    scope: "/phone",
  });
  ready?.catch(() => {}); // some private windows forbid it; all else works
}

async function begin() {
  keepPage();
  listenToTyping();
  listenToOtherWays();
  listenToSheets();
  addEventListener("hashchange", followReturnLink);
  addEventListener("hashchange", followStart);
  const tooOld = await waiting.dropOld();
  for (const item of waiting.items()) await showKept(item);
  if (await followReturnLink()) return; // to the talk that it names
  followStart();
  await talk.sync();
  if (tooOld) note("too_old");
}

/** Show what waits since before this page; without internet nobody can read it. */
async function showKept(item) {
  try {
    const open = await waiting.opened(item);
    view.showWaiting(open, await waiting.blobOf(open.id));
  } catch {
    view.showWaiting(item);
  }
}

begin();

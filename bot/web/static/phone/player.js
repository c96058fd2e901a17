// A voice message: play, pause, seek, and the shape of the sound.

import { draw, iconButton, make, words } from "./dom.js";
import { clock, label } from "./words.js";

const BARS = 36;
let playing = null;

/** A player for `source`, an address of ours or a Blob. It loads when it is seen. */
export function player(source, seconds = 0) {
  const parts = build();
  const sound = { ...parts, source, seconds, audio: null };
  show(sound, 0);
  parts.button.addEventListener("click", () => toggle(sound));
  parts.seek.addEventListener("input", () => seekTo(sound));
  whenSeen(parts.root, () => shape(sound));
  return parts.root;
}

function build() {
  const button = iconButton("play", "play");
  const bars = make("div", { class: "bars", "aria-hidden": "true" });
  for (let n = 0; n < BARS; n += 1) bars.append(make("i"));
  const seek = make("input", { type: "range", min: 0, max: 100, step: 0.1, value: 0 });
  label(seek, "voice_message");
  const length = make("span", { class: "length" });
  const track = make("div", { class: "track" }, bars, seek);
  const root = make("div", { class: "player", role: "group" }, button, track, length);
  label(root, "voice_message");
  return { root, button, bars, seek, length };
}

function whenSeen(element, act) {
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    act();
  });
  watch.observe(element);
}

async function toggle(sound) {
  try {
    await load(sound);
    if (!sound.audio.paused) return sound.audio.pause();
    playing?.pause();
    playing = sound.audio;
    await sound.audio.play();
  } catch {
    trouble(sound);
  }
}

/** Silence whatever plays: somebody begins to speak. */
export const hush = () => playing?.pause();

async function blobOf(sound) {
  if (sound.source instanceof Blob) return sound.source;
  const answer = await fetch(sound.source);
  if (!answer.ok) throw new Error(`no sound: ${answer.status}`);
  return (sound.source = await answer.blob());
}

// A local address gives every browser what it needs to seek, also in what
// MediaRecorder made, where the length is missing.
async function load(sound) {
  if (sound.audio) return;
  const audio = new Audio(URL.createObjectURL(await blobOf(sound)));
  sound.audio = audio;
  audio.addEventListener("timeupdate", () => show(sound, audio.currentTime));
  for (const event of ["play", "pause", "ended"]) {
    audio.addEventListener(event, () => state(sound));
  }
}

function state(sound) {
  const { audio, button } = sound;
  draw(button, audio.paused ? "play" : "pause");
  label(button, audio.paused ? "play" : "pause");
  if (audio.ended) show(sound, 0);
}

async function seekTo(sound) {
  const part = sound.seek.value / 100;
  try {
    await load(sound);
    sound.audio.currentTime = part * sound.seconds;
  } catch {
    trouble(sound);
  }
}

function show(sound, at) {
  const part = sound.seconds ? Math.min(1, at / sound.seconds) : 0;
  const all = sound.seconds ? clock(Math.max(1, Math.round(sound.seconds))) : "";
  sound.seek.value = part * 100;
  sound.seek.setAttribute("aria-valuetext", `${clock(at)} / ${all || "?"}`);
  sound.length.textContent = at > 0 ? clock(at) : all;
  const past = Math.round(part * BARS);
  [...sound.bars.children].forEach((bar, n) => bar.classList.toggle("past", n < past));
}

async function shape(sound) {
  const context = new OfflineAudioContext(1, 1, 44_100);
  try {
    const bytes = await (await blobOf(sound)).arrayBuffer();
    const decoded = await context.decodeAudioData(bytes);
    sound.seconds = decoded.duration;
    drawShape(sound.bars, decoded.getChannelData(0));
  } catch {
    if (!(sound.source instanceof Blob)) return trouble(sound);
  }
  show(sound, sound.audio?.currentTime ?? 0);
}

function drawShape(bars, samples) {
  const width = Math.max(1, Math.floor(samples.length / BARS));
  const peaks = Array.from(bars.children, (_, n) => loudest(samples, n * width, width));
  const top = Math.max(0.02, ...peaks);
  [...bars.children].forEach((bar, n) => {
    bar.style.setProperty("--loud", (peaks[n] / top).toFixed(2));
  });
}

function loudest(samples, from, width) {
  let peak = 0;
  const end = Math.min(samples.length, from + width);
  for (let n = from; n < end; n += 1) peak = Math.max(peak, Math.abs(samples[n]));
  return peak;
}

function trouble(sound) {
  if (sound.root.querySelector(".trouble")) return;
  sound.root.append(words("no_sound", { class: "trouble", role: "status" }, "p"));
}

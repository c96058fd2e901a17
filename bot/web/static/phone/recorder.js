// Recording a voice message: tap to begin and tap to send, or hold and let go.

import { find, make } from "./dom.js";
import { hush } from "./player.js";
import { clock, limits, word } from "./words.js";

const KINDS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const HOLD_MS = 350;
const SHORTEST_SECONDS = 0.6;
const LEVELS = 28;
const TICK_MS = 80;

export class Recorder {
  #onSound;
  #onTrouble;
  #take = null;
  #beginning = false;
  #holdTimer = 0;
  #held = false;

  /** `onSound(blob, seconds)` gets what was recorded, `onTrouble(key)` what failed. */
  constructor(onSound, onTrouble) {
    this.#onSound = onSound;
    this.#onTrouble = onTrouble;
    for (let n = 0; n < LEVELS; n += 1) find("level").append(make("i"));
    this.#listenTo(find("record"));
    find("record-send").addEventListener("click", () => this.#finish(true));
    find("record-cancel").addEventListener("click", () => this.#finish(false));
    find("recorder").addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#finish(false);
    });
  }

  #listenTo(button) {
    button.addEventListener("click", () => this.#begin());
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    button.addEventListener("pointerdown", () => {
      this.#holdTimer = setTimeout(() => {
        this.#held = true;
        this.#begin();
      }, HOLD_MS);
    });
    for (const event of ["pointerup", "pointercancel"]) {
      addEventListener(event, () => this.#release());
    }
  }

  #release() {
    clearTimeout(this.#holdTimer);
    // Letting go on the question whether the microphone may be used sends nothing.
    if (this.#held && this.#take) this.#finish(true);
    this.#held = false;
  }

  async #begin() {
    if (this.#take || this.#beginning) return;
    this.#beginning = true;
    hush();
    try {
      const sound = { channelCount: 1, echoCancellation: true, noiseSuppression: true };
      const stream = await navigator.mediaDevices.getUserMedia({ audio: sound });
      this.#take = new Take(stream);
      this.#open();
    } catch {
      this.#onTrouble("no_microphone");
    } finally {
      this.#beginning = false;
    }
  }

  #open() {
    find("composer").hidden = true;
    find("recorder").hidden = false;
    find("record-status").textContent = word("recording");
    find("record-send").focus();
    this.#onTrouble(null);
    this.#tick();
  }

  #tick() {
    if (!this.#take) return;
    if (this.#take.seconds() >= limits.seconds) this.#take.pause();
    const seconds = Math.min(limits.seconds, this.#take.seconds());
    find("record-time").textContent = clock(seconds);
    this.#take.levels().forEach((loud, n) => {
      find("level").children[n].style.setProperty("--loud", loud.toFixed(2));
    });
    setTimeout(() => this.#tick(), TICK_MS);
  }

  async #finish(send) {
    const take = this.#take;
    if (!take) return;
    this.#take = null;
    const seconds = Math.min(limits.seconds, take.seconds());
    const blob = await take.stop();
    find("recorder").hidden = true;
    find("composer").hidden = false;
    find("record-status").textContent = "";
    find("record").focus();
    const isEnough = seconds >= SHORTEST_SECONDS && blob.size <= limits.bytes;
    if (send && isEnough) this.#onSound(blob, seconds);
  }
}

/** One recording under way. */
class Take {
  #stream;
  #recorder;
  #context = new AudioContext();
  #ear;
  #chunks = [];
  #begunAt = performance.now();
  #pausedAt = null;
  #levels = new Array(LEVELS).fill(0);

  constructor(stream) {
    this.#stream = stream;
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.#recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 32_000 });
    this.#recorder.addEventListener("dataavailable", ({ data }) => {
      this.#chunks.push(data);
    });
    this.#ear = this.#context.createAnalyser();
    this.#context.createMediaStreamSource(stream).connect(this.#ear);
    // The microphone may be taken away (a call comes in): what was said stays.
    this.#recorder.addEventListener("stop", () => {
      this.#pausedAt ??= performance.now();
    });
    this.#context.resume();
    this.#recorder.start(1_000);
  }

  seconds() {
    return ((this.#pausedAt ?? performance.now()) - this.#begunAt) / 1_000;
  }

  pause() {
    if (this.#pausedAt !== null) return;
    this.#pausedAt = performance.now();
    if (this.#recorder.state === "recording") this.#recorder.pause();
  }

  /** The last moments, each from 0 (silent) to 1 (loud). */
  levels() {
    if (this.#pausedAt !== null) return this.#levels;
    const wave = new Float32Array(this.#ear.fftSize);
    this.#ear.getFloatTimeDomainData(wave);
    const power = wave.reduce((sum, sample) => sum + sample * sample, 0) / wave.length;
    this.#levels = [...this.#levels.slice(1), Math.min(1, Math.sqrt(power) * 5)];
    return this.#levels;
  }

  async stop() {
    const stopped = new Promise((resolve) => {
      this.#recorder.addEventListener("stop", resolve, { once: true });
    });
    if (this.#recorder.state !== "inactive") {
      this.#recorder.stop();
      await stopped;
    }
    for (const track of this.#stream.getTracks()) track.stop();
    await this.#context.close();
    return new Blob(this.#chunks, { type: this.#recorder.mimeType.split(";")[0] });
  }
}

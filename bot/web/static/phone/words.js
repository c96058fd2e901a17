// The words of the page's own buttons, in the language of the talk.

const island = JSON.parse(document.getElementById("island").textContent);
const LOCALES = { nl: "nl-NL", en: "en-GB", tr: "tr-TR", ar: "ar-MA-u-nu-latn" };

let language = island.language;

export const limits = { seconds: island.seconds, bytes: island.bytes };
export const sealKey = island.seal;
export const spoken = () => language;
export const word = (key) => island.words[language][key];

/** Put the page into another language, from left to right or the other way. */
export function speak(next) {
  if (next === language || !island.words[next]) return;
  language = next;
  document.documentElement.lang = next;
  document.documentElement.dir = next === "ar" ? "rtl" : "ltr";
  document.getElementById("language-code").textContent = next;
  document.getElementById("place-name").textContent = island.places[next];
  translate(document.body);
}

/** Fill in every word and time under `root`: see `data-word` and `data-label`. */
export function translate(root) {
  for (const it of root.querySelectorAll("[data-word]:not([data-word=''])")) {
    it.textContent = word(it.dataset.word);
  }
  for (const it of root.querySelectorAll("[data-label]")) label(it, it.dataset.label);
  for (const it of root.querySelectorAll("[data-hint]")) {
    it.placeholder = word(it.dataset.hint);
  }
  for (const it of root.querySelectorAll("time[datetime]")) {
    it.textContent = hour(new Date(it.dateTime));
  }
  for (const it of root.querySelectorAll("[data-day]")) {
    it.textContent = day(new Date(it.dataset.day));
  }
}

/** Name an element for those who cannot see it, and for a resting pointer. */
export function label(element, key) {
  element.dataset.label = key;
  element.setAttribute("aria-label", word(key));
  if (element.tagName === "BUTTON") element.title = word(key);
}

export function hour(date) {
  const form = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat(LOCALES[language], form).format(date);
}

/** Today, yesterday, or the weekday and date, in words. */
export function day(date) {
  const midnight = (at) => new Date(at).setHours(0, 0, 0, 0);
  const ago = Math.round((midnight(Date.now()) - midnight(date)) / 86_400_000);
  if (ago < 2) {
    const near = new Intl.RelativeTimeFormat(LOCALES[language], { numeric: "auto" });
    return near.format(-ago, "day");
  }
  const form = { weekday: "long", day: "numeric", month: "long" };
  return new Intl.DateTimeFormat(LOCALES[language], form).format(date);
}

/** Seconds as a clock shows them: 0:07. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

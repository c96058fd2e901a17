// Pictures and places.

import { find } from "./dom.js";
import { limits } from "./words.js";

const LONGEST_PX = 1_600;
const QUALITY = 0.85;
const READY = new Set(["image/jpeg", "image/png", "image/webp"]);
const PATIENCE_MS = 15_000;

/** `onPhoto(blob)`, `onPin({latitude, longitude})`, `onTrouble(key)`. */
export function attachments({ onPhoto, onPin, onTrouble }) {
  const file = find("photo-file");
  find("photo").addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    find("more").close();
    file.value = "";
    if (chosen) await sendPhoto(chosen, onPhoto, onTrouble);
  });
  find("place").addEventListener("click", () => {
    find("more").close();
    sendPlace(onPin, onTrouble);
  });
}

async function sendPhoto(chosen, onPhoto, onTrouble) {
  const photo = await smaller(chosen);
  if (!photo || photo.size > limits.bytes) onTrouble("too_big");
  else onPhoto(photo);
}

// Drawn anew: quick to send, and without the place and phone a camera writes into it.
async function smaller(chosen) {
  try {
    const image = await createImageBitmap(chosen, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_PX / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  } catch {
    return READY.has(chosen.type) ? chosen : null;
  }
}

function sendPlace(onPin, onTrouble) {
  if (!navigator.geolocation) return onTrouble("no_place");
  navigator.geolocation.getCurrentPosition(
    ({ coords: { latitude, longitude } }) => onPin({ latitude, longitude }),
    () => onTrouble("no_place"),
    { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
  );
}

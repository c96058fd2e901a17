// On the talk page: only the fields a phrase needs, and a recording from the microphone.
// Without scripts all fields are there, and a sound file can be chosen.

const KINDS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const MOST_SECONDS = 60;

const phrase = document.getElementById("phrase");
if (phrase) {
  const show = () => {
    const needed = phrase.selectedOptions[0].dataset.fields.split(" ").filter(Boolean);
    for (const field of document.querySelectorAll("[data-field]")) {
      field.hidden = !needed.includes(field.dataset.field);
    }
    document.querySelector("[data-fields-hint]").hidden = needed.length === 0;
  };
  phrase.addEventListener("change", show);
  show();
}

const form = document.querySelector("[data-recorder]");
if (form && navigator.mediaDevices && window.MediaRecorder) listenTo(form);

function listenTo(form) {
  const find = (name) => form.querySelector(`[data-${name}]`);
  const [live, start, stop, told] = ["live", "start", "stop", "told"].map(find);
  const file = form.querySelector("input[type=file]");
  let recorder = null;
  let timer = 0;

  live.hidden = false;
  start.addEventListener("click", begin);
  stop.addEventListener("click", () => recorder?.state === "recording" && recorder.stop());

  async function begin() {
    try {
      const sound = { channelCount: 1, echoCancellation: true, noiseSuppression: true };
      const stream = await navigator.mediaDevices.getUserMedia({ audio: sound });
      take(stream);
    } catch {
      told.textContent = form.dataset.noMic;
    }
  }

  function take(stream) {
    const chunks = [];
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 32_000 });
    recorder.addEventListener("dataavailable", ({ data }) => chunks.push(data));
    recorder.addEventListener("stop", () => {
      clearInterval(timer);
      for (const track of stream.getTracks()) track.stop();
      send(new Blob(chunks, { type: mimeType.split(";")[0] }));
    });
    recorder.start(1_000);
    start.hidden = true;
    stop.hidden = false;
    stop.focus();
    count();
  }

  function count() {
    let seconds = 0;
    const tell = () => {
      told.textContent = `${form.dataset.now}: ${seconds} / ${MOST_SECONDS}`;
    };
    tell();
    timer = setInterval(() => {
      seconds += 1;
      tell();
      if (seconds >= MOST_SECONDS) recorder.stop();
    }, 1_000);
  }

  function send(blob) {
    const held = new DataTransfer();
    held.items.add(new File([blob], "voice", { type: blob.type }));
    file.files = held.files;
    form.submit();
  }
}

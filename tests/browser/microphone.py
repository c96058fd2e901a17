"""A microphone that hears what a test says into it: real sound, which is recorded."""

import base64

import numpy as np
from playwright.sync_api import BrowserContext, Page, expect

from tests.sound import RATE, wav

BEFORE, AFTER = 0.3, 0.5
"""Seconds of quiet around what is said, as when a thumb presses and lets go."""

# In place of the microphone stands a source of the page's own sound machine: what is
# put into it is recorded, packed and sent like anything else.
STAND_IN = """
navigator.mediaDevices.getUserMedia = async () => {
  const machine = new AudioContext();
  const bytes = Uint8Array.from(atob(window.spoken), (sign) => sign.charCodeAt(0));
  const source = machine.createBufferSource();
  source.buffer = await machine.decodeAudioData(bytes.buffer);
  const microphone = machine.createMediaStreamDestination();
  source.connect(microphone);
  source.start();
  return microphone.stream;
};
"""


def put_in(context: BrowserContext) -> None:
    """Give all pages of a browser this microphone."""
    context.add_init_script(STAND_IN)


def speak_into(page: Page, samples: np.ndarray) -> None:
    """Press, let these samples (mono, 16 kHz) be heard, and send."""
    quiet = [np.zeros(int(each * RATE), np.float32) for each in (BEFORE, AFTER)]
    whole = np.concatenate([quiet[0], samples, quiet[1]])
    said = base64.b64encode(wav(whole)).decode()
    page.evaluate("said => { window.spoken = said; }", said)
    page.locator("#record").click()
    expect(page.locator("#recorder")).to_be_visible()
    page.wait_for_timeout(whole.size / RATE * 1_000 + 100)
    page.locator("#record-send").click()
    expect(page.locator("#waiting .message")).to_have_count(0)

"""Real sound for tests: sentences spoken by eSpeak NG, in the formats phones send.

Run as a program it is the speaker: language as argument, text on stdin, 16-bit
samples on stdout. The library keeps state between sentences, so each gets a
fresh process and always sounds the same.
"""

from __future__ import annotations

import ctypes
import functools
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

RATE = 16_000
ESPEAK_RATE = 22_050
PEAK = 0.7
OLD_PHONE = Path(__file__).with_name("old_phone_tr.amr")
SENTENCES = {
    "nl": "Ik wil graag een bank onder de lindeboom, bij het plein.",
    "en": "I would like a bench under the tree, near the square.",
    "tr": "Meydanın yanında ağacın altına bir bank istiyorum.",
    "ar": "أُرِيدُ مَقْعَدًا تَحْتَ الشَّجَرَةِ قُرْبَ السَّاحَةِ.",
}


@functools.cache
def say(text: str, language: str = "nl") -> npt.NDArray[np.float32]:
    """`text` spoken in `language`: mono samples at 16 kHz, not to be changed."""
    done = subprocess.run(
        [sys.executable, __file__, language],
        input=text.encode(),
        capture_output=True,
        check=True,
        timeout=30,
    )
    return _frozen(_resampled(np.frombuffer(done.stdout, dtype=np.int16)))


def sentence(language: str = "nl") -> npt.NDArray[np.float32]:
    """A plan of about three seconds, spoken in `language`."""
    return say(SENTENCES[language], language)


@functools.cache
def silence(seconds: float) -> npt.NDArray[np.float32]:
    """Digital silence."""
    return _frozen(np.zeros(int(seconds * RATE), dtype=np.float32))


@functools.cache
def noise(seconds: float, decibel: float = -40.0) -> npt.NDArray[np.float32]:
    """White noise, always the same, at a level below full scale."""
    made = np.random.default_rng(7).standard_normal(int(seconds * RATE))
    return _frozen((made * 10 ** (decibel / 20)).astype(np.float32))


NOTES = (220.0, 261.6, 329.6, 392.0, 349.2, 293.7)


@functools.cache
def music(seconds: float) -> npt.NDArray[np.float32]:
    """A tune with overtones over a bass and a drum, two notes to the second."""
    at = np.arange(int(seconds * RATE)) / RATE
    note = np.array(NOTES)[(at * 2).astype(int) % len(NOTES)]
    fading = np.exp(-4 * (at * 2 % 1))
    tune = sum(np.sin(2 * np.pi * note * k * at) / k for k in range(1, 6)) * fading
    bass = np.sin(2 * np.pi * 55 * at)
    drum = noise(seconds, 0) * np.exp(-30 * (at * 2 % 1))
    made = 0.2 * tune + 0.15 * bass + 0.1 * drum
    return _frozen((made * PEAK / np.abs(made).max()).astype(np.float32))


def over(
    one: npt.NDArray[np.float32], other: npt.NDArray[np.float32], decibel: float
) -> npt.NDArray[np.float32]:
    """`one` with `other` behind it, that much louder or softer than it is."""
    behind = np.resize(other, one.size) * np.float32(10 ** (decibel / 20))
    return _frozen(np.clip(one + behind, -1, 1))


def ogg_opus(samples: npt.NDArray[np.float32], bits: int = 24_000) -> bytes:
    """A voice note as WhatsApp and Telegram deliver it."""
    return encode(samples, "ogg", "libopus", rate=48_000, bits=bits)


def webm_opus(samples: npt.NDArray[np.float32]) -> bytes:
    """A recording as Chrome and Firefox make it."""
    return encode(samples, "webm", "libopus", rate=48_000, bits=32_000)


def m4a(samples: npt.NDArray[np.float32]) -> bytes:
    """A recording as Safari makes it: AAC in MP4."""
    return encode(samples, "mp4", "aac", rate=44_100, bits=64_000)


def wav(samples: npt.NDArray[np.float32]) -> bytes:
    """Plain 16-bit samples with a header."""
    return encode(samples, "wav", "pcm_s16le", rate=RATE, bits=None)


def old_phone(container: str = "amr") -> bytes:
    """The Turkish sentence as an old phone records it: AMR, by itself or in 3gp.

    From 19 on PyAV cannot encode it, so that was done once, with 18.
    """
    if container == "amr":
        return OLD_PHONE.read_bytes()
    made = io.BytesIO()
    with av.open(OLD_PHONE, "r") as phone, av.open(made, "w", format="3gp") as output:
        stream = output.add_stream_from_template(phone.streams.audio[0])
        for packet in phone.demux(phone.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                output.mux(packet)
    return made.getvalue()


def encode(
    samples: npt.NDArray[np.float32],
    container: str,
    codec: str,
    *,
    rate: int,
    bits: int | None,
    layout: str = "mono",
) -> bytes:
    """The samples in any format PyAV can write, `bits` being bits per second."""
    return _encode(samples.tobytes(), container, codec, rate, bits, layout)


@functools.lru_cache(maxsize=64)
def _encode(
    raw: bytes, container: str, codec: str, rate: int, bits: int | None, layout: str
) -> bytes:
    made = io.BytesIO()
    with av.open(made, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        if bits:
            stream.bit_rate = bits
        source = _frame(np.frombuffer(raw, dtype=np.float32), "flt", RATE)
        for frame in (*_fitted(source, stream.codec_context), None):
            output.mux(stream.encode(frame))
    return made.getvalue()


def _fitted(
    source: av.AudioFrame, encoder: av.AudioCodecContext
) -> Iterator[av.AudioFrame]:
    resampler = av.AudioResampler(
        format=encoder.format,
        layout=encoder.layout,
        rate=encoder.sample_rate,
        frame_size=encoder.frame_size or 1024,
    )
    yield from resampler.resample(source)
    yield from resampler.resample(None)


def _resampled(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    frame = _frame(samples, "s16", ESPEAK_RATE)
    frames = [*resampler.resample(frame), *resampler.resample(None)]
    joined = np.concatenate([one.to_ndarray().reshape(-1) for one in frames])
    loud = joined.astype(np.float32)
    return loud * np.float32(PEAK / np.abs(loud).max())


def _frame(samples: npt.NDArray[np.generic], kind: str, rate: int) -> av.AudioFrame:
    shaped = np.ascontiguousarray(samples).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(shaped, format=kind, layout="mono")
    frame.sample_rate = rate
    return frame


def _frozen(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    samples.setflags(write=False)
    return samples


SYNTH_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)
RETRIEVAL = 1
UTF_8 = 1


def _speak(text: bytes, language: str) -> bytes:
    import espeakng_loader

    library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
    folder = str(espeakng_loader.get_data_path()).encode()
    if library.espeak_Initialize(RETRIEVAL, 0, folder, 0) != ESPEAK_RATE:
        raise RuntimeError("eSpeak NG did not start")
    made = bytearray()

    def keep(samples: ctypes._Pointer[ctypes.c_short], count: int, _: object) -> int:
        if count:
            made.extend(ctypes.string_at(samples, 2 * count))
        return 0

    kept = SYNTH_CALLBACK(keep)
    library.espeak_SetSynthCallback(kept)
    if library.espeak_SetVoiceByName(language.encode()):
        raise ValueError(f"eSpeak NG has no voice {language!r}")
    library.espeak_Synth(text, len(text) + 1, 0, 1, 0, UTF_8, None, None)
    library.espeak_Synchronize()
    return bytes(made)


if __name__ == "__main__":
    sys.stdout.buffer.write(_speak(sys.stdin.buffer.read(), sys.argv[1]))

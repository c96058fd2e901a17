"""Recordings in, sound out: real files, bad files, hostile files."""

import contextlib
import io
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from tests import sound
from tests.transcription.bombs import opus_of
from transcription import SAMPLE_RATE, BadAudio, BadReason, TranscriptionError, audio
from transcription.audio import MOST_BYTES, MOST_SECONDS, decode, to_voice_note

FORMATS = {
    "WhatsApp voice note": ("ogg", "libopus", 48_000, 16_000, "mono"),
    "Telegram voice note": ("ogg", "libopus", 48_000, 32_000, "mono"),
    "OGG/Opus stereo": ("ogg", "libopus", 48_000, 64_000, "stereo"),
    "Chrome's WebM/Opus": ("webm", "libopus", 48_000, 32_000, "mono"),
    "Safari's m4a": ("mp4", "aac", 44_100, 64_000, "mono"),
    "raw AAC": ("adts", "aac", 44_100, 64_000, "mono"),
    "MP3": ("mp3", "libmp3lame", 44_100, 64_000, "mono"),
    "FLAC": ("flac", "flac", 16_000, None, "mono"),
    "WAV": ("wav", "pcm_s16le", 16_000, None, "mono"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_usual_recording_is_read_whole(name: str) -> None:
    container, codec, rate, bits, layout = FORMATS[name]
    spoken = sound.sentence("tr")
    made = sound.encode(spoken, container, codec, rate=rate, bits=bits, layout=layout)
    is_read_whole(made)


@pytest.mark.parametrize("container", ["amr", "3gp"])
def test_the_recording_of_an_old_phone_is_read_whole(container: str) -> None:
    is_read_whole(sound.old_phone(container))


def is_read_whole(made: bytes) -> None:
    spoken, heard = sound.sentence("tr"), decode(made)
    assert heard.complete
    assert heard.samples.dtype == np.float32
    assert heard.seconds == heard.samples.size / SAMPLE_RATE
    assert heard.seconds == pytest.approx(spoken.size / SAMPLE_RATE, abs=0.15)
    assert loudness(heard.samples) == pytest.approx(loudness(spoken), rel=0.25)


def loudness(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(samples))))


def ogg() -> bytes:
    return sound.ogg_opus(sound.sentence())


def wav() -> bytes:
    return sound.wav(sound.sentence())


def silent_film() -> bytes:
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        black = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8))
        for frame in (black, None):
            container.mux(stream.encode(frame))
    return made.getvalue()


BAD_FILES: dict[str, tuple[Callable[[], bytes], BadReason]] = {
    "nothing": (lambda: b"", BadReason.EMPTY),
    "one byte": (lambda: b"O", BadReason.NOT_AUDIO),
    "random bytes": (
        lambda: np.random.default_rng(1).bytes(50_000),
        BadReason.NOT_AUDIO,
    ),
    "1 MB of zeros": (lambda: bytes(1_000_000), BadReason.NOT_AUDIO),
    "a 20 MB note of zeros": (lambda: bytes(20_000_000), BadReason.TOO_BIG),
    "a sentence": (lambda: b"Ik wil een bank. " * 100, BadReason.NOT_AUDIO),
    "a web page": (
        lambda: b"<!doctype html><title>403</title>" * 50,
        BadReason.NOT_AUDIO,
    ),
    "a playlist": (
        lambda: b"#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
        BadReason.NOT_AUDIO,
    ),
    "a list of files to join": (
        lambda: b"ffconcat version 1.0\nfile /etc/passwd\n",
        BadReason.NOT_AUDIO,
    ),
    "an OGG of headers only": (lambda: opus_of(0), BadReason.NOT_AUDIO),
    "an m4a without its end": (
        lambda: sound.m4a(sound.sentence())[:-200],
        BadReason.NOT_AUDIO,
    ),
    "a WAV with 30000 channels": (
        lambda: wav()[:22] + (30_000).to_bytes(2, "little") + wav()[24:],
        BadReason.NO_SOUND,
    ),
    "a WAV of headers only": (lambda: wav()[:78], BadReason.NO_SOUND),
    "a film without sound": (silent_film, BadReason.NO_SOUND),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_what_is_no_recording_is_refused_with_its_reason(name: str) -> None:
    make, reason = BAD_FILES[name]
    with pytest.raises(BadAudio) as caught:
        decode(make())
    assert caught.value.reason == reason
    assert caught.value.permanent


def test_half_an_ogg_gives_its_half_and_the_announced_length_tells() -> None:
    spoken = np.concatenate([sound.sentence()] * 3)
    whole, seconds = sound.ogg_opus(spoken), spoken.size / SAMPLE_RATE
    half = whole[: len(whole) // 2]
    heard = decode(half, announced_seconds=round(seconds))
    assert 0.3 < heard.seconds / seconds < 0.7
    assert not heard.complete
    assert decode(whole, announced_seconds=math.ceil(seconds)).complete


def test_a_page_lost_on_the_way_is_noticed() -> None:
    spoken = np.concatenate([sound.sentence()] * 3)
    pages = sound.ogg_opus(spoken).split(b"OggS")
    pages[5] = pages[5][:-1] + bytes([pages[5][-1] ^ 0xFF])
    heard = decode(b"OggS".join(pages))
    assert heard.seconds < spoken.size / SAMPLE_RATE - 0.8
    assert not heard.complete


def test_of_a_long_recording_the_first_three_minutes_are_kept() -> None:
    heard = decode(sound.wav(sound.noise(200)))
    assert heard.seconds == MOST_SECONDS
    assert not heard.complete


@pytest.mark.parametrize("hours", [1, 10])
def test_hours_packed_in_a_small_file_cost_no_more_than_three_minutes(
    hours: int,
) -> None:
    bomb = opus_of(hours)
    assert len(bomb) < 100_000 * hours
    start = time.monotonic()
    heard = decode(bomb)
    assert time.monotonic() - start < 10
    assert heard.seconds == MOST_SECONDS
    assert not heard.complete


def test_a_sample_rate_of_one_cannot_swell() -> None:
    slow = (
        wav()[:24] + (1).to_bytes(4, "little") + (2).to_bytes(4, "little") + wav()[32:]
    )
    heard = decode(slow)
    assert heard.seconds == MOST_SECONDS
    assert not heard.complete


def test_samples_that_are_no_numbers_become_silence() -> None:
    broken = np.full(SAMPLE_RATE, np.nan, dtype=np.float32)
    broken[::2] = np.inf
    made = sound.encode(broken, "wav", "pcm_f32le", rate=SAMPLE_RATE, bits=None)
    assert not decode(made).samples.any()


def test_flipped_bytes_cost_sound_or_are_refused_but_are_no_other_error() -> None:
    draw = np.random.default_rng(3)
    whole = ogg()
    for _ in range(6):
        damaged = bytearray(whole)
        for place in draw.integers(len(whole), size=5):
            damaged[place] ^= 0x55
        with contextlib.suppress(BadAudio):
            assert decode(bytes(damaged)).seconds < 4


def test_a_decoder_that_hangs_is_killed_when_its_time_is_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hanging = tmp_path / "decode.py"
    note = tmp_path / "pid"
    hanging.write_text(
        "import os, pathlib, time\n"
        f"pathlib.Path({str(note)!r}).write_text(str(os.getpid()))\n"
        "time.sleep(60)\n"
    )
    monkeypatch.setattr(audio, "DECODER", hanging)
    with pytest.raises(BadAudio) as caught:
        decode(ogg(), wall_seconds=1.5)
    assert caught.value.reason == BadReason.TOO_SLOW
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


def test_a_decoder_that_dies_is_the_recordings_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dying = tmp_path / "decode.py"
    dying.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    monkeypatch.setattr(audio, "DECODER", dying)
    with pytest.raises(BadAudio) as caught:
        decode(ogg())
    assert caught.value.reason == BadReason.BROKEN


def test_a_decoder_that_cannot_start_is_our_fault_and_worth_a_second_try(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(audio, "DECODER", tmp_path / "missing.py")
    with pytest.raises(TranscriptionError, match="missing.py") as caught:
        decode(ogg())
    assert not caught.value.permanent


def test_the_memory_limit_binds_the_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio, "MEMORY_BYTES", 1024 * 1024)
    with pytest.raises(BadAudio) as caught:
        decode(sound.ogg_opus(sound.silence(150)))
    # FFmpeg 9 may die of it before Python hears that there is no memory.
    assert caught.value.reason in {BadReason.TOO_HEAVY, BadReason.BROKEN}


def test_the_decoder_is_given_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spy = tmp_path / "decode.py"
    spy.write_text("import os, sys\nsys.exit(' '.join(sorted(os.environ)))\n")
    monkeypatch.setattr(audio, "DECODER", spy)
    monkeypatch.setenv("SECRET_KEY", "of the city")
    with pytest.raises(TranscriptionError, match="PATH") as caught:
        decode(ogg())
    assert "SECRET" not in str(caught.value)
    assert "TOKEN" not in str(caught.value)


def test_the_byte_cap_is_the_channels_own() -> None:
    assert MOST_BYTES == 16 * 1024 * 1024


def test_a_browsers_recording_becomes_a_voice_note() -> None:
    spoken = decode(sound.webm_opus(sound.sentence("ar")))
    note = to_voice_note(spoken.samples)
    assert note.startswith(b"OggS")
    assert b"OpusHead" in note[:64]
    again = decode(note)
    assert again.seconds == pytest.approx(spoken.seconds, abs=0.1)
    assert loudness(again.samples) == pytest.approx(loudness(spoken.samples), rel=0.2)


def test_even_the_longest_voice_note_keeps_its_play_button() -> None:
    words = np.concatenate([sound.sentence("en"), sound.sentence("nl")] * 40)
    longest = words[: int(MOST_SECONDS * SAMPLE_RATE)]
    assert longest.size == MOST_SECONDS * SAMPLE_RATE
    assert len(to_voice_note(longest)) < 512_000


def test_a_voice_note_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="needs sound"):
        to_voice_note(sound.silence(0))


def test_importing_the_package_loads_no_engine_and_no_decoder() -> None:
    heavy = "av numpy faster_whisper ctranslate2 onnxruntime torch whisper"
    script = (
        "import sys, transcription;"
        f"print(sorted(set(sys.modules) & set({heavy!r}.split())))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.stdout.strip() == "[]"

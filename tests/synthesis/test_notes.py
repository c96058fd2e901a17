"""Voice notes: valid for every messenger, small, at most a minute."""

import io

import av
import numpy as np
import pytest

from synthesis import (
    LANGUAGES,
    MOST_SECONDS,
    RATE,
    Fault,
    Samples,
    Speaker,
    fits,
    samples_of,
    seconds_of,
    voice_note,
    waveform,
)
from synthesis.levels import PEAK
from synthesis.notes import CODER_SECONDS, LEAD_SECONDS, PAUSE, TAIL_SECONDS
from tests.synthesis.conftest import SENTENCES

EDGES = LEAD_SECONDS + TAIL_SECONDS
WHATSAPP_BYTES = 512_000


@pytest.fixture(scope="module")
def pieces(voice: Speaker) -> list[Samples]:
    return [voice.speak(text, name) for name, text in SENTENCES.items()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_becomes_a_note_that_sounds_like_it(
    voice: Speaker, language: str
) -> None:
    said = voice.speak(SENTENCES[language], language)
    heard = samples_of(voice_note([said]))
    seen = waveform(heard)
    assert seen.faults == ()
    assert seen.seconds == pytest.approx(said.size / RATE + EDGES, abs=0.03)
    assert seen.loudness == pytest.approx(waveform(said).loudness, abs=1.0)
    assert seen.peak < 1.3 * PEAK


def test_a_note_is_ogg_opus_mono_at_48_khz(pieces: list[Samples]) -> None:
    note = voice_note(pieces)
    assert note.startswith(b"OggS")
    assert note[28:36] == b"OpusHead"
    assert note[37] == 1  # channels
    assert int.from_bytes(note[40:44], "little") == 48_000
    with av.open(io.BytesIO(note), "r") as container:
        (stream,) = container.streams
        assert isinstance(stream, av.AudioStream)
        assert stream.codec_context.name == "opus"
        packets = [each for each in container.demux(stream) if each.size]
    assert {each.duration for each in packets[:-1]} == {960}  # 20 ms, for voice


def test_three_kilobytes_a_second(pieces: list[Samples]) -> None:
    note = voice_note(pieces)
    assert 2_000 < len(note) / seconds_of(note) < 4_000


def test_pieces_are_heard_in_order_with_pauses_between(
    pieces: list[Samples],
) -> None:
    whole = sum(piece.size for piece in pieces) / RATE
    for pause in (0.0, PAUSE, 1.0):
        expected = whole + 3 * pause + EDGES
        seconds = seconds_of(voice_note(pieces, pause))
        assert seconds == pytest.approx(expected, abs=0.03)


def test_the_length_is_known_without_decoding(pieces: list[Samples]) -> None:
    for count in (1, 3):
        note = voice_note(pieces[:count])
        decoded = samples_of(note).size / RATE
        assert seconds_of(note) == pytest.approx(decoded, abs=CODER_SECONDS)


def test_the_same_pieces_are_the_same_bytes(pieces: list[Samples]) -> None:
    assert voice_note(pieces) == voice_note(list(pieces))


def seconds(length: float) -> Samples:
    rng = np.random.default_rng(5)
    return (0.2 * rng.standard_normal(int(length * RATE))).astype(np.float32)


def test_a_note_ends_after_the_last_piece_that_fits_into_a_minute() -> None:
    long = [seconds(14)] * 6
    assert fits(long, 0.35) == 4
    note = voice_note(long, 0.35)
    assert seconds_of(note) == pytest.approx(4 * 14 + 3 * 0.35 + EDGES, abs=0.03)
    assert Fault.TOO_LONG not in waveform(samples_of(note)).faults
    assert len(note) < WHATSAPP_BYTES / 2


def test_a_minute_is_full_to_the_last_sample() -> None:
    full = seconds(MOST_SECONDS - EDGES - CODER_SECONDS)
    assert fits([full]) == 1
    assert fits([np.append(full, np.float32(0))]) == 0
    assert seconds_of(voice_note([full])) <= MOST_SECONDS
    half = full[: full.size // 2]
    assert fits([half, half], 0.0) == 2
    assert fits([half, half], 0.35) == 1


def test_the_longest_text_still_fits(voice: Speaker) -> None:
    longest = voice.speak("9" * 5000, "tr")
    assert fits([longest]) == 1


@pytest.mark.parametrize("pieces", [[], [seconds(60)]])
def test_a_note_without_a_piece_that_fits_is_refused(pieces: list[Samples]) -> None:
    assert fits(pieces) == 0
    with pytest.raises(ValueError, match="needs sound"):
        voice_note(pieces)


@pytest.mark.parametrize(
    "bad", [b"", b"OggS", b"no sound at all" * 50, bytes(10_000)], ids=len
)
def test_what_is_no_note_is_refused(bad: bytes) -> None:
    for ask in (samples_of, seconds_of):
        with pytest.raises(ValueError, match="no voice note"):
            ask(bad)

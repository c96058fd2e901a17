"""Where somebody speaks, and how the speech is cut for a recogniser."""

import numpy as np
import pytest

from tests import sound
from transcription.engine import PIECE_SECONDS
from transcription.speech import Span, cut, find_speech, pack, speech_seconds, stretches

RATE = 16_000


def seconds(*pairs: tuple[float, float]) -> list[Span]:
    return [Span(int(start * RATE), int(end * RATE)) for start, end in pairs]


@pytest.mark.parametrize("language", sound.SENTENCES)
def test_speech_is_found_in_every_language(language: str) -> None:
    spoken = sound.sentence(language)
    found = speech_seconds(find_speech(spoken))
    assert found == pytest.approx(spoken.size / RATE, rel=0.15)


def test_speech_is_found_between_silences_and_under_noise() -> None:
    spoken = sound.sentence()
    padded = np.concatenate([sound.silence(4), spoken, sound.silence(4)])
    noisy = padded + sound.noise(padded.size / RATE + 1, -35)[: padded.size]
    for samples in (padded, noisy):
        found = find_speech(samples)
        assert found[0].start == pytest.approx(4 * RATE, abs=RATE / 2)
        assert speech_seconds(found) == pytest.approx(spoken.size / RATE, rel=0.2)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([], [], id="nothing stays nothing"),
        pytest.param([(2, 4)], [(1.6, 4.4)], id="speech gets a margin"),
        pytest.param([(0.1, 59.9)], [(0, 60)], id="no margin beyond the sound"),
        pytest.param(
            [(2, 4), (5.9, 8)], [(1.6, 8.4)], id="a short pause stays in its sentence"
        ),
        pytest.param(
            [(2, 4), (6.1, 8)],
            [(1.6, 4.4), (5.7, 8.4)],
            id="a long pause parts two sentences",
        ),
        pytest.param(
            [(1, 20), (20.5, 30)],
            [(0.6, 20.4), (20.1, 30.4)],
            id="what would be too long is parted at a short pause",
        ),
    ],
)
def test_spans_become_stretches(
    spans: list[tuple[float, float]], expected: list[tuple[float, float]]
) -> None:
    assert list(stretches(seconds(*spans), 60 * RATE)) == seconds(*expected)


def test_stretches_are_packed_in_order_into_pieces_that_fit() -> None:
    parts = seconds((0, 10), (20, 30), (40, 50), (60, 84), (90, 91))
    first, second, third, *rest = pack(iter(parts))
    assert [first, second, third, *rest] == [
        parts[:2],
        parts[2:3],
        [parts[3], parts[4]],
    ]


def test_pieces_hold_the_speech_without_the_silence() -> None:
    spoken = sound.sentence()
    note = np.concatenate([spoken, sound.silence(20), spoken, sound.silence(20)])
    [piece] = cut(note, find_speech(note))
    assert piece.size / RATE == pytest.approx(2 * spoken.size / RATE + 1.2, abs=0.6)


def test_two_minutes_without_a_pause_are_cut_all_the_same() -> None:
    note = np.concatenate([sound.sentence("ar")] * 35)
    pieces = cut(note, find_speech(note))
    assert len(pieces) >= note.size / RATE / PIECE_SECONDS
    assert all(piece.size <= PIECE_SECONDS * RATE for piece in pieces)
    assert sum(piece.size for piece in pieces) >= 0.95 * note.size


def test_a_single_word_is_padded_to_a_second_of_float32() -> None:
    word = sound.say("ja", "nl")
    [piece] = cut(word, find_speech(word))
    assert piece.size >= RATE
    assert piece.dtype == np.float32

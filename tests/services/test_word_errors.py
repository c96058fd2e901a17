"""Word error rates: what counts as the same word, and how sure a rate is."""

import pytest

from bot.services.word_errors import FEWEST, Trial, as_json, normalised, scores


def trial(reference: str, hypothesis: str, language: str = "nl") -> Trial:
    return Trial(language, "faster-whisper", "small", reference, hypothesis)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        pytest.param("nl", "Een bank, graag!", "een bank graag", id="case and signs"),
        pytest.param("nl", "zo'n bank", "zo’n bank", id="two apostrophes"),
        pytest.param("nl", "speel-tuin", "speel tuin", id="a hyphen is a space"),
        pytest.param("en", "the 3 trees", "The ٣ trees.", id="digits of any script"),
        pytest.param("tr", "IŞIK İSTİYORUM", "ışık istiyorum", id="two kinds of i"),
        pytest.param("ar", "أُرِيدُ مَقْعَدًا", "اريد مقعدا", id="vowel marks and hamza"),
        pytest.param("ar", "مدرســة إلى", "مدرسه الي", id="stretch, marbuta, ya"),
        pytest.param("ary", "بغيت مقعد؟", "بغيت مقعد", id="Darija as Arabic"),
    ],
)
def test_the_same_words_are_the_same(language: str, one: str, other: str) -> None:
    assert normalised(one, language) == normalised(other, language)
    (score,) = scores([trial(one, other, language)])
    assert (score.word_errors, score.character_errors) == (0, 0)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        pytest.param("tr", "ısı", "isi", id="dotless i is another letter"),
        pytest.param("tr", "kas", "kaş", id="a cedilla too"),
        pytest.param("nl", "één", "een", id="an accent stays"),
        pytest.param("ar", "قلب", "كلب", id="heart is not dog"),
    ],
)
def test_other_words_are_others(language: str, one: str, other: str) -> None:
    assert normalised(one, language) != normalised(other, language)


def test_words_replaced_left_out_and_added_all_count() -> None:
    (score,) = scores(
        [
            trial("een bank onder de boom", "een tank onder boom daar"),
            trial("ja", "ja"),
        ]
    )
    assert (score.notes, score.words) == (2, 6)
    assert score.word_errors == pytest.approx(3 / 6)
    assert 0 < score.character_errors < score.word_errors


def test_nothing_heard_is_all_wrong_and_words_can_be_made_up() -> None:
    (silent,) = scores([trial("een bank", "")])
    assert silent.word_errors == 1
    (talkative,) = scores([trial("ja", "ondertiteld door de gemeenschap")])
    assert talkative.word_errors > 1


def test_a_note_of_signs_alone_does_not_count() -> None:
    assert scores([trial("…?!", "iets")]) == []


def test_each_language_and_recogniser_has_a_row_of_its_own() -> None:
    rows = scores(
        [
            trial("bir bank", "bir bank", "tr"),
            trial("een bank", "een tank"),
            Trial("nl", "openai-whisper", "small", "een bank", "een bank"),
            Trial("nl", "faster-whisper", "base", "een bank", ""),
        ]
    )
    assert [(each.language, each.engine, each.model) for each in rows] == [
        ("nl", "faster-whisper", "base"),
        ("nl", "faster-whisper", "small"),
        ("nl", "openai-whisper", "small"),
        ("tr", "faster-whisper", "small"),
    ]
    assert [each.word_errors for each in rows] == [1, 0.5, 0, 0]


def test_an_interval_is_only_given_for_enough_notes() -> None:
    few = [trial("een bank", "een tank") for _ in range(FEWEST - 1)]
    (score,) = scores(few)
    assert (score.low, score.high) == (None, None)
    mixed = [trial("een bank", "een tank" if n % 2 else "een bank") for n in range(40)]
    (score,) = scores(mixed)
    assert score.low is not None
    assert score.high is not None
    assert score.low < score.word_errors == 0.25 < score.high
    assert 0.1 < score.high - score.low < 0.3
    assert scores(mixed) == [score], "the same notes give the same interval"


def test_a_score_as_json_has_its_rates_to_four_places() -> None:
    (score,) = scores([trial("een twee drie", "een twee vier")])
    told = as_json(score)
    assert told["word_errors"] == 0.3333
    assert told["low"] is None
    assert (told["language"], told["notes"]) == ("nl", 1)

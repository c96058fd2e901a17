"""What each sign of doubt does to the level."""

import dataclasses
from typing import Any

import pytest

from transcription import Level, Reason
from transcription.engine import Piece, token_cap
from transcription.phrases import is_known_phrase, plain
from transcription.signals import Evidence, judge, most_repeats

SAID = {
    "nl": "ik wil graag een bank onder de lindeboom bij het plein",
    "en": "I would like a bench under the tree near the square",
    "tr": "meydanın yanında ağacın altına bir bank istiyorum",
    "ar": "أريد مقعدا تحت الشجرة قرب الساحة",
}
FINE = Piece(
    text=SAID["nl"],
    tokens=20,
    token_cap=88,
    logprob=-0.3,
    no_speech=0.02,
    compression=1.1,
)


def evidence(
    text: str = SAID["nl"],
    language: str = "nl",
    speech_seconds: float = 4.0,
    **changes: Any,
) -> Evidence:
    piece = dataclasses.replace(FINE, text=text, **changes)
    return Evidence([piece], language, speech_seconds)


@pytest.mark.parametrize("language", SAID)
def test_a_clear_sentence_is_good_in_every_language(language: str) -> None:
    assert judge(evidence(SAID[language], language)) == (Level.GOOD, ())


CASES = {
    "hardly any speech": (evidence(speech_seconds=0.2), Level.EMPTY, Reason.NO_SPEECH),
    "speech but no text": (evidence(""), Level.BAD, Reason.NO_TEXT),
    "a doubtful model": (evidence(logprob=-0.8), Level.UNSURE, Reason.LOW_CONFIDENCE),
    "a guessing model": (
        evidence(logprob=-1.1),
        Level.BAD,
        Reason.VERY_LOW_CONFIDENCE,
    ),
    "a model that hears nobody": (
        evidence(no_speech=0.7),
        Level.UNSURE,
        Reason.LIKELY_SILENCE,
    ),
    "text that packs too well": (evidence(compression=2.5), Level.BAD, Reason.LOOP),
    "a phrase that will not end": (
        evidence("ik wil een bank " * 6, speech_seconds=8),
        Level.BAD,
        Reason.LOOP,
    ),
    "nee, nee, nee": (
        evidence("nee, nee, nee, geen auto's meer hier in de straat"),
        Level.UNSURE,
        Reason.REPEATED,
    ),
    "eleven words in a second and a half": (
        evidence(speech_seconds=1.5),
        Level.UNSURE,
        Reason.RATE,
    ),
    "two words in ten seconds": (
        evidence("een bank", speech_seconds=10),
        Level.UNSURE,
        Reason.RATE,
    ),
    "one word from a short noise": (
        evidence("ja", speech_seconds=0.4),
        Level.UNSURE,
        Reason.LITTLE_SPEECH,
    ),
    "Arabic in Latin letters": (
        evidence("ana bghit korsi hna", "ar"),
        Level.BAD,
        Reason.WRONG_SCRIPT,
    ),
    "Turkish in Arabic letters": (
        evidence(SAID["ar"], "tr"),
        Level.BAD,
        Reason.WRONG_SCRIPT,
    ),
    "Arabic with a Dutch word in it": (
        evidence("أريد مقعدا تحت الشجرة speelplaats", "ar"),
        Level.UNSURE,
        Reason.MIXED_SCRIPT,
    ),
    "an answer as long as allowed": (
        evidence(tokens=token_cap(4), token_cap=token_cap(4)),
        Level.UNSURE,
        Reason.CUT_OFF,
    ),
    "a recording with a part missing": (
        dataclasses.replace(evidence(), complete=False),
        Level.UNSURE,
        Reason.INCOMPLETE,
    ),
    "a language that only just led": (
        dataclasses.replace(evidence(), language_clear=False),
        Level.UNSURE,
        Reason.LANGUAGE_UNCLEAR,
    ),
    "a note whose end there was no time for": (
        dataclasses.replace(evidence(), unheard_seconds=9.0),
        Level.BAD,
        Reason.OUT_OF_TIME,
    ),
    "one bad piece in a good note": (
        Evidence([FINE, FINE, dataclasses.replace(FINE, logprob=-1.2)], "nl", 12.0),
        Level.UNSURE,
        Reason.LOW_CONFIDENCE,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_sign_of_doubt_lowers_the_level(name: str) -> None:
    seen, level, reason = CASES[name]
    found, reasons = judge(seen)
    assert reason in reasons
    assert found is level


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_case(reason: Reason) -> None:
    others = {case[2] for case in CASES.values()}
    elsewhere = {Reason.KNOWN_PHRASE, Reason.OTHER_LANGUAGE}
    assert reason in others | elsewhere


INVENTED = [
    ("Bedankt voor het kijken!", "nl"),
    ("Ondertitels ingediend door de Amara.org gemeenschap", "nl"),
    ("ONDERTITELING DOOR TV GELDERLAND 2021", "nl"),
    ("Thank you for watching.", "en"),
    ("Subtitles by the Amara.org community", "en"),
    ("Abone olmayı unutmayın.", "tr"),
    ("İzlediğiniz için teşekkür ederim.", "tr"),
    ("Altyazı M.K.", "tr"),
    ("شُكْرًا عَلَى الْمُشَاهَدَةِ", "ar"),
    ("اشتركوا في القناة", "ar"),
]


@pytest.mark.parametrize(("text", "language"), INVENTED)
def test_credits_are_not_believed_where_little_was_said(
    text: str, language: str
) -> None:
    for doubtful in (
        evidence(text, language, speech_seconds=1.4),
        evidence(text, language, speech_seconds=4, logprob=-0.8),
        evidence(text, language, speech_seconds=4, no_speech=0.7),
    ):
        level, reasons = judge(doubtful)
        assert level is Level.BAD
        assert Reason.KNOWN_PHRASE in reasons


@pytest.mark.parametrize(("text", "language"), INVENTED)
def test_the_same_words_clearly_spoken_are_believed(text: str, language: str) -> None:
    _, reasons = judge(evidence(text, language, speech_seconds=3.0))
    assert Reason.KNOWN_PHRASE not in reasons


@pytest.mark.parametrize(
    "text", ["Dank u wel.", "Thank you.", "Teşekkürler.", "شكرا", "", "bank"]
)
def test_thanks_are_no_credits(text: str) -> None:
    assert not is_known_phrase(text)


def test_signs_capitals_and_vowel_marks_make_no_difference() -> None:
    assert plain("  ŞUKRAN,  «İyi»! ") == "şukran iyi"
    assert plain("شُكْرًا") == "شكرا"


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("", 0),
        ("een bank", 1),
        ("Ja. Ja! ja", 3),
        ("een bank een bank een bank en klaar", 3),
        ("a b a b c a b", 2),
        ("نعم نعم نعم نعم", 4),
    ],
)
def test_repeats_are_counted_in_a_row(text: str, times: int) -> None:
    assert most_repeats(text) == times


def test_numbers_alone_have_no_script() -> None:
    assert judge(evidence("21 30 70", "ar", speech_seconds=2)) == (Level.GOOD, ())


def test_pieces_weigh_by_their_tokens() -> None:
    short = dataclasses.replace(FINE, text="eh", tokens=1, logprob=-0.9)
    seen = Evidence([FINE, short], "nl", 5.0)
    assert seen.logprob == pytest.approx((-0.3 * 20 - 0.9) / 21)
    assert seen.text == f"{SAID['nl']} eh"


def test_a_piece_without_text_is_a_gap_and_has_no_weight() -> None:
    empty = Piece("", 0, 88, 0.0, 0.0, 0.0)
    seen = Evidence([FINE, empty, FINE], "nl", 8.0)
    assert judge(seen) == (Level.UNSURE, (Reason.INCOMPLETE,))
    assert seen.logprob == pytest.approx(-0.3)

"""Every text can be said: in Arabic with all its vowels, by eSpeak without spelling.

What is said where it is not what is written stands in `spoken.po`.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.domain.languages import LANGUAGES
from bot.domain.money import Money
from bot.domain.say import Code, Free, Moment, Param, Say
from bot.domain.script import FIRST_CONTACT as FIRST_CONTACT_ROW
from bot.i18n.catalogues import LOCALES, SPOKEN, load_translations
from bot.i18n.prompts import fixed_prompts, is_heard
from bot.i18n.speaking import speak
from tests.guards.test_catalogues import TOOL, catalogue, forms, messages
from tests.i18n.wording import BIDI, PLACE
from tests.lengths import spoken_lengths
from tests.phonemes import phonemes, sounds

MARK = "\u064b-\u0652\u0670"
SHADDA, DAMMA, KASRA = "\u0651\u064f\u0650"
LONG = {"و": DAMMA, "ي": KASRA}
LETTER = "\u0621-\u063a\u0641-\u064a"
NAMES = {"Buurtstem": "بورتستم"}  # written in Latin letters, said in Arabic ones
JOINTS = re.compile(r"\s*[–:]\s*")  # a dash is read, a colon is heard

SHOWN: dict[str, Param] = {
    "n": 3,
    "sum": "3",
    "amount": Money.euros(12_500),
    "closing": Moment(datetime(2026, 11, 28, 20, tzinfo=UTC), "Europe/Amsterdam"),
    "date": date(2026, 11, 28),
    "day": date(2026, 11, 28),
    "phone": Code("020 123 4567"),
    "receipt": Code("KXQ4-7M2P"),
    "link": "https://buurt.example/phone#back=x",
    "icon": "🌳",
    "status": Say("This plan is chosen."),
    "label": Say("I have a plan"),
}
NUMBERS = frozenset(
    "plan count max supports threshold most candidates places votes hour".split()
)
FREE = {
    "nl": "Een bank bij het plein",
    "en": "A bench near the square",
    "tr": "Meydana bir bank",
    "ar": "مَقْعَدٌ قُرْبَ السَّاحَة",
}


@cache
def spoken(language: str) -> Catalog:
    with TOOL["catalogue_path"](language, SPOKEN).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def spoken_messages(language: str) -> list[Message]:
    return [message for message in spoken(language) if message.id]


def pairs(language: str) -> Iterator[tuple[str, str, str]]:
    """Yield id, written and spoken text of all that is said as it is not written."""
    for message in spoken_messages(language):
        written = catalogue(language)[message.id]
        assert isinstance(written, Message), message.id
        for (msgid, text), (_, said) in zip(
            forms(written), forms(message), strict=True
        ):
            yield msgid, text, said


def without_marks(text: str) -> str:
    for name, said in NAMES.items():
        text = text.replace(name, said)
    return JOINTS.sub(":", re.sub(f"[{MARK}]", "", text))


def bare_letters(text: str) -> list[str]:
    """Return the words in which a letter that is heard has neither vowel nor sukun.

    The last letter may be bare, for one pauses there. A long vowel, the alif of the
    article and the "l" before a doubled letter have no sound of their own to mark.
    """
    words = re.findall(
        f"[{LETTER}][{LETTER}{MARK}]*", unicodedata.normalize("NFC", text)
    )
    return [
        word for word in words if _has_bare(re.findall(f"[{LETTER}][{MARK}]*", word))
    ]


def _has_bare(letters: list[str]) -> bool:
    for at, letter in enumerate(letters[:-1]):
        before = letters[at - 1] if at else ""
        if letter in {"ا", "ى", "آ"}:
            continue
        if letter in LONG and LONG[letter] in before:
            continue
        if letter == "ل" and SHADDA in letters[at + 1]:
            continue
        if len(letter) == 1 or letter[1:] == SHADDA:
            return True
    return False


def test_every_arabic_text_that_is_heard_is_written_with_its_vowels() -> None:
    heard = {TOOL["id_of"](m) for m in messages("ar") if is_heard(m)}
    have = {TOOL["id_of"](m) for m in spoken_messages("ar")}
    assert len(heard) > 300
    assert heard - have == set()


def test_without_its_marks_spoken_arabic_is_what_is_written() -> None:
    seen = list(pairs("ar"))
    assert len(seen) > 300
    wrong = [
        (text, said)
        for _, text, said in seen
        if without_marks(text) != without_marks(said)
    ]
    assert wrong == []


def test_no_letter_of_spoken_arabic_lacks_its_mark() -> None:
    found = [word for _, _, said in pairs("ar") for word in bare_letters(said)]
    assert found == []


@pytest.mark.parametrize("bad", ["رَقم", "رقْم", "كُلٌّ مكان", "خُطّة"])
def test_a_bare_letter_is_seen(bad: str) -> None:
    assert bare_letters(bad)


@pytest.mark.parametrize("good", ["رَقْم", "السَّبَب", "قُولُوا", "خُطَّة", "الْآن", "هٰذَا"])
def test_a_letter_without_a_sound_of_its_own_needs_no_mark(good: str) -> None:
    assert bare_letters(good) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_spoken_has_the_parameters_of_what_is_written(language: str) -> None:
    seen = list(pairs(language))
    assert seen
    for msgid, text, said in seen:
        assert sorted(PLACE.findall(said)) == sorted(PLACE.findall(text)), msgid
        assert unicodedata.normalize("NFC", said) == said, msgid
        assert not BIDI.search(said), msgid


@pytest.mark.parametrize("language", ["nl", "en", "tr"])
def test_elsewhere_only_what_is_said_otherwise_is_written_twice(language: str) -> None:
    assert [msgid for msgid, text, said in pairs(language) if text == said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_spoken_catalogue_says_the_same(language: str) -> None:
    compiled = load_translations(LOCALES, language, SPOKEN)
    single = [m for m in spoken_messages(language) if isinstance(m.id, str)]
    stale = [m.id for m in single if compiled.gettext(str(m.id)) != m.string]
    assert stale == [], "run `make setup`"


def test_a_text_without_vowels_and_one_too_many_are_seen() -> None:
    written = Catalog(locale="ar")
    written.add("We have your vote.", "وصلنا صوتكم.", [("bot/flows/vote.py", 1)])
    found = list(TOOL["spoken_faults"](written, "ar"))
    assert "ar, spoken: lacks 'We have your vote.'" not in found
    assert "ar, spoken: no longer said: 'All right.'" in found
    written.add("A new row.", "جديد", [("bot/flows/vote.py", 2)])
    assert "ar, spoken: lacks 'A new row.'" in TOOL["spoken_faults"](written, "ar")


def rows(language: str) -> dict[str, str]:
    """Return what is said for every message that is heard, its parameters filled in."""
    heard = [message for message in messages(language) if is_heard(message)]
    said = [speak(_say(message, language), language) for message in heard]
    return {
        TOOL["id_of"](each)[0]: text for each, text in zip(heard, said, strict=True)
    }


def _say(message: Message, language: str) -> Say:
    parts: tuple[str, ...] = TOOL["id_of"](message)
    plural = parts[1] if len(parts) > 1 else None
    return Say(parts[0], shown(message, language), plural=plural)


def shown(message: Message, language: str) -> dict[str, Param]:
    """Return parameters as the message has them: a number, a day, a name, words."""
    names = set(PLACE.findall(" ".join(TOOL["id_of"](message)))) | {"n"}
    plain: dict[str, Param] = dict.fromkeys(names & NUMBERS, 21)
    own: dict[str, Param] = {name: Free(FREE[language]) for name in names}
    return own | plain | {name: v for name, v in SHOWN.items() if name in names}


@cache
def sign_names(language: str) -> frozenset[str]:
    """Return how eSpeak reads signs by their names: "euro-teken", "schuine streep"."""
    signs = "€ $ % & @ / \\ * # _ = + < > [ ] { } | ~ ^ ( ) ° § • ·".split()
    return frozenset(filter(None, sounds(signs, language)))


def is_spelled(word: str, heard: str, letters: str) -> bool:
    """Tell whether a word was read letter by letter, as "sms" is."""
    return len(word) > 1 and heard == letters


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_has_sounds(language: str) -> None:
    said = {msgid: text for msgid, text in rows(language).items() if text}
    assert len(said) > 350
    silent = [
        msgid
        for msgid, heard in zip(said, phonemes([*said.values()], language), strict=True)
        if len(heard) < 2
    ]
    assert silent == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_row_holds_a_figure_or_a_sign_that_would_be_read_by_its_name(
    language: str,
) -> None:
    named = {
        sign
        for text in rows(language).values()
        for sign in text
        if not sign.isalpha()
        and not unicodedata.combining(sign)
        and sign not in " .,:?!،؟'’-"
    }
    assert named == set()
    assert sign_names(language), "eSpeak names signs, so they must not reach it"


@pytest.mark.parametrize("language", ["nl", "en", "tr"])
def test_no_word_is_spelled_letter_by_letter(language: str) -> None:
    words = {
        w for text in rows(language).values() for w in re.findall(r"[^\W\d_]+", text)
    }
    found = sorted(word for word in words if len(word) > 1)
    assert len(found) > 300
    heard = sounds(found, language)
    letters = sounds([", ".join(word.upper()) for word in found], language)
    judged = zip(found, heard, letters, strict=True)
    assert [word for word, one, other in judged if is_spelled(word, one, other)] == []


def test_a_word_that_is_spelled_is_seen() -> None:
    heard, letters = sounds(["sms", "S, M, S"], "nl")
    assert is_spelled("sms", heard, letters)


LONGEST_PROMPT, LONGEST_ROW, FIRST_CONTACT = 12.0, 45.0, 20.0
QUIETEST = 0.02


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_prompt_is_heard_and_none_is_long(language: str) -> None:
    prompts = fixed_prompts(language)
    lengths = spoken_lengths([*prompts.values()], language)
    assert len(lengths) == len(prompts)
    wrong = [
        (msgid, seconds, level)
        for msgid, (seconds, level) in zip(prompts, lengths, strict=True)
        if not 0.2 < seconds < LONGEST_PROMPT or level < QUIETEST
    ]
    assert wrong == []


# Arabic as people write it, without vowels: eSpeak is slowest there.
LONG_PLANS = {
    "nl": "Ik wil graag een bank bij het plein, want daar zitten veel ouderen. ",
    "en": "I want a bench near the square, because many older people sit there. ",
    "tr": "Meydanın yanına bir bank istiyorum, çünkü orada yaşlılar oturuyor. ",
    "ar": "أريد مقعداً تحت الشجرة قرب الساحة لأن كبار السن يجلسون هناك. ",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_plan_is_a_row_of_45_seconds(language: str) -> None:
    plans = [
        LONG_PLANS[language] * 60,
        "020 1234567, " * 99,
        "99 999 " * 99,
        "€ 999 " * 99,
    ]
    rows = [Say("%(plan_text)s", {"plan_text": Free(each)}) for each in plans]
    lengths = spoken_lengths([speak(row, language) for row in rows], language)
    assert [seconds for seconds, _ in lengths if not 5 < seconds < LONGEST_ROW] == []


def test_the_first_words_in_all_languages_take_twenty_seconds() -> None:
    rows = {each: speak(Say(FIRST_CONTACT_ROW), each) for each in LANGUAGES}
    seconds = [spoken_lengths([row], each)[0][0] for each, row in rows.items()]
    assert 2 < sum(seconds) < FIRST_CONTACT

"""Small spoken answers: all that is exact, nearly all that slipped, nothing else.

The texts are made by the rules of `slips`; the figures are printed by `-s`.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.effects import CastBallot, StopMessages, StorePlan
from bot.domain.languages import LANGUAGES, Language
from bot.flows.digits import find_digits
from bot.flows.misheard import others
from bot.flows.reading import read_note
from bot.flows.spelling import plain
from bot.flows.state import (
    Browsing,
    Checking,
    ChoosingRound,
    ChoosingTheme,
    ConfirmingPlan,
    ConfirmingVote,
    DescribingPlan,
    Heard,
    Menu,
    Message,
    PlacingPlan,
    State,
    TellingMore,
    Voting,
    Walking,
)
from bot.flows.words import understand
from tests.flows.cast import talk
from tests.flows.slips import (
    NUMBERS,
    Case,
    exact_numbers,
    exact_words,
    slipped_numbers,
    slipped_words,
)
from tests.flows.steps import note, take, told
from tests.flows.test_numbers import SCHOOLBOOK
from tests.need import ROOT


def heard(text: str, language: Language, state: State) -> Message:
    return read_note(talk(state, language, picks=()), text, 1, Heard.WELL, None)


def outcome(case: Case, language: Language) -> str:
    """Return whether a text was "right", "missed" or "wrong": something else."""
    if case.number is not None:
        found = heard(case.text, language, Voting()).numbers
        return "right" if found == (case.number,) else "wrong" if found else "missed"
    message = heard(case.text, language, Menu())
    if case.act in {message.act, *message.acts}:
        return "right"
    return "missed" if message.act is None else "wrong"


def counted(cases: Iterator[Case], language: Language) -> Counter[str]:
    """Return how many texts came out how; a wrong one is named."""
    found: Counter[str] = Counter()
    for case in cases:
        result = outcome(case, language)
        assert result != "wrong", case
        found[result] += 1
    print(language, dict(found))
    return found


Cases = Callable[[Language], Iterator[Case]]


@pytest.mark.parametrize("cases", [exact_numbers, exact_words])
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_exact_is_understood(cases: Cases, language: Language) -> None:
    found = counted(cases(language), language)
    assert found["right"] > 400
    assert found["missed"] == 0


@pytest.mark.parametrize("cases", [slipped_numbers, slipped_words])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nearly_all_slips_are_understood_and_none_as_something_else(
    cases: Cases, language: Language
) -> None:
    found = counted(cases(language), language)
    assert found["right"] > 200
    assert found["right"] / found.total() >= 0.95


LETTERS: dict[Language, str] = {
    "nl": "abcdefghijklmnoprstuvwz ",
    "en": "abcdefghijklmnoprstuvwxyz ",
    "tr": "abcçdefgğhıijklmnoöprsştuüvyz ",
    "ar": "ابتثجحخدرزسشصضطعغفقكلمنهوي ",
}


@st.composite
def edited(draw: st.DrawFn) -> tuple[Language, int, str]:
    """Return a number in words with one letter gone, added, changed or swapped."""
    language = draw(st.sampled_from(LANGUAGES))
    number = draw(st.sampled_from(NUMBERS))
    text = SCHOOLBOOK[language](number)
    at = draw(st.integers(0, len(text) - 1))
    letter = draw(st.sampled_from(LETTERS[language]))
    swapped = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    others = (text[:at] + text[at + 1 :], text[:at] + letter + text[at:])
    changed = text[:at] + letter + text[at + 1 :]
    text = draw(st.sampled_from((*others, swapped, changed)))
    return language, number, text


@settings(max_examples=600, deadline=None)
@given(edited())
@example(("nl", 13, "de tien"))
def test_no_edit_of_a_number_is_ever_taken_for_another(
    given_text: tuple[Language, int, str],
) -> None:
    language, number, text = given_text
    message = heard(text, language, Voting())
    exact = understand(text, language)
    is_another_word = message.numbers == exact.numbers  # "de tien", from "dertien"
    assert message.numbers in {(), (number,)} or (is_another_word and message.sure)


@pytest.mark.parametrize(
    ("language", "text", "near"),
    [
        pytest.param("nl", "jaa", "ja", id="drawn out"),
        pytest.param("nl", "eenetwintig", "21", id="an n swallowed"),
        pytest.param("nl", "sesentwintig dertig", "26, 30", id="two in one breath"),
        pytest.param("nl", "21, sestig en 70", "21, 60, 70", id="words and digits"),
        pytest.param("nl", "plan twaalv alstublieft", "plan 12", id="with a please"),
        pytest.param("nl", "stun 62", "steun 62", id="a verb"),
        pytest.param("nl", "stem eenetwintig en 30", "stem 21, 30", id="a vote"),
        pytest.param("nl", "klopt nit", "klopt niet", id="a no that holds a yes"),
        pytest.param("en", "twenty for", "24", id="for behind a ten is four"),
        pytest.param("en", "the twelfth", "12", id="an ordinal"),
        pytest.param("en", "know", "no", id="know is no"),
        pytest.param("tr", "evit", "evet", id="a vowel"),
        pytest.param("tr", "yirmi bi", "21", id="as it is said"),
        pytest.param("ar", "واحد و عشريين وتلاتين", "21, 30", id="dialect, drawn out"),
        pytest.param("ar", "لاء", "لا", id="no, as it is said"),
    ],
)
def test_what_is_nearly_ours_is_known_but_not_sure(
    language: Language, text: str, near: str
) -> None:
    message = heard(text, language, ConfirmingVote())
    assert (message.near, message.sure) == (near, False)


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        pytest.param("nl", "doe maar 21 en dan 30", (21, 30), id="do take"),
        pytest.param("nl", "ik wil 21 omdat het mooi is", (21,), id="with a reason"),
        pytest.param("en", "I want twenty one please", (21,), id="I want"),
        pytest.param("en", "vote on 21", (21,), id="vote on"),
        pytest.param("tr", "ben yirmi bir istiyorum", (21,), id="Turkish, I want"),
        pytest.param("ar", "بغيت واحد وعشرين", (21,), id="Moroccan, I want"),
    ],
)
def test_words_beside_a_number_do_not_hide_it(
    language: Language, text: str, numbers: tuple[int, ...]
) -> None:
    assert heard(text, language, Voting()).numbers == numbers


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("nl", "zeventwintig", id="26 or 27"),
        pytest.param("nl", "vief", id="4 or 5"),
        pytest.param("tr", "yirmi be", id="half of 25"),
        pytest.param("nl", "die en twintig", id="22 or 23"),
        pytest.param("en", "one twenty", id="121 or 1 and 20"),
        pytest.param("en", "thirtin", id="13 or 30"),
        pytest.param("tr", "on ik", id="half of 12"),
        pytest.param("tr", "doksn", id="9 or 90"),
        pytest.param("ar", "ثلاثة وعشرو شيء", id="a word that is none"),
        pytest.param("ar", "لأه", id="between yes and no"),
        pytest.param("nl", "hondrd twintig en iets", id="half of 120"),
    ],
)
def test_what_may_be_two_things_is_asked_again(language: Language, text: str) -> None:
    before = talk(Voting(), language, picks=())
    turn = take(before, note(before, text))
    assert turn.talk.state == Voting()
    assert turn.talk.picks == before.picks
    assert turn.talk.misses == 1


def sentences() -> list[tuple[Language, str]]:
    """Return plans as neighbours tell them: titles and summaries of the demo."""
    demo = ROOT / "bot" / "demo" / "slotermeer.toml"
    plans = tomllib.loads(demo.read_text(encoding="utf-8"))["plans"]
    texts = [
        plan[part] for plan in plans for part in ("title", "summary") if part in plan
    ]
    return [(language, text[language]) for text in texts for language in LANGUAGES]


TRAPS: dict[Language, tuple[str, ...]] = {
    "nl": (
        "ja en een schommel",
        "stop de auto's bij school",
        "stemlokaal bij de kerk",
        "planten op het plein",
        "hulp voor ouderen",
        "een taalcafé",
        "nee tegen hondenpoep",
    ),
    "en": ("stop the cars at school", "yes and a swing", "help for the elderly"),
    "tr": ("dur levhası okulun önüne", "evet bir de salıncak", "yardım kutusu"),
    "ar": ("توقف السيارات قرب المدرسة", "نعم وأرجوحة أيضا", "مساعدة كبار السن"),
}


def test_plans_are_never_swallowed_as_commands() -> None:
    told_plans = sentences()
    told_plans += [(lang, text) for lang, row in TRAPS.items() for text in row]
    assert len(told_plans) > 200
    swallowed = [
        (text, state, message.act or message.near)
        for language, text in told_plans
        for state in (Menu(), ConfirmingPlan(), PlacingPlan(60), TellingMore("person"))
        if (message := heard(text, language, state)).act or message.near
    ]
    assert swallowed == []


OTHER_WORDS: dict[Language, tuple[str, ...]] = {
    "nl": ("stoep", "planten", "stad", "tegels", "Staat.", "verhaal", "niemand"),
    "en": ("play", "Plants.", "shop", "water", "ball", "play please", "year"),
    "tr": ("plaj", "biliyorum", "katılıyorum", "tür", "başka", "evde", "lise"),
    "ar": ("المساحة", "اجتماع", "الماء", "التصوير", "مرحلة", "والشرق"),
}
"""Each is a letter or two from a command: plan, stop, later, yes and others."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "state",
    [
        Menu(),
        ChoosingTheme(60),
        ChoosingRound("vote"),
        PlacingPlan(60),
        DescribingPlan(),
        Browsing(),
        Walking("green", asked=True),
        Voting(),
    ],
    ids=lambda state: type(state).__name__,
)
def test_another_word_is_not_ours_however_near_it_is(
    language: Language, state: State
) -> None:
    for text in OTHER_WORDS[language]:
        message = heard(text, language, state)
        assert (message.act, message.near) == (None, ""), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_ours_is_listed_as_another(language: Language) -> None:
    listed = others(language)
    assert len(listed) > 70
    found = {each: understand(each, language) for each in listed}
    ours = [each for each, means in found.items() if means.whole or means.inside]
    assert ours == []


UNSURE = [
    pytest.param(ConfirmingPlan(), "yes", StorePlan, id="a yes that stores"),
    pytest.param(ConfirmingPlan(), "yess", StorePlan, id="nearly a yes"),
    pytest.param(Menu(), "stop", StopMessages, id="a stop"),
    pytest.param(Menu(), "stopp", StopMessages, id="nearly a stop"),
    pytest.param(ConfirmingVote(), "yes", CastBallot, id="a yes that sends a vote"),
    pytest.param(ConfirmingVote(), "yess", CastBallot, id="nearly one"),
]


@pytest.mark.parametrize(("state", "text", "effect"), UNSURE)
def test_what_was_heard_by_half_counts_after_yes(
    state: State, text: str, effect: type
) -> None:
    before = talk(state, text="A bench", picks=(21,))
    asked = take(before, note(before, text, heard=Heard.UNSURE))
    assert isinstance(asked.talk.state, Checking)
    assert "I heard: %(answer)s." in told(asked)
    assert not any(isinstance(each, effect) for each in asked.effects)
    done = take(asked.talk, "yes")
    assert any(isinstance(each, effect) for each in done.effects)
    refused = take(asked.talk, "no")
    assert not any(isinstance(each, effect) for each in refused.effects)


def test_free_words_heard_by_half_are_read_back_as_ever() -> None:
    before = talk(DescribingPlan())
    turn = take(before, note(before, "A bench at school", heard=Heard.UNSURE))
    assert turn.talk.state == ConfirmingPlan()


@pytest.mark.parametrize(
    ("language", "text", "digits"),
    [
        ("nl", "nul zes twaalf vierendertig zesenvijftig achtenzeventig", "0612345678"),
        ("nl", "mijn nummer is 06 12 34 56 78, dank u", "0612345678"),
        ("nl", "nul zes dubbel drie drie keer zeven", "0633777"),
        ("nl", "plus eenendertig zes twaalf", "0031612"),
        ("en", "oh six double three triple seven", "0633777"),
        ("en", "zero six one two three four five six seven eight", "0612345678"),
        ("tr", "sıfır beş yüz otuz iki yüz yirmi üç kırk beş", "053212345"),
        ("tr", "sıfır beş", "05"),
        ("ar", "صفر ستة جوج وعشرين خمسة و ستة", "062256"),
        ("ar", "٠٦ ١٢٣٤", "061234"),
        ("nl", "bel mijn dochter maar", None),
    ],
)
def test_digits_are_read_as_they_are_said(
    language: Language, text: str, digits: str | None
) -> None:
    assert find_digits(plain(text, language).split(), language) == digits

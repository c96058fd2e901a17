"""Whatever people write, it does not turn the line around it, nor act as a format."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.languages import LANGUAGES
from bot.domain.say import Free, Local, Say
from bot.i18n import render

FSI, PDI = "\u2068", "\u2069"
CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ENDS_A_PARAGRAPH = "\r\x1c\x1d\x1e\x85\u2029"
HOSTILE = [
    "%(x)s %s %d %% %",
    "{} {0} {plan} {plan.__class__}",
    "\\1 \\g<0> $1 ${x}",
    f"{CONTROLS}bank{CONTROLS}",
    f"{PDI}{PDI}\u202ebank",
    "bank\u202e",
    "",
    "\n",
]


def titled(text: str, language: str) -> str:
    return render(
        Say("%(plan)s – %(title)s", {"plan": 21, "title": Free(text)}), language
    )


def own_words(text: str) -> str:
    """Return what is left of a person's words, controls and line ends apart."""
    text = text.replace("\r\n", "\n")
    return re.sub(f"[{ENDS_A_PARAGRAPH}]", "\n", re.sub(f"[{CONTROLS}]", "", text))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_shown_and_do_nothing(text: str, language: str) -> None:
    shown = titled(text, language)
    assert shown.replace(FSI, "").replace(PDI, "") == f"21 – {own_words(text)}"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(LANGUAGES))
def test_every_text_comes_through_balanced(text: str, language: str) -> None:
    shown = titled(text, language)
    assert shown.replace(FSI, "").replace(PDI, "") == f"21 – {own_words(text)}"
    assert not set(shown) & (set(CONTROLS) - {FSI, PDI})
    for line in shown.split("\n"):
        assert re.fullmatch(f"[^{FSI}{PDI}]*(?:{FSI}[^{FSI}{PDI}]*{PDI}|)", line)
        assert all(unicodedata.bidirectional(each) != "B" for each in line)


@pytest.mark.parametrize("language", ["nl", "en", "tr"])
def test_every_line_of_arabic_in_a_latin_row_stands_apart(language: str) -> None:
    shown = titled("مقعد\nشجرة", language)
    assert shown == f"21 – {FSI}مقعد{PDI}\n{FSI}شجرة{PDI}"


@pytest.mark.parametrize("phone", ["020 624 11 11", "+31 20 624 11 11"])
def test_groups_of_digits_keep_their_order_in_arabic(phone: str) -> None:
    say = Say("Your receipt: %(receipt)s.", {"receipt": phone})
    assert render(say, "ar") == f"رقم الإيصال: {FSI}{phone}{PDI}."


def test_mixed_words_stand_apart_in_arabic() -> None:
    assert titled("ساحة Slotermeer", "ar") == f"21 – {FSI}ساحة Slotermeer{PDI}"


def test_an_arabic_row_is_seen_as_arabic() -> None:
    # Isolates are skipped when an app looks for the first strong letter of a line.
    shown = re.sub(f"{FSI}.*?{PDI}", "", titled("مقعد تحت الشجر", "ar"))
    strong = [c for c in shown if unicodedata.bidirectional(c) in {"L", "R", "AL"}]
    assert strong
    assert unicodedata.bidirectional(strong[0]) == "AL"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["Een bank\nen een boom", "مقعد\nوشجرة"])
def test_words_that_are_the_whole_row_find_their_own_direction(
    text: str, language: str
) -> None:
    say = Say("%(plan_text)s", {"plan_text": Free(f"\u202e{text}")})
    assert render(say, language) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_that_is_the_whole_row_stays_a_link(language: str) -> None:
    link = "https://example.org/p21?a=b"
    assert render(Say("%(link)s", {"link": link}), language) == link


def test_an_icon_costs_no_room_on_a_button() -> None:
    theme = Local({"ar": "الخضرة واللعب"})
    say = Say("%(icon)s %(theme)s", {"icon": "🌳", "theme": theme})
    assert render(say, "ar") == "🌳 الخضرة واللعب"

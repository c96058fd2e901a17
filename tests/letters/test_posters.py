"""Posters: a page for each language, no code, squares that the bot understands."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import typst

from bot.domain.languages import LANGUAGES
from bot.flows.reading import read_start
from bot.flows.words import understand
from bot.letter_words import poster
from bot.services.rounds import round_from_json, round_to_json
from letters import LetterError, print_poster
from tests.letters.pages import A3, Printed
from tests.letters.samples import printing

VOTING = datetime(2026, 11, 20, 12, tzinfo=UTC)
COLLECTING = datetime(2026, 9, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def to_vote() -> Printed:
    return Printed(print_poster(poster(printing(), VOTING)))


@pytest.fixture(scope="module")
def to_plan() -> Printed:
    starts = {
        "collecting": "2026-09-01T08:00+00:00",
        "supporting": "2026-10-01T08:00+00:00",
    }
    data = round_to_json(printing().round) | {"starts": starts}
    early = replace(printing(), round=round_from_json(data), plans=())
    return Printed(print_poster(poster(early, COLLECTING)))


def test_there_is_a_page_of_a3_for_each_language(
    to_vote: Printed, to_plan: Printed
) -> None:
    for each in (to_vote, to_plan):
        assert len(each.texts) == len(LANGUAGES)
        assert each.sizes == {A3}


@pytest.mark.parametrize("page", range(4))
def test_a_page_says_all_in_its_language(to_vote: Printed, page: int) -> None:
    words = poster(printing(), VOTING).pages[page]
    told = [words.municipality, words.lead, words.title, words.help, words.page]
    told += [*words.rows, *words.steps]
    told += [plan.titles[0] for theme in words.themes for plan in theme.plans]
    assert len(told) > 50
    assert [each for each in told if not to_vote.says(each, page)] == []
    assert to_vote.says("60,000" if words.language == "en" else "60.000", page)


def test_a_poster_holds_no_code(to_vote: Printed) -> None:
    assert not any("k_" in link for page in range(4) for link in to_vote.squares(page))


@pytest.mark.parametrize("page", range(4))
@pytest.mark.parametrize("wish", ["vote", "plan"])
def test_a_phone_that_scans_it_is_understood(
    to_vote: Printed, to_plan: Printed, page: int, wish: str
) -> None:
    language = LANGUAGES[page]
    found = (to_vote if wish == "vote" else to_plan).squares(page)
    words = {urlsplit(each).netloc: parse_qs(urlsplit(each).query) for each in found}
    started = read_start(words["t.me"]["start"][0])
    assert (started.act, started.language) == (f"menu:{wish}", language)
    typed = understand(words["wa.me"]["text"][0], language)
    assert typed.whole[0] == f"menu:{wish}"


@pytest.mark.parametrize("page", range(4))
@pytest.mark.parametrize("wish", ["vote", "plan"])
def test_nothing_hangs_over_the_edge(
    to_vote: Printed, to_plan: Printed, page: int, wish: str
) -> None:
    whole = (to_vote if wish == "vote" else to_plan).picture(page, 50).convert("L")
    edge = 18 * 50 // 25.4 - 1
    sides = [
        (0, 0, edge, whole.height),
        (whole.width - edge, 0, whole.width, whole.height),
    ]
    assert [whole.crop(side).getextrema() for side in sides] == [(255, 255)] * 2


def test_an_address_for_which_there_is_no_room_is_refused() -> None:
    sheets = poster(printing(), VOTING)
    long = "buurtbudget-nieuw-west-2026." * 4 + "example/phone"
    with pytest.raises(LetterError, match="poster in nl does not fit"):
        print_poster(replace(sheets, page=long))
    fits = replace(sheets, page="buurtbudget-nieuw-west.amsterdam.example/phone")
    assert len(Printed(print_poster(fits)).texts) == len(LANGUAGES)


def test_another_hand_finds_nothing_against_the_standard(
    to_vote: Printed, to_plan: Printed
) -> None:
    assert to_vote.faults() + to_plan.faults() == []


def test_that_hand_sees_a_table_without_heads() -> None:
    source = b"#set document(title: [x])\n= x\n#table([1], [2])"
    made = typst.compile(source, pdf_standards="ua-1", ignore_system_fonts=True)
    assert isinstance(made, bytes)
    assert [each[:9] for each in Printed(made).faults()] == ["UA-15-003"]


def test_each_page_is_tagged_in_its_language(to_vote: Printed) -> None:
    assert {"en", "tr", "ar"} <= to_vote.languages()
    assert to_vote.kinds()["/H1"] == 4


def test_a_poster_that_is_too_long_is_refused() -> None:
    sheets = poster(printing(), VOTING)
    wordy = replace(sheets.pages[1], rows=("Much too long. " * 500,))
    with pytest.raises(LetterError, match="poster in en does not fit"):
        print_poster(replace(sheets, pages=(sheets.pages[0], wordy)))

"""How much of the money is chosen: on the page while the ballot is open, then gone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect
from sqlalchemy import create_engine

from bot.domain.money import Money
from bot.domain.round_terms import MOST_PICKS, BallotKind
from tests.browser.city import running_city
from tests.browser.hands import Resident, take_phone
from tests.browser.test_access import faults
from tests.services.ruled import rewrite
from tests.worlds import VOTING

RECEIPT = re.compile(r"\d{4}\s\d{4}")
ISOLATES = re.compile("[\u2066-\u2069]")
WORDS = {
    "nl": ("Gekozen tot nu toe: 44.000 euro van 60.000 euro.", "Er is nog 16.000 euro"),
    "ar": ("المبلغ المختار حتى الآن: 44.000 يورو من 60.000 يورو.", "16.000 يورو"),
}


@pytest.fixture(scope="module")
def knapsack_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A city in which one chooses plans for 60,000 euros."""
    with running_city(tmp_path_factory.mktemp("knapsack")) as running:
        engine = create_engine(running.env["DATABASE_URL"])
        rewrite(
            engine,
            VOTING,
            ballot_kind=BallotKind.KNAPSACK,
            ballot_budget=Money.euros(60_000),
            max_picks=MOST_PICKS,
        )
        engine.dispose()
        yield running.url


@pytest.fixture
def voter(browser: Browser, knapsack_city: str) -> Iterator[Resident]:
    resident = take_phone(browser, knapsack_city)
    yield resident
    resident.context.close()
    assert resident.troubles == []


def words_of(balance: Locator) -> str:
    return ISOLATES.sub("", balance.locator("#balance-words").inner_text())


def edges(it: Locator) -> tuple[float, float]:
    """Return where something begins and ends on the screen, from the left."""
    box = it.bounding_box()
    assert box is not None
    return box["x"], box["x"] + box["width"]


@pytest.mark.parametrize("code", WORDS)
def test_the_balance_follows_the_ballot_and_goes_with_it(
    voter: Resident, code: str
) -> None:
    balance = voter.page.locator("#balance")
    voter.starts_in(code)
    expect(balance).to_be_hidden()
    voter.taps("menu:vote")
    expect(balance).to_be_visible()
    assert "60.000" in words_of(balance)
    voter.types("20 31")
    expect(balance).to_contain_text("44.000")
    chosen, left = WORDS[code]
    assert chosen in words_of(balance)
    assert left in words_of(balance)
    voter.is_pictured(f"balance-{code}")
    assert faults(voter.page) == []
    voter.taps("yes")
    voter.hears("")
    expect(voter.page.locator("#log .message").last).to_contain_text(RECEIPT)
    expect(balance).to_be_hidden()
    assert balance.locator("#balance-words").text_content() == ""
    assert not re.search(r"\d", balance.inner_html().replace("0%", ""))


@pytest.mark.parametrize("code", WORDS)
def test_the_bar_fills_from_where_reading_begins(voter: Resident, code: str) -> None:
    voter.starts_in(code)
    voter.taps("menu:vote")
    voter.types("20")
    expect(voter.page.locator("#balance")).to_contain_text("44.000")
    whole, used = voter.page.locator(".sum"), voter.page.locator("#balance-bar")
    (start, end), (begins, ends) = edges(whole), edges(used)
    assert (ends - begins) / (end - start) == pytest.approx(44 / 60, abs=0.02)
    border = 3
    at_start = end - ends if code == "ar" else begins - start
    assert 0 <= at_start <= border


def test_it_is_said_politely_and_stands_above_the_talk(voter: Resident) -> None:
    voter.starts_in("nl")
    voter.taps("menu:vote")
    balance = voter.page.locator("#balance")
    expect(balance).to_have_attribute("aria-label", "Uw geld voor plannen")
    expect(balance.locator("#balance-words")).to_have_attribute("role", "status")
    expect(balance.locator(".sum")).to_have_attribute("aria-hidden", "true")
    bar, talk = balance.bounding_box(), voter.page.locator("#scroll").bounding_box()
    assert bar is not None
    assert talk is not None
    assert bar["y"] + bar["height"] <= talk["y"] + 1


def test_it_follows_the_language_and_goes_when_she_leaves(voter: Resident) -> None:
    voter.starts_in("nl")
    voter.taps("menu:vote")
    voter.types("20")
    balance = voter.page.locator("#balance")
    expect(balance).to_contain_text("44.000 euro")
    voter.types("taal")
    voter.taps("lang:ar")
    expect(balance).to_contain_text("يورو")
    voter.taps("back")
    expect(balance).to_be_hidden()
    voter.taps("menu:vote")
    expect(balance).to_contain_text("44.000")


def test_nothing_hangs_over_the_side(browser: Browser, knapsack_city: str) -> None:
    size = {"width": 195, "height": 640}
    voter = take_phone(browser, knapsack_city, viewport=size)
    voter.starts_in("ar")
    voter.taps("menu:vote")
    voter.types("20")
    expect(voter.page.locator("#balance")).to_contain_text("44.000")
    voter.is_pictured("balance-narrow-ar")
    over = voter.page.evaluate(
        "() => document.documentElement.scrollWidth - innerWidth"
    )
    assert over <= 0
    voter.context.close()

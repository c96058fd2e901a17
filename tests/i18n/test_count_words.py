"""The account of a count: a row for each step, in four languages, to read and hear."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from bot.domain.languages import LANGUAGES
from bot.domain.say import Free, Local, Say
from bot.i18n import render, speak
from bot.services.count_words import Account
from tally import (
    Look,
    Measure,
    Outcome,
    Pot,
    Rule,
    Source,
    Step,
    Tie,
    TieBreak,
    Verdict,
)

STEPS: tuple[Step, ...] = (
    *(Pot(source, 12_500_00, "green") for source in Source),
    Pot(Source.SHARES, 12_500_00, share=Fraction(1000, 3), increases=2),
    *(Look("30", n, 500_00, verdict, 2) for n, verdict in enumerate(Verdict)),
    Look("31", Fraction(25, 2), 500_00, Verdict.CHOSEN, 3, Fraction(1000, 3)),
)
OUTCOME = Outcome(
    rule=Rule.SKIP,
    measure=Measure.VOTES,
    chosen=("30", "21"),
    totals={"30": 7, "21": 7, "10": 1},
    steps=STEPS,
    left=2,
    ties=tuple(Tie(("30", "21"), ("30",), 7, each) for each in TieBreak),
    margins={"10": 3, "11": None},
)
OUTCOMES = (
    OUTCOME,
    replace(OUTCOME, measure=Measure.POINTS, chosen=()),
    replace(OUTCOME, rule=Rule.QUOTAS),
)


def says(outcome: Outcome) -> Iterator[Say]:
    for rows in Account(outcome).rows():
        yield from rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_is_shown_and_said(language: str) -> None:
    rows = [say for outcome in OUTCOMES for say in says(outcome)]
    assert len({say.msgid for say in rows}) >= 30
    for say in rows:
        assert render(say, language).strip("\u2066\u2067\u2068\u2069 ")
        said = speak(say, language)
        assert said
        assert not any(sign.isdigit() for sign in said), said


def text(*steps: Step, language: str = "en") -> str:
    outcome = replace(OUTCOME, steps=steps, ties=(), margins={}, chosen=())
    first, *_ = Account(outcome).rows()
    return " ".join(render(say, language) for say in first)


def test_a_step_reads_as_a_sum_on_paper() -> None:
    look = Look("31", 606, 5_000_00, Verdict.CHOSEN, 89_900_00)
    assert text(look) == (
        "Plan 31 has 606 votes. It costs 5,000 euros. This plan is chosen. "
        "There is 89,900 euros left."
    )
    assert text(look, language="nl") == (
        "Plan 31 heeft 606 stemmen. Het kost 5.000 euro. Dit plan is gekozen. "
        "Er is nog 89.900 euro over."
    )


@pytest.mark.parametrize(
    ("votes", "told"),
    [
        (1, "صوت واحد."),
        (2, "صوتان."),
        (7, "7 أصوات."),
        (12, "12 صوتا."),
        (100, "100 صوت."),
    ],
)
def test_arabic_counts_votes_in_six_ways(votes: int, told: str) -> None:
    look = Look("31", votes, 5, Verdict.BELOW_THRESHOLD, 5)
    assert told in text(look, language="ar")


def test_a_price_is_rounded_up_and_a_share_down_to_what_can_be_paid() -> None:
    shares = Pot(Source.SHARES, 10_00, share=Fraction(1000, 3))
    assert "equal part: 3.33 euros" in text(shares)
    look = Look("31", 3, 10_00, Verdict.CHOSEN, 0, Fraction(1000, 3))
    assert "pays 3.34 euros or less" in text(look)


def test_a_theme_has_its_name_in_the_language_of_the_reader() -> None:
    names = {"green": Local({"nl": "Groen", "tr": "Yeşil"})}
    outcome = replace(OUTCOME, steps=(Pot(Source.THEME, 5_00, "green"),))
    first, *_ = Account(outcome, lambda key: names.get(key, Free(key))).rows()
    assert "Yeşil" in render(first[0], "tr")

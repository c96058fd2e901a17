"""A second opinion: pabutools counts the same real files, and gets the same results.

It is GPL and brings a solver that is not free, so it has an environment of its own and
is never part of the product; see `.ci/run`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tally import Ballot, Election, Measure, Rule, Settings, count
from tally.pabulib import Document, read_file
from tests.need import need, shared_path

need("pabutools")
need("shared")

from pabutools.election import Cost_Sat, parse_pabulib  # noqa: E402
from pabutools.rules import (  # noqa: E402
    greedy_utilitarian_welfare,
    method_of_equal_shares,
)
from pabutools.tiebreaking import TieBreakingRule  # noqa: E402

UNIT = 100  # its files are in euros, ours in cents
TOO_MUCH = {
    "France_Toulouse_2024",
    "Hungary_Budapest_2023_VIII_Jozsefvaros",
    "Poland_Warszawa_2022_Bemowo",
}
"""Raising shares by one unit takes it more than 6 GB, or more than five minutes."""


@dataclass(frozen=True)
class Theirs:
    """A file as pabutools reads it, equal ballots taken together."""

    instance: Any
    profile: Any
    ties: Any

    @classmethod
    def read(cls, path: Path, order: tuple[str, ...]) -> "Theirs":
        instance, profile = parse_pabulib(str(path))
        places = {plan: place for place, plan in enumerate(order)}
        ties = TieBreakingRule(lambda _instance, _profile, plan: places[plan.name])
        return cls(instance, profile.as_multiprofile(), ties)

    def greedy(self) -> set[str]:
        return self._names(greedy_utilitarian_welfare)

    def shares(self, increase: int | None) -> set[str]:
        return self._names(method_of_equal_shares, voter_budget_increment=increase)

    def _names(self, rule: Any, **how: Any) -> set[str]:
        found = rule(
            self.instance,
            self.profile,
            sat_class=Cost_Sat,
            tie_breaking=self.ties,
            **how,
        )
        return {plan.name for plan in found}


def files() -> Iterator[Path]:
    """Yield the files whose ballots name plans, without points and ranks."""
    for path in sorted(shared_path("pabulib").glob("*.pb")):
        if read_file(path).settings.measure is Measure.VOTES:
            yield path


FILES = list(files())


def once(document: Document) -> Election:
    """Return the election as pabutools takes it: a plan counts once in a ballot."""
    ballots: dict[Ballot, int] = {}
    for ballot, times in document.election.ballots.items():
        alone = Ballot(tuple(dict.fromkeys(ballot.picks)))
        ballots[alone] = ballots.get(alone, 0) + times
    return replace(document.election, ballots=ballots)


def both(path: Path) -> tuple[Election, Settings, Theirs]:
    document = read_file(path)
    ties = document.settings.ties
    return once(document), Settings(Rule.SKIP, ties), Theirs.read(path, ties.ids)


def test_there_is_enough_to_compare() -> None:
    assert len(FILES) >= 24
    assert {path.stem for path in FILES} > TOO_MUCH


@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_greedy_is_the_same(path: Path) -> None:
    """It gives left-over money to plans without a vote too, which we never do."""
    of, settings, theirs = both(path)
    ours = count(of, settings)
    assert {plan for plan in theirs.greedy() if ours.totals[plan]} == set(ours.chosen)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_one_run_of_equal_shares_is_the_same(path: Path) -> None:
    of, settings, theirs = both(path)
    ours = count(of, replace(settings, rule=Rule.EQUAL_SHARES))
    assert set(ours.chosen) == theirs.shares(None)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "path", [p for p in FILES if p.stem not in TOO_MUCH], ids=lambda path: path.stem
)
def test_equal_shares_with_increase_are_the_same(path: Path) -> None:
    of, settings, theirs = both(path)
    ours = count(of, replace(settings, rule=Rule.EQUAL_SHARES, increase=UNIT))
    assert set(ours.chosen) == theirs.shares(1)

"""Real elections: what was published comes out, and by wrong rules it does not."""

import json
from collections.abc import Callable, Mapping
from functools import cache

import pytest

from tally import Election, Measure, Outcome, Rule, Settings, TieBreak, count
from tally.pabulib import Document, read_file
from tally.totals import ranked, totals_of
from tests.need import shared_path
from tests.tally.elections import replaced

OFFICIAL = ("166", "285", "304", "644", "645")
PUBLISHED = (
    "Netherlands_Assen_2024",
    "Poland_Czestochowa_2025_Bleszno",
    "Poland_Gdynia_2020_Babie_Doly__small",
    "Poland_Katowice_2022_Koszutka",
    "Poland_Krakow_2022_Czyzyny",
    "Poland_Lodz_2022",
    "Poland_Warszawa_2019_Brodno",
    "Poland_Wroclaw_2015_150_-_500",
)
OTHERWISE = {
    # Two plans for one place: the town took the one with more votes, no file says so.
    "Poland_Warszawa_2022_Bemowo": {"153"},
    # One official plan stands for two that are counted, all in one village.
    "Poland_Wieliczka_2023_Green_Budget": {"46", "66", "67"},
    # Half of the votes were on paper and are missing; each area had money of its own.
    "Hungary_Budapest_2023_VIII_Jozsefvaros": {"4093", "4099", "4147", "4162"},
}
"""What differs, and why, where a file cannot give the published result."""


@cache
def document(name: str) -> Document:
    return read_file(shared_path("pabulib", f"{name}.pb"))


@cache
def official() -> Mapping[str, Mapping[str, list[str]]]:
    path = shared_path("pabulib", "official_outcomes_amsterdam.json")
    found: Mapping[str, Mapping[str, list[str]]] = json.loads(path.read_text("utf-8"))
    return found


def outcome(name: str) -> Outcome:
    return count(document(name).election, document(name).settings)


def test_every_file_is_read_and_counted_by_the_rule_it_names() -> None:
    names = [path.stem for path in sorted(shared_path("pabulib").glob("*.pb"))]
    assert len(names) >= 30
    published = {name for name in names if document(name).selected}
    assert published == {*PUBLISHED, *OTHERWISE}
    for name in names:
        found = outcome(name)
        assert found.chosen
        assert found.left >= 0


@pytest.mark.parametrize("number", OFFICIAL)
def test_the_official_lists_of_amsterdam_come_out_exactly(number: str) -> None:
    assert set(official()) == set(OFFICIAL)
    told = official()[number]
    found = outcome(f"Netherlands_Amsterdam_{number}")
    assert set(found.chosen) == set(told["selected"])
    assert len(found.chosen) == len(told["selected"])


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_result_comes_out(name: str) -> None:
    assert set(outcome(name).chosen) == set(document(name).selected or ())


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_result_that_no_file_can_give_differs_by_exactly_this(name: str) -> None:
    assert (
        set(outcome(name).chosen) ^ (document(name).selected or set())
        == (OTHERWISE[name])
    )


@pytest.mark.parametrize(
    ("name", "tied"),
    [
        ("Poland_Gdynia_2020_Babie_Doly__small", {"1", "5"}),
        ("Poland_Krakow_2022_Czyzyny", {"24", "26"}),
        ("Poland_Warszawa_2019_Brodno", {"2091", "2162"}),
        ("Poland_Katowice_2022_Koszutka", {"L12/11/IX", "L12/14/IX"}),
    ],
)
def test_a_tie_that_decided_a_real_election_is_told(name: str, tied: set[str]) -> None:
    (tie,) = outcome(name).ties
    assert set(tie.plans) == tied
    assert tie.broken_by is TieBreak.LISTED
    assert set(tie.chosen) < tied


def test_no_other_election_here_hung_on_a_tie() -> None:
    names = [f"Netherlands_Amsterdam_{number}" for number in OFFICIAL]
    names += ["Poland_Lodz_2022", "Poland_Wroclaw_2015_150_-_500"]
    assert [name for name in names if outcome(name).ties] == []


def test_assen_is_equal_shares_and_nothing_else() -> None:
    name = "Netherlands_Assen_2024"
    found = outcome(name)
    assert (found.rule, len(found.chosen)) == (Rule.EQUAL_SHARES, 9)
    greedy = count(document(name).election, _settings(name, rule=Rule.SKIP))
    assert len(set(greedy.chosen) ^ set(found.chosen)) == 4


def _settings(name: str, **others: object) -> Settings:
    return replaced(document(name).settings, **others)


def votes_per_euro(name: str) -> set[str]:
    of = document(name).election
    costs, totals = of.costs(), totals_of(of, document(name).settings)
    worth = {plan: total / max(costs[plan], 1) for plan, total in totals.items()}
    return _skip(of, sorted(worth, key=lambda plan: -worth[plan]), of.budget)


def hard_theme_caps(name: str) -> set[str]:
    of, settings = document(name).election, document(name).settings
    order = ranked(totals_of(of, settings), settings.ties.ids)
    themes = {plan.id: plan.theme for plan in of.plans}
    chosen = set()
    for theme, money in settings.themes.items():
        chosen |= _skip(of, [p for p in order if themes[p] == theme], money)
    return chosen


def _skip(of: Election, order: list[str], money: int) -> set[str]:
    chosen = set()
    for plan in order:
        if of.costs()[plan] <= money:
            money -= of.costs()[plan]
            chosen.add(plan)
    return chosen


def other(**settings: object) -> Callable[[str], set[str]]:
    def chosen(name: str) -> set[str]:
        return set(count(document(name).election, _settings(name, **settings)).chosen)

    return chosen


def right(name: str) -> set[str]:
    number = name.rpartition("_")[2]
    if number in OFFICIAL:
        return set(official()[number]["selected"])
    return set(document(name).selected or ())


WRONG: Mapping[str, tuple[str, Callable[[str], set[str]], int | None]] = {
    "themes, plain skip": ("Netherlands_Amsterdam_166", other(rule=Rule.SKIP), 4),
    "themes, plain stop": ("Netherlands_Amsterdam_285", other(rule=Rule.STOP), 12),
    "themes, skip again": ("Netherlands_Amsterdam_285", other(rule=Rule.SKIP), 10),
    "stop without themes": ("Netherlands_Amsterdam_304", other(rule=Rule.STOP), 4),
    "caps": ("Netherlands_Amsterdam_166", hard_theme_caps, None),
    "caps again": ("Netherlands_Amsterdam_285", hard_theme_caps, None),
    "votes for points": (
        "Poland_Katowice_2022_Koszutka", other(measure=Measure.VOTES), None
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [f"Netherlands_Amsterdam_{each}" for each in OFFICIAL])
def test_votes_per_euro_give_no_official_list(name: str) -> None:
    assert votes_per_euro(name) != right(name)


@pytest.mark.parametrize("rule", WRONG)
def test_a_wrong_rule_gives_another_result(rule: str) -> None:
    name, chosen, wrong = WRONG[rule]
    apart = chosen(name) ^ right(name)
    assert len(apart) == wrong if wrong else apart


@pytest.mark.parametrize("name", [n for n in PUBLISHED if "Assen" not in n])
def test_a_threshold_keeps_out_who_is_below_it(name: str) -> None:
    """No file here would come out otherwise without its own, so it is raised."""
    found = outcome(name)
    least = min(found.totals[plan] for plan in found.chosen)
    raised = count(document(name).election, _settings(name, threshold=least + 1))
    lost = {plan for plan in found.chosen if found.totals[plan] == least}
    assert lost
    assert not lost & set(raised.chosen)
    same = count(document(name).election, _settings(name, threshold=least))
    assert same.chosen == found.chosen


def test_the_largest_file_counts_equal_ballots_once() -> None:
    of = document("Poland_Lodz_2022").election
    assert of.ballots_cast == 90_494
    assert len(of.ballots) == 23_571


def test_nothing_odd_is_overlooked() -> None:
    notes = document("Netherlands_Amsterdam_604").notes
    assert [str(note) for note in notes] == [
        "a plan stands twice in a ballot, and counts twice; 1 such"
    ]
    assert document("Netherlands_Amsterdam_285").notes == ()

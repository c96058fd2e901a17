"""What comes next once money has become free: by example, and for every election."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from tally import (
    Election,
    ElectionError,
    Look,
    Onward,
    Plan,
    Pot,
    Quota,
    Rule,
    Settings,
    Source,
    Standing,
    Verdict,
    count,
    go_on,
)
from tests.tally.elections import BY_MONEY, by, cast, counts, election

ALL = {"a": (60, 9), "b": (50, 7), "c": (30, 5), "d": (10, 2)}


def onward(
    of: Election, settings: Settings, kept: Mapping[str, int], **more: Any
) -> Onward:
    return go_on(of, settings, Standing(kept, **more))


@pytest.mark.parametrize(
    ("rule", "kept", "more", "chosen", "left"),
    [
        pytest.param(
            Rule.SKIP, {"a": 0, "c": 30, "d": 10}, {"stopped": "a"}, "b", 10,
            id="a stopped plan makes room for the next by votes",
        ),
        pytest.param(
            Rule.SKIP, {"a": 40, "c": 30, "d": 10}, {}, "", 20,
            id="what does not fit is passed over, and none is left",
        ),
        pytest.param(
            Rule.SKIP, {"a": 0, "c": 30, "d": 10}, {"stopped": "a", "out": "b"}, "", 60,
            id="who was taken back is not next",
        ),
        pytest.param(
            Rule.STOP, {"a": 45}, {}, "bc"[:1], 5,
            id="with stop the first that misses is next, once it fits",
        ),
        pytest.param(
            Rule.STOP, {"a": 55}, {}, "", 45,
            id="with stop nobody behind it is next while it does not fit",
        ),
        pytest.param(
            Rule.STOP, {"a": 55}, {"out": "b"}, "cd", 5,
            id="with stop a plan that is out stops nobody",
        ),
        pytest.param(
            Rule.SKIP, {"a": 70, "c": 40}, {}, "", -10,
            id="where more is promised than there is, nothing is free",
        ),
    ],
)  # fmt: skip
def test_votes_go_on_where_they_stopped(
    rule: Rule, kept: Mapping[str, int], more: dict[str, str], chosen: str, left: int
) -> None:
    of = election(100, ALL)
    found = onward(of, by(rule, of), kept, **more)
    assert ("".join(found.chosen), found.left) == (chosen, left)
    assert found.free == 100 - sum(kept.values())


def test_in_two_steps_a_themes_own_money_goes_to_its_own_plans_first() -> None:
    plans = {"a": (40, 9), "b": (50, 8), "c": (30, 7), "d": (35, 6)}
    themes = {"a": "green", "b": "young", "c": "young", "d": "green"}
    of = election(100, plans, themes)
    settings = by(Rule.TWO_STEP, of, themes={"green": 50, "young": 50})
    assert count(of, settings).chosen == ("a", "b")
    found = onward(of, settings, {"a": 5, "b": 50})
    assert found.chosen == ("d",)
    assert found.steps[:2] == (
        Pot(Source.THEME, 45, "green"),
        Look("d", 6, 35, Verdict.CHOSEN, 10),
    )


def test_in_two_steps_what_no_theme_can_use_goes_to_the_most_votes() -> None:
    plans = {"a": (40, 9), "b": (50, 8), "c": (30, 7), "d": (60, 6)}
    themes = {"a": "green", "b": "young", "c": "young", "d": "green"}
    of = election(100, plans, themes)
    settings = by(Rule.TWO_STEP, of, themes={"green": 50, "young": 50})
    found = onward(of, settings, {"a": 0, "b": 50}, stopped=("a",))
    assert found.chosen == ("c",)
    looked = [
        (step.plan, step.verdict) for step in found.steps if isinstance(step, Look)
    ]
    assert looked == [
        ("d", Verdict.STOPS),
        ("c", Verdict.STOPS),
        ("c", Verdict.CHOSEN),
        ("d", Verdict.TOO_DEAR),
    ]


def test_a_plan_that_came_in_later_is_paid_out_of_its_theme() -> None:
    plans = {"a": (50, 9), "b": (50, 8), "c": (30, 7), "d": (20, 6)}
    themes = {"a": "green", "b": "young", "c": "green", "d": "green"}
    of = election(100, plans, themes)
    settings = by(Rule.TWO_STEP, of, themes={"green": 50, "young": 50})
    found = onward(of, settings, {"a": 0, "b": 50, "c": 30}, stopped=("a",))
    assert found.chosen == ("d",)
    assert found.steps[0] == Pot(Source.THEME, 20, "green")


def test_with_equal_shares_voters_go_on_with_what_they_have_left() -> None:
    plans = (Plan("a", 40), Plan("b", 40), Plan("c", 25), Plan("d", 30))
    ballots = cast("a,c", "a,c", "b,d", "b,d")
    of = Election(100, plans, ballots)
    settings = by(Rule.EQUAL_SHARES, of)
    assert count(of, settings).chosen == ("a", "b")
    found = onward(of, settings, {"a": 20, "b": 40})
    assert found.chosen == ("c",)  # its voters paid 10 each instead of 20
    assert found.left == 15
    filled = onward(of, by(Rule.EQUAL_SHARES, of, fill=True), {"a": 40, "b": 10})
    assert filled.chosen == ("d",)


def test_the_author_of_a_stopped_plan_may_have_another_one() -> None:
    plans = {"a": (60, 9), "b": (50, 7), "c": (40, 6)}
    of = election(100, plans, authors={"a": "x", "b": "x", "c": "y"})
    settings = by(Rule.SKIP, of, per_author=1)
    assert count(of, settings).chosen == ("a", "c")
    assert onward(of, settings, {"a": 10, "c": 40}).chosen == ()
    stopped = onward(of, settings, {"a": 10, "c": 40}, stopped=("a",))
    assert stopped.chosen == ("b",)


def test_places_and_plans_that_are_not_listed_are_refused() -> None:
    of = election(100, ALL)
    with pytest.raises(ElectionError, match="not listed: z"):
        onward(of, by(Rule.SKIP, of), {"z": 1})
    quotas = by(Rule.QUOTAS, of, quotas=(Quota(("",), 1),))
    with pytest.raises(ElectionError, match="places hold no money"):
        onward(of, quotas, {})


@trying(deadline=None)
@given(counts([*BY_MONEY, Rule.EQUAL_SHARES]))
def test_where_nothing_changed_nobody_is_next(
    counted: tuple[Election, Settings],
) -> None:
    of, settings = counted
    costs, outcome = of.costs(), count(of, settings)
    found = onward(of, settings, {plan: costs[plan] for plan in outcome.chosen})
    assert (found.chosen, found.left) == ((), outcome.left)


@trying(deadline=None)
@given(counts([*BY_MONEY, Rule.EQUAL_SHARES]), st.data())
def test_what_is_free_is_never_exceeded_and_nobody_is_chosen_twice(
    counted: tuple[Election, Settings], data: st.DataObject
) -> None:
    of, settings = counted
    costs, outcome = of.costs(), count(of, settings)
    kept = {
        plan: data.draw(st.integers(0, costs[plan]), label=plan)
        for plan in outcome.chosen
    }
    stopped = data.draw(st.sets(st.sampled_from(outcome.chosen))) if kept else set()
    rest = [plan.id for plan in of.plans if plan.id not in kept]
    out = data.draw(st.sets(st.sampled_from(rest))) if rest else set()
    found = onward(of, settings, kept, stopped=stopped, out=out)
    assert found.left == found.free - sum(costs[plan] for plan in found.chosen) >= 0
    assert not {*found.chosen} & {*kept, *out}
    assert len({*found.chosen}) == len(found.chosen)
    going = {*kept} - stopped | {*found.chosen}
    for author in ("x", "y"):
        mine = [plan for plan in of.plans if plan.author == author and plan.id in going]
        assert len(mine) <= (settings.per_author or len(mine))
    again = onward(
        of,
        settings,
        kept | {plan: costs[plan] for plan in found.chosen},
        stopped=stopped,
        out=out,
    )
    if settings.rule in BY_MONEY:
        assert again.chosen == ()

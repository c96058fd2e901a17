"""What holds for every election, whatever is on the ballots."""

from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from tally import Ballot, Election, Look, Measure, Plan, Pot, Rule, Settings, Verdict
from tally import count as count_election
from tests.tally.elections import (
    BY_MONEY,
    CLASSES,
    by,
    chosen_in_any_order,
    counts,
    replaced,
)

Counted = tuple[Election, Settings]


@trying(deadline=None)
@given(counts([*BY_MONEY, Rule.EQUAL_SHARES]))
def test_the_money_is_never_exceeded_and_always_adds_up(counted: Counted) -> None:
    of, settings = counted
    outcome = count_election(of, settings)
    costs = of.costs()
    spent = sum(costs[plan] for plan in outcome.chosen)
    assert spent <= of.budget
    assert outcome.left == of.budget - spent


@trying(deadline=None)
@given(counts())
def test_nothing_is_chosen_twice_without_votes_or_below_the_threshold(
    counted: Counted,
) -> None:
    of, settings = counted
    outcome = count_election(of, settings)
    assert len(set(outcome.chosen)) == len(outcome.chosen)
    assert all(outcome.totals[plan] > 0 for plan in outcome.chosen)
    if settings.rule is not Rule.QUOTAS:
        assert all(outcome.totals[p] >= settings.threshold for p in outcome.chosen)


@trying(deadline=None)
@given(counts())
def test_no_author_has_more_plans_than_the_cap(counted: Counted) -> None:
    of, settings = counted
    chosen = count_election(of, settings).chosen
    for author in ("x", "y"):
        mine = [p for p in of.plans if p.author == author and p.id in chosen]
        assert len(mine) <= (settings.per_author or len(mine))


@trying(deadline=None)
@given(counts())
def test_the_steps_tell_the_whole_result(counted: Counted) -> None:
    of, settings = counted
    outcome = count_election(of, settings)
    looks = [step for step in outcome.steps if isinstance(step, Look)]
    taken = [look.plan for look in looks if look.verdict is Verdict.CHOSEN]
    assert tuple(taken) == outcome.chosen
    assert {look.plan for look in looks} == {p.id for p in of.plans} or (
        settings.rule is Rule.QUOTAS
    )
    left = None
    for step in outcome.steps:
        paid = isinstance(step, Look) and step.verdict is Verdict.CHOSEN
        price = 1 if settings.rule is Rule.QUOTAS else getattr(step, "cost", 0)
        now = step.amount if isinstance(step, Pot) else step.left
        assert left is None or isinstance(step, Pot) or now == left - price * paid
        left = now


@trying(deadline=None)
@given(counts(), st.randoms(use_true_random=False))
def test_the_order_of_the_ballots_does_not_matter(
    counted: Counted,
    random: st.randoms,  # type: ignore[valid-type]
) -> None:
    of, settings = counted
    shuffled = list(of.ballots.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    other = Election(of.budget, of.plans, dict(shuffled))
    assert count_election(other, settings) == count_election(of, settings)


@trying(deadline=None)
@given(counts([*BY_MONEY, Rule.QUOTAS]), st.data())
def test_one_more_ballot_for_a_chosen_plan_keeps_it(
    counted: Counted, data: st.DataObject
) -> None:
    """Monotony. It does not hold for equal shares: see the next test."""
    of, settings = counted
    chosen = count_election(of, settings).chosen
    if not chosen:
        return
    plan = data.draw(st.sampled_from(chosen))
    more = dict(of.ballots)
    points = (1,) if settings.measure is Measure.POINTS else ()
    ballot = Ballot(
        (plan,), points, data.draw(st.sampled_from(["resident", "committee"]))
    )
    more[ballot] = more.get(ballot, 0) + 1
    after = count_election(Election(of.budget, of.plans, more), settings)
    assert plan in after.chosen


@trying(deadline=None)
@given(counts([*BY_MONEY, Rule.QUOTAS]))
def test_a_margin_is_the_fewest_votes_that_are_enough(counted: Counted) -> None:
    of, settings = counted
    settings = replaced(settings, measure=Measure.VOTES, weights={})
    for plan, needed in count_election(of, settings).margins.items():
        if needed is None:
            assert not _gets_in(of, settings, plan, MORE_THAN_ALL)
        else:
            assert not _gets_in(of, settings, plan, needed - 1)
            assert _gets_in(of, settings, plan, needed)


MORE_THAN_ALL = 40


def _gets_in(of: Election, settings: Settings, plan: str, votes: int) -> bool:
    """Tell whether so many more votes are enough, from voters of one class or other."""
    ballots = [Ballot((plan,), (), voters) for voters in CLASSES if votes]
    more = [{**of.ballots, each: of.ballots.get(each, 0) + votes} for each in ballots]
    changed = [Election(of.budget, of.plans, each) for each in more] or [of]
    return any(plan in count_election(each, settings).chosen for each in changed)


@trying(deadline=None)
@given(counts([*BY_MONEY, Rule.QUOTAS]))
def test_a_tie_is_told_exactly_where_another_order_changes_the_result(
    counted: Counted,
) -> None:
    of, settings = counted
    results = chosen_in_any_order(of, settings)
    assert bool(count_election(of, settings).ties) is (len(results) > 1)


@trying(deadline=None)
@given(counts([Rule.EQUAL_SHARES]))
def test_equal_shares_tell_each_tie_of_the_shares_that_decided(
    counted: Counted,
) -> None:
    """Without an increase, these are all shares that there are."""
    of, settings = counted
    settings = replaced(settings, increase=None)
    results = chosen_in_any_order(of, settings)
    assert bool(count_election(of, settings).ties) is (len(results) > 1)


@trying(deadline=None)
@given(counts([Rule.EQUAL_SHARES]))
def test_voters_pay_for_what_they_buy_and_never_more_than_their_share(
    counted: Counted,
) -> None:
    """The price of a plan, times its voters, pays at least its cost."""
    of, settings = counted
    outcome = count_election(of, settings)
    pot, *looks = outcome.steps
    assert isinstance(pot, Pot)
    for look in looks:
        if isinstance(look, Look) and look.price:
            assert look.price <= pot.share
            assert look.price * look.total >= look.cost


def test_with_equal_shares_one_more_ballot_can_cost_a_plan_its_place() -> None:
    """One more voter means smaller shares for all; so what is bought before changes."""
    plans = (Plan("a", 500), Plan("b", 1000), Plan("c", 700), Plan("d", 200))
    ballots = {
        Ballot(("a", "b", "d")): 3,
        Ballot(("b",)): 4,
        Ballot(("a", "b", "c", "d")): 2,
    }
    of = Election(1900, plans, ballots)
    settings = by(Rule.EQUAL_SHARES, of)
    assert "a" in count_election(of, settings).chosen
    more = Election(1900, plans, ballots | {Ballot(("a",)): 1})
    assert "a" not in count_election(more, settings).chosen

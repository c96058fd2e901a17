"""Whatever people send, in whatever state: always an answer, nothing lost, no raise."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from bot.domain.effects import (
    CastBallot,
    ChangePlan,
    Effect,
    Forget,
    RaiseTask,
    StorePlan,
    SupportPlan,
)
from bot.domain.facts import Facts
from bot.flows.drafts import draft_of
from bot.flows.engine import advance
from bot.flows.expecting import picked
from bot.flows.saved import dump_picks, dump_talk, load_talk
from bot.flows.state import (
    Browsing,
    Checking,
    ChoosingLanguage,
    ChoosingRound,
    ConfirmingPlan,
    ConfirmingVote,
    DescribingPlan,
    Draft,
    Kind,
    Message,
    Picks,
    SeeingVote,
    State,
    Talk,
    Turn,
    Voting,
    Walking,
    behind,
)
from bot.i18n import render
from tests.flows.cast import FACTS, NOW, VOTE
from tests.flows.golden import happen, settle
from tests.flows.steps import offered, plan_rows
from tests.flows.strategies import drafts, messages, stories, talks, worlds

FEW = settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TRAITS = st.lists(
    st.sampled_from(
        ["whatsapp", "web", "deaf", "osdorp", "voting-only", "elsewhere", "pass"]
    ),
    max_size=2,
    unique=True,
)


def answered(message: Message, before: Talk, turn: Turn, facts: Facts) -> None:
    """Check that there is something to read, and to hear, in her language."""
    waits = message.kind is Kind.NOTE_ARRIVED and before.language is None
    if not (waits and not facts.can_listen):
        assert turn.replies
    for reply in turn.replies:
        text = "\n".join(render(say, turn.talk.language or "nl") for say in reply.says)
        assert text.strip()


def buttons_fit(turn: Turn) -> None:
    """Check that every question fits a list, and that digits know its buttons."""
    for reply in turn.replies:
        ids = [button.id for button in reply.buttons]
        assert len(ids) <= 10
        assert len(set(ids)) == len(ids)
    if offered(turn):
        assert turn.talk.offered == offered(turn)


def nothing_confirmed_is_lost(before: Talk, message: Message, turn: Turn) -> None:
    """Check that a yes on a read-back stores exactly those words, or keeps them."""
    draft = draft_of(before)
    asked = isinstance(before.state, ConfirmingPlan)
    if not (asked and message.act == "yes" and not message.stale and before.language):
        return
    stored = [e for e in turn.effects if isinstance(e, StorePlan | ChangePlan)]
    passed_on = [e for e in turn.effects if isinstance(e, RaiseTask)]
    assert (
        [(each.text, each.media) for each in stored]
        == [(draft.text, (*draft.notes, *draft.photos))]
        or draft in (turn.talk.draft, turn.talk.revision)
        or draft == Draft()
        or any(task.note == draft.text for task in passed_on)
    )


def nothing_counts_before_yes(before: Talk, message: Message, turn: Turn) -> None:
    """Check that only a yes on a read-back of exactly these picks casts a ballot."""
    cast = [each for each in turn.effects if isinstance(each, CastBallot)]
    if not cast:
        return
    assert len(cast) == 1
    assert isinstance(behind(before.state), ConfirmingVote)
    assert message.act == "yes"
    assert not message.stale
    assert before.picks is not None
    assert cast[0].picks == before.picks.numbers
    assert 0 < len(cast[0].picks) <= 3
    assert cast[0].receipt


def a_ballot_is_read_back(before: Talk, turn: Turn, facts: Facts) -> None:
    """Check that a ballot to be confirmed was shown as it now is."""
    after = turn.talk
    if after.picks is not None and after.picks.round in facts.papers:
        assert len(after.picks.numbers) <= 3 or after.picks == before.picks
    was = before.state
    if isinstance(was, ChoosingLanguage):  # the read-back waits behind that choice
        was = was.before or was
    moved = not isinstance(was, ConfirmingVote) or before.picks != after.picks
    if isinstance(after.state, ConfirmingVote) and moved and after.picks:
        shown = set(plan_rows(turn))
        assert set(after.picks.numbers) <= shown or not facts.papers


@FEW
@given(st.data(), talks, worlds())
def test_whatever_comes_in(data: st.DataObject, before: Talk, facts: Facts) -> None:
    message = data.draw(messages(before))
    turn = advance(before, message, facts, NOW)
    answered(message, before, turn, facts)
    buttons_fit(turn)
    nothing_confirmed_is_lost(before, picked(before, message), turn)
    stored = dump_talk(turn.talk)
    assert load_talk(stored, dump_picks(turn.talk.picks)) == turn.talk


ON_BALLOT = st.sampled_from(
    [
        ConfirmingVote(),
        Voting(),
        Browsing("green"),
        Walking("green"),
        SeeingVote(),
        Walking("green", 7, asked=True),
        ChoosingRound("vote"),
        ChoosingLanguage(before=ConfirmingVote()),
        Checking(ConfirmingVote(), "yes"),
    ]
)
TELLING = st.sampled_from(
    [
        ConfirmingPlan(),
        DescribingPlan(),
        ChoosingRound("store"),
        ChoosingLanguage(before=ConfirmingPlan()),
        Checking(ConfirmingPlan(), "yes", (), "ja", 9),
        Checking(ConfirmingPlan(), "no", (), "nee", 9),
    ]
)
NUMBERS_CHOSEN = st.lists(st.sampled_from((10, 21, 30)), max_size=3, unique=True)


@FEW
@given(st.data(), talks, ON_BALLOT, NUMBERS_CHOSEN)
def test_nothing_counts_before_yes(
    data: st.DataObject, before: Talk, state: State, numbers: list[int]
) -> None:
    before = replace(before, state=state, picks=Picks(VOTE, tuple(numbers)))
    message = data.draw(messages(before))
    turn = advance(before, message, FACTS, NOW)
    nothing_counts_before_yes(before, picked(before, message), turn)
    a_ballot_is_read_back(before, turn, FACTS)


@FEW
@given(st.data(), talks, TELLING, drafts)
def test_nothing_is_stored_before_yes_and_all_of_it_after(
    data: st.DataObject, before: Talk, state: State, draft: Draft
) -> None:
    before = replace(before, state=state, draft=draft, language="nl")
    message = data.draw(messages(before))
    turn = advance(before, message, FACTS, NOW)
    nothing_confirmed_is_lost(before, picked(before, message), turn)
    asked = isinstance(behind(state), ConfirmingPlan | ChoosingRound)
    stored = any(isinstance(each, StorePlan) for each in turn.effects)
    assert asked or not stored


@pytest.mark.parametrize("effect", [StorePlan, CastBallot, SupportPlan, Forget])
def test_the_stories_reach_what_matters(effect: type[Effect]) -> None:
    def reaches(story: list[tuple[str, str]]) -> bool:
        resident = settle([])
        found = []
        for name, rest in story:
            happen(resident, name, rest)
            found += resident.effects
        return any(isinstance(each, effect) for each in found)

    assert find(stories, reaches, settings=settings(FEW, max_examples=2_000))


@settings(FEW, max_examples=300)
@given(TRAITS, stories)
def test_whole_talks_keep_every_promise(
    traits: list[str], story: list[tuple[str, str]]
) -> None:
    resident = settle(traits)
    for name, rest in story:
        happen(resident, name, rest)
        for turn in resident.steps:
            buttons_fit(turn)
            waits = not resident.world.can_listen and turn.talk.language is None
            assert turn.replies or waits
    world = resident.world
    voters = len(world.passes) or len(world.papers)
    assert len(world.ballots) <= voters
    for kept in (resident.stored or "", *map(repr, resident.effects)):
        assert not [each for each in world.passes if each in kept], "a pass is kept"

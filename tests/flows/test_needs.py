"""A turn is told what it asks for, and no more: with all facts it would do the same."""

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from bot.domain.facts import About, Admission, Facts, PassVerdict, Verdict
from bot.domain.money import Money
from bot.domain.spending import MoneyLine, PaidTo, PlanMoney
from bot.flows.engine import advance
from bot.flows.needs import Need, guessed, named, needs, pass_shown
from bot.flows.reading import read_start
from bot.flows.state import (
    AskingBill,
    AskingConsent,
    AskingPass,
    AskingRecording,
    AskingTrust,
    Browsing,
    Checking,
    CheckingPass,
    ChoosingLanguage,
    ChoosingRound,
    ChoosingTheme,
    ChoosingWord,
    ConfirmingBill,
    ConfirmingPlan,
    ConfirmingVote,
    DescribingPlan,
    Draft,
    FixingPass,
    Forgetting,
    Heard,
    Kind,
    LeavingNumber,
    Linking,
    Menu,
    Message,
    NamingPlan,
    Picks,
    PlacingPlan,
    PricingBill,
    SeeingVote,
    SharingName,
    State,
    Talk,
    TellingMore,
    Voting,
    Walking,
    Wish,
    Withdrawing,
)
from tests.flows.cast import (
    AUTHOR,
    BALLOT,
    COLLECT,
    MINE,
    NOW,
    OTHERS,
    PASS_ROUND,
    PLANS,
    THEIRS,
    VOTE,
    WHATSAPP,
    talk,
)
from tests.flows.golden import OSDORP
from tests.flows.steps import note, photo, tap, typed

PAID = MoneyLine(
    date(2026, 11, 12), Money(1250), {"nl": "verf", "ar": "طلاء"}, PaidTo.SHOP
)
BACK = replace(PAID, amount=Money(-1250))
ME = replace(
    AUTHOR.me,
    voted=frozenset({VOTE}),
    has_word=True,
    linked_after=True,
    may_write=True,
    followed=OTHERS[:1],
    supported=2,
    messages=7,
)
MONEY = {
    MINE: PlanMoney(AUTHOR.me.plans[0], Money.euros(500), Money(1250), (PAID, BACK)),
    21: PlanMoney(BALLOT.plans[1], Money.euros(10), Money.euros(12), (PAID,)),
    30: PlanMoney(BALLOT.plans[2], None, Money(0)),
}
FACTS: Facts = replace(
    WHATSAPP,
    me=ME,
    rounds=(*AUTHOR.rounds, OSDORP),
    about=About("results", MINE),
    chosen=BALLOT.plans[:2],
    money=MONEY,
    verdict=Verdict.RIGHT,
    asks_recording=True,
    admission=Admission(PassVerdict.RIGHT, VOTE, "1.resident.aa", again=True),
)
BY_PASS: Facts = replace(FACTS, rounds=(PASS_ROUND, *FACTS.rounds[1:]))
STATES: tuple[State, ...] = (
    ChoosingLanguage(),
    ChoosingLanguage(Wish(act="result")),
    ChoosingLanguage(Wish(act="support", numbers=(THEIRS,))),
    ChoosingLanguage(before=Withdrawing(MINE)),
    ChoosingLanguage(before=Browsing("green")),
    ChoosingLanguage(before=ConfirmingPlan()),
    ChoosingLanguage(before=ConfirmingVote()),
    ChoosingLanguage(before=ChoosingRound("store")),
    ChoosingLanguage(Wish("A bench", "yes")),
    Menu(),
    ChoosingRound("plan"),
    ChoosingRound("store"),
    ChoosingRound("vote"),
    DescribingPlan(),
    DescribingPlan(MINE),
    ConfirmingPlan(),
    ConfirmingPlan(MINE),
    PlacingPlan(MINE),
    AskingConsent(MINE),
    AskingRecording(),
    Withdrawing(MINE),
    AskingPass(),
    CheckingPass(4),
    CheckingPass(12),
    FixingPass(),
    FixingPass(2),
    ChoosingLanguage(before=CheckingPass(4)),
    Checking(CheckingPass(4), "yes"),
    Voting(),
    Browsing(),
    Browsing("green"),
    SeeingVote(),
    Walking("green"),
    Walking("green", 7, asked=True),
    ConfirmingVote(),
    NamingPlan("support"),
    NamingPlan("follow"),
    LeavingNumber(MINE),
    TellingMore("person"),
    SharingName(MINE),
    Forgetting(),
    AskingBill(9, "A bench"),
    PricingBill(MINE, 9),
    ConfirmingBill(MINE, 9, 1250),
    ChoosingLanguage(before=AskingBill(9)),
    AskingTrust(VOTE, "before"),
    AskingTrust(VOTE, "after", 2),
    ChoosingTheme(MINE),
    ChoosingWord(),
    Linking(),
    Linking(THEIRS),
    ChoosingLanguage(before=Linking(THEIRS)),
    ChoosingLanguage(Wish(act="link")),
    Checking(ConfirmingPlan(), "yes", (), "yes", 9),
    Checking(ConfirmingPlan(), "no", (), "no", 9),
    Checking(Menu(), "support", (THEIRS,), "support 62", 9),
    Checking(Menu(), "keep", (), "keep it", 9),
    Checking(NamingPlan("follow"), None, (THEIRS,), "62", 9),
    Checking(Withdrawing(MINE), "yes", (), "yes", 9),
    Checking(LeavingNumber(MINE), words="06 12 34 56 78"),
    Checking(ConfirmingVote(), "yes"),
    Checking(Voting(), "stop"),
    Checking(Linking(THEIRS), "stop"),
    ChoosingLanguage(before=Checking(ConfirmingPlan(), "yes", (), "yes", 9)),
)
TYPED = (
    "yes|no|done|back|more|skip|later|nothing|keep|join|call me|good|stuck|plan|vote|"
    "vote 21|status|help|person|again|listen|privacy|my data|rules|explain|result|stop|"
    "forget me|language|hello|thank you|support 62|follow 62|plan 60|62|60|21 30|1|2|3|"
    "A bench under the trees|Meer en Vaart|I know the numbers|help me choose|"
    "link|I have a word|sunflower|62 sunflower|4711 0815 4216|4711|"
    "another person votes|money|money 21|opinion|5|"
    "12,50|bill 60|vote k_m8y232maevhwaypj8khb"
).split("|")
TAPPED = (
    f"yes|no|skip|change:{MINE}|withdraw:{MINE}|plan:{MINE}|plan:21|support:62|follow:62"
    f"|round:{COLLECT}|money|mark:4|money:21|bill:{MINE}|theme:green|more|forget:keep|forget:drop|lang:tr|menu:plan"
).split("|")


SAID_BY_HALF = ("yes", "no", "yess", "support 62", "stop", "21 30", "sunflower")


def messages(before: Talk) -> list[Message]:
    """Return what she may do, as it is read in this talk."""
    return [
        *(typed(before, words) for words in TYPED),
        *(tap(button, stale=old) for button in TAPPED for old in (False, True)),
        note(before, "A bench"),
        note(before, heard=Heard.BADLY),
        *(note(before, words, heard=Heard.UNSURE) for words in SAID_BY_HALF),
        note(before, "A bench", language="en"),
        Message(Kind.NOTE_ARRIVED, media=9),
        Message(Kind.UNKNOWN),
        Message(too_long=True),
        read_start("p62"),
        photo("A photo"),
    ]


def lean(before: Talk, message: Message, facts: Facts = FACTS) -> Facts:
    """Return the facts that a turn asks for: the others are left out."""
    need = needs(before, message)
    bare = tuple(replace(plan, history=()) for plan in ME.plans)
    me = replace(ME, plans=bare if need & Need.MINE else ())
    if not need & Need.VOTED:
        me = replace(me, voted=frozenset())
    if need & Need.ALL:
        me = replace(ME, plans=ME.plans if need & Need.MINE else ())
    else:
        me = replace(me, followed=(), supported=0, messages=0, since=None)
    numbers = named(before, message) if need & Need.PLANS else ()
    return replace(
        facts,
        me=me,
        plans={n: PLANS[n] for n in numbers if n in PLANS},
        asked_trust=facts.asked_trust and bool(need & Need.TRUST),
        money=facts.money if need & Need.MONEY else {},
        chosen=facts.chosen if need & Need.CHOSEN else (),
        about=facts.about if need & Need.ABOUT else None,
        next_number=facts.next_number if need & Need.NUMBER else 0,
        receipt=facts.receipt if need & Need.RECEIPT else "",
        asks_recording=facts.asks_recording and bool(need & Need.CORRECTED),
        verdict=facts.verdict if guessed(before, message) else None,
        admission=facts.admission if pass_shown(before, message) else None,
    )


def a_talk(state: State) -> Talk:
    return replace(
        talk(state, text="A bench", picks=(21,), offered=("support:62", "yes", "back")),
        revision=Draft("Two benches"),
    )


def test_every_state_is_looked_at() -> None:
    assert {type(state) for state in STATES} == set(get_args(State))


@pytest.mark.parametrize("about", ["results", "checkin", None])
@pytest.mark.parametrize("known", [FACTS, BY_PASS], ids=["address", "pass"])
@pytest.mark.parametrize("state", STATES, ids=repr)
def test_with_all_facts_a_turn_would_do_the_same(
    state: State, known: Facts, about: str | None
) -> None:
    facts = replace(known, about=About(about, MINE) if about else None)
    talks = [
        a_talk(state),
        replace(a_talk(state), picks=Picks("", (21,))),
        replace(a_talk(state), picks=Picks(VOTE, (21,), code="471108154216")),
        replace(a_talk(state), picks=Picks(VOTE, (21,), "1.resident.aa")),
    ]
    if isinstance(state, ChoosingLanguage):
        talks.append(replace(a_talk(state), language=None))
    missed = [
        (before.language, message.kind.value, message.text or message.act)
        for before in talks
        for message in messages(before)
        if advance(before, message, lean(before, message, facts), NOW)
        != advance(before, message, facts, NOW)
    ]
    assert missed == []


def test_a_typed_plan_at_rest_needs_next_to_nothing() -> None:
    before = talk(Menu())
    message = typed(before, "A bench under the trees")
    assert needs(before, message) == Need.ABOUT
    assert named(before, message) == ()


def test_a_tap_in_a_ballot_room_looks_up_no_plans() -> None:
    before = talk(Browsing("green"), picks=())
    assert not needs(before, tap("plan:21")) & Need.PLANS


def test_a_digit_names_the_plan_of_its_button() -> None:
    before = talk(Menu(), offered=("support:62", "follow:62"))
    assert named(before, typed(before, "1")) == (62,)


def test_the_choice_of_language_names_the_plan_that_was_wished_for() -> None:
    before = Talk(ChoosingLanguage(Wish(act="support", numbers=(62,))))
    assert named(before, tap("lang:nl")) == (62,)

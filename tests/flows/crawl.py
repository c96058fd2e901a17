"""Every message a talk can produce: golden talks, and each state by each word."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from bot.domain.care import TEMPLATE, Care, Line, Step
from bot.domain.facts import (
    About,
    Admission,
    Facts,
    Links,
    PassVerdict,
    Verdict,
)
from bot.domain.messages import Pin
from bot.domain.money import Money
from bot.domain.plans import Plan, Stage, Status
from bot.domain.round_terms import Acts
from bot.domain.rounds import Phase
from bot.domain.say import Reply, Say
from bot.domain.spending import PaidTo, PlanMoney
from bot.flows.engine import advance
from bot.flows.state import (
    OTHER,
    AskingPass,
    Browsing,
    CheckingPass,
    ConfirmingPlan,
    ConfirmingVote,
    Draft,
    FixingPass,
    Heard,
    Kind,
    Linking,
    Menu,
    Message,
    Picks,
    Talk,
    Voting,
    Walking,
)
from tests.flows.cast import (
    AFTER,
    ALIKE,
    AT_LEAST,
    AUTHOR,
    BALLOT,
    BETWEEN,
    CODES,
    DEAF,
    EXACTLY,
    FACTS,
    HERS,
    KNAPSACK,
    MINE,
    NOTHING_THERE,
    NOW,
    OTHERS,
    PASS_ROUND,
    PER_THEME,
    PLANS,
    RESULTS_ONLY,
    TOKEN,
    VOTE,
    a_round,
    facts_of,
    talk,
)
from tests.flows.golden import OSDORP, files, play
from tests.flows.steps import late, note, photo, take, tap, typed
from tests.flows.test_needs import FACTS as WIDE
from tests.flows.test_needs import PAID, STATES, messages
from tests.need import ROOT

LONG_TITLE = "Een heel lange titel van een plan voor de buurt en de straat"
REASON = "Er ligt een grote kabel onder het plein, die niet weg kan. " * 4
LATER = a_round("later", {Phase.COLLECTING: 30, Phase.VOTING: 60})
SOON = a_round("soon", {Phase.SUPPORTING: 10, Phase.REVIEWING: 20})
WITH_ALL = replace(
    HERS[1],
    title={"nl": LONG_TITLE},
    status=Status.CHOSEN,
    contact="Chantal",
    cost=Money.euros(12_500),
    history=(Stage(Status.INFEASIBLE, NOW, {"nl": REASON[:240]}),),
)
SPOKEN = replace(HERS[0], title={"tr": ""})
SUMMED = replace(OTHERS[0], summary={"nl": REASON[:240], "en": "For the children."})
HERS_ALL: tuple[Plan, ...] = tuple(
    replace(WITH_ALL, number=100 + n, status=status) for n, status in enumerate(Status)
)
CHOSEN = tuple(replace(WITH_ALL, number=110 + n, round=VOTE) for n in range(20))


def everywhere_but_here(acts: Acts) -> Facts:
    """Return facts on WhatsApp, where the rounds leave only these acts open."""
    rounds = tuple(replace(each, acts=acts) for each in FACTS.rounds)
    page = Links("", "https://buurt.example/phone")
    return replace(FACTS, channel="whatsapp", rounds=rounds, links=page)


SCENES: tuple[tuple[Facts, datetime], ...] = (
    (FACTS, NOW),
    (AUTHOR, NOW),
    (WIDE, NOW),
    (replace(WIDE, about=About("checkin", MINE)), NOW),
    (replace(AUTHOR, about=About("results", MINE)), NOW),
    (DEAF, NOW),
    (replace(BETWEEN, rounds=(LATER,)), NOW),
    (BETWEEN, NOW),
    (replace(BETWEEN, rounds=(SOON,)), NOW),
    (everywhere_but_here(RESULTS_ONLY), NOW),
    (everywhere_but_here(NOTHING_THERE), NOW),
    (replace(FACTS, me=replace(FACTS.me, plans=(SPOKEN,))), NOW),
    (AUTHOR, AFTER),
    (replace(WIDE, chosen=CHOSEN), AFTER),
    (
        replace(FACTS, rounds=(*FACTS.rounds, OSDORP), links=Links("https://x.nl/#b")),
        NOW,
    ),
    (replace(FACTS, plans={**PLANS, 62: SUMMED, MINE: WITH_ALL}), NOW),
    (replace(AUTHOR, me=replace(AUTHOR.me, asked_data_at=NOW)), NOW),
    (replace(FACTS, earlier={VOTE: (21, 30, 44)}), NOW),
    (
        replace(FACTS, me=replace(FACTS.me, plans=HERS_ALL, voted=frozenset({VOTE}))),
        NOW,
    ),
)


@cache
def replies() -> tuple[Reply, ...]:
    """Return every reply that was seen, once."""
    found: dict[object, Reply] = {}
    for reply in _all():
        found.setdefault(_known_by(reply), reply)
    return tuple(found.values())


def _known_by(reply: Reply) -> object:
    """Return what tells two replies apart, without the time of a whole `repr`."""
    labels = [each.label for each in reply.buttons]
    details = [each.detail for each in reply.buttons if each.detail]
    rows = (*reply.says, *labels, *details, *(reply.aloud or ()))
    said = tuple((row.msgid, repr(row.params) if row.params else "") for row in rows)
    ids = tuple(each.id for each in reply.buttons)
    return len(reply.says), said, ids, reply.sound, reply.secret, reply.picture


def _all() -> Iterator[Reply]:
    for path in files():
        for _, resident in play(path.read_text(encoding="utf-8")):
            for turn in resident.steps:
                yield from turn.replies
    for before in _talks():
        said = messages(before)
        for facts, now in SCENES:
            for message in said:
                yield from advance(before, message, facts, now).replies
    yield from _particular()


def _talks() -> Iterator[Talk]:
    for state in STATES:
        full = talk(state, text="Een bankje", picks=(21,), offered=("support:62",))
        yield replace(full, revision=Draft("Twee bankjes"))
        yield Talk(state, "nl", misses=2, picks=Picks(VOTE))
        yield Talk(state, misses=1)


def _particular() -> Iterator[Reply]:
    """Yield what needs more than one step, or a moment of its own."""
    rest = talk(Menu())
    seen = {plan.number: replace(plan, supported=True) for plan in OTHERS}
    for does, facts in (
        ("bsn 111222333", FACTS),
        ("voorlezen", FACTS),
        ("niet voorlezen", FACTS),
        (photo(), FACTS),
        (Message(Kind.PIN, pin=Pin(52.38, 4.81)), FACTS),
        ("60", replace(AUTHOR, plans={MINE: WITH_ALL})),
        ("steun 62", replace(FACTS, plans=seen)),
        ("volg 62", replace(FACTS, plans={62: replace(OTHERS[0], followed=True)})),
        ("steun 60", AUTHOR),
        ("steun 63 62 10", FACTS),
        ("stem 12 21 30 31 40", FACTS),
    ):
        yield from take(rest, does, facts).replies
    for state in STATES:
        before = talk(state, text="Een bankje", picks=(21, 30, 31))
        yield from advance(
            before, note(before, heard=Heard.NOTHING), FACTS, NOW
        ).replies
        yield from advance(before, typed(before, "40 12 21"), FACTS, NOW).replies
        yield from advance(before, Message(), FACTS, NOW + timedelta(days=400)).replies
        yield from advance(before, tap("plan:42"), FACTS, NOW).replies
        yield from advance(before, late(before, "ja"), FACTS, NOW).replies
        for tongue in ("tr", OTHER):
            heard = Heard.BADLY if tongue == OTHER else Heard.WELL
            spoken = note(before, "Bir bank", heard=heard, tongue=tongue)
            yield from advance(before, spoken, FACTS, NOW).replies
    yield from _limits()
    yield from _linking()
    yield from _recordings()
    yield from _money()
    yield from _underway()
    yield from _offers()
    yield from _passes()
    placed = Talk(
        ConfirmingPlan(), "nl", draft=Draft("Een bankje", pin=Pin(52.38, 4.81))
    )
    yield from take(placed, "herhaal").replies
    loose = (*BALLOT.plans, replace(BALLOT.plans[0], number=70, theme=None))
    themes = replace(FACTS, papers={VOTE: replace(BALLOT, plans=loose)})
    yield from take(talk(Voting(), picks=()), tap("vote:help"), themes).replies
    many = tuple(
        replace(
            plan,
            title={"nl": LONG_TITLE},
            summary={"nl": REASON},
            already={"nl": REASON},
        )
        for plan in BALLOT.plans
    )
    full = replace(FACTS, papers={VOTE: replace(BALLOT, plans=many)})
    room = take(talk(Menu()), "stem 21 30", full)
    yield from room.replies
    first = take(room.talk, tap("theme:green"), full)
    listed = take(first.talk, tap("vote:list"), full)
    yield from (*first.replies, *listed.replies)
    last = talk(Walking("together", 3), picks=(21,))
    yield from take(last, "volgende", full).replies


def _limits() -> Iterator[Reply]:
    """Yield what the limits of a ballot lead to, each before and after a choice."""
    for each in (KNAPSACK, AT_LEAST, EXACTLY, PER_THEME, ALIKE):
        facts = facts_of(each)
        for does in ("vote", "vote 40 41 10", "vote 21 22 42 43 30 31 11", "vote 21"):
            yield from take(talk(Menu()), does, facts).replies
        for picks in ((21,), (21, 21), (40,), (10, 20, 30)):
            before = talk(ConfirmingVote(), picks=picks)
            yield from take(before, "yes", facts).replies
            browsing = replace(before, state=Browsing())
            yield from take(browsing, "11", facts).replies


def _linking() -> Iterator[Reply]:
    """Yield what a word leads to, right or wrong, and a vote in another app."""
    for verdict in Verdict:
        facts = replace(FACTS, verdict=verdict)
        yield from take(talk(Linking()), "62 sunflower", facts).replies
    new = replace(AUTHOR, me=replace(AUTHOR.me, has_word=False))
    for does in ("link", "my data"):
        yield from take(talk(Menu()), does, new).replies
    for linked in (True, False):
        known = replace(AUTHOR, me=replace(AUTHOR.me, linked_after=linked))
        for does in ("link", "unlink"):
            yield from take(talk(Menu()), does, known).replies
    elsewhere = replace(FACTS.me, voted_elsewhere=frozenset({VOTE}))
    yield from take(talk(Menu()), "vote", replace(FACTS, me=elsewhere)).replies


def _passes() -> Iterator[Reply]:
    """Yield what becomes of a pass, and how a part of it is read back."""
    facts = replace(FACTS, rounds=(PASS_ROUND, *FACTS.rounds[1:]))
    yield from take(talk(Menu()), "privacy", facts).replies
    for verdict in PassVerdict:
        told = Admission(verdict, VOTE, "1.test.aa", again=True, test=True)
        shown = replace(facts, admission=told)
        yield from take(talk(Menu()), CODES[0], shown).replies
    for state in (AskingPass(), CheckingPass(4), CheckingPass(8), FixingPass()):
        before = replace(talk(state), picks=Picks(VOTE, code=CODES[0][:8]))
        for does in ("no", "yes", "471", "4711 0815", "2", tap("group:1")):
            yield from take(before, does, facts).replies
        for kind in (Kind.PHOTO_ARRIVED, Kind.PHOTO):
            yield from take(before, Message(kind), facts).replies
    right = Admission(PassVerdict.RIGHT, VOTE, "1.resident.aa")
    seen = Message(Kind.PHOTO, act="pass", code=TOKEN)
    shown = replace(facts, admission=right)
    yield from take(talk(AskingPass()), seen, shown).replies


def _money() -> Iterator[Reply]:
    """Yield what is told of payments to each kind of receiver, and the choice."""
    yield from take(talk(Menu()), "money", replace(FACTS, chosen=CHOSEN)).replies
    yield from take(talk(Menu()), "opinion", replace(FACTS, asked_trust=True)).replies
    for each in PaidTo:
        lines = (replace(PAID, paid_to=each),)
        paid = PlanMoney(WITH_ALL, Money.euros(500), Money.euros(12), lines)
        known = replace(FACTS, money={paid.plan.number: paid})
        yield from take(talk(Menu()), "money", known).replies


def _underway() -> Iterator[Reply]:
    """Yield how a chosen plan is looked after, and what a published count adds."""
    number = WITH_ALL.number
    steps = tuple(Step(who, key) for key, who in TEMPLATE)
    told = (Line(NOW, {"nl": "De tegels zijn besteld."}),)
    me = replace(AUTHOR.me, plans=(WITH_ALL,))
    plans = {**AUTHOR.plans, number: WITH_ALL}
    for is_late in (False, True):
        care = Care(NOW - timedelta(days=3), NOW, is_late=is_late, steps=steps)
        hers = replace(AUTHOR, me=me, plans=plans, cares={number: care})
        known = replace(hers, lines={number: told})
        for does in ("status", f"status {number}"):
            yield from take(talk(Menu()), does, known).replies
    counts = {VOTE: "https://buurt.example/open/rounds/x"}
    published = replace(WIDE, chosen=CHOSEN, counts=counts)
    yield from advance(
        talk(Menu()), typed(talk(Menu()), "result"), published, AFTER
    ).replies


def _offers() -> Iterator[Reply]:
    """Yield what "I disagree" leads to, and a kept plan that is not renewed."""
    number = WITH_ALL.number
    about = About("results", number)
    me = replace(AUTHOR.me, plans=(WITH_ALL,))
    hers = replace(AUTHOR, me=me, about=about, shows_number=True)
    for facts in (FACTS, replace(FACTS, shows_number=True), hers):
        yield from take(talk(Menu()), "I disagree", facts).replies
    renewed = About("renew", MINE, text="Een bankje", round=LATER.slug)
    for does in ("yes", "no"):
        kept = replace(AUTHOR, about=renewed)
        yield from take(talk(Menu()), does, kept).replies


def _recordings() -> Iterator[Reply]:
    """Yield what is said about recordings that she has let us keep, or has not."""
    for may in (True, False):
        facts = replace(FACTS, me=replace(FACTS.me, may_record=may))
        for does in ("privacy", tap("recording:no")):
            yield from take(talk(Menu()), does, facts).replies


def ids_of(reply: Reply) -> Iterator[str]:
    """Yield the message ids of a reply, written and said, and of its buttons."""
    for button in reply.buttons:
        yield from ids_in(button.label)
        if button.detail is not None:
            yield from ids_in(button.detail)
    for say in (*reply.says, *(reply.aloud or ())):
        yield from ids_in(say)


def ids_in(say: Say) -> Iterator[str]:
    """Yield the message id of a row and of the rows that are its parameters."""
    yield say.msgid
    for value in say.params.values():
        if isinstance(value, Say):
            yield from ids_in(value)


def marked() -> dict[str, str]:
    """Return every message id that is marked in the flows, with its file."""
    found = {}
    for path in sorted((ROOT / "bot" / "flows").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
                found[ast.literal_eval(node.args[0])] = path.name
    return found

"""Everything that can come in, anywhere, at any moment: for Hypothesis."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from bot.domain.ballots import BallotPaper
from bot.domain.facts import (
    About,
    Admission,
    Facts,
    Links,
    Me,
    PassVerdict,
    Verdict,
)
from bot.domain.languages import LANGUAGES
from bot.domain.messages import Pin
from bot.domain.money import Money
from bot.domain.plans import Plan, Status
from bot.domain.round_terms import Act, BallotKind, BallotRules
from bot.domain.rounds import Phase, Round
from bot.domain.text import clean
from bot.domain.trust import MARKS
from bot.flows.reading import read_note, read_start, read_tap, read_text
from bot.flows.state import (
    OTHER,
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
    Talk,
    TellingMore,
    Voting,
    Walking,
    Wish,
    Withdrawing,
)
from bot.flows.vocabulary import VERBS, WORDS
from tests.flows.cast import NOW, THEMES, a_round, ballot_plan, open_plan

SLUGS = ("slotermeer-2026", "slotermeer-2027", "osdorp-2027")
NUMBERS = (10, 11, 20, 21, 22, 30, 31, 60, 61, 62)
ACTS = sorted({*WORDS, *VERBS})
PHRASES = sorted(
    {
        phrase
        for table in (WORDS, VERBS)
        for texts in table.values()
        for words in texts.values()
        for phrase in words.split("|")
    }
)
BUTTONS = (
    *ACTS,
    *(f"{act}:{n}" for act in ("plan", "support", "follow") for n in NUMBERS),
    *(f"{act}:{n}" for act in ("money", "bill") for n in NUMBERS),
    *MARKS,
    *(f"{act}:{n}" for act in ("change", "withdraw") for n in NUMBERS),
    *(f"lang:{language}" for language in LANGUAGES),
    *(f"round:{slug}" for slug in SLUGS),
    *(f"theme:{theme.key}" for theme in THEMES),
)

ANSWERS = ("yes", "no", "back", "done", "skip", "forget:keep", "forget:drop")
TYPED_ANSWERS = ("yes", "ja", "evet", "نعم", "no", "1", "2", "21 30", "62", "done")
STARTS = ("k_m8y232maevhwaypj8khb", "k_m8y232maevhwaypj8khb_tr", "k_m8y2")
SHOWN = ("4711 0815 4216", "٤٧١١ ٠٨١٥ ٤٢١٦", "4711 0815 4217", "4711", "0815-4216")

numbers = st.sampled_from(NUMBERS)
media = st.integers(1, 999)
said_numbers = st.lists(st.integers(-1, 400), min_size=1, max_size=6).map(
    lambda found: " ".join(map(str, found))
)
phrases = st.sampled_from(PHRASES)
words = st.one_of(
    phrases,
    said_numbers,
    st.builds("{} {}".format, phrases, said_numbers),
    st.builds("{}, {}".format, phrases, phrases),
    st.text(max_size=80),
    st.just("x" * 4_001),
)
pins = st.builds(Pin, st.floats(-90, 90), st.floats(-180, 180))
drafts = st.builds(
    Draft,
    st.text(max_size=40).map(lambda text: clean(text).text),
    st.tuples(media) | st.just(()),
    st.tuples(media) | st.just(()),
    st.none() | pins,
    st.booleans(),
    st.booleans(),
    st.none() | st.sampled_from(SLUGS),
)
wishes = st.builds(
    Wish,
    st.sampled_from(["", "een bank in het park"]),
    st.none() | st.sampled_from(ACTS),
    st.tuples(numbers) | st.just(()),
    st.tuples(media) | st.just(()),
    st.tuples(media) | st.just(()),
    st.booleans(),
)
maybe_number = st.none() | numbers
resting = st.one_of(
    st.just(Menu()),
    st.builds(ChoosingRound, st.sampled_from(["plan", "store", "vote"])),
    st.builds(DescribingPlan, maybe_number),
    st.builds(ConfirmingPlan, maybe_number),
    st.builds(PlacingPlan, numbers),
    st.builds(AskingConsent, numbers),
    st.just(AskingRecording()),
    st.builds(Withdrawing, numbers),
    st.just(AskingPass()),
    st.builds(CheckingPass, st.sampled_from([4, 8, 12])),
    st.builds(FixingPass, st.integers(0, 4)),
    st.just(Voting()),
    st.builds(Browsing, st.sampled_from(["", "green", "gone"]), st.integers(0, 3)),
    st.builds(
        Walking, st.sampled_from(["green", "gone"]), st.integers(0, 12), st.booleans()
    ),
    st.just(ConfirmingVote()),
    st.just(SeeingVote()),
    st.builds(NamingPlan, st.sampled_from(["support", "follow"])),
    st.builds(LeavingNumber, maybe_number, st.sampled_from(["", "06 12345671"])),
    st.builds(TellingMore, st.sampled_from(["person", "stuck"]), maybe_number),
    st.builds(
        SharingName, st.integers(10, 99), st.sampled_from(["", "Fatma 0612345678"])
    ),
    st.just(ChoosingWord()),
    st.builds(Linking, maybe_number),
    st.just(Forgetting()),
    st.builds(AskingBill, media, st.sampled_from(["", "verf"])),
    st.builds(PricingBill, numbers, media),
    st.builds(ConfirmingBill, numbers, media, st.integers(1, 10**8)),
    st.builds(
        AskingTrust,
        st.sampled_from(SLUGS),
        st.sampled_from(["before", "after"]),
        st.integers(0, 2),
    ),
)
checked = st.builds(
    Checking,
    resting,
    st.none() | st.sampled_from(ACTS),
    st.tuples(numbers) | st.just(()),
    st.sampled_from(["ja", "62", "06 12 34 56 77"]),
    st.none() | media,
)
waiting = resting | checked
states = waiting | st.builds(ChoosingLanguage, st.none() | wishes, st.none() | waiting)
picks = st.builds(
    Picks,
    st.sampled_from([SLUGS[0], *SLUGS, ""]),
    st.lists(st.sampled_from(NUMBERS[:7]), max_size=3, unique=True).map(tuple),
    st.sampled_from(["", "", "1.resident.aa"]),
    st.sampled_from(["", "", "4711", "47110815", "471108154216"]),
)
talks = st.builds(
    Talk,
    states,
    st.sampled_from([*LANGUAGES, None]),
    st.lists(st.sampled_from(BUTTONS), max_size=10, unique=True).map(tuple),
    st.integers(0, 3),
    drafts | st.none(),
    drafts | st.none(),
    picks | st.none(),
    st.sampled_from([None, True, False]),
)


@st.composite
def rounds_now(draw: st.DrawFn) -> tuple[Round, ...]:
    """Return no to three rounds, each in any phase at NOW, or not begun yet."""
    slugs = draw(st.sampled_from([SLUGS[:2], (), SLUGS[:1], SLUGS[1:2], SLUGS]))
    usual = dict(zip(SLUGS, (3, 0, 0), strict=True))
    phases = st.integers(-1, 6)
    return tuple(_in_phase(slug, draw(st.just(usual[slug]) | phases)) for slug in slugs)


def _in_phase(slug: str, begun: int) -> Round:
    days = {phase: (n - begun) * 10 - 1 for n, phase in enumerate(Phase)}
    return a_round(slug, days)


@st.composite
def _eligible(draw: st.DrawFn, a_round: Round) -> Round:
    acts = draw(st.just({}) | _ACTS)
    who = draw(st.sampled_from(["address", "pass"]))
    return replace(a_round, eligibility=who, acts=acts)


_ACTS = st.frozensets(st.sampled_from(Act)).map(lambda acts: {"console": acts})
"""What is laid open in the channel of these facts."""

_RULES = st.sampled_from(
    [
        BallotRules(BallotKind.APPROVAL, 3),
        BallotRules(BallotKind.APPROVAL, 3, min_picks=2, per_theme={"green": 2}),
        BallotRules(BallotKind.KNAPSACK, 3, budget=Money.euros(20_000)),
        BallotRules(BallotKind.ONE, 1),
    ]
)


@st.composite
def worlds(draw: st.DrawFn) -> Facts:
    """Return facts that can be: ballots of the rounds in voting, plans, herself."""
    rounds = tuple(draw(_eligible(each)) for each in draw(rounds_now()))
    voting = [each.slug for each in rounds if each.takes_votes(NOW)]
    ballot = tuple(ballot_plan(n, "green") for n in NUMBERS[:7])
    plans = draw(st.lists(_plans, max_size=4, unique_by=lambda plan: plan.number))
    mine = tuple(plan for plan in plans if plan.mine)
    return Facts(
        city=draw(st.sampled_from(["", "Amsterdam"])),
        rounds=rounds,
        papers={slug: BallotPaper(slug, ballot, draw(_RULES)) for slug in voting},
        me=draw(_people(mine)),
        plans={plan.number: plan for plan in (*ballot, *plans)},
        about=draw(st.none() | st.builds(About, _KINDS, numbers)),
        links=Links(draw(st.sampled_from(["", "https://buurt.example/#b"]))),
        next_number=64,
        receipt="KXQ4-7M2P",
        can_listen=draw(st.booleans()),
        shows_number=draw(st.booleans()),
        asks_consent=draw(st.booleans()),
        verdict=draw(st.none() | st.sampled_from(Verdict)),
        admission=draw(st.none() | _admissions),
        pass_digits=draw(st.sampled_from([{}, {SLUGS[0]: 12}, {SLUGS[0]: 16}])),
    )


_admissions = st.builds(
    Admission,
    st.sampled_from([*PassVerdict, PassVerdict.RIGHT]),
    st.just(SLUGS[0]),
    st.just("2.resident.bb"),
    st.booleans(),
    st.booleans(),
)


_KINDS = st.sampled_from(["results", "checkin"])


@st.composite
def _a_plan(draw: st.DrawFn) -> Plan:
    status = draw(st.sampled_from(Status))
    mine, public = draw(st.booleans()), draw(st.booleans())
    return open_plan(draw(numbers), status, public=public, mine=mine)


_plans = _a_plan()


def _people(mine: tuple[Plan, ...]) -> st.SearchStrategy[Me]:
    return st.builds(
        Me,
        voter=st.just("ayse"),
        plans=st.just(mine),
        voted=st.frozensets(st.sampled_from(SLUGS)),
        voted_elsewhere=st.just(frozenset()) | st.just(frozenset(SLUGS[:1])),
        has_word=st.booleans(),
        linked_after=st.booleans(),
        may_write=st.none() | st.booleans(),
        may_record=st.none() | st.booleans(),
        stopped=st.booleans(),
        since=st.none() | st.just(NOW - timedelta(days=9)),
    )


@st.composite
def messages(draw: st.DrawFn, before: Talk) -> Message:
    """Return anything that can come in, as the service hands it over."""
    kind = draw(st.sampled_from(["answer", "text", "tap", "note", "other"]))
    if kind == "answer":
        return draw(st.sampled_from(ANSWERS).map(read_answer) | _typed_answers(before))
    if kind == "text":
        text = clean(draw(words))
        return read_text(
            before,
            text.text,
            masked=text.masked,
            too_long=text.too_long,
            stale=draw(st.booleans()),
        )
    if kind == "tap":
        button = draw(st.sampled_from(BUTTONS) | st.text(max_size=64))
        return read_tap(button, stale=draw(st.booleans()))
    if kind == "note":
        language = draw(st.none() | st.sampled_from(LANGUAGES))
        clear = language if before.language is None else None
        heard = draw(st.sampled_from(Heard))
        read = read_note(before, clean(draw(words)).text, draw(media), heard, clear)
        return replace(read, tongue=draw(st.sampled_from((None, OTHER, *LANGUAGES))))
    other: Message = draw(_others)
    return other


def read_answer(button: str) -> Message:
    """Return a tap on the question that is open."""
    return read_tap(button, stale=False)


def _typed_answers(before: Talk) -> st.SearchStrategy[Message]:
    return st.builds(
        lambda text, stale: read_text(before, text, stale=stale),
        st.sampled_from((*TYPED_ANSWERS, *SHOWN)),
        st.booleans(),
    )


_others = st.one_of(
    st.builds(Message, kind=st.just(Kind.NOTE_ARRIVED), media=media),
    st.builds(Message, kind=st.just(Kind.PHOTO), media=media),
    st.builds(Message, kind=st.just(Kind.PHOTO), media=media, text=st.just("zo")),
    st.builds(Message, kind=st.just(Kind.PIN), pin=pins),
    st.just(Message(Kind.UNKNOWN)),
    st.builds(
        read_start, st.sampled_from([*STARTS, "p21", "p62", "vote", "", "p9999"])
    ),
)

_inputs = st.one_of(
    words.filter(lambda text: "\n" not in text),
    st.sampled_from(BUTTONS).map("[{}]".format),
    st.sampled_from(["(unsure) ja", "(unsure) nee", "(note) jaa", "(unsure) steun 62"]),
    st.sampled_from(["[yes] old", "(mumble)", "(silence)", "(sticker)", "(photo)"]),
    st.sampled_from(["(pin) 52.38 4.81", "(link) p62", "(link) vote", "1", "2"]),
    phrases.map("(note) {}".format),
    said_numbers.map("(note tr) {}".format),
)
_fragments = st.sampled_from(
    [
        ("een bank onder de bomen", "ja"),
        ("(note) een bank onder de bomen", "[yes]", "sla over"),
        ("stem 21 en 30", "ja"),
        ("[menu:vote]", "[vote:help]", "[theme:green]", "1", "klaar"),
        (
            "[menu:vote]",
            "[vote:help]",
            "[theme:safe]",
            "[yes]",
            "volgende",
            "(note) ja",
        ),
        ("stem", "ja", "nee"),
        ("steun 62",),
        ("vergeet mij", "[forget:drop]"),
        ("plan", "(mumble)", "ja", "(pin) 52.38 4.81"),
        ("[change:64]", "een tuin", "ja"),
        ("[withdraw:64]", "ja"),
        ("koppel", "zonnebloem"),
        ("een bank onder de bomen", "(unsure) ja", "(unsure) ja"),
        ("stem 21 en 30", "(note) jaa", "ja"),
        ("koppel", "[link:there]", "62", "zonnebloem"),
        ("stem 21", "4711 0815 4216", "ja"),
        ("(link) k_m8y232maevhwaypj8khb", "30", "ja", "[vote:other]"),
        ("stem", "(note) vier zeven een een", "ja", "0815 4216", "ja", "21", "ja"),
    ]
)
_doing = st.one_of(_fragments, _inputs.map(lambda line: (line,)), st.just(("ja",))).map(
    lambda lines: [("resident", line) for line in lines]
)
_passing = st.sampled_from(["0.5", "15", "60"]).map(lambda days: [("clock", days)])
_chosen = st.sampled_from(LANGUAGES).map(lambda each: [("resident", f"[lang:{each}]")])
stories = st.builds(
    lambda first, parts: first + [step for part in parts for step in part],
    _chosen | st.just([]),
    st.lists(st.one_of(_doing, _doing, _doing, _passing), min_size=1, max_size=8),
)

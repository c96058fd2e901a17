"""The neighbourhood of these tests: two rounds, plans with titles, facts of both.

One round is in voting (twenty plans in three themes, choose up to three), one collects
plans and supports (at most two plans a person). Saturday noon, 21 November 2026.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from bot.domain.ballots import BallotPaper
from bot.domain.facts import About, Facts, Me
from bot.domain.languages import LANGUAGES, Language
from bot.domain.money import Money
from bot.domain.plans import Plan, Stage, Status, plan_numbers
from bot.domain.round_terms import MOST_PICKS, Act, BallotKind, BallotRules
from bot.domain.rounds import Phase, Round, Theme
from bot.flows.state import Draft, Picks, State, Talk

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
VOTE, COLLECT = "slotermeer-2026", "slotermeer-2027"
MAX_PICKS, PER_PERSON, THRESHOLD = 3, 2, 30

MINE, MINE_PUBLIC, THEIRS, UNREAD = 60, 61, 62, 63
"""Numbers in the collecting round: two of hers, one to support, one not public yet."""
NEXT = 64

_NAMES: Mapping[str, tuple[str, str, str, str]] = {
    "green": ("Boom", "Tree", "Ağaç", "شجرة"),
    "safe": ("Lamp", "Light", "Lamba", "مصباح"),
    "together": ("Maaltijd", "Meal", "Yemek", "وجبة"),
}


def texts(*words: str) -> dict[str, str]:
    """Return words in the order nl, en, tr, ar as a text in four languages."""
    return dict(zip(LANGUAGES, words, strict=True))


THEMES = (
    Theme("green", "🌳", texts("Groen", "Green", "Yeşil", "الطبيعة")),
    Theme("safe", "💡", texts("Veilig", "Safe", "Güvenlik", "الأمان")),
    Theme("together", "🤝", texts("Samen", "Together", "Birlikte", "معاً")),
)


def a_round(slug: str, days: Mapping[Phase, int], **other: object) -> Round:
    """Return a round whose phases begin so many days from NOW."""
    area = "Slotermeer" if slug in {VOTE, COLLECT} else slug.title()
    made = Round(
        slug=slug,
        title=dict.fromkeys(LANGUAGES, f"{area} {slug[-4:]}"),
        municipality="Amsterdam",
        area=dict.fromkeys(LANGUAGES, area),
        zone="Europe/Amsterdam",
        budget=Money.euros(500_000),
        threshold=THRESHOLD,
        plans_per_person=PER_PERSON,
        max_picks=MAX_PICKS,
        legal_basis="a task in the public interest",
        decision="decided by the council",
        starts={phase: NOW + timedelta(days=day) for phase, day in days.items()},
        themes=THEMES,
        streets=("Slotermeerlaan",),
        rules=texts_of_rules(),
        decides=texts(
            "U kiest welke plannen geld krijgen.",
            "You choose which plans get money.",
            "Hangi planların para alacağını siz seçersiniz.",
            "أنتم تختارون الخطط التي تحصل على المال.",
        ),
    )
    return replace(made, **other)  # type: ignore[arg-type]


def texts_of_rules() -> dict[str, tuple[str, ...]]:
    """Return one rule in four languages."""
    rule = texts(
        "Een plan is voor de hele buurt.",
        "A plan is for the whole neighbourhood.",
        "Plan bütün mahalle içindir.",
        "الخطة لكل الحي.",
    )
    return {language: (line,) for language, line in rule.items()}


VOTING_ROUND = a_round(
    VOTE, {Phase.COLLECTING: -90, Phase.VOTING: -7, Phase.COUNTING: 14, Phase.DOING: 28}
)
PASS_ROUND = replace(VOTING_ROUND, eligibility="pass")
CODES = ("471108154216", "230412345680", "887755110090")
TOKEN = "m8y232maevhwaypj8khb"
"""Passes that are open: codes, and the token of a square code."""
COLLECTING_ROUND = a_round(
    COLLECT,
    {
        Phase.COLLECTING: -7,
        Phase.REVIEWING: 60,
        Phase.VOTING: 150,
        Phase.COUNTING: 171,
        Phase.DOING: 185,
    },
)


def ballot_plan(number: int, theme: str) -> Plan:
    """Return a plan on the ballot: "Boom 21" and its cost."""
    return Plan(
        number,
        VOTE,
        Status.ON_BALLOT,
        texts(*(f"{name} {number}" for name in _NAMES[theme])),
        {},
        cost=Money.euros(number * 500),
        theme=theme,
        public=True,
    )


def _themed() -> tuple[Plan, ...]:
    """Twenty plans: eleven green ones (two pages), five safe, four together."""
    themes = ["green"] * 11 + ["safe"] * 5 + ["together"] * 4
    numbers = list(islice(plan_numbers(), 20))
    return tuple(map(ballot_plan, numbers, themes))


RULES = BallotRules(BallotKind.APPROVAL, MAX_PICKS)
BALLOT = BallotPaper(VOTE, _themed(), RULES)


KNAPSACK = replace(
    VOTING_ROUND,
    ballot_kind=BallotKind.KNAPSACK,
    max_picks=MOST_PICKS,
    ballot_budget=Money.euros(30_000),
)
"""Plan 10 costs 5,000 euros, plan 21 10,500, plan 30 15,000, plan 40 20,000."""
AT_LEAST = replace(VOTING_ROUND, min_picks=3, max_picks=5)
EXACTLY = replace(VOTING_ROUND, min_picks=MAX_PICKS)
PER_THEME = replace(
    VOTING_ROUND,
    max_picks=5,
    themes=(
        replace(THEMES[0], max_picks=2),
        replace(THEMES[1], max_picks=1),
        THEMES[2],
    ),
)
ALIKE = replace(
    VOTING_ROUND, themes=tuple(replace(each, max_picks=2) for each in THEMES)
)
RESULTS_ONLY = {"whatsapp": frozenset({Act.RESULTS})}
NOTHING_THERE = {"whatsapp": frozenset[Act](), "web": frozenset({Act.RESULTS})}


def ballot_of(a_round: Round) -> BallotPaper:
    """Return the ballot of these tests under the rules of `a_round`."""
    return BallotPaper(VOTE, BALLOT.plans, a_round.ballot)


def facts_of(a_round: Round, **other: object) -> Facts:
    """Return the facts of a neighbourhood whose vote goes by `a_round`."""
    papers = {VOTE: ballot_of(a_round)}
    facts = replace(FACTS, rounds=(a_round, COLLECTING_ROUND), papers=papers)
    return replace(facts, **other)  # type: ignore[arg-type]


def open_plan(number: int, status: Status, *, public: bool, mine: bool) -> Plan:
    """Return a plan in the collecting round."""
    told = Stage(Status.RECEIVED, NOW - timedelta(days=3), {})
    return Plan(
        number,
        COLLECT,
        status,
        texts(f"Bank {number}", f"Bench {number}", f"Bank {number}", f"مقعد {number}"),
        {},
        public=public,
        mine=mine,
        history=(told,) if mine else (),
    )


HERS = (
    open_plan(MINE, Status.RECEIVED, public=False, mine=True),
    open_plan(MINE_PUBLIC, Status.PUBLIC, public=True, mine=True),
)
OTHERS = (
    open_plan(THEIRS, Status.PUBLIC, public=True, mine=False),
    open_plan(UNREAD, Status.RECEIVED, public=False, mine=False),
)
PLANS = {plan.number: plan for plan in (*BALLOT.plans, *HERS, *OTHERS)}

FACTS = Facts(
    city="Amsterdam",
    channel="telegram",
    rounds=(VOTING_ROUND, COLLECTING_ROUND),
    papers={VOTE: BALLOT},
    me=Me(voter="ayse", since=NOW - timedelta(days=30)),
    plans=PLANS,
    next_number=NEXT,
    receipt="KXQ4-7M2P",
)
AUTHOR = replace(FACTS, me=replace(FACTS.me, plans=HERS))
DEAF = replace(FACTS, can_listen=False)
WHATSAPP = replace(FACTS, channel="whatsapp", shows_number=True, asks_consent=True)
BETWEEN = replace(FACTS, rounds=(), papers={})
AFTER = NOW + timedelta(days=15)
"""Voting closed a day before, counting goes on."""
RESULTS = replace(AUTHOR, about=About("results", MINE_PUBLIC))
CHECK_IN = replace(AUTHOR, about=About("checkin", MINE_PUBLIC))


def talk(
    state: State,
    language: Language = "en",
    *,
    text: str = "",
    picks: tuple[int, ...] | None = None,
    offered: tuple[str, ...] = (),
) -> Talk:
    """Return a talk in `state`, with a draft of these words and these picks."""
    return Talk(
        state,
        language,
        offered,
        draft=Draft(text) if text else None,
        picks=None if picks is None else Picks(VOTE, picks),
    )

"""Facts for the terminal: two rounds, a few plans, a pass, no database."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.ballots import BallotPaper
from bot.domain.facts import Admission, Facts, PassVerdict
from bot.domain.money import Money
from bot.domain.passes import is_code, is_token
from bot.domain.plans import Plan, Status
from bot.domain.round_terms import BallotKind, BallotRules
from bot.domain.rounds import HOME_ZONE, Phase, Round, Theme

_TITLES = {
    10: ("Bankje in het park", "Bench in the park", "Parkta bank", "مقعد في الحديقة"),
    11: ("Taalcafé", "Language café", "Dil kahvesi", "مقهى اللغة"),
    20: (
        "Zwemuur voor vrouwen",
        "Swimming for women",
        "Kadınlara yüzme",
        "سباحة للنساء",
    ),
    21: ("Lampen bij de tunnel", "Lights at the tunnel", "Tünele ışık", "إنارة النفق"),
    22: ("Voetbalkooi", "Football cage", "Futbol sahası", "ملعب كرة"),
    30: ("Samen koken", "Cooking together", "Birlikte yemek", "نطبخ معاً"),
}
_THEMES = (
    Theme(
        "green", "🌳", {"nl": "Groen", "en": "Green", "tr": "Yeşil", "ar": "الطبيعة"}
    ),
    Theme(
        "together",
        "🤝",
        {"nl": "Samen", "en": "Together", "tr": "Birlikte", "ar": "معاً"},
    ),
)


def sample_facts(now: datetime) -> Facts:
    """Return a world in which plans are collected and votes are taken at `now`."""
    plans = tuple(_plan(n, titles) for n, titles in _TITLES.items())
    rules = BallotRules(BallotKind.APPROVAL, max_picks=3)
    paper = BallotPaper("sample-vote", plans, rules)
    return Facts(
        city="Amsterdam",
        rounds=(
            _round("sample-vote", now, {Phase.VOTING: -7, Phase.COUNTING: 21}),
            _round("sample-plan", now, {Phase.COLLECTING: -7, Phase.REVIEWING: 60}),
        ),
        papers={paper.round: paper},
        plans={plan.number: plan for plan in plans},
        next_number=31,
        receipt="4821\u00a07730",
        can_listen=False,
    )


def by_pass(rounds: tuple[Round, ...]) -> tuple[Round, ...]:
    """Return the rounds as if one voted with a pass in them."""
    return tuple(replace(each, eligibility="pass") for each in rounds)


def sample_admission(secret: str) -> Admission:
    """Return what a pass is worth in the terminal: there is one, `SAMPLE_PASS`."""
    if secret == SAMPLE_PASS:
        return Admission(PassVerdict.RIGHT, "sample-vote", "sample", test=True)
    known = is_token(secret) or is_code(secret)
    return Admission(PassVerdict.UNKNOWN if known else PassVerdict.SLIP)


SAMPLE_PASS = "471108154216"  # noqa: S105 - anybody may use it


def _plan(number: int, titles: tuple[str, ...]) -> Plan:
    texts = dict(zip(("nl", "en", "tr", "ar"), titles, strict=True))
    theme = "green" if number % 2 == 0 else "together"
    cost = Money.euros(number * 500)
    return Plan(
        number,
        "sample-vote",
        Status.ON_BALLOT,
        texts,
        {},
        cost=cost,
        theme=theme,
        public=True,
        picture=number if theme == "green" else None,
    )


def _round(slug: str, now: datetime, days: dict[Phase, int]) -> Round:
    starts = {phase: now + timedelta(days=day) for phase, day in days.items()}
    last = max(starts.values())
    starts |= {Phase.DOING: last + timedelta(days=14)}
    name = {"nl": "Voorbeeldbuurt", "en": "Sample", "tr": "Örnek", "ar": "مثال"}
    return Round(
        slug=slug,
        title=name,
        municipality="Amsterdam",
        area=name,
        zone=HOME_ZONE,
        budget=Money.euros(500_000),
        threshold=30,
        plans_per_person=3,
        max_picks=3,
        legal_basis="sample",
        decision="sample",
        starts=starts,
        themes=_THEMES,
    )

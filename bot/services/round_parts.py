"""The parts of a round file: phases, ballots, themes, voters, the count.

Each reads itself strictly and returns the domain's value. What two parts have to agree
on stands in `bot.services.round_form`.
"""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    field_validator,
)

from bot.domain.money import MessageBudget, Money
from bot.domain.round_terms import (
    MOST_PICKS,
    ROUTES,
    Act,
    Allocation,
    BallotKind,
    BallotRules,
    Preselection,
    Quota,
    Retention,
    Rule,
    Tie,
    Vote,
    VoterClass,
    VoterKind,
    Weight,
)
from bot.domain.rounds import Phase, Theme
from bot.services.round_values import (
    BUTTON,
    Cents,
    Euros,
    FourTexts,
    Instant,
    Line,
    Once,
    Part,
    Portion,
    Slug,
    Words,
    amount,
    one_amount,
    one_of,
)

MOST_PASSES = 1_000_000
_MOST_DAYS = 3_650

_Picks = Annotated[int, Field(ge=1, le=MOST_PICKS)]
_Days = Annotated[int, Field(ge=1, le=_MOST_DAYS)]
_Kind = Annotated[VoterKind, one_of(VoterKind)]
_Kinds = Annotated[list[_Kind], Field(min_length=1), Once]


def _route(value: str) -> str:
    if value not in ROUTES:
        raise ValueError(f"must be one of {', '.join(ROUTES)}")
    return value


Route = Annotated[str, AfterValidator(_route)]
Allowed = Annotated[list[Annotated[Act, one_of(Act)]], Once]
_Votes = Annotated[list[Annotated[Vote, one_of(Vote)]], Field(min_length=1), Once]
_Ties = Annotated[list[Annotated[Tie, one_of(Tie)]], Field(min_length=1), Once]


class PhasesPart(Part):
    """When each phase begins; supporting, reviewing and closed may be left out."""

    collecting: Instant
    supporting: Instant | None = None
    reviewing: Instant | None = None
    voting: Instant
    counting: Instant
    doing: Instant
    closed: Instant | None = None

    @field_validator("*")
    @classmethod
    def _in_order(cls, at: datetime | None, info: ValidationInfo) -> datetime | None:
        before = [(name, each) for name, each in info.data.items() if each]
        if at and before and at <= before[-1][1]:
            raise ValueError(f"does not begin after {before[-1][0]}")
        return at

    def value(self) -> dict[Phase, datetime]:
        """Return the phases this round has."""
        found = {phase: getattr(self, phase.value) for phase in Phase}
        return {phase: at for phase, at in found.items() if at}


class BallotPart(Part):
    """What one ballot may hold."""

    kind: Annotated[BallotKind, one_of(BallotKind)] = BallotKind.APPROVAL
    min: _Picks = 1
    max: _Picks | None = Field(None, validate_default=True)
    budget_euros: Euros | None = None
    budget_cents: Cents | None = None

    _one_amount = field_validator("budget_cents")(one_amount)

    @field_validator("max")
    @classmethod
    def _fits_its_kind(cls, most: int | None, info: ValidationInfo) -> int | None:
        kind, least = info.data.get("kind"), info.data.get("min", 1)
        if kind is BallotKind.APPROVAL and most is None:
            raise ValueError("is missing: how many plans may one ballot name?")
        if kind is BallotKind.ONE and (most or least) != 1:
            raise ValueError("must be 1 where a ballot names one plan")
        if most is not None and most < least:
            raise ValueError(f"must be {least} or more, as min is")
        return most

    @field_validator("budget_euros", "budget_cents")
    @classmethod
    def _is_a_knapsack(cls, sum_: int | None, info: ValidationInfo) -> int | None:
        kind = info.data.get("kind", BallotKind.KNAPSACK)
        if sum_ is not None and kind is not BallotKind.KNAPSACK:
            raise ValueError("is for ballots of kind knapsack only")
        return sum_

    def value(self, budget: Money) -> BallotRules:
        """Return it for a round with `budget`, which a knapsack holds by default."""
        one = self.kind is BallotKind.ONE
        fits = amount(self.budget_euros, self.budget_cents) or budget
        return BallotRules(
            self.kind,
            1 if one else self.max or MOST_PICKS,
            self.min,
            fits if self.kind is BallotKind.KNAPSACK else None,
        )


class QuotaPart(Part):
    """How many plans some classes choose for the ballot."""

    classes: _Kinds
    plans: _Picks


class PreselectionPart(Part):
    """The vote before the vote."""

    opens: Instant
    closes: Instant
    ballot: BallotPart
    quotas: Annotated[list[QuotaPart], Field(min_length=1)]

    @field_validator("closes")
    @classmethod
    def _after_opens(cls, at: datetime, info: ValidationInfo) -> datetime:
        if at <= info.data.get("opens", at.min.replace(tzinfo=at.tzinfo)):
            raise ValueError("is not after opens")
        return at

    def value(self, budget: Money) -> Preselection:
        """Return it for a round with `budget`."""
        quotas = (Quota(tuple(each.classes), each.plans) for each in self.quotas)
        ballot = self.ballot.value(budget)
        return Preselection(ballot, tuple(quotas), self.opens, self.closes)


class ThemePart(Part):
    """A subject, with its own money and its own limit where the round has them."""

    key: Slug
    icon: Annotated[Words, Field(max_length=8)]
    title: FourTexts
    budget_euros: Euros | None = None
    budget_cents: Cents | None = None
    max: _Picks | None = None

    _one_amount = field_validator("budget_cents")(one_amount)

    @field_validator("title")
    @classmethod
    def _fits_a_button(cls, title: FourTexts, info: ValidationInfo) -> FourTexts:
        icon = info.data.get("icon", "")
        for language, text in title.value().items():
            if len(f"{icon} {text}") > BUTTON:
                raise ValueError(f"{language} and icon are longer than {BUTTON}")
        return title

    def value(self) -> Theme:
        """Return the theme."""
        money = amount(self.budget_euros, self.budget_cents)
        return Theme(self.key, self.icon, self.title.value(), money, self.max)


class VoterPart(Part):
    """A class of voters."""

    kind: _Kind = Field(alias="class")
    passes: Annotated[int, Field(ge=1, le=MOST_PASSES)]
    votes_in: _Votes = Field(default=[Vote.FINAL])
    who: FourTexts | None = None

    def value(self) -> VoterClass:
        """Return the class."""
        who = self.who.value() if self.who else {}
        return VoterClass(self.kind, self.passes, frozenset(self.votes_in), who)


class AllocationPart(Part):
    """The rule of the count."""

    rule: Annotated[Rule, one_of(Rule)]
    ties: _Ties
    lot: FourTexts | None = Field(None, validate_default=True)
    plans_per_author: Annotated[int, Field(ge=1)] | None = None

    @field_validator("ties")
    @classmethod
    def _end(cls, ties: list[Tie]) -> list[Tie]:
        settling = (Tie.NUMBER, Tie.LOT)
        if ties[-1] not in settling or any(each in settling for each in ties[:-1]):
            raise ValueError("must end in number or in lot, and nowhere before")
        return ties

    @field_validator("lot")
    @classmethod
    def _is_public(
        cls, lot: FourTexts | None, info: ValidationInfo
    ) -> FourTexts | None:
        if lot is None and Tie.LOT in info.data.get("ties", ()):
            raise ValueError("is missing: which public number decides the lot?")
        return lot

    def value(self) -> Allocation:
        """Return the rule."""
        lot = self.lot.value() if self.lot else {}
        return Allocation(self.rule, tuple(self.ties), lot, self.plans_per_author)


class WeightPart(Part):
    """What some ballots count."""

    classes: _Kinds | None = None
    channels: Annotated[list[Route], Field(min_length=1), Once] | None = None
    each: Portion | None = None
    share: Portion | None = Field(None, validate_default=True)

    @field_validator("share")
    @classmethod
    def _one_of_two(cls, share: object, info: ValidationInfo) -> object:
        if "each" in info.data and (share is None) == (info.data["each"] is None):
            raise ValueError("give each (what one ballot counts) or share, one of them")
        return share

    def value(self) -> Weight:
        """Return the weight."""
        classes, routes = tuple(self.classes or ()), tuple(self.channels or ())
        return Weight(classes, routes, self.each, self.share)


class RetentionPart(Part):
    """How long something is kept. Sound goes after 30 days at the latest."""

    marks_days: _Days = Retention().marks_days
    sounds_days: Annotated[int, Field(ge=1, le=Retention().sounds_days)] = (
        Retention().sounds_days
    )
    messages_days: _Days = Retention().messages_days
    tasks_days: _Days = Retention().tasks_days
    people_days: _Days = Retention().people_days
    plans_days: _Days = Retention().plans_days

    def value(self) -> Retention:
        """Return the days."""
        return Retention(**self.model_dump())


def _decimal(value: str) -> str:
    try:
        fine = Decimal(value).is_finite() and Decimal(value) >= 0
    except InvalidOperation:
        fine = False
    if not fine:
        raise ValueError('must be cents as text, like "4.9"')
    return value


_Price = Annotated[str, AfterValidator(_decimal)]


class MessagesPart(Part):
    """What may be spent on messages that we begin, and what one costs."""

    budget_cents: Annotated[int, Field(ge=0, lt=10**12)]
    template_cents: _Price
    text_cents: _Price

    @field_validator("template_cents", "text_cents")
    @classmethod
    def _is_there(cls, price: str, info: ValidationInfo) -> str:
        if Decimal(price) > info.data.get("budget_cents", 10**12):
            raise ValueError("is more than all there is: budget_cents")
        return price

    def value(self) -> MessageBudget:
        """Return the budget."""
        prices = Decimal(self.template_cents), Decimal(self.text_cents)
        return MessageBudget(Money(self.budget_cents), *prices)


Rules = Annotated[list[Line], Field(min_length=1, max_length=6)]


class RulesPart(Part):
    """The rules of the round, as many in each language."""

    nl: Rules
    en: Rules
    tr: Rules
    ar: Rules

    @field_validator("en", "tr", "ar")
    @classmethod
    def _as_many(cls, rules: list[str], info: ValidationInfo) -> list[str]:
        dutch = info.data.get("nl")
        if dutch is not None and len(rules) != len(dutch):
            raise ValueError(f"has {len(rules)} rules, and nl {len(dutch)}")
        return rules

    def value(self) -> dict[str, tuple[str, ...]]:
        """Return the rules by language."""
        kept = {"nl": self.nl, "en": self.en, "tr": self.tr, "ar": self.ar}
        return {language: tuple(rules) for language, rules in kept.items()}

"""A round as somebody wrote it down: read strictly, with what its parts agree on."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator

from bot.domain.money import Money
from bot.domain.round_terms import ROUTES, Act, Vote, VoterKind, Weight
from bot.domain.rounds import HOME_ZONE, Round
from bot.domain.weights import Kind, covered_never, covered_twice
from bot.services.round_parts import (
    AllocationPart,
    Allowed,
    BallotPart,
    MessagesPart,
    PhasesPart,
    PreselectionPart,
    RetentionPart,
    Route,
    RulesPart,
    ThemePart,
    VoterPart,
    WeightPart,
)
from bot.services.round_values import (
    Cents,
    Euros,
    FourTexts,
    Long,
    Once,
    Part,
    Slug,
    Words,
    Zone,
    amount,
    is_zone,
    one_amount,
)

_MOST = 10_000


class RoundForm(Part):
    """A whole round file."""

    slug: Slug
    municipality: Annotated[Words, Field(max_length=80)]
    zone: Zone = HOME_ZONE
    legal_basis: Long
    decision: Long
    eligibility: Literal["address", "pass"] = "pass"
    budget_euros: Euros | None = None
    budget_cents: Cents | None = Field(None, validate_default=True)
    threshold: Annotated[int, Field(ge=0, lt=_MOST)]
    plans_per_person: Annotated[int, Field(ge=1, lt=_MOST)]
    answer_days: Annotated[int, Field(ge=1, le=90)] = 7
    streets: Annotated[list[Words], Field(max_length=_MOST), Once] = Field(default=[])
    title: FourTexts
    area: FourTexts
    decides: FourTexts
    selectors: FourTexts | None = None
    minimum_age: FourTexts | None = None
    rules: RulesPart
    phases: PhasesPart
    ballot: BallotPart
    electorate: list[VoterPart] = Field([], validate_default=True)
    preselection: PreselectionPart | None = None
    themes: Annotated[list[ThemePart], Field(max_length=9)] = Field(default=[])
    allocation: AllocationPart
    channels: dict[Route, Allowed] = Field(default={})
    weights: list[WeightPart] = Field(default=[])
    retention: RetentionPart = RetentionPart()
    messages: MessagesPart | None = None

    _one_amount = field_validator("budget_cents")(one_amount)

    @field_validator("budget_cents")
    @classmethod
    def _has_money(cls, cents: int | None, info: ValidationInfo) -> int | None:
        if cents is None and info.data.get("budget_euros", 0) is None:
            raise ValueError("is missing: give budget_euros or budget_cents")
        return cents

    @field_validator("electorate")
    @classmethod
    def _has_voters(
        cls, classes: list[VoterPart], info: ValidationInfo
    ) -> list[VoterPart]:
        kinds = [each.kind.value for each in classes]
        if len(set(kinds)) < len(kinds):
            raise ValueError("names a class twice")
        if info.data.get("eligibility") == "pass" and not classes:
            raise ValueError("is missing: who gets a pass? Or say eligibility: address")
        if classes and not any(Vote.FINAL in each.votes_in for each in classes):
            raise ValueError("has no class that votes in final")
        return classes

    @field_validator("preselection")
    @classmethod
    def _comes_before(
        cls, part: PreselectionPart | None, info: ValidationInfo
    ) -> PreselectionPart | None:
        phases: PhasesPart | None = info.data.get("phases")
        if part is None:
            return part
        if (
            phases
            and not phases.collecting <= part.opens < part.closes <= phases.voting
        ):
            raise ValueError("must lie after collecting begins and before voting")
        voters = _voters(info, Vote.PRESELECTION)
        for quota in part.quotas:
            for kind in quota.classes:
                if voters is not None and kind not in voters:
                    raise ValueError(f"{kind} has no passes that vote in preselection")
        return part

    @field_validator("themes")
    @classmethod
    def _fit_the_budget(
        cls, themes: list[ThemePart], info: ValidationInfo
    ) -> list[ThemePart]:
        keys = sorted(each.key for each in themes)
        for one, other in pairwise(keys):
            if one == other:
                raise ValueError(f"names {one} twice")
        own = [money for each in themes if (money := each.value().budget)]
        if own and len(own) < len(themes):
            raise ValueError("give each of them a budget of its own, or none")
        whole = amount(info.data.get("budget_euros"), info.data.get("budget_cents"))
        spent = sum(each.cents for each in own)
        if whole and spent > whole.cents:
            most = f"the round {whole.cents / 100:,.2f}"
            raise ValueError(f"have {spent / 100:,.2f} euros together, {most}")
        return themes

    @field_validator("weights")
    @classmethod
    def _make_a_whole(
        cls, weights: list[WeightPart], info: ValidationInfo
    ) -> list[WeightPart]:
        shares = [each.share for each in weights if each.share is not None]
        if shares and (len(shares) < len(weights) or sum(shares) != 1):
            raise ValueError("shares must be 1 together, with no weight of one ballot")
        voters = _voters(info, Vote.FINAL)
        for each in weights:
            for kind in each.classes or ():
                if voters is not None and kind not in voters:
                    raise ValueError(f"{kind} has no passes that vote in final")
        if any(each.classes for each in weights) and _knows_no_class(info):
            raise ValueError("classes are known by passes only: say eligibility: pass")
        _weigh_once([each.value() for each in weights], _kinds(info))
        return weights

    def value(self) -> Round:
        """Return the round: one that somebody has to open."""
        budget = amount(self.budget_euros, self.budget_cents) or Money(0)
        ballot = self.ballot.value(budget)
        chosen = self.preselection
        return Round(
            slug=self.slug,
            title=self.title.value(),
            municipality=self.municipality,
            area=self.area.value(),
            zone=self.zone,
            budget=budget,
            threshold=self.threshold,
            plans_per_person=self.plans_per_person,
            max_picks=ballot.max_picks,
            min_picks=ballot.min_picks,
            ballot_kind=ballot.kind,
            ballot_budget=ballot.budget,
            legal_basis=self.legal_basis,
            decision=self.decision,
            starts=self.phases.value(),
            themes=tuple(each.value() for each in self.themes),
            streets=tuple(self.streets),
            rules=self.rules.value(),
            decides=self.decides.value(),
            selectors=self.selectors.value() if self.selectors else {},
            minimum_age=self.minimum_age.value() if self.minimum_age else {},
            eligibility=self.eligibility,
            answer_days=self.answer_days,
            messages=self.messages.value() if self.messages else None,
            needs_opening=True,
            preselection=chosen.value(budget) if chosen else None,
            electorate=tuple(each.value() for each in self.electorate),
            allocation=self.allocation.value(),
            weights=tuple(each.value() for each in self.weights),
            acts={route: frozenset(acts) for route, acts in self.channels.items()},
            retention=self.retention.value(),
        )


def _voters(info: ValidationInfo, vote: Vote) -> set[VoterKind] | None:
    """Return which classes vote there; None if the classes themselves are faulty."""
    classes: list[VoterPart] | None = info.data.get("electorate")
    if classes is None:
        return None
    return {each.kind for each in classes if vote in each.votes_in}


def _knows_no_class(info: ValidationInfo) -> bool:
    return info.data.get("eligibility") == "address"


def _kinds(info: ValidationInfo) -> list[Kind]:
    """Return the kinds of ballots that can be cast in the final vote, and count."""
    voters = _voters(info, Vote.FINAL) or set()
    classes = sorted(voters - {VoterKind.TEST}) if not _knows_no_class(info) else [""]
    acts: Mapping[str, list[Act]] = info.data.get("channels", {})
    routes = [each for each in ROUTES if Act.VOTE in acts.get(each, Act)]
    return [(str(voter), route) for voter in classes for route in routes]


def _weigh_once(weights: Sequence[Weight], kinds: Sequence[Kind]) -> None:
    """Refuse two weights for one ballot, and shares that leave a ballot out."""
    if twice := covered_twice(weights, kinds):
        raise ValueError(f"two of them are for {_said(twice)}")
    lost = covered_never(weights, kinds)
    if lost and any(each.share for each in weights):
        raise ValueError(f"shares have to cover all, and none is for {_said(lost)}")


def _said(kind: Kind) -> str:
    voters, route = kind
    return f"a ballot by {route}" + (f" of a {voters}" if voters else "")


def zone_of(data: Mapping[str, Any]) -> ZoneInfo | None:
    """Return the zone in which the times of a file are told, if it names one."""
    name = data.get("zone", HOME_ZONE)
    return ZoneInfo(name) if is_zone(name) else None

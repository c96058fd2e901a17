"""Bodies of the officials' web hook: read strictly, every fault named by its path.

What comes out is a call as the services know it; nothing behind this file has to look
at a value again.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from bot.domain.languages import FALLBACK, LANGUAGES, is_language
from bot.domain.money import Money
from bot.domain.plans import FIRST_NUMBER, Status
from bot.services.answers import FaultyCallError
from bot.services.broadcasts import Broadcast
from bot.services.checkins import Question
from bot.services.hooks import Call, StatusNews
from bot.services.named_faults import Place, named_faults, path
from bot.services.results import Correction, Corrections, Decided, Results
from bot.services.segments import Segment, parse_segment
from bot.services.stories import Contact
from bot.web.hook_faults import read_object

SHORT, LONG = 240, 1_000
"""A template variable holds 255 characters; a broadcast is a message of its own."""

MOST_PLANS = 2_000
YEARS = range(2000, 2200)


def _day(value: object) -> date:
    """Read a day; of a moment the day counts, for a day is what was promised."""
    if isinstance(value, str):
        with suppress(ValueError):
            return datetime.fromisoformat(value).date()
    raise ValueError("must be a day, like 2026-12-01")


def _segment(value: object) -> Segment:
    if not isinstance(value, str):
        raise ValueError("must be text")  # noqa: TRY004 - pydantic knows this one
    return parse_segment(value)


def _language(value: str) -> str:
    if not is_language(value):
        raise ValueError(f"is no language of ours: {', '.join(LANGUAGES)}")
    return value


def _in_languages(value: object) -> object:
    """Take a plain name for the Dutch one: bodies have names in one language only."""
    return {FALLBACK: value} if isinstance(value, str) else value


def _near(moment: datetime) -> datetime:
    """Refuse moments at the ends of the calendar: no zone can show them."""
    if moment.year not in YEARS:
        raise ValueError(f"must lie in the years {YEARS.start} to {YEARS.stop - 1}")
    return moment


def _once_each(numbers: list[int]) -> list[int]:
    if len(set(numbers)) < len(numbers):
        raise ValueError("names a plan twice")
    return numbers


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_IN_OURS = WithJsonSchema({"type": "string", "enum": list(LANGUAGES)})
Key = Annotated[str, AfterValidator(_language), _IN_OURS]
Line = Annotated[Words, Field(max_length=SHORT)]
Texts = Annotated[dict[Key, Line], Field(min_length=1)]
Message = Annotated[Words, Field(max_length=LONG)]
Messages = Annotated[dict[Key, Message], Field(min_length=1)]
Number = Annotated[int, Field(ge=FIRST_NUMBER, lt=1_000_000)]
Slug = Annotated[Words, Field(max_length=80)]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9][0-9() .-]{2,30}$")]
Cents = Annotated[int, Field(ge=0, lt=10**12)]
_ISO_DAY = WithJsonSchema({"type": "string", "format": "date"})
Day = Annotated[date, PlainValidator(_day), _ISO_DAY]
_NAMED = WithJsonSchema(
    {
        "type": "string",
        "description": "all, authors, authors:chosen, authors:not_chosen, voters or "
        "followers:<plan>; each may be followed by locale= and area=",
        "examples": ["voters locale=tr area=slotermeer-2026"],
    }
)
Target = Annotated[Segment, PlainValidator(_segment), _NAMED]
Entries = Field(min_length=1, max_length=MOST_PLANS)
Outcome = Literal[
    "chosen",
    "on_ballot",
    "below_threshold",
    "infeasible",
    "not_preselected",
    "not_voted_in",
]
Type = Literal[
    "plan.status",
    "results.publish",
    "results.correct",
    "checkin.send",
    "broadcast.send",
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Data(_Body, ABC):
    """The data of a call."""

    @abstractmethod
    def call(self) -> Call:
        """Return it in the words of the house."""


class _Status(_Data):
    plan: Number
    status: Status
    note: Texts | None = None

    def call(self) -> Call:
        return StatusNews(self.plan, self.status, self.note or {})


class _Contact(_Body):
    name: Annotated[Words, Field(max_length=120)]
    phone: Phone | None = None

    def value(self) -> Contact:
        return Contact(self.name, self.phone or "")


class _Decided(_Body):
    plan: Number
    outcome: Outcome
    reason: Texts | None = None
    contact: _Contact | None = None
    amount_cents: Cents | None = None
    call_before: Day | None = None
    selectors: Annotated[Texts, BeforeValidator(_in_languages)] | None = None

    def value(self) -> Decided:
        cents = self.amount_cents
        return Decided(
            plan=self.plan,
            outcome=Status(self.outcome),
            reason=self.reason or {},
            contact=self.contact.value() if self.contact else None,
            amount=None if cents is None else Money(cents),
            call_before=self.call_before,
            selectors=self.selectors or {},
        )


class _Results(_Data):
    round: Slug
    standing: Literal["provisional", "final"] = "final"
    decisions: Annotated[list[_Decided], Entries]
    next_step: Texts | None = None

    def call(self) -> Call:
        decisions = tuple(each.value() for each in self.decisions)
        return Results(self.round, self.standing, decisions, self.next_step or {})


class _Correction(_Body):
    plan: Number
    was: Outcome = Field(alias="from")
    now: Outcome = Field(alias="to")
    reason: Texts

    @model_validator(mode="after")
    def _changes(self) -> Self:
        if self.was == self.now:
            raise ValueError("from and to are the same")
        return self

    def value(self) -> Correction:
        return Correction(self.plan, Status(self.was), Status(self.now), self.reason)


class _Corrections(_Data):
    round: Slug
    corrections: Annotated[list[_Correction], Entries]

    def call(self) -> Call:
        return Corrections(self.round, tuple(each.value() for each in self.corrections))


class _Question(_Data):
    question: Texts
    plans: Annotated[list[Number], Entries, AfterValidator(_once_each)] | None = None
    segment: Target | None = None

    @model_validator(mode="after")
    def _goes_to_somebody(self) -> Self:
        if (self.plans is None) == (self.segment is None):
            raise ValueError("give either plans or segment")
        return self

    def call(self) -> Call:
        return Question(self.question, tuple(self.plans or ()), self.segment)


class _Broadcast(_Data):
    segment: Target
    text: Messages
    at: Annotated[AwareDatetime, AfterValidator(_near)] | None = None

    def call(self) -> Call:
        return Broadcast(self.segment, self.text, self.at)


class _Envelope(_Body):
    type: Type
    timestamp: datetime
    data: dict[str, Any]


_DATA: Mapping[str, type[_Data]] = {
    "plan.status": _Status,
    "results.publish": _Results,
    "results.correct": _Corrections,
    "checkin.send": _Question,
    "broadcast.send": _Broadcast,
}


def body_schema(kind: str, ref: str) -> Mapping[str, Any]:
    """Return the JSON schema of a body of this type; `ref` is where parts are found."""
    data = _DATA[kind].model_json_schema(ref_template=ref)
    return {
        "title": kind,
        "type": "object",
        "properties": {
            "type": {"const": kind},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": data,
        },
        "required": ["type", "timestamp", "data"],
        "additionalProperties": False,
    }


@dataclass(frozen=True, slots=True)
class Parsed:
    """A body that can be carried out, and warnings about texts it lacks."""

    call: Call
    warnings: tuple[Mapping[str, Any], ...]


def parse_body(body: bytes) -> Parsed:
    """Return the call in a body. Raises FaultyCallError that names every fault."""
    read = read_object(body)
    faults = []
    try:
        _Envelope.model_validate_json(body)
    except ValidationError as error:
        faults += named_faults(error)
    model, data = _DATA.get(str(read.get("type"))), read.get("data")
    parsed = None
    if model is not None and isinstance(data, dict):
        try:
            parsed = model.model_validate_json(json.dumps(data))
        except ValidationError as error:
            faults += named_faults(error, ("data",))
    if faults or parsed is None:
        raise FaultyCallError(faults)
    return Parsed(parsed.call(), tuple(_lacking(data, ("data",))))


def _lacking(value: Any, place: Place) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401
    """Yield a warning for each {locale: text} that not every reader can read."""
    if place[-1] == "selectors":
        value = _in_languages(value)
    if isinstance(value, list):
        for at, item in enumerate(value):
            yield from _lacking(item, (*place, at))
    elif isinstance(value, dict) and not value.keys() <= set(LANGUAGES):
        for name, item in value.items():
            yield from _lacking(item, (*place, name))
    elif isinstance(value, dict) and len(value) < len(LANGUAGES):
        lacks = [each for each in LANGUAGES if each not in value]
        shown = FALLBACK if FALLBACK in value else next(iter(value))
        warning = f"no text in {', '.join(lacks)}: {shown} is used"
        yield {"path": path(place), "lacks": lacks, "warning": warning}

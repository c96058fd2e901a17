"""Values of a round file: amounts, local days and times, texts in four languages."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
)

from bot.domain.money import Money

LINE, BUTTON = 240, 20
_MOMENT = "must be a day or a local time, like 2026-10-05 or 2026-10-05T09:00:00"
_MOST_EUROS = 10**9


def is_zone(name: object) -> bool:
    """Tell whether this is the name of a time zone."""
    return isinstance(name, str) and name in _zones()


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def instant(value: object, info: ValidationInfo) -> datetime:
    """Return the instant (UTC) of a local day or time in the round's zone.

    A day alone is its first moment. Raises ValueError for a time that the clock of
    this zone skips or shows twice: nobody could say when that is.
    """
    if isinstance(value, datetime):
        local = value
    elif isinstance(value, date):
        local = datetime.combine(value, time.min)
    else:
        raise ValueError(_MOMENT)  # noqa: TRY004 - pydantic knows this one
    if local.tzinfo is not None:
        raise ValueError(f"{_MOMENT}: the zone stands in zone")
    zone: ZoneInfo | None = (info.context or {}).get("zone")
    return local.replace(tzinfo=UTC) if zone is None else as_instant(local, zone)


def as_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a local time. Raises ValueError as `instant` does."""
    try:
        first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
        second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(_MOMENT) from error
    shown = f"{local:%Y-%m-%d %H:%M}"
    if first.astimezone(zone).replace(tzinfo=None) != local:
        raise ValueError(f"{shown} does not exist in {zone.key}: clocks go forward")
    if first != second:
        raise ValueError(f"{shown} is there twice in {zone.key}: clocks go back")
    return first


def _zone(value: str) -> str:
    if not is_zone(value):
        raise ValueError("is no time zone, like Europe/Amsterdam")
    return value


def _slug(value: str) -> str:
    plain = value.isascii() and value == value.lower() and value[:1].isalnum()
    if not plain or not value.replace("-", "").isalnum():
        raise ValueError("must be small letters, digits and hyphens: nieuw-west-2019")
    return value


def _fraction(value: object) -> Fraction:
    """Read a part: 1, "1/2" or "0.5"; never a float, which is not what it shows."""
    told = 'must be a whole number, or text like "1/2" or "0.5"'
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(told)  # noqa: TRY004 - pydantic knows this one
    try:
        part = Fraction(value)
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(told) from error
    if not 0 < part <= _MOST_EUROS:
        raise ValueError("must be more than 0")
    return part


def _once_each(values: list[Any]) -> list[Any]:
    twice = [str(each) for at, each in enumerate(values) if each in values[:at]]
    if twice:
        raise ValueError(f"names {twice[0]} twice")
    return values


class Part(BaseModel):
    """A part of a round file: nothing may stand in it that nobody reads."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Line = Annotated[Words, Field(max_length=LINE)]
Long = Annotated[Words, Field(max_length=2_000)]
Slug = Annotated[Words, Field(max_length=80), AfterValidator(_slug)]
Zone = Annotated[Words, AfterValidator(_zone)]
Instant = Annotated[datetime, PlainValidator(instant)]
Portion = Annotated[Fraction, PlainValidator(_fraction)]
Euros = Annotated[int, Field(ge=1, lt=_MOST_EUROS)]
Cents = Annotated[int, Field(ge=1, lt=_MOST_EUROS * 100)]
Once = AfterValidator(_once_each)


def one_of(kind: type[StrEnum]) -> BeforeValidator:
    """Return what reads one of an enumeration's words, as a file writes it."""
    names = ", ".join(each.value for each in kind)

    def read(value: object) -> StrEnum:
        if not isinstance(value, str) or value not in list(kind):
            raise ValueError(f"must be one of {names}")
        return kind(value)

    return BeforeValidator(read)


class FourTexts(Part):
    """One text in each of our languages."""

    nl: Line
    en: Line
    tr: Line
    ar: Line

    def value(self) -> Mapping[str, str]:
        """Return it as the domain knows texts."""
        return {"nl": self.nl, "en": self.en, "tr": self.tr, "ar": self.ar}


def amount(euros: int | None, cents: int | None) -> Money | None:
    """Return what stands in euros or in cents as money."""
    if euros is not None:
        return Money.euros(euros)
    return None if cents is None else Money(cents)


def one_amount(cents: int | None, info: ValidationInfo) -> int | None:
    """Refuse an amount that stands both in euros and in cents."""
    if cents is not None and info.data.get("budget_euros") is not None:
        raise ValueError("give budget_euros or budget_cents, not both")
    return cents

"""What several forms of the desk hold: four languages, local moments, money, days."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import request

from bot.domain.languages import LANGUAGES, Texts
from bot.domain.money import Money
from bot.services.desk.refusals import TurnedDownError
from bot.web.desk.frame import whole_number

MOST_EUROS = 20_000_000
YEARS = range(2000, 2200)
"""Days beyond cannot be meant, and those at the calendar's ends have no neighbour."""


def texts_in(name: str) -> Texts:
    """Return {locale: text} of the fields `name`.nl and so on; empty ones are out."""
    found = {each: _plain(request.form.get(f"{name}.{each}", "")) for each in LANGUAGES}
    return {language: text for language, text in found.items() if text}


def _plain(text: str) -> str:
    """Return a text without what no database stores, rows ending in a line feed."""
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def line_in(name: str) -> str:
    """Return a field of one line, without spaces around and doubled ones in it."""
    return " ".join(_plain(request.form.get(name, "")).split())


def number_in(name: str) -> int:
    """Return a whole number of a field, 0 for anything else."""
    return whole_number(request.form.get(name, "")) or 0


def moment_in(name: str, zone: str) -> datetime | None:
    """Return the moment that a local day and hour mean; None where there is none.

    Raises TurnedDownError for anything else.
    """
    text = line_in(name)
    if not text:
        return None
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        raise TurnedDownError("bad_moment") from error
    if local.year not in YEARS:
        raise TurnedDownError("bad_moment")
    if local.tzinfo is None:
        local = local.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def local_moment(at: datetime | None, zone: str) -> str:
    """Return a moment as a field for day and hour holds it."""
    if at is None:
        return ""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def day_in(name: str) -> date | None:
    """Return a day; None where there is none. Raises TurnedDownError for no day."""
    text = line_in(name)
    if not text:
        return None
    day = day_of(text)
    if day is None:
        raise TurnedDownError("bad_day")
    return day


def day_of(text: str) -> date | None:
    """Return the day that a text names, None if it names none of `YEARS`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def euros_in(name: str) -> Money | None:
    """Return whole euros; None where there are none. Raises TurnedDownError."""
    text = line_in(name).replace(".", "").replace(",", "").replace(" ", "")
    if not text:
        return None
    euros = whole_number(text)
    if euros is None or euros > MOST_EUROS:
        raise TurnedDownError("bad_money")
    return Money.euros(euros)


def posted_texts(name: str, known: Texts) -> Texts:
    """Return what was posted in fields `name`.nl and so on, or else what is known."""
    if any(f"{name}.{each}" in request.form for each in LANGUAGES):
        return texts_in(name)
    return known

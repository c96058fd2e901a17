"""Approved templates: made at the provider, followed until approved, and filled.

A row is written as soon as the resource is there, and brought up to date after each
answer. Whoever dies in between leaves nothing that the next run would do twice: what
was made is found again by its name, what was submitted is asked for before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Row, select

from bot.channels.base import TemplateSource
from bot.domain.kinds import BROADCAST, MESSAGE
from bot.domain.languages import FALLBACK
from bot.domain.messages import Filled
from bot.services.house import House
from bot.services.slots import fit
from bot.store.outreach import Template

CHANNEL = "whatsapp"
UNSUBMITTED, APPROVED = "unsubmitted", "approved"
PENDING = frozenset({"received", "pending"})
"""Approvals that somebody at the provider is still deciding about."""

NOT_MADE = "not made"


@dataclass(frozen=True, slots=True)
class Approved:
    """A template that may be sent: the provider's id, and what fills it, in order."""

    kind: str
    language: str
    sid: str
    slots: tuple[str, ...]


def fill(approved: Approved, slots: Mapping[str, Any] | None) -> Filled:
    """Return a template with its values, each on one line and short enough.

    A slot that is missing or empty says that the whole message holds more.
    """
    given = slots or {}
    language = approved.language
    values = (fit(slot, str(given.get(slot, "")), language) for slot in approved.slots)
    return Filled(approved.sid, tuple(values))


_APPROVED = (
    select(Template.kind, Template.language, Template.sid, Template.slots)
    .where(Template.approval == APPROVED)
    .order_by(Template.id)
)


def approved(db: Connection, kind: str, language: str | None) -> Approved | None:
    """Return the newest approved template of a kind; None if there is none."""
    rows = _APPROVED.where(
        Template.kind == kind, Template.language == (language or FALLBACK)
    )
    found = list(db.execute(rows))
    return _as_approved(found[-1]) if found else None


def approved_for(
    db: Connection, kind: str | None, language: str | None
) -> Approved | None:
    """Return the template for a message of any kind: its own, else the general one.

    A broadcast has only its own: the general one does not say how to stop.
    """
    return choose(all_approved(db), kind, language)


def all_approved(db: Connection) -> dict[tuple[str, str], Approved]:
    """Return the newest approved template of every kind and language."""
    return {
        (row.kind, row.language): _as_approved(row) for row in db.execute(_APPROVED)
    }


def choose(
    known: Mapping[tuple[str, str], Approved], kind: str | None, language: str | None
) -> Approved | None:
    """Do what `approved_for` does, with what `all_approved` returned."""
    reader = language or FALLBACK
    own = known.get((kind or MESSAGE, reader))
    if own or kind == BROADCAST:
        return own
    return known.get((MESSAGE, reader))


def _as_approved(row: Row[Any]) -> Approved:
    return Approved(row.kind, row.language, row.sid, tuple(row.slots))


def missing(db: Connection, kind: str, languages: Iterable[str]) -> list[str]:
    """Name each language that has no approved template of a kind, and why.

    "broadcast (tr): pending". Empty if everybody can be written to.
    """
    rows = select(Template.language, Template.approval).where(Template.kind == kind)
    states: dict[str, list[str]] = {}
    for row in db.execute(rows.order_by(Template.id)):
        states.setdefault(row.language, []).append(row.approval)
    lacking = [each for each in languages if APPROVED not in states.get(each, ())]
    return [f"{kind} ({each}): {states.get(each, [NOT_MADE])[-1]}" for each in lacking]


def template_source(house: House) -> TemplateSource | None:
    """Return the channel on which templates are approved; None while that is off."""
    return cast("TemplateSource | None", house.channels.get(CHANNEL))

"""How far the provider's approval of our templates is."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.store.outreach import Template


@dataclass(frozen=True, slots=True)
class Approvals:
    """How many wordings there are; the newest that are not approved, as "kind nl"."""

    wordings: int
    missing: tuple[str, ...]


def approvals(db: Connection) -> Approvals:
    """Return whether the newest wording of each kind and language is approved."""
    columns = (Template.kind, Template.language, Template.approval)
    rows = db.execute(select(*columns).order_by(Template.id))
    newest = {f"{row.kind} {row.language}": row.approval for row in rows}
    missing = sorted(name for name, word in newest.items() if word != "approved")
    return Approvals(len(newest), tuple(missing))

"""`/desk`: what waits today, oldest first, each with the clock that runs on us."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.services.desk.city_names import alarms
from bot.services.desk.sources import SOURCES
from bot.services.desk.today import MOST_COUNTED, Asked, Today, look
from bot.services.outages import late_rounds
from bot.web.context import house
from bot.web.desk.access import Act, may
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import at_desk, frame, told_in
from bot.web.desk.tasks import cards

__all__ = ["desk"]


@desk.get("")
def today() -> ResponseReturnValue:
    """Show what waits. Query: whose=mine, kind=<a kind>."""
    person = at_desk()
    mine = request.args.get("whose") == "mine"
    waits = look(house(), SOURCES, Asked(person.id if mine else None))
    kind = request.args.get("kind", "")
    kind = kind if kind in waits.waits else ""
    return render_template(
        "desk/today.html",
        **frame(person),
        **cards(),
        waits=_of_kind(waits, kind, mine=mine),
        counts=waits,
        most_counted=MOST_COUNTED,
        kind=kind,
        mine=mine,
        late=late_rounds(house()),
        alarms=house().db.read(alarms) if may(person, Act.MANAGE) else [],
        said=told_in(request),
    )


def _of_kind(waits: Today, kind: str, *, mine: bool) -> Today:
    if not kind:
        return waits
    asked = Asked(at_desk().id if mine else None, kind)
    return look(house(), SOURCES, asked)

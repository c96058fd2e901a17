"""`/desk/broadcasts`: what is written to many, what is on its way, whom to call."""

from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.domain.languages import NAMES
from bot.services.campaigns import Progress, all_progress, progress
from bot.services.desk.cast_calls import Unreached, tick_call, unreached_of
from bot.services.desk.drafts import all_drafts
from bot.services.desk.refusals import TurnedDownError
from bot.services.desk.sheets import Row
from bot.services.reasons import explain
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import (
    MOST_ROWS,
    ZONE,
    at_desk,
    frame,
    go_to,
    language_here,
    told_in,
)
from bot.web.desk.results import scene, shared
from bot.web.desk.taking import table_file
from bot.web.desk.words.book import words

__all__ = ["desk"]
_ONE = f"/broadcasts/<int(max={MOST_ROWS}):number>"


@desk.get("/broadcasts")
def broadcasts() -> ResponseReturnValue:
    """List drafts, then what was sent, newest first."""
    return render_template(
        "desk/broadcasts.html",
        **frame(at_desk()),
        **shared(ZONE),
        said=told_in(request),
        drafts=house().db.read(all_drafts),
        sent=house().db.read(all_progress),
    )


@desk.get(_ONE)
def broadcast(number: int) -> ResponseReturnValue:
    """Show how far a broadcast is, and whom it did not reach."""
    return render_template(
        "desk/broadcast.html",
        **_shown(number),
        calls=_unreached(number),
        names=NAMES,
        said=told_in(request),
    )


@desk.get(f"{_ONE}/progress")
def broadcast_part(number: int) -> ResponseReturnValue:
    """Show only how far it is: the page asks for it again and again."""
    return render_template("desk/broadcast_progress.html", **_shown(number))


def _shown(number: int) -> dict[str, object]:
    return {
        **frame(at_desk()),
        **shared(ZONE),
        "cast": _found(number),
        "explain": partial(explain, language=language_here()),
    }


def _found(number: int) -> Progress:
    found = house().db.read(lambda db: progress(db, number))
    if found is None:
        raise TurnedDownError("draft_gone")
    return found


def _unreached(number: int) -> list[Unreached]:
    found = scene()(lambda at: unreached_of(at, number))
    assert isinstance(found, list)  # noqa: S101 - narrows the type
    return found


@desk.get(f"{_ONE}/calls.<any(csv, xlsx):form>")
def broadcast_call_list(number: int, form: str) -> ResponseReturnValue:
    """Give whom to call for a spreadsheet; nothing in it is taken for a formula."""
    language = language_here()
    w = words(language)
    head = [w[name] for name in ("phone", "speaks", "via", "why")]
    rows: list[Row] = []
    for each in _unreached(number):
        if not each.is_called:
            spoken = str(NAMES.get(each.language or "", ""))  # type: ignore[call-overload]
            why = explain(each.why, language)
            rows.append([each.phone, spoken, each.channel, why])
    return table_file(f"broadcast-{number}-calls", form, head, rows)


@desk.post(f"{_ONE}/calls/<int(max={MOST_ROWS}):row>")
def broadcast_called(number: int, row: int) -> ResponseReturnValue:
    """Note that somebody called and told her. Form: undo=yes takes that back."""
    called = request.form.get("undo") != "yes"
    tick_call(house(), number, row, at_desk().email, called=called)
    said = "called_noted" if called else "called_undone"
    return go_to("desk.broadcast", number=number, said=said)

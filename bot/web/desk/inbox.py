"""`/desk`: what waits for officials, and their ticks."""

from functools import partial
from io import BytesIO

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from bot.domain.languages import NAMES
from bot.services.outages import late_rounds
from bot.services.reasons import explain
from bot.services.tasks import finish_task, note_played, open_inbox, recording
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import (
    GONE,
    MOST_ROWS,
    ZONE,
    at_desk,
    frame,
    go_to,
    language_here,
    plain,
    told_in,
)
from bot.web.desk.words.book import day, waited

__all__ = ["desk"]
_WHOLE = "bytes=0-"


@desk.get("")
def inbox() -> ResponseReturnValue:
    """Show what waits: how many notes for ears, then everything else."""
    now, language = house().clock(), language_here()
    return render_template(
        "desk/inbox.html",
        **frame(at_desk()),
        inbox=house().db.read(open_inbox),
        late=late_rounds(house()),
        said=told_in(request),
        now=now,
        languages=NAMES,
        waited=partial(waited, now=now, language=language),
        day=partial(day, zone=ZONE, language=language),
        explain=partial(explain, language=language),
    )


@desk.get(f"/sound/<int(max={MOST_ROWS}):media_id>")
def sound(media_id: int) -> ResponseReturnValue:
    """Play a recording that waits for somebody to listen; 404 for every other."""
    found = recording(house(), media_id)
    if found is None:
        return plain("no_sound", GONE)
    if request.headers.get("Range", _WHOLE).startswith(_WHOLE):
        note_played(house(), media_id, at_desk())  # once, not for each part of it
    data, mime = found
    return send_file(BytesIO(data), mimetype=mime, conditional=True)


@desk.post(f"/tasks/<int(max={MOST_ROWS}):task_id>/done")
def done(task_id: int) -> ResponseReturnValue:
    """Note who has seen to a task, and when."""
    fresh = finish_task(house(), task_id, at_desk())
    return go_to("desk.inbox", said="finished" if fresh else "taken")

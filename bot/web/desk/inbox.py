"""`/desk/inbox`: the tasks of people, also those that rest and those that are done."""

from io import BytesIO

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from bot.services.desk.inbox import ALL, SHOWS, task_list
from bot.services.house import Scene
from bot.services.tasks import note_played, recording
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import GONE, MOST_ROWS, at_desk, frame, plain, told_in
from bot.web.desk.tasks import cards

__all__ = ["desk"]
_ON_PAGE, _MOST_PAGES = 30, 100


@desk.get("/inbox")
def inbox() -> ResponseReturnValue:
    """Show tasks, oldest first. Query: show = all, mine, later, done; page."""
    person = at_desk()
    shows = request.args.get("show", ALL)
    shows = shows if shows in SHOWS else ALL
    page = min(request.args.get("page", 0, int), _MOST_PAGES)
    now = house().clock()
    found = house().db.read(
        lambda db: task_list(
            Scene(house(), db, now), shows, person.id, _ON_PAGE + 1, max(page, 0)
        )
    )
    return render_template(
        "desk/inbox.html",
        **frame(person),
        **cards(),
        items=found[:_ON_PAGE],
        more=len(found) > _ON_PAGE,
        shows=SHOWS,
        shown=shows,
        page_number=max(page, 0),
        said=told_in(request),
    )


@desk.get(f"/sound/<int(max={MOST_ROWS}):media_id>")
def sound(media_id: int) -> ResponseReturnValue:
    """Play a recording that waits for somebody to listen; 404 for every other."""
    found = recording(house(), media_id)
    if found is None:
        return plain("no_sound", GONE)
    note_played(house(), media_id, at_desk())
    data, mime = found
    return send_file(BytesIO(data), mimetype=mime, conditional=True)

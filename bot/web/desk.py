"""`/desk`: officials log in, listen to what a machine could not, and answer.

Every page works without scripts; only the login link's secret, which stands behind "#",
needs one to get into its form.
"""

from functools import partial
from io import BytesIO

from flask import (
    Blueprint,
    Response,
    render_template,
    request,
    send_file,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from bot.domain.languages import NAMES
from bot.services.officials import Person, log_in
from bot.services.outages import late_rounds
from bot.services.reasons import explain
from bot.services.tasks import finish_task, open_inbox, recording
from bot.store.media import MediaUnavailableError
from bot.web import desk_session as session
from bot.web.context import house
from bot.web.desk_pages import (
    ANSWERING,
    BAD,
    ENTERING,
    FORBIDDEN,
    GONE,
    MOST_ROWS,
    NOT_NOW,
    ZONE,
    acting,
    frame,
    go_to,
    language_here,
    plain,
    told_in,
)
from bot.web.desk_words import day, waited

desk = Blueprint(
    "desk",
    __name__,
    url_prefix="/desk",
    static_folder="static",
    template_folder="templates",
)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
        " media-src 'self'; frame-ancestors 'none'; base-uri 'none';"
        " form-action 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@desk.get("")
def inbox() -> ResponseReturnValue:
    """Show what waits: how many notes for ears, then everything else."""
    person = session.current_official()
    if person is None:
        return go_to("desk.login")
    return _inbox(person, said=told_in(request))


@desk.get("/login")
def login() -> ResponseReturnValue:
    """Show the door."""
    return _door()


@desk.post("/login")
def enter() -> ResponseReturnValue:
    """Use a login link up and go in; 403 for one that is unknown, used or over."""
    if not session.form_is_ours(session.DOOR):
        return _door("login_again"), FORBIDDEN
    token = request.form.get("token", "").strip().rpartition("#")[2]
    city = house()
    now = city.clock()
    # Another thread may run the job with its own: it knows nothing of this request.
    person = city.db.run(lambda db: log_in(city, db, token, now))
    if person is None:
        return _door("login_used"), FORBIDDEN
    inside = go_to("desk.inbox")
    session.remember(inside, person)
    return inside


@desk.post("/logout")
def leave() -> ResponseReturnValue:
    """Log out."""
    if not session.form_is_ours(session.COOKIE):
        return go_to("desk.inbox")
    outside = go_to("desk.login")
    session.forget(outside)
    return outside


@desk.get(f"/sound/<int(max={MOST_ROWS}):media_id>")
def sound(media_id: int) -> ResponseReturnValue:
    """Play a recording that waits for somebody to listen; 404 for every other."""
    if session.current_official() is None:
        return plain("login", FORBIDDEN)
    found = recording(house(), media_id)
    if found is None:
        return plain("no_sound", GONE)
    data, mime = found
    return send_file(BytesIO(data), mimetype=mime, conditional=True)


@desk.post(f"/tasks/<int(max={MOST_ROWS}):task_id>/done")
def done(task_id: int) -> ResponseReturnValue:
    """Note who has seen to a task, and when."""
    person = acting(_refused)
    if not isinstance(person, Person):
        return person
    fresh = finish_task(house(), task_id, person)
    return go_to("desk.inbox", said="finished" if fresh else "taken")


def _refused(person: Person, said: str) -> str:
    return _inbox(person, said=said)


def _inbox(person: Person, said: str = "") -> str:
    """Render the first page of the desk."""
    now, language = house().clock(), language_here()
    return render_template(
        "desk_inbox.html",
        **frame(person),
        inbox=house().db.read(open_inbox),
        late=late_rounds(house()),
        said=said,
        now=now,
        answers=person.role in ANSWERING,
        enters=person.role in ENTERING,
        languages=NAMES,
        waited=partial(waited, now=now, language=language),
        day=partial(day, zone=ZONE, language=language),
        explain=partial(explain, language=language),
    )


def _door(said: str = "") -> Response:
    door = request.cookies.get(session.DOOR) or session.new_door()
    page = render_template(
        "desk_login.html", **frame(), said=said, secret=session.form_secret(door)
    )
    shown = Response(page)
    session.open_door(shown, door)
    return shown


@desk.errorhandler(HTTPException)
def refuse(error: HTTPException) -> ResponseReturnValue:
    """Say in a word what is wrong with a request."""
    return Response(f"{error.name}\n", error.code or BAD, mimetype="text/plain")


@desk.errorhandler(MediaUnavailableError)
def refuse_for_now(_error: MediaUnavailableError) -> ResponseReturnValue:
    """Say that a recording is kept, but cannot be played now."""
    return plain("sound_later", NOT_NOW)


@desk.after_request
def keep_private(response: Response) -> Response:
    """Let no page be framed, cached, or run what is not ours."""
    response.headers.update(HEADERS)
    if request.endpoint != "desk.static":
        response.headers["Cache-Control"] = "no-store"
    return response

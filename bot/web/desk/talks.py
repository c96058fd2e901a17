"""`/desk/talks/<id>`: the talk with one person; phrases, own words and a voice for her.

Nothing goes out unseen: what is written or recorded is shown as she will get it first.
"""

import secrets
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from bot.services.desk import answering, recording
from bot.services.desk.answering import AnswerError, Draft, Prepared
from bot.services.desk.machine_drafts import draft_heard, draft_words
from bot.services.desk.phrases import MOST_FIELD, PHRASES, label
from bot.services.desk.talks import PAGE, Edge, TalkSeen, edge_in, hear, load_talk
from bot.services.desk.translating import TranslatorError
from bot.services.house import Scene
from bot.services.tasks import note_played
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import (
    BAD,
    GONE,
    MOST_ROWS,
    ZONE,
    at_desk,
    frame,
    go_to,
    language_here,
    plain,
    told_in,
    whole_number,
)
from bot.web.desk.tasks import cards
from bot.web.desk.words.book import moment

__all__ = ["desk"]
_TALK = f"/talks/<int(max={MOST_ROWS}):talk_id>"
_FIELDS = ("date", "contact", "phone", "place")


@desk.url_value_preprocessor
def allow_a_recording(endpoint: str | None, _: dict[str, Any] | None) -> None:
    """Let a recording be larger than other forms; the guard reads the form first."""
    if endpoint == "desk.record":
        request.max_content_length = recording.MOST_BYTES


@desk.get(_TALK)
def talk(talk_id: int) -> ResponseReturnValue:
    """Show a talk. Query: task (what is answered), plan, sound (one to be sent).

    And before: the edge below which older messages are shown.
    """
    sound = whole_number(request.args.get("sound"))
    shown = _fresh(sound)
    ready, said = None, told_in(request)
    if sound is not None:
        try:
            ready = _prepared(talk_id, shown)
        except AnswerError as error:
            said = f"answer_{error}"
    return _page(talk_id, shown, said, ready)


@desk.get(f"{_TALK}/sound/<int(max={MOST_ROWS}):media_id>")
def talk_sound(talk_id: int, media_id: int) -> ResponseReturnValue:
    """Play a sound that stands in this talk; 404 for every other."""
    found = hear(house(), talk_id, media_id)
    if found is None:
        return plain("no_sound", GONE)
    note_played(house(), media_id, at_desk())
    data, mime = found
    return send_file(BytesIO(data), mimetype=mime, conditional=True)


@desk.post(f"{_TALK}/answer")
def answer(talk_id: int) -> ResponseReturnValue:
    """Show what she will get (do = look), or send it (do = send)."""
    draft = _draft()
    if request.form.get("do") == "draft":
        return _drafted(talk_id, draft)
    try:
        if request.form.get("do") != "send":
            return _page(talk_id, draft, "", _prepared(talk_id, draft))
        answering.send(house(), talk_id, draft, at_desk())
    except AnswerError as error:
        return _page(talk_id, draft, f"answer_{error}"), BAD
    return go_to("desk.talk", said="answer_sent", talk_id=talk_id)


@desk.post(f"{_TALK}/dutch")
def talk_in_dutch(talk_id: int) -> ResponseReturnValue:
    """Show what she said in Dutch too, by the city's translation server."""
    seen, shown = _seen(talk_id), _fresh()
    try:
        drafted = draft_heard(house(), seen, at_desk())
    except TranslatorError as error:
        return _page(talk_id, shown, f"draft_{error}"), BAD
    return _page(talk_id, shown, drafted=drafted)


def _drafted(talk_id: int, draft: Draft) -> ResponseReturnValue:
    """Show the form with the official's Dutch in her language, still to be vouched."""
    seen, form = _seen(talk_id), request.form.to_dict()
    try:
        words = draft_words(house(), seen, draft.dutch, at_desk())
    except TranslatorError as error:
        return _page(talk_id, draft, f"draft_{error}"), BAD
    form |= {"words": words}
    form.pop("vouched", None)
    return _page(talk_id, draft, "draft_made", typed=form)


@desk.post(f"{_TALK}/record")
def record(talk_id: int) -> ResponseReturnValue:
    """Take a recording in and play it back before it is sent. Form: sound, a file."""
    given = request.files.get("sound")
    try:
        sound = given.read() if given else b""
        kept = recording.keep_recording(house(), talk_id, sound, at_desk())
    except AnswerError as error:
        return _page(talk_id, _draft(), f"answer_{error}"), BAD
    task = whole_number(request.form.get("task"))
    return go_to("desk.talk", talk_id=talk_id, sound=kept, task=task)


@desk.post(f"{_TALK}/let-go")
def let_go(talk_id: int) -> ResponseReturnValue:
    """Let go of a recording that is not sent. Form: sound, a media id."""
    sound = whole_number(request.form.get("sound"))
    if sound is not None:
        recording.let_go(house(), talk_id, sound)
    task = whole_number(request.form.get("task"))
    return go_to("desk.talk", said="answer_let_go", talk_id=talk_id, task=task)


def _fresh(sound: int | None = None) -> Draft:
    """Return what a form holds that was just opened. Query: plan, task."""
    return Draft(
        once=secrets.token_urlsafe(18),
        sound=sound,
        plan=whole_number(request.args.get("plan")),
        task=whole_number(request.args.get("task")),
        closes=True,
        asks=True,
    )


def _draft() -> Draft:
    """Return what stands in the form."""
    form = request.form
    own = form.get("way") == "own"
    vouched = form.get("vouched") == "yes"
    return Draft(
        once=form.get("once", ""),
        phrase="" if own else form.get("phrase", ""),
        fields={name: form.get(name, "") for name in _FIELDS},
        words=form.get("words", ""),
        dutch=form.get("dutch", ""),
        translated_by=form.get("translated_by", "") if vouched else "",
        sound=whole_number(form.get("sound")),
        asks=form.get("asks") == "yes",
        plan=whole_number(form.get("plan")),
        task=whole_number(form.get("task")),
        closes=form.get("closes") == "yes",
    )


def _prepared(talk_id: int, draft: Draft) -> Prepared:
    city, person = house(), at_desk()
    now = city.clock()
    return city.db.read(
        lambda db: answering.prepare(Scene(city, db, now), talk_id, draft, person)
    )


def _seen(talk_id: int) -> TalkSeen:
    city, now = house(), house().clock()
    below = _below()
    seen = city.db.read(
        lambda db: load_talk(Scene(city, db, now), talk_id, PAGE, below)
    )
    if seen is None:
        abort(404)
    return seen


def _page(
    talk_id: int,
    draft: Draft,
    said: str = "",
    ready: Prepared | None = None,
    **shown: object,
) -> str:
    """Return the page. `shown`: typed, what the form holds; drafted, her lines."""
    seen, person = _seen(talk_id), at_desk()
    return render_template(
        "desk/talk.html",
        **frame(person),
        **cards(),
        **shown_talk(seen),
        below=_below(),
        draft=draft,
        ready=ready,
        said=said,
        drafts=house().translator is not None,
        my_name=person.name,
        **({"typed": request.form} | shown),
    )


def shown_talk(seen: TalkSeen) -> Mapping[str, Any]:
    """Return what the part of a page that shows a talk needs."""
    language = language_here()
    return {
        "seen": seen,
        "phrases": [(each, label(each, language)) for each in PHRASES.values()],
        "most_field": MOST_FIELD,
        "most_words": answering.MOST_WORDS,
        "needs_dutch": (seen.language or "nl") not in answering.WRITTEN_BY_OFFICIALS,
        "moment": lambda at: moment(at, ZONE, language),
    }


def _below() -> Edge | None:
    """Return below which messages are asked for; None for the newest."""
    return edge_in(request.args.get("before", ""))

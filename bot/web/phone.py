"""`/phone`: the web chat's page, and what the page says and asks."""

import math
import secrets
from collections.abc import Callable, Collection
from dataclasses import asdict
from io import BytesIO
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from bot.channels.base import MEDIA_BYTES, ForgedError, Request
from bot.channels.web import MARK, FaultError, Web, return_token, understand
from bot.domain.languages import FALLBACK, NAMES, is_language
from bot.domain.messages import DATA_NAME, Content, MediaRef, Photo, Voice
from bot.services import webchat
from bot.services.files import discard
from bot.services.inbound import take_in
from bot.services.plan_pictures import public_picture
from bot.services.waiting import MORE_BYTES, NotOursError, unseal
from bot.store.media import ZIP, MediaUnavailableError
from bot.web.context import house
from bot.web.phone_page import island, modules

phone = Blueprint(
    "phone",
    __name__,
    url_prefix="/phone",
    static_folder="static",
    template_folder="templates",
)

TEXT_BYTES = 128 * 1024
KEEP_SECONDS = 180 * 24 * 3600
SOUNDS = ("audio/webm", "audio/ogg", "audio/mp4")
PHOTOS = ("image/jpeg", "image/png", "image/webp")
PAGE_BUTTONS = {f"lang:{code}": name for code, name in NAMES.items()}
"""What the page's own buttons say; those of a message are known by the message."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; media-src 'self' blob:; img-src 'self' blob: data:;"
        " connect-src 'self'; object-src 'none'; frame-ancestors 'none';"
        " base-uri 'none';"
        " form-action 'self'"
    ),
    "Permissions-Policy": "microphone=(self), geolocation=(self), camera=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@phone.get("")
def page() -> Response:
    """Show the chat, and name this talk in a cookie if none does yet."""
    user_id = _web().recognise(request.cookies.get(_web().cookie))
    language, user_id = _page_language(user_id), user_id or _new_talk()
    told = island(house(), language, user_id)
    shown = Response(render_template("phone.html", island=told, modules=modules()))
    return _remember(shown, user_id)


@phone.post("/say")
def say() -> ResponseReturnValue:
    """Take one text, tap or place through its turn and return what is new."""
    url = house().settings.public_url + request.full_path
    posted = Request(url, _headers(), _json_body(), form={})
    inbounds = _web().parse(posted)
    if not inbounds:
        abort(400, _fault(posted.body))
    for inbound in inbounds:
        take_in(house(), inbound)
    return _news(inbounds[0].sender.user_id)


@phone.post("/sound")
def sound() -> ResponseReturnValue:
    """Keep a recording and take it in; `seconds` is what the page measured."""
    seconds = request.args.get("seconds", type=float)
    if seconds is not None and not (math.isfinite(seconds) and seconds >= 0):
        abort(400, "seconds: not a length of time")
    return _take_file(SOUNDS, Voice, seconds)


@phone.post("/photo")
def photo() -> ResponseReturnValue:
    """Keep a picture and take it in."""
    return _take_file(PHOTOS, Photo)


def _take_file(
    kinds: Collection[str],
    content: Callable[[MediaRef], Content],
    seconds: float | None = None,
) -> Response:
    user_id = _web().identify(_headers())
    message_id = _message_id()
    if request.mimetype not in kinds:
        abort(415, f"send one of {', '.join(kinds)}")
    data = _body(MEDIA_BYTES)
    if not data:
        abort(400, "the body is empty")
    place = house().media.save(data, request.mimetype)
    ref = MediaRef(place, request.mimetype, len(data), seconds)
    hint = request.args.get("language")
    inbound = _web().inbound(user_id, message_id, content(ref), hint)
    if not take_in(house(), inbound):
        discard(house(), place)
    return _news(user_id)


def _message_id() -> UUID:
    try:
        return UUID(request.args.get("id", ""))
    except ValueError:
        abort(400, "id: not a UUID")


@phone.get("/messages")
def messages() -> ResponseReturnValue:
    """Return what is new after the cursor `after`, which says what has arrived."""
    return _news(_web().identify(_headers()))


@phone.get("/sound/<int(max=9223372036854775807):media_id>")
def recording(media_id: int) -> ResponseReturnValue:
    """Return a recording of this talk, and of no other."""
    user_id = _web().recognise(request.cookies.get(_web().cookie))
    found = user_id and webchat.recording(house(), user_id, media_id)
    if not found:
        abort(404, "no such recording")
    data, mime = found
    return send_file(BytesIO(data), mimetype=mime, conditional=True)


@phone.get("/data/<int(max=9223372036854775807):media_id>")
def her_data(media_id: int) -> ResponseReturnValue:
    """Return the file with all that is kept of whoever asks, and of nobody else."""
    user_id = _web().recognise(request.cookies.get(_web().cookie))
    found = user_id and webchat.recording(house(), user_id, media_id)
    if not found or found[1] != ZIP:
        abort(404, "no such file")
    data, mime = found
    return send_file(
        BytesIO(data), mimetype=mime, as_attachment=True, download_name=DATA_NAME
    )


@phone.get("/picture/<int(max=9223372036854775807):media_id>")
def plan_picture(media_id: int) -> ResponseReturnValue:
    """Return the picture of a public plan, to a talk of this page.

    Not only to the talk it was shown in: what showed a choice may be erased there
    before a slow phone has asked for the picture.
    """
    user_id = _web().recognise(request.cookies.get(_web().cookie))
    data = public_picture(house(), media_id) if user_id else None
    if data is None:
        abort(404, "no such picture")
    return Response(data, mimetype="image/jpeg")


@phone.post("/leave")
def leave() -> Response:
    """Begin a talk of somebody else in this browser; the former stays as it is."""
    _web().identify(_headers())
    return _remember(jsonify(), _new_talk())


@phone.post("/open")
def open_sealed() -> Response:
    """Open what this talk's own page sealed to keep it until it could be sent.

    410 for what was sealed for another talk: nobody can open that here.
    """
    user_id = _web().identify(_headers())
    sealed = _body(MEDIA_BYTES + MORE_BYTES)
    try:
        data = unseal(house().keys, user_id, sealed)
    except NotOursError:
        abort(410, "sealed for another talk")
    return Response(data, mimetype="application/octet-stream")


@phone.post("/back")
def back() -> Response:
    """Go on with the talk a return link names; the link is a body, never a URL."""
    if _headers().get(MARK[0]) != MARK[1]:
        raise ForgedError("the mark is missing")
    token = return_token(_json_body())
    user_id = token and webchat.open_return(house(), token)
    if not user_id:
        abort(404, "this link no longer works")
    return _remember(jsonify(), user_id)


@phone.errorhandler(HTTPException)
def refuse(error: HTTPException) -> ResponseReturnValue:
    """Tell in JSON what is wrong with a request."""
    return jsonify(error=error.description), error.code or 500


@phone.errorhandler(ForgedError)
def refuse_forged(_error: ForgedError) -> ResponseReturnValue:
    """Answer 403 to a request without our cookie or from another site."""
    return jsonify(error="open /phone first"), 403


@phone.errorhandler(MediaUnavailableError)
def refuse_for_now(_error: MediaUnavailableError) -> ResponseReturnValue:
    """Answer 503 while files can be neither kept nor read: the page tries again."""
    return jsonify(error="not now, try again"), 503


@phone.after_request
def guard(response: Response) -> Response:
    """Let the page use nothing of other hosts, and leave nothing in caches."""
    response.headers.update(HEADERS)
    if request.endpoint == "phone.static":
        response.headers["Service-Worker-Allowed"] = "/phone"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def _web() -> Web:
    channel = house().channels[Web.name]
    if not isinstance(channel, Web):
        raise TypeError("the web chat has another channel's adapter")
    return channel


def _headers() -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _body(limit_bytes: int) -> bytes:
    request.max_content_length = limit_bytes
    return request.get_data()


def _json_body() -> bytes:
    if not request.is_json:
        abort(415, "send application/json")
    return _body(TEXT_BYTES)


def _fault(body: bytes) -> str:
    try:
        understand(body)
    except FaultError as error:
        return str(error)
    return "not understood"


def _news(user_id: str) -> Response:
    after = request.args.get("after", "")
    told = webchat.history(house(), user_id, after)
    return jsonify(
        messages=[_as_json(message) for message in told.messages],
        cursor=told.cursor,
        listening=told.listening,
        language=told.language,
        balance=_balance(told.balance),
    )


def _balance(told: webchat.WebBalance | None) -> dict[str, object] | None:
    """Return the balance for the page: its words, and which part of the sum is used."""
    if told is None:
        return None
    share = told.spent_cents / told.budget_cents if told.budget_cents else 1.0
    return {"words": told.words, "share": min(round(share, 3), 1.0)}


def _as_json(message: webchat.WebMessage) -> dict[str, object]:
    return {
        "id": message.id,
        "mine": message.mine,
        "text": PAGE_BUTTONS.get(message.text, message.text),
        "choices": [asdict(choice) for choice in message.choices],
        "sound": message.sound and url_for("phone.recording", media_id=message.sound),
        "picture": message.picture
        and {
            "src": url_for("phone.plan_picture", media_id=message.picture.media),
            "alt": message.picture.title,
        },
        "file": message.file and url_for("phone.her_data", media_id=message.file),
        "at": message.at.isoformat(),
        "erased": message.erased,
        "kind": message.kind,
    }


def _page_language(user_id: str | None) -> str:
    wished = request.args.get("lang")
    if wished and is_language(wished):
        return wished
    known = user_id and webchat.language(house(), user_id)
    if known:
        return known
    # Not best_match: for "tr-TR, en" it prefers English, the exact match.
    asked = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next(filter(is_language, asked), FALLBACK)


def _new_talk() -> str:
    return secrets.token_urlsafe(24)


def _remember(response: Response, user_id: str) -> Response:
    response.set_cookie(
        _web().cookie,
        _web().sign(user_id),
        max_age=KEEP_SECONDS,
        path="/" if house().settings.over_https else "/phone",
        secure=house().settings.over_https,
        httponly=True,
        samesite="Lax",
    )
    return response

"""`POST /hooks`: what the officials' own systems tell residents through us.

Signed by the Standard Webhooks rules. The answer is always JSON: what was accepted and
how many people are told, or every fault by its path. Nothing that can be sent in makes
an error of ours.
"""

import logging
from collections.abc import Sequence

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from standardwebhooks.webhooks import (
    EmptyWebhookSecretError,
    Webhook,
    WebhookVerificationError,
)
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from bot.meters import OTHER
from bot.services.answers import Fault, FaultyCallError, NotNowError
from bot.services.hooks import LONGEST_ID, accept, kind_of
from bot.web.context import MOST_BYTES, house
from bot.web.hook_bodies import parse_body

log = logging.getLogger(__name__)
bp = Blueprint("hooks", __name__)
SEEN, ACCEPTED = 200, 202
BAD, UNSIGNED, OFF, CONFLICT, TOO_LARGE = 400, 401, 404, 409, 413
_OUTCOMES = {
    SEEN: "repeated",
    ACCEPTED: "accepted",
    BAD: "faulty",
    UNSIGNED: "unsigned",
    OFF: "off",
    CONFLICT: "conflict",
    TOO_LARGE: "too_large",
}
MOST_READ, PART = 32 * MOST_BYTES, 64 * 1024
# ValueError: what the library says to a signature or a body that is not even text.
UNVERIFIED = (WebhookVerificationError, EmptyWebhookSecretError, ValueError)


@bp.post("/hooks")
def take() -> ResponseReturnValue:
    """Carry one call out, once: 202, or 200 with the same answer for a repeated id."""
    body = _body()
    secret = house().settings.hook_secret
    if secret is None:
        return refuse("the web hook is off: HOOK_SECRET is not set", OFF)
    if not _is_signed(secret, body):
        return refuse("bad signature, or older than five minutes", UNSIGNED)
    try:
        parsed = parse_body(body)
        g.call_type = kind_of(parsed.call)
        accepted = accept(house(), _call_id(), parsed.call, parsed.warnings)
    except FaultyCallError as error:
        return refuse("the body has faults", BAD, error.faults)
    except NotNowError as error:
        return refuse("as things are, this cannot be done now", CONFLICT, error.faults)
    return jsonify(accepted.answer), ACCEPTED if accepted.new else SEEN


def _body() -> bytes:
    """Return the body. Raises RequestEntityTooLarge if it is over 1 MiB."""
    # A body without a length is cut at the limit, not refused: read one byte more.
    request.max_content_length = MOST_BYTES + 1
    body = request.get_data()
    if len(body) > MOST_BYTES:
        raise RequestEntityTooLarge
    return body


def _is_signed(secret: str, body: bytes) -> bool:
    """Check signature and age (five minutes, by this machine's clock)."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except UNVERIFIED:
        return False
    return True


def _call_id() -> str:
    """Return the id of the call. Raises FaultyCallError if it is too long to keep."""
    call_id = request.headers["webhook-id"]
    if len(call_id) > LONGEST_ID:
        raise FaultyCallError(
            [Fault("webhook-id", f"has more than {LONGEST_ID} characters")]
        )
    return call_id


def refuse(error: str, code: int, faults: Sequence[Fault] = ()) -> ResponseReturnValue:
    """Say what is wrong; nothing has changed."""
    named = [{"path": each.path, "fault": each.fault} for each in faults]
    log.info("hook refused code=%s faults=%s", code, len(named))
    return jsonify(error=error, faults=named), code


@bp.errorhandler(RequestEntityTooLarge)
def refuse_size(_: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say that a body is too large, once all of it is here.

    Who is still sending would meet a closed door instead of the answer.
    """
    left = min(request.content_length or 0, MOST_READ)
    stream = request.environ["wsgi.input"]
    while left > 0 and (part := stream.read(min(left, PART))):
        left -= len(part)
    return refuse("the body is over 1 MiB", TOO_LARGE)


@bp.errorhandler(HTTPException)
def refuse_request(error: HTTPException) -> ResponseReturnValue:
    """Say in JSON what is wrong with a request."""
    return refuse(error.description or error.name, error.code or BAD)


@bp.after_request
def keep_private(response: Response) -> Response:
    """Let nobody keep an answer."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.after_request
def count(response: Response) -> Response:
    """Count the call: its type, once that was read, and how it was answered."""
    kind = g.get("call_type", OTHER)
    outcome = _OUTCOMES.get(response.status_code, "failed")
    house().meters.called(kind, outcome)
    return response

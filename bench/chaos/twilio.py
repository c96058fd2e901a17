"""Twilio's REST interface for one sender, and the signed forms it posts."""

import itertools
import json
from collections.abc import Mapping, Sequence
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from twilio.request_validator import RequestValidator

from bench.chaos.seen import Arrival, Delivery, Fate

CHANNEL = "whatsapp"
SID = "AC" + "0123456789abcdef" * 2
TOKEN = "kill-auth-token"
SENDER = "whatsapp:+14155238886"
THROTTLED = (429, {"code": 20429, "message": "Too Many Requests", "status": 429})
Form = Mapping[str, str]
Row = Mapping[str, str]

_sids = itertools.count(1)
_validator = RequestValidator(TOKEN)


def new_sid(prefix: str) -> str:
    """Return a name nothing else has."""
    return f"{prefix}{next(_sids):032x}"


class Contents:
    """The stored shapes of messages with buttons."""

    def __init__(self) -> None:
        self._made: dict[str, Mapping[str, Any]] = {}

    def make(self, body: bytes) -> tuple[int, object]:
        """Store a shape and return the answer."""
        content = json.loads(body)
        sid = new_sid("HX")
        self._made[sid] = content
        return 201, {**content, "sid": sid, "account_sid": SID}

    def arrival(self, form: Form, at: float, fate: Fate) -> Arrival:
        """Return a message as it lies on the phone."""
        text, rows, kind = form.get("Body", ""), list[Row](), ""
        if "ContentSid" in form:
            text, rows, kind = self._filled(form)
        callback = form.get("StatusCallback", "")
        query = parse_qs(urlsplit(callback).query)
        row = query.get("out") or query.get("part")
        return Arrival(
            at=at,
            channel=CHANNEL,
            address=form["To"].removeprefix("whatsapp:"),
            name=new_sid("SM"),
            text=text,
            tappable=tuple(row["id"] for row in rows),
            fate=fate,
            row=int(row[0]) if row else None,
            callback=callback,
            as_list=kind == "twilio/list-picker",
            labels=tuple(row.get("title") or row["item"] for row in rows),
        )

    def _filled(self, form: Form) -> tuple[str, list[Row], str]:
        content = self._made[form["ContentSid"]]
        kind, shape = next(iter(content["types"].items()))
        text = str(shape["body"])
        for name, value in json.loads(form.get("ContentVariables", "{}")).items():
            text = text.replace("{{" + name + "}}", value)
        return text, shape.get("actions") or shape.get("items") or [], kind


def result(one: Arrival) -> tuple[int, object]:
    """Return the answer to a message that was taken."""
    return 201, {"sid": one.name, "status": "queued", "body": one.text}


def inbox(deliveries: Sequence[Delivery]) -> object:
    """Return the list of what came in, newest first and on one page.

    What was given up is left out: found minutes later it would be taken in between a
    question and its answer, and nobody could say what a resident has then agreed to.
    """
    listed = [
        _listed(each)
        for each in reversed(deliveries)
        if each.channel == CHANNEL and not each.given_up
    ]
    return {"messages": listed, "page": 0, "next_page_uri": None}


def _listed(delivery: Delivery) -> Form:
    form = dict(parse_qsl(delivery.body.decode()))
    at = format_datetime(delivery.at)
    return {
        "sid": delivery.external_id,
        "from": form["From"],
        "to": form["To"],
        "body": form["Body"],
        "num_media": form["NumMedia"],
        "direction": "inbound",
        "status": "received",
        "date_created": at,
        "date_sent": at,
    }


def typed(public_url: str, address: str, text: str) -> Delivery:
    """Return words as Twilio posts them."""
    return _form(public_url, address, {"MessageType": "text", "Body": text})


def tapped(public_url: str, address: str, button: str, on: Arrival) -> Delivery:
    """Return a tap on a button or a row of an earlier message as Twilio posts it."""
    name = "ListId" if on.as_list else "ButtonPayload"
    label = on.labels[on.tappable.index(button)]
    fields = {"MessageType": "interactive", "Body": label, name: button}
    return _form(public_url, address, fields | {"OriginalRepliedMessageSid": on.name})


def _form(public_url: str, address: str, fields: Form) -> Delivery:
    sid = new_sid("SM")
    form = {
        "MessageSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": SID,
        "From": f"whatsapp:{address}",
        "To": SENDER,
        "NumMedia": "0",
        "ProfileName": "Ada",
        "WaId": address.removeprefix("+"),
        **fields,
    }
    return signed(f"{public_url}/whatsapp", address, sid, form)


def status(one: Arrival, word: str) -> Delivery:
    """Return a delivery status, posted to where the bot wanted it."""
    form = {
        "MessageSid": one.name,
        "MessageStatus": word,
        "AccountSid": SID,
        "From": SENDER,
        "To": f"whatsapp:{one.address}",
    }
    return signed(one.callback, one.address, one.name, form)


def signed(url: str, address: str, sid: str, form: Form) -> Delivery:
    """Return a form with the signature that Twilio gives it."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Twilio-Signature": _validator.compute_signature(url, dict(form)),
    }
    return Delivery(CHANNEL, address, sid, path, headers, urlencode(form).encode())

"""Twilio's REST interface for one sender, and the signed forms it posts."""

import itertools
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from twilio.request_validator import RequestValidator

from bench.chaos.seen import Arrival, Delivery, Fate

CHANNEL = "whatsapp"
SID = "AC" + "0123456789abcdef" * 2
TOKEN = "kill-auth-token"
SENDER = "whatsapp:+14155238886"
THROTTLED = (429, {"code": 20429, "message": "Too Many Requests", "status": 429})
Form = Mapping[str, str]

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
        text, tappable, kind = form.get("Body", ""), tuple[str, ...](), ""
        if "ContentSid" in form:
            text, tappable, kind = self._filled(form)
        callback = form.get("StatusCallback", "")
        query = parse_qs(urlsplit(callback).query)
        row = query.get("out") or query.get("part")
        return Arrival(
            at=at,
            channel=CHANNEL,
            address=form["To"].removeprefix("whatsapp:"),
            name=new_sid("SM"),
            text=text,
            tappable=tappable,
            fate=fate,
            row=int(row[0]) if row else None,
            callback=callback,
            as_list=kind == "twilio/list-picker",
        )

    def _filled(self, form: Form) -> tuple[str, tuple[str, ...], str]:
        content = self._made[form["ContentSid"]]
        kind, shape = next(iter(content["types"].items()))
        text = str(shape["body"])
        for name, value in json.loads(form.get("ContentVariables", "{}")).items():
            text = text.replace("{{" + name + "}}", value)
        rows = shape.get("actions") or shape.get("items") or []
        return text, tuple(row["id"] for row in rows), kind


def result(one: Arrival) -> tuple[int, object]:
    """Return the answer to a message that was taken."""
    return 201, {"sid": one.name, "status": "queued", "body": one.text}


def typed(public_url: str, address: str, text: str) -> Delivery:
    """Return words as Twilio posts them."""
    return _form(public_url, address, {"MessageType": "text", "Body": text})


def tapped(public_url: str, address: str, button: str, on: Arrival) -> Delivery:
    """Return a tap on a button or a row of an earlier message as Twilio posts it."""
    name = "ListId" if on.as_list else "ButtonPayload"
    fields = {"MessageType": "interactive", "Body": "?", name: button}
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

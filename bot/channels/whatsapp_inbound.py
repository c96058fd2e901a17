"""Twilio's webhook forms as messages to us and as words on our own messages."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from bot.channels.edge import ADDRESS_LENGTH, as_degrees, as_text
from bot.channels.twilio_errors import CLOSING, DELIVERIES, reason
from bot.domain.messages import (
    Content,
    Inbound,
    MediaRef,
    Photo,
    Pin,
    Sender,
    StatusUpdate,
    Tap,
    Text,
    Unknown,
    Voice,
)

CHANNEL = "whatsapp"
PREFIX = "whatsapp:"
OUT = "out"
"""The query field of a status callback that names our own message."""

PART = "part"
"""The same for a first part of a message, which does not speak for the whole."""

_PHONE = re.compile(r"\+[1-9]\d{6,14}")

Form = Mapping[str, str]


def parse_form(form: Form) -> Inbound | None:
    """Return the message in an inbound form, or None if it is not one for us."""
    sid, user_id = _field(form, "MessageSid"), _address(form)
    if not sid or not user_id:
        return None
    phone = user_id if _PHONE.fullmatch(user_id) else None
    to = _field(form, "To")[:ADDRESS_LENGTH] or None
    return Inbound(CHANNEL, sid, Sender(user_id, phone), _content(form), to, place=sid)


def parse_status_form(form: Form, url: str) -> StatusUpdate | None:
    """Return a delivery status, or None for a form or a status we do not know.

    `extra` holds "out", our own number of the message, which also tells of a message
    whose send was unsure; for a failure "reason" and, if so, "closes".
    """
    sid = _field(form, "MessageSid")
    delivery = DELIVERIES.get(_field(form, "MessageStatus").lower())
    if not sid or delivery is None:
        return None
    extra = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    extra = {OUT: extra[OUT]} if OUT in extra else {}
    code = _field(form, "ErrorCode")
    if not code.isdecimal() or code == "0":
        return StatusUpdate(sid, delivery, None, extra)
    extra["reason"] = reason(int(code[:9]))
    if extra["reason"] in CLOSING:
        extra["closes"] = "yes"
    return StatusUpdate(sid, delivery, code, extra)


def _field(form: Form, name: str) -> str:
    return as_text(form.get(name)) or ""


def _address(form: Form) -> str:
    """Return the opaque id: a phone number, or a scoped id such as "NL.1a2b"."""
    sender = _field(form, "From")
    user_id = sender.removeprefix(PREFIX)
    is_whatsapp = sender.startswith(PREFIX) and len(user_id) <= ADDRESS_LENGTH
    return user_id if is_whatsapp else ""


def _content(form: Form) -> Content:
    tapped = _field(form, "ButtonPayload") or _field(form, "ListId")
    if tapped:
        return Tap(tapped, on=_field(form, "OriginalRepliedMessageSid") or None)
    if _field(form, "NumMedia") not in {"", "0"}:
        return _media(form)
    if _field(form, "Latitude") or _field(form, "Longitude"):
        return _place(form)
    if body := _field(form, "Body"):
        return Text(body)
    return Unknown(_field(form, "MessageType") or "empty")


def _media(form: Form) -> Content:
    """Return the file. WhatsApp sends one at a time; a sticker is a WebP picture."""
    place = _field(form, "MediaUrl0")
    mime = _field(form, "MediaContentType0").partition(";")[0].strip().lower()
    kind = mime.partition("/")[0]
    if kind == "audio" and place:
        return Voice(MediaRef(place, mime))
    if mime == "image/webp":
        return Unknown("sticker")
    if kind == "image" and place:
        return Photo(MediaRef(place, mime), _field(form, "Body"))
    if kind == "video":
        return Unknown("video")
    return Unknown("contact" if "vcard" in mime else "document")


def _place(form: Form) -> Content:
    latitude = as_degrees(_field(form, "Latitude"), 90)
    longitude = as_degrees(_field(form, "Longitude"), 180)
    if latitude is None or longitude is None:
        return Unknown("location")
    return Pin(latitude, longitude)

"""Messages as the channels hand them in and take them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

ChannelName = str
DATA_NAME = "buurtstem.zip"
"""What the file with all that is kept of somebody is called on her phone."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote: the channel's opaque id, and a phone number only if it is shown."""

    user_id: str
    phone: str | None = None
    language_hint: str | None = None


@dataclass(frozen=True, slots=True)
class MediaRef:
    """Where a provider keeps a file. `place` is a file id, a URL or a storage key."""

    place: str
    mime: str
    size_bytes: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Typed words. `start` is the payload of a deep link ("p21"), if it came by one."""

    text: str
    start: str | None = None


@dataclass(frozen=True, slots=True)
class Tap:
    """A tapped button: its stable id, and the provider's id of the tapped message."""

    id: str
    on: str | None = None
    callback: str | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice note, not fetched yet (unless `ref.place` is a storage key)."""

    ref: MediaRef


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture with its caption."""

    ref: MediaRef
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """A shared place in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something the talk cannot use: a sticker, a contact, a film."""

    kind: str


@dataclass(frozen=True, slots=True)
class Reach:
    """The address opened or closed itself (Telegram's block and unblock)."""

    open: bool


Content = Text | Tap | Voice | Photo | Pin | Unknown | Reach


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message to us. `external_id` is unique within the channel.

    `to` is the address of ours that she wrote to, where the channel names it. `place`
    is where the provider keeps the message, where it can be erased there.
    """

    channel: ChannelName
    external_id: str
    sender: Sender
    content: Content
    to: str | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button as text: id, label and a longer line for lists."""

    id: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """An approved template, and what fills its variables 1, 2, … in their order."""

    sid: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message from us, rendered. Adapters split and cut to their own limits.

    `sound` is the storage key of an OGG/Opus recording, `picture` that of a JPEG that
    goes before everything else; "" is one that is gone: it is counted as a part all the
    same, so that a retry finds its place. `list_label` are the words on the button that
    opens a list, `language` the language of all of it. With `template` the message goes
    out as that, where free text is not allowed; nothing else is sent. `done` is how
    many of its parts went out before: a retry goes on behind them. `begin_by` is the
    last moment, in monotonic seconds, at which the first request for it may begin,
    where that matters. `document` is the storage key of a file for her to keep; then
    `text` is its caption, and nothing else goes with it.
    """

    id: int
    user_id: str
    language: str
    text: str
    choices: tuple[Choice, ...] = ()
    sound: str | None = None
    list_label: str = ""
    template: Filled | None = None
    done: int = 0
    begin_by: float | None = None
    picture: str | None = None
    document: str | None = None


class Delivery(StrEnum):
    """How far an outbound message is. Only moves forward; see `RANK`."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNSURE = "unsure"
    DROPPED = "dropped"


RANK: Mapping[Delivery, int] = {
    Delivery.QUEUED: 0,
    Delivery.UNSURE: 1,
    Delivery.SENT: 2,
    Delivery.FAILED: 3,
    Delivery.DELIVERED: 4,
    Delivery.READ: 5,
    Delivery.DROPPED: 6,
}


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """A provider's later word on a message we sent. `code` is the provider's own."""

    external_id: str
    delivery: Delivery
    code: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """An inbound message with the moment (aware UTC) it reached us."""

    inbound: Inbound
    at: datetime

"""A Bot API Update as a message to us: a walk over plain JSON, trusting no field."""

import re
from collections.abc import Callable, Mapping

from bot.channels.base import MEDIA_BYTES
from bot.channels.edge import as_degrees, as_dict, as_int, as_text
from bot.domain.messages import (
    Content,
    Inbound,
    MediaRef,
    Photo,
    Pin,
    Reach,
    Sender,
    Tap,
    Text,
    Unknown,
    Voice,
)

CHANNEL = "telegram"
ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
COMMANDS: Mapping[str, Content] = {
    "plan": Tap("menu:plan"),
    "vote": Tap("menu:vote"),
    "status": Tap("menu:status"),
    "help": Tap("menu:help"),
    "person": Tap("person"),
    "language": Text("language"),
    "privacy": Tap("privacy"),
    "stop": Tap("stop"),
}
"""Commands of the bot's menu. Any other "/word" is taken for the word itself."""

_Json = Mapping[str, object]
_COMMAND = re.compile(r"/(\w{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_KINDS = (
    *("sticker", "animation", "video", "video_note", "contact", "poll", "dice"),
    *("story", "game", "invoice", "checklist"),
)
_SILENT = (
    *("pinned_message", "message_auto_delete_timer_changed", "connected_website"),
    *("write_access_allowed", "chat_background_set", "users_shared", "chat_shared"),
)


def parse_update(update: _Json) -> Inbound | None:
    """Return the message in `update`, or None if it holds none for us.

    Edits, groups, channels, other bots and service notes are not for us. Never
    raises, whatever the JSON object looks like.
    """
    number = as_int(update.get("update_id"))
    if number is None:
        return None
    for field, read in _READERS.items():
        if field in update:
            found = read(as_dict(update[field]))
            if found is None:
                return None
            sender, content = found
            return Inbound(CHANNEL, str(number), sender, content, place=_place(update))
    return None


def _place(update: _Json) -> str:
    """Return chat and number of a message, by which it can be deleted; "" for none."""
    message = as_dict(update.get("message"))
    chat, number = as_dict(message.get("chat")).get("id"), message.get("message_id")
    return f"{chat}:{number}" if as_int(number) is not None else ""


def _read_message(message: _Json) -> tuple[Sender, Content] | None:
    sender = _sender(as_dict(message.get("from")), as_dict(message.get("chat")))
    content = _content(message) if sender else None
    return (sender, content) if sender and content else None


def _read_tap(query: _Json) -> tuple[Sender, Content] | None:
    person, message = as_dict(query.get("from")), as_dict(query.get("message"))
    # A message too old to be shown comes without its chat; a private one is hers.
    chat = as_dict(message.get("chat")) or {**person, "type": "private"}
    sender, data = _sender(person, chat), as_text(query.get("data"))
    if sender is None or not data:
        return None
    number = as_int(message.get("message_id"))
    on = None if number is None else str(number)
    return sender, Tap(data, on=on, callback=as_text(query.get("id")))


def _read_reach(change: _Json) -> tuple[Sender, Content] | None:
    sender = _sender(as_dict(change.get("from")), as_dict(change.get("chat")))
    status = as_text(as_dict(change.get("new_chat_member")).get("status"))
    if sender is None or status not in {"member", "kicked", "left"}:
        return None
    return sender, Reach(open=status == "member")


_READERS: Mapping[str, Callable[[_Json], tuple[Sender, Content] | None]] = {
    "message": _read_message,
    "callback_query": _read_tap,
    "my_chat_member": _read_reach,
}


def _sender(person: _Json, chat: _Json) -> Sender | None:
    """Return who writes in a private chat; None for groups, channels and bots."""
    number = as_int(chat.get("id"))
    if chat.get("type") != "private" or number is None or person.get("is_bot") is True:
        return None
    return Sender(str(number), language_hint=as_text(person.get("language_code")))


def _content(message: _Json) -> Content | None:
    """Return what a message holds; None for a note of the service itself."""
    for field, read in _CONTENTS.items():
        if field in message:
            return read(message)
    if any(field in message for field in _SILENT):
        return None
    return Unknown(next((kind for kind in _KINDS if kind in message), "other"))


def _read_text(message: _Json) -> Content:
    text = as_text(message.get("text")) or ""
    command = _COMMAND.fullmatch(text) if text.startswith("/") else None
    if command is None:
        return Text(text)
    word, rest = command[1].lower(), (command[2] or "").strip()
    if word == "start":
        return Text("", start=rest)
    return COMMANDS.get(word, Text(word)) if not rest else Text(f"{word} {rest}")


def _read_voice(message: _Json) -> Content:
    sound = as_dict(message.get("voice")) or as_dict(message.get("audio"))
    ref = _media(sound, "audio/ogg")
    return Voice(ref) if ref else Unknown("audio")


def _read_photo(message: _Json) -> Content:
    sizes = message.get("photo")
    fitting = [
        size
        for size in map(as_dict, sizes if isinstance(sizes, list) else [])
        if (as_int(size.get("file_size")) or 0) <= MEDIA_BYTES
    ]
    largest = max(fitting, key=_pixels, default={})
    ref = _media(largest, "image/jpeg")
    return Photo(ref, _caption(message)) if ref else Unknown("photo")


def _read_document(message: _Json) -> Content:
    """Return a picture or sound that was sent as a file, which many phones offer."""
    file = as_dict(message.get("document"))
    ref = _media(file, "application/octet-stream")
    kind = ref.mime.partition("/")[0] if ref else ""
    if ref and kind == "audio":
        return Voice(ref)
    if ref and kind == "image" and "animation" not in message:
        return Photo(ref, _caption(message))
    return Unknown("document")


def _read_place(message: _Json) -> Content:
    place = as_dict(message.get("location"))
    latitude = as_degrees(place.get("latitude"), 90)
    longitude = as_degrees(place.get("longitude"), 180)
    if latitude is None or longitude is None:
        return Unknown("location")
    return Pin(latitude, longitude)


_CONTENTS: Mapping[str, Callable[[_Json], Content]] = {
    "text": _read_text,
    "voice": _read_voice,
    "audio": _read_voice,
    "photo": _read_photo,
    "document": _read_document,
    "location": _read_place,
}


def _media(file: _Json, mime: str) -> MediaRef | None:
    place = as_text(file.get("file_id"))
    if not place:
        return None
    seconds = as_int(file.get("duration"))
    return MediaRef(
        place,
        as_text(file.get("mime_type")) or mime,
        as_int(file.get("file_size")),
        None if seconds is None else float(seconds),
    )


def _caption(message: _Json) -> str:
    return as_text(message.get("caption")) or ""


def _pixels(size: _Json) -> int:
    return (as_int(size.get("width")) or 0) * (as_int(size.get("height")) or 0)

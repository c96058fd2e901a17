"""Messages and statuses, as Telegram, Twilio and the page of the web chat post them."""

import json
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from tests.fuzz.asking import Asked
from tests.fuzz.changing import (
    changed_bytes,
    changed_form,
    changed_json,
    form_bytes,
    json_bytes,
)
from tests.fuzz.grammar import telegram_update
from tests.fuzz.marks import WORD, phone_number, telegram_chat
from tests.fuzz.memory import PEOPLE, Memory, is_steady
from tests.fuzz.values import BUTTONS, STRANGE_BUTTONS, STRANGE_TEXTS, sentence, text
from tests.standins.twilio import SENDER, SID

JSON_TYPE = ("Content-Type", "application/json")
FORM_TYPE = ("Content-Type", "application/x-www-form-urlencoded")
_PLACES = ((52.37, 4.82), (0, 0), (90, -180), (91, 200), (1e300, -1e300))
_STATES = (
    *("queued", "sending", "sent", "delivered", "read", "failed", "undelivered"),
    *("teleported", "", "READ"),
)
_CODES = ("", "0", "63016", "63032", "21610", "9" * 50, "abc", "٣", "-1")
CHANGED = 0.4
"""How many forms of people who are not steady are changed."""

Said = tuple[str, str]
"""What somebody does: "text" and her words, or "tap" and a button's id."""


def said(memory: Memory, address: str, person: int) -> Said:
    """Return what she says next: often a button of the answer she has just had."""
    random = memory.random
    offered = memory.offered.get(address, ())
    if is_steady(person):
        return _to_the_point(memory, offered)
    draw = random.random()
    if offered and draw < 0.5:
        return "tap", random.choice(offered)
    if draw < 0.62:
        return "tap", random.choice(BUTTONS)
    if draw < 0.66:
        return "tap", random.choice(STRANGE_BUTTONS)
    if draw < 0.76 and memory.passes:
        return "text", _a_pass(random, random.choice(memory.passes))
    return "text", text(random)


def _to_the_point(memory: Memory, offered: Sequence[str]) -> Said:
    """Return an answer to what was asked, as most people give one."""
    random = memory.random
    draw = random.random()
    if "yes" in offered and draw < 0.7:
        return "tap", "yes"
    kind = [each for each in offered if each not in {"stop", "forget", "no", "person"}]
    if kind and draw < 0.55:
        return "tap", random.choice(kind)
    if draw < 0.7 and memory.passes:
        return "text", random.choice(memory.passes)
    if draw < 0.85:
        return "text", random.choice(("21 30", "22, 31", "10", "20 32 40"))
    return random.choice(
        (("tap", "menu:vote"), ("tap", "menu:plan"), ("text", sentence(random)))
    )


def _a_pass(random: Random, code: str) -> str:
    """Return a code as she types it, rightly or not."""
    draw = random.random()
    if draw < 0.5:
        return code
    if draw < 0.7:
        return code[:-1] + str(random.randrange(10))
    if draw < 0.85:
        return " ".join(code[at : at + 4] for at in range(0, len(code), 4))
    return "".join(random.choice("0123456789") for _ in range(12))


def telegram(memory: Memory) -> Asked:
    """Return an Update: as Telegram sends it, as its description allows, or changed."""
    random, number = memory.random, memory.next_id()
    person = memory.person()
    update = _update(memory, number, person)
    draw = random.random() if not is_steady(person) else 0.6
    if draw < 0.2:
        update = _kept_private(random, telegram_update(random)) | {"update_id": number}
    elif draw < 0.5:
        update = changed_json(random, update)
    body = json_bytes(random, update)
    if draw > 0.93:
        body = changed_bytes(random, body)
    return Asked("telegram", "POST", "/telegram", "", (JSON_TYPE,), body, "telegram")


def _kept_private(random: Random, update: dict[str, Any]) -> dict[str, Any]:
    """Have most of what the description allows come from a private chat of ours."""
    person = _person(random.randrange(PEOPLE))
    for name in ("message", "callback_query", "my_chat_member"):
        if name in update and random.random() < 0.9:
            chat = {"id": person["id"], "type": "private"}
            update[name] = update[name] | {"from": person, "chat": chat}
    return update


def _person(place: int) -> dict[str, Any]:
    tongue = ("nl", "en", "tr", "ar", "xx", "")[place % 6]
    told = {"id": telegram_chat(place), "is_bot": False, "first_name": WORD}
    return told | ({"language_code": tongue} if tongue else {})


def _update(memory: Memory, number: int, place: int) -> dict[str, Any]:
    random = memory.random
    person = _person(place)
    chat = {"id": person["id"], "type": "private", "first_name": WORD}
    message = {"message_id": number, "date": 1, "chat": chat, "from": person}
    kind, what = said(memory, str(person["id"]), place)
    draw = random.random()
    if draw < 0.03:
        became = {"status": random.choice(("member", "kicked", "left", "x"))}
        moved = {"chat": chat, "from": person, "date": 1, "new_chat_member": became}
        return {"update_id": number, "my_chat_member": moved}
    if draw < 0.2:
        return {"update_id": number, "message": message | _file(random)}
    if kind == "tap":
        on = message | {"message_id": memory.row()}
        tap = {"id": str(number), "from": person, "data": what, "message": on}
        return {"update_id": number, "callback_query": tap}
    if random.random() < 0.1:
        what = f"/start {random.choice(('p21', 's30', 'status', f'{WORD}', 'k_2345'))}"
    return {"update_id": number, "message": message | {"text": what}}


def _file(random: Random) -> dict[str, Any]:
    """Return the content of a message that is no text."""
    file = {"file_id": f"{WORD}{random.randrange(99)}", "file_unique_id": "u"}
    sound = file | {
        "duration": random.choice((0, 3, 61, 10**9)),
        "mime_type": "audio/ogg",
    }
    latitude, longitude = random.choice(_PLACES)
    place = {"latitude": latitude, "longitude": longitude}
    size = file | {"width": 90, "height": 90, "file_size": random.choice((5, 10**9))}
    return random.choice(
        (
            {"voice": sound},
            {"audio": sound | {"title": WORD}},
            {"photo": [size, size], "caption": text(random)},
            {"document": file | {"mime_type": "image/png", "file_name": WORD}},
            {"location": place},
            {"sticker": file | {"emoji": WORD}},
            {"contact": {"phone_number": phone_number(1), "first_name": WORD}},
            {"pinned_message": {}},
        )
    )


def whatsapp(memory: Memory) -> Asked:
    """Return a Twilio form with a message, valid or changed."""
    random = memory.random
    person = memory.person()
    address = phone_number(person)
    kind, what = said(memory, address, person)
    form = _form(address, memory.next_id())
    if kind == "tap":
        name = random.choice(("ButtonPayload", "ListId"))
        form |= {name: what, "Body": WORD, "OriginalRepliedMessageSid": "SM1"}
    else:
        form |= {"Body": what}
    if random.random() < 0.15:
        form |= _attached(random)
    share = 0 if is_steady(person) else CHANGED
    return _posted(random, "whatsapp", "/whatsapp", "", form, share)


def _form(address: str, number: int) -> dict[str, str]:
    return {
        "MessageSid": f"SM{number:032x}",
        "SmsMessageSid": f"SM{number:032x}",
        "AccountSid": SID,
        "From": f"whatsapp:{address}",
        "To": SENDER,
        "WaId": address.removeprefix("+"),
        "ProfileName": WORD,
        "NumMedia": "0",
        "NumSegments": "1",
    }


def _attached(random: Random) -> dict[str, str]:
    mime = random.choice(
        (
            "audio/ogg",
            "image/jpeg",
            "image/webp",
            "video/mp4",
            "text/x-vcard",
            "",
            "a;b;",
        )
    )
    latitude, longitude = random.choice(_PLACES)
    return random.choice(
        (
            {
                "NumMedia": "1",
                "MediaUrl0": f"https://a/{WORD}",
                "MediaContentType0": mime,
            },
            {"NumMedia": random.choice(("2", "-1", "x"))},
            {"Latitude": str(latitude), "Longitude": str(longitude), "Label": WORD},
        )
    )


def status(memory: Memory) -> Asked:
    """Return a Twilio status callback, of a message of ours or of none."""
    random = memory.random
    number = memory.random.randrange(400)
    form = {
        "MessageSid": f"SM{number:032x}",
        "MessageStatus": random.choice(_STATES),
        "ErrorCode": random.choice(_CODES),
        "From": SENDER,
        "To": f"whatsapp:{phone_number(number % PEOPLE)}",
        "AccountSid": SID,
    }
    field = random.choice(("out", "out", "out", "part", "x"))
    query = f"{field}={memory.row()}" if random.random() < 0.9 else "out=%FF&out=1"
    return _posted(random, "status", "/whatsapp/status", query, form, CHANGED)


def _posted(
    random: Random,
    kind: str,
    path: str,
    query: str,
    form: Mapping[str, str],
    share: float,
) -> Asked:
    """Return a form as Twilio posts it; a `share` of them are changed."""
    pairs, headers = list(form.items()), (FORM_TYPE,)
    if random.random() >= share:
        data = urlencode(pairs, errors="surrogatepass").encode()
        return Asked(kind, "POST", path, query, headers, data, "twilio")
    if random.random() < 0.1:
        headers = ((FORM_TYPE[0], random.choice(_CONTENT_TYPES)),)
    data = form_bytes(random, changed_form(random, pairs))
    return Asked(kind, "POST", path, query, headers, data, "twilio")


_CONTENT_TYPES = (
    *("application/x-www-form-urlencoded; charset=utf-16", "multipart/form-data"),
    *(
        "multipart/form-data; boundary=x",
        "application/json",
        "text/plain; charset=x",
        "",
    ),
)


def phone(memory: Memory) -> Asked:
    """Return what the page of the web chat posts, valid or changed."""
    random = memory.random
    person = memory.person()
    talk = f"{WORD}-{person}"
    draw = random.random()
    if draw < 0.75:
        return _say(memory, talk, person)
    if draw < 0.88:
        return _upload(memory, talk)
    return random.choice(_ELSEWHERE)(random, talk)


def _say(memory: Memory, talk: str, person: int) -> Asked:
    random = memory.random
    kind, what = said(memory, talk, person)
    body: dict[str, Any] = {"id": str(UUID(int=memory.next_id()))}
    if is_steady(person):
        data = json.dumps(body | {kind: what}).encode()
        return _from_page("/phone/say", "", data, talk)
    if random.random() < 0.08:
        latitude, longitude = random.choice(_PLACES)
        body |= {"pin": {"latitude": latitude, "longitude": longitude}}
    else:
        body |= {kind: what}
    if random.random() < 0.2:
        body |= random.choice(
            ({"language": "tr"}, {"start": "p21"}, {"on": str(memory.row())})
        )
    if random.random() < 0.3:
        body = changed_json(random, body)
    data = json_bytes(random, body)
    if random.random() < 0.1:
        data = changed_bytes(random, data)
    query = random.choice(("", "", "after=1", "after=%00", f"after={memory.row()}"))
    return _from_page("/phone/say", query, data, talk)


def _from_page(
    path: str, query: str, data: bytes, talk: str, mime: str = JSON_TYPE[1]
) -> Asked:
    headers = (("Content-Type", mime),)
    return Asked("phone", "POST", path, query, headers, data, f"phone:{talk}")


def _upload(memory: Memory, talk: str) -> Asked:
    random = memory.random
    path, mime = random.choice(
        (
            ("/phone/sound", "audio/ogg"),
            ("/phone/sound", "audio/webm"),
            ("/phone/photo", "image/png"),
            ("/phone/photo", "image/jpeg"),
            ("/phone/photo", "text/html"),
        )
    )
    data = random.choice((b"OggS", b"\x89PNG\r\n", b"\xff\xd8\xff", b"", b"<svg/>"))
    query = {
        "id": random.choice((str(UUID(int=memory.next_id())), "x", "")),
        "seconds": random.choice(("1.5", "-1", "nan", "1e999", "")),
        "language": random.choice(("nl", "ar", "xx", WORD)),
    }
    return _from_page(path, urlencode(query), data + random.randbytes(20), talk, mime)


def _page(random: Random, talk: str) -> Asked:
    query = urlencode({"lang": random.choice(("nl", "tr", "xx", "\x00"))})
    return Asked("phone", "GET", "/phone", query, (), b"", f"phone:{talk}")


def _news(random: Random, talk: str) -> Asked:
    after = random.choice(
        ("", "1", "-1", "9" * 40, "1.1.1", "x", "%", "1:2", *STRANGE_TEXTS)
    )
    query = urlencode({"after": after.encode("utf-8", "replace")})
    return Asked("phone", "GET", "/phone/messages", query, (), b"", f"phone:{talk}")


def _recording(random: Random, talk: str) -> Asked:
    number = random.choice(
        ("1", "2", "0", "9" * 18, "9223372036854775807", "9" * 19, "-1")
    )
    path = f"/phone/{random.choice(('sound', 'picture'))}/{number}"
    return Asked("phone", "GET", path, "", (), b"", f"phone:{talk}")


def _back(random: Random, talk: str) -> Asked:
    token: Any = random.choice((WORD, "a.b.c", 5, None, "", [], "\ud800", "é" * 40))
    body = json.dumps(random.choice(({"token": token}, [token], token))).encode()
    return _from_page(random.choice(("/phone/back", "/phone/leave")), "", body, talk)


_ELSEWHERE: tuple[Callable[[Random, str], Asked], ...] = (
    _page,
    _news,
    _recording,
    _back,
)

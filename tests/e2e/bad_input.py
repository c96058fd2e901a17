"""What should never come, and what the contract answers to it."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.city import HOOK_SECRET, City
from tests.standins.server import Delivery
from tests.standins.telegram import SECRET
from tests.worlds import hook, signed

MEGABYTE = 1024 * 1024
DEEP = "[" * 100_000 + "]" * 100_000
CHAT = 99_000_111


@dataclass(frozen=True)
class Case:
    """A request, and the status it has to get. `keeps` what may be stored of it."""

    name: str
    delivery: Delivery
    status: int
    keeps: frozenset[str] = frozenset()


MESSAGE = frozenset(
    {"residents", "talks", "inbound_messages", "outbound_messages", "content_sids"}
)
FILE = MESSAGE | {"media"}


def update(**content: Any) -> dict[str, Any]:
    """Return an Update with a message, every field of which may be replaced."""
    chat = {"id": CHAT, "type": "private"}
    person = {"id": CHAT, "is_bot": False, "first_name": "Mallory"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": "hi"}
    return {"update_id": content.pop("number", 1), "message": message | content}


def telegram(city: City, body: bytes | Any, **headers: str | None) -> Delivery:
    given: dict[str, str | None] = {
        "Content-Type": "application/json",
        "X-Telegram-Bot-Api-Secret-Token": SECRET,
    }
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    kept = {name: value for name, value in given.items() if value is not None}
    return Delivery(f"{city.url}/telegram", kept, data)


TOKEN = "X_Telegram_Bot_Api_Secret_Token"


def telegram_cases(city: City) -> Iterator[Case]:
    """Yield forged, malformed, oversized and unheard-of updates."""
    whole = update(number=900)
    forged: Mapping[str, str | None] = {
        "no secret": None,
        "an empty secret": "",
        "another secret": "stand-in_secreu",
        "a longer secret": SECRET + "x",
        "a secret in other letters": "sécret",
    }
    for name, secret in forged.items():
        yield Case(name, telegram(city, whole, **{TOKEN: secret}), 403)
    malformed: dict[str, Any] = {
        "nothing": b"",
        "no json": b"{",
        "half a letter": b'{"update_id": 1, "message": "\xff"}',
        "json that is no object": b"[1, 2]",
        "a bare word": b"null",
        "a very deep one": DEEP.encode(),
        "a number without end": b'{"update_id": ' + b"9" * 5000 + b"}",
        "no number": {"message": whole["message"]},
        "a number that is text": {**whole, "update_id": "901"},
        "a number that is true": {**whole, "update_id": True},
        "an empty update": {"update_id": 902},
        "a type of next year": {"update_id": 903, "hologram": {"id": 1}},
        "an edited message": {"update_id": 904, "edited_message": whole["message"]},
        "a group": update(number=905, chat={"id": -5, "type": "group"}),
        "a channel": {"update_id": 906, "channel_post": whole["message"]},
        "another bot": update(**{"number": 907, "from": {"id": 7, "is_bot": True}}),
        "a message that is a list": {"update_id": 908, "message": [1]},
        "a chat that is text": update(number=909, chat="private"),
        "a pinned note": {
            "update_id": 910,
            "message": {
                **{k: v for k, v in whole["message"].items() if k != "text"},
                "pinned_message": {},
            },
        },
        "a megabyte and more": update(number=911, text="a" * (MEGABYTE + 1)),
        "six megabytes": b" " * 6 * MEGABYTE,
    }
    for name, body in malformed.items():
        yield Case(name, telegram(city, body), 200)
    strange: dict[str, dict[str, Any]] = {
        "empty text": {"text": ""},
        "a word nobody sees": {"text": "\u200b\u2066\u202e"},
        "a letter that is none": {"text": "\ud800 \x00"},
        "ten thousand letters": {"text": "a" * 10_000},
        "a command that never was": {"text": "/" + "x" * 500},
        "a start that never was": {"text": "/start " + "p9" * 500},
        "a start with a huge number": {"text": "/start p" + "9" * 60},
        "a sticker": {"text": None, "sticker": {"file_id": "x"}},
        "a place outside the world": {
            "location": {"latitude": 91e300, "longitude": "x"},
            "text": None,
        },
        "fields of next year": {"text": "hi", "mood": {"colour": ["red"] * 50}},
    }
    for number, (name, content) in enumerate(strange.items(), 920):
        given = {key: value for key, value in content.items() if value is not None}
        body = update(number=number, **given)
        if content.get("text", "") is None:
            del body["message"]["text"]
        yield Case(name, telegram(city, body), 200, MESSAGE)
    yield from _strange_files(city)
    far = {"id": int("9" * 200), "type": "private"}
    yield Case(
        "a chat number of two hundred digits",
        telegram(city, update(number=960, chat=far)),
        200,
        MESSAGE,
    )


def _strange_files(city: City) -> Iterator[Case]:
    files: dict[str, dict[str, Any]] = {
        "a note that lasts for ever": {"file_id": "x", "duration": int("9" * 400)},
        "a note of no length": {"file_id": "x", "duration": -5, "file_size": -1},
        "a note with a long name": {"file_id": "x" * 5000, "mime_type": "a/" * 5000},
        "a note without a file": {"duration": 5},
    }
    for number, (name, file) in enumerate(files.items(), 940):
        body = update(number=number, voice=file)
        del body["message"]["text"]
        yield Case(name, telegram(city, body), 200, FILE | {"tasks"})
    tap = {"id": "1", "from": update()["message"]["from"], "data": "x" * 900}
    tapped = {"update_id": 950, "callback_query": tap}
    yield Case("a button that never was", telegram(city, tapped), 200, MESSAGE)


def twilio_form(**fields: str) -> dict[str, str]:
    form = {"MessageSid": "SMbad", "From": "whatsapp:+31600000001", "NumMedia": "0"}
    return form | {"To": "whatsapp:+14155238886", "Body": "hi"} | fields


def without(delivery: Delivery, *names: str) -> Delivery:
    kept = {key: value for key, value in delivery.headers.items() if key not in names}
    return replace(delivery, headers=kept)


def whatsapp_cases(city: City) -> Iterator[Case]:
    """Yield forged and strange forms, for messages and for statuses."""
    for path in ("/whatsapp", "/whatsapp/status"):
        url = city.url + path
        right = city.twilio.signed(twilio_form(), url)
        wrong = {**right.headers, "X-Twilio-Signature": "AAAA" + "=" * 24}
        elsewhere = city.twilio.signed(twilio_form(), f"https://example.org{path}")
        forged = {
            "no signature": without(right, "X-Twilio-Signature"),
            "another signature": replace(right, headers=wrong),
            "signed for another address": replace(elsewhere, url=url),
            "a changed body": replace(right, body=right.body.replace(b"=hi", b"=ho")),
            "an empty body": replace(right, body=b""),
            "no content type": without(right, "Content-Type"),
        }
        for name, delivery in forged.items():
            yield Case(f"{path}: {name}", delivery, 403)
    strange = {
        "a status nobody knows": {"MessageStatus": "teleported"},
        "a status of a message nobody sent": {"MessageStatus": "read"},
        "a failure with a strange code": {
            "MessageStatus": "failed",
            "ErrorCode": "9" * 50,
        },
        "no status": {},
    }
    for name, fields in strange.items():
        url = f"{city.url}/whatsapp/status"
        yield Case(name, city.twilio.signed(twilio_form(**fields), url), 200)
    yield from _strange_forms(city)


def _strange_forms(city: City) -> Iterator[Case]:
    nothing: Mapping[str, dict[str, str]] = {
        "no number": {"MessageSid": ""},
        "nobody": {"From": ""},
        "a text message": {"From": "+31600000001"},
        "an address without end": {"From": "whatsapp:" + "9" * 5000},
    }
    something: Mapping[str, dict[str, str]] = {
        "empty": {"Body": ""},
        "an address of two hundred letters": {"From": "whatsapp:NL." + "a" * 200},
        "a long number of its own": {"MessageSid": "S" * 3000},
        "more files than there are": {"NumMedia": "many"},
        "a file without a place": {"NumMedia": "1", "MediaContentType0": "audio/ogg"},
        "a place outside the world": {"Latitude": "nan", "Longitude": "1e999"},
        "letters that are none": {"Body": "\x00\u202e"},
        "sixteen hundred thousand letters": {"Body": "a" * 160_000},
    }
    url = f"{city.url}/whatsapp"
    for name, fields in nothing.items():
        yield Case(name, city.twilio.signed(twilio_form(**fields), url), 200)
    for number, (name, fields) in enumerate(something.items()):
        form = twilio_form(**{"MessageSid": f"SMbad{number}"} | fields)
        yield Case(name, city.twilio.signed(form, url), 200, MESSAGE)


def hook_cases(city: City) -> Iterator[Case]:
    """Yield hook calls that are unsigned, stale, repeated in part, or nonsense."""
    url = f"{city.url}/hooks"
    status = hook("plan.status", plan=21, status="done", note={"nl": "Klaar"})

    def call(body: Any, **how: Any) -> Delivery:
        made = signed(body, **{"secret": HOOK_SECRET} | how)
        return Delivery(url, made["headers"], made["data"])

    now = datetime.now(UTC)
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()
    whole = call(status)
    unsigned = {
        "another secret": call(status, secret=other),
        "six minutes old": call(status, at=now - timedelta(minutes=6)),
        "six minutes early": call(status, at=now + timedelta(minutes=6)),
        "a changed body": replace(whole, body=whole.body.replace(b"21", b"22")),
        "a signature that is none": replace(
            whole, headers={**whole.headers, "webhook-signature": "v1,%%% \xe9"}
        ),
        "a time that is none": replace(
            whole, headers={**whole.headers, "webhook-timestamp": "noon"}
        ),
    }
    for header in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        unsigned[f"no {header}"] = without(whole, header)
    for name, delivery in unsigned.items():
        yield Case(name, delivery, 401)
    bad = {
        "no json": b"{",
        "nothing": b"",
        "a deep one": DEEP.encode(),
        "a list": b"[]",
        "every field wrong": hook("plan.status", plan="x", status=5, note=[], more=1),
        "a type that is none": hook("plan.explode"),
        "a plan nobody has": hook("plan.status", plan=298, status="done", note={}),
        "not a number": b'{"type":"plan.status","timestamp":NaN,"data":{}}',
    }
    for name, body in bad.items():
        yield Case(name, call(body), 400)
    yield Case("a megabyte and more", call(b" " * (MEGABYTE + 1)), 413)

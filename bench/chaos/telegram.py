"""The Bot API: what the bot asks of it, and the updates it posts."""

import itertools
import json
import time
from collections.abc import Mapping

from bench.chaos.seen import Arrival, Delivery, Fate

CHANNEL = "telegram"
TOKEN = "123456:kill"
SECRET = "kill-secret"
BOT = {"id": 1, "is_bot": True, "first_name": "Buurtstem", "username": "kill_bot"}
THROTTLED = (
    429,
    {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}
    | {"parameters": {"retry_after": 1}},
)
_updates = itertools.count(1)


def arrival(form: Mapping[str, str], name: str, at: float, fate: Fate) -> Arrival:
    """Return a sendMessage as it lies on the phone."""
    keyboard = json.loads(form.get("reply_markup", "{}")).get("inline_keyboard", [])
    tappable = tuple(button["callback_data"] for row in keyboard for button in row)
    chat, text = form["chat_id"], form["text"]
    return Arrival(at, CHANNEL, chat, name, text, tappable, fate)


def result(one: Arrival) -> tuple[int, object]:
    """Return the answer to a sendMessage that was taken."""
    room = {"id": int(one.address), "type": "private", "first_name": "Ada"}
    message = {"message_id": int(one.name), "date": int(time.time()), "chat": room}
    return 200, {"ok": True, "result": message | {"from": BOT, "text": one.text}}


def typed(address: str, text: str) -> Delivery:
    """Return words as Telegram posts them."""
    number = next(_updates)
    message = {"message_id": number, "date": int(time.time()), "text": text}
    return _update(
        address, number, {"message": message | _room(address) | _person(address)}
    )


def tapped(address: str, button: str, on: Arrival) -> Delivery:
    """Return a tap on a button of an earlier message as Telegram posts it."""
    number = next(_updates)
    message: dict[str, object] = {"message_id": int(on.name), "date": int(time.time())}
    message |= _room(address) | {"from": BOT, "text": on.text}
    tap: dict[str, object] = {"id": str(number), "chat_instance": address}
    tap |= _person(address) | {"data": button, "message": message}
    return _update(address, number, {"callback_query": tap})


def _room(address: str) -> dict[str, object]:
    return {"chat": {"id": int(address), "type": "private", "first_name": "Ada"}}


def _person(address: str) -> dict[str, object]:
    return {"from": {"id": int(address), "is_bot": False, "first_name": "Ada"}}


def _update(address: str, number: int, content: Mapping[str, object]) -> Delivery:
    headers = {
        "Content-Type": "application/json",
        "X-Telegram-Bot-Api-Secret-Token": SECRET,
    }
    body = json.dumps({"update_id": number, **content}).encode()
    return Delivery(CHANNEL, address, str(number), "/telegram", headers, body)

"""Bot API Updates as Telegram posts them, made as bytes."""

import itertools
import json
import time

from bench.script import Step

BOT = {"id": 1, "is_bot": True, "first_name": "Buurtstem", "username": "bench_bot"}
numbers = itertools.count(int(time.time() * 1_000))
"""Higher in every run: a database that is visited again has seen the lower ones."""


def person(chat: int) -> dict[str, object]:
    """Return the User who writes from private chat `chat`."""
    return {"id": chat, "is_bot": False, "first_name": "Ada", "language_code": "tr"}


def update(step: Step, chat: int, tapped_message: int) -> bytes:
    """Return the JSON of one Update; a tap is on message `tapped_message`."""
    number = next(numbers)
    room = {"id": chat, "type": "private", "first_name": "Ada"}
    message: dict[str, object] = {"date": int(time.time()), "chat": room}
    if step.data:
        message |= {"message_id": tapped_message, "from": BOT, "text": "?"}
        tap: dict[str, object]
        tap = {"id": str(number), "from": person(chat), "chat_instance": str(chat)}
        body = {"callback_query": tap | {"data": step.data, "message": message}}
    else:
        message |= {"message_id": number, "from": person(chat), "text": step.text}
        if step.text.startswith("/"):
            command = {"type": "bot_command", "offset": 0, "length": len(step.text)}
            message["entities"] = [command]
        body = {"message": message}
    return json.dumps({"update_id": number, **body}).encode()

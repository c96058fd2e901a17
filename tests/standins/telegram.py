"""A Bot API server and the residents who talk to its bot.

`python -m tests.standins.telegram 8081 http://127.0.0.1:8080/telegram SECRET` runs it
by hand: lines typed there are messages of one resident.
"""

import itertools
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast
from urllib.parse import parse_qs

from bot.channels.limits import TELEGRAM_CALLBACK, TELEGRAM_CAPTION, TELEGRAM_TEXT
from tests.standins.recorder import Call
from tests.standins.server import Answer, Delivery, StandIn, json_answer
from tests.standins.telegram_resident import Heard, TelegramResident

TOKEN = "100:stand-in-token"
SECRET = "stand-in_secret"
USERNAME = "buurtstem_bot"
Json = Mapping[str, object]


class TelegramStandIn(StandIn):
    """The Bot API for one bot. `webhook` and `secret` are what the bot registered."""

    provider = "telegram"

    def __init__(
        self, *, token: str = TOKEN, secret: str = SECRET, port: int = 0
    ) -> None:
        super().__init__(port=port)
        self.token = token
        self.secret = secret
        self.webhook = ""
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Buurtstem",
            "username": USERNAME,
        }
        self.numbers = itertools.count(1000)
        self.open_queries: set[str] = set()
        self.residents: dict[int, TelegramResident] = {}
        self.deleted: list[str] = []
        self.waiting: list[Json] = []
        self.pending = 0
        self.last_error = ""
        self._files: dict[str, tuple[str, bytes]] = {}

    @property
    def heard(self) -> list[Heard]:
        """Return every message on every phone."""
        return [heard for one in self.residents.values() for heard in one.heard]

    def resident(self, chat_id: int, language: str = "nl") -> TelegramResident:
        """Return the resident with this chat, made at first use."""
        new = TelegramResident(self, chat_id, language)
        return self.residents.setdefault(chat_id, new)

    def keep(self, content: bytes, path: str) -> dict[str, object]:
        """Keep a file for download; return the fields that name it."""
        name = f"file-{next(self.numbers)}"
        self._files[name] = (f"{name}/{path}", content)
        return {
            "file_id": name,
            "file_unique_id": f"u{name}",
            "file_size": len(content),
        }

    def update(self, **content: object) -> int:
        """Hand an update to the webhook, or keep it for who asks; return the status."""
        return self.hand_over({"update_id": next(self.numbers), **content})

    def hand_over(self, update: Json, *, secret: str | None = None) -> int:
        """Hand over an update as it is; twice the same makes a duplicate."""
        if not self.webhook:
            with self.changed:
                self.waiting.append(update)
                self.changed.notify_all()
            return 200
        headers = {
            "Content-Type": "application/json",
            "X-Telegram-Bot-Api-Secret-Token": self.secret
            if secret is None
            else secret,
        }
        return self.deliver(
            Delivery(self.webhook, headers, json.dumps(update).encode())
        )

    def answer(self, call: Call) -> Answer:
        """Serve a file or a method."""
        prefix, _, rest = call.path.lstrip("/").partition(f"bot{self.token}/")
        if prefix == "file/":
            return self._file(rest)
        method = _METHODS.get(rest.lower())
        if prefix or not rest:
            return _refusal(401, "Unauthorized")
        if method is None:
            return _refusal(404, "Not Found")
        given = {key: values[0] for key, values in parse_qs(call.query).items()}
        return method(self, call, given | call.form)

    def _file(self, path: str) -> Answer:
        for known, content in self._files.values():
            if known == path:
                return Answer(200, content, "application/octet-stream")
        return _refusal(404, "Not Found")

    def say(self, call: Call, form: Mapping[str, str]) -> Answer:
        """Serve sendMessage."""
        text = form.get("text", "")
        if not text.strip():
            return _refusal(400, "Bad Request: message text is empty")
        if not TELEGRAM_TEXT.fits(text):
            return _refusal(400, "Bad Request: message is too long")
        return self._put(form, Heard(0, 0, text))

    def say_sound(self, call: Call, form: Mapping[str, str]) -> Answer:
        """Serve sendVoice and sendAudio."""
        kind = call.path.rpartition("/send")[2].lower()
        upload = call.files.get(kind)
        known = self._files.get(form.get(kind, ""))
        content = upload.content if upload else known[1] if known else b""
        if not content:
            return _refusal(400, "Bad Request: wrong file_id or the file is empty")
        resident = self.residents.get(int(form["chat_id"]))
        if kind == "voice" and resident and resident.forbids_voice:
            return _refusal(400, "Bad Request: VOICE_MESSAGES_FORBIDDEN")
        return self._put(form, Heard(0, 0, "", sound=content, kind=kind))

    def show(self, call: Call, form: Mapping[str, str]) -> Answer:
        """Serve sendPhoto."""
        upload = call.files.get("photo")
        known = self._files.get(form.get("photo", ""))
        content = upload.content if upload else known[1] if known else b""
        if not content:
            return _refusal(400, "Bad Request: wrong file_id or the file is empty")
        return self._put(form, Heard(0, 0, "", kind="photo", picture=content))

    def give(self, call: Call, form: Mapping[str, str]) -> Answer:
        """Serve sendDocument."""
        upload = call.files.get("document")
        if upload is None or not upload.content:
            return _refusal(400, "Bad Request: there is no document in the request")
        if not TELEGRAM_CAPTION.fits(form.get("caption", "")):
            return _refusal(400, "Bad Request: message caption is too long")
        words = form.get("caption", "")
        given = Heard(0, 0, words, kind="document", document=upload.content)
        return self._put(form, given)

    def answer_tap(self, call: Call, form: Mapping[str, str]) -> Answer:
        """Serve answerCallbackQuery."""
        query = form.get("callback_query_id", "")
        if query not in self.open_queries:
            return _refusal(400, "Bad Request: query is too old")
        self.open_queries.discard(query)
        return _result(True)

    def file_place(self, call: Call, form: Mapping[str, str]) -> Answer:
        """Serve getFile."""
        name = form.get("file_id", "")
        if name not in self._files:
            return _refusal(400, "Bad Request: wrong file_id")
        path, content = self._files[name]
        if len(content) > 20 * 1024 * 1024:
            return _refusal(400, "Bad Request: file is too big")
        size = {"file_unique_id": f"u{name}", "file_size": len(content)}
        return _result({"file_id": name, "file_path": path, **size})

    def who_am_i(self, call: Call, form: Mapping[str, str]) -> Answer:
        """Serve getMe."""
        return _result(self.bot)

    def hook_state(self, call: Call, form: Mapping[str, str]) -> Answer:
        """Serve getWebhookInfo."""
        state: dict[str, object] = {
            "url": self.webhook,
            "has_custom_certificate": False,
            "pending_update_count": self.pending,
        }
        if self.last_error:
            error = {"last_error_message": self.last_error}
            state |= {**error, "last_error_date": int(time.time()) - 60}
        return _result(state)

    def hook(self, call: Call, form: Mapping[str, str]) -> Answer:
        """Serve setWebhook and deleteWebhook."""
        self.webhook = form.get("url", "")
        self.secret = form.get("secret_token", self.secret)
        return _result(True)

    def updates(self, call: Call, form: Mapping[str, str]) -> Answer:
        """Serve getUpdates; waits as long as it is asked to."""
        if self.webhook:
            return _refusal(409, "Conflict: can't use getUpdates with a webhook")
        offset = int(form.get("offset", "0"))
        self.waiting = [u for u in self.waiting if _number(u) >= offset]
        if not self.waiting:
            self.changed.wait(int(form.get("timeout", "0")))
        return _result(self.waiting)

    def agree(self, call: Call, form: Mapping[str, str]) -> Answer:
        """Serve methods whose effect nobody sees here."""
        return _result(True)

    def delete(self, call: Call, form: Mapping[str, str]) -> Answer:
        """Serve deleteMessage; a second time there is nothing to delete."""
        place = f"{form.get('chat_id')}:{form.get('message_id')}"
        if place in self.deleted:
            return _refusal(400, "Bad Request: message to delete not found")
        self.deleted.append(place)
        return _result(True)

    def _put(self, form: Mapping[str, str], heard: Heard) -> Answer:
        """Put a message on a phone, unless its owner blocked the bot."""
        resident = self.resident(int(form["chat_id"]))
        if resident.blocked:
            return _refusal(403, "Forbidden: bot was blocked by the user")
        buttons = _buttons(form.get("reply_markup", ""))
        if not all(data and TELEGRAM_CALLBACK.fits(data) for data, _ in buttons):
            return _refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        number = next(self.numbers)
        there = replace(heard, chat_id=resident.chat_id, message_id=number)
        resident.heard.append(replace(there, buttons=buttons))
        return _result(self._message(resident, number, heard))

    def _message(self, resident: TelegramResident, number: int, heard: Heard) -> Json:
        message: dict[str, object] = {
            "message_id": number,
            "date": int(time.time()),
            "chat": resident.chat,
            "from": self.bot,
        }
        if heard.picture is not None:
            size = self.keep(heard.picture, "photos/sent.jpg")
            return {**message, "photo": [size | {"width": 800, "height": 600}]}
        if heard.document is not None:
            named = {"file_name": "sent.zip", "mime_type": "application/zip"}
            kept = self.keep(heard.document, "documents/sent.zip")
            return {**message, "caption": heard.text, "document": kept | named}
        if heard.sound is None:
            return {**message, "text": heard.text}
        sound = self.keep(heard.sound, f"{heard.kind}/sent.ogg")
        return {**message, heard.kind: {**sound, "duration": 1}}


_METHODS: Mapping[str, Callable[[TelegramStandIn, Call, Mapping[str, str]], Answer]] = {
    "sendmessage": TelegramStandIn.say,
    "sendvoice": TelegramStandIn.say_sound,
    "sendaudio": TelegramStandIn.say_sound,
    "sendphoto": TelegramStandIn.show,
    "senddocument": TelegramStandIn.give,
    "answercallbackquery": TelegramStandIn.answer_tap,
    "getfile": TelegramStandIn.file_place,
    "getme": TelegramStandIn.who_am_i,
    "getwebhookinfo": TelegramStandIn.hook_state,
    "setwebhook": TelegramStandIn.hook,
    "deletewebhook": TelegramStandIn.hook,
    "getupdates": TelegramStandIn.updates,
    "setmycommands": TelegramStandIn.agree,
    "sendchataction": TelegramStandIn.agree,
    "deletemessage": TelegramStandIn.delete,
}


def _result(value: object) -> Answer:
    return json_answer(200, {"ok": True, "result": value})


def _refusal(status: int, words: str, **parameters: int) -> Answer:
    body = {"ok": False, "error_code": status, "description": words}
    return json_answer(
        status, body | ({"parameters": parameters} if parameters else {})
    )


def throttled(seconds: int) -> Answer:
    """Return a 429 that asks to wait `seconds`."""
    words = f"Too Many Requests: retry after {seconds}"
    return _refusal(429, words, retry_after=seconds)


def migrated(chat_id: int) -> Answer:
    """Return the refusal that names a group's new number."""
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return _refusal(400, words, migrate_to_chat_id=chat_id)


def refused(status: int, words: str) -> Answer:
    """Return a refusal in Telegram's form."""
    return _refusal(status, words)


def _buttons(markup: str) -> tuple[tuple[str, str], ...]:
    rows = json.loads(markup)["inline_keyboard"] if markup else []
    return tuple(
        (button.get("callback_data", ""), button["text"])
        for row in rows
        for button in row
    )


def _number(update: Json) -> int:
    return cast("int", update["update_id"])


def main() -> None:
    port, webhook, secret = sys.argv[1:4]
    with TelegramStandIn(port=int(port), secret=secret) as stand_in:
        stand_in.webhook = webhook
        resident = stand_in.resident(42)
        print(f"Bot API at {stand_in.url}, token {stand_in.token}")
        for line in sys.stdin:
            try:
                status = resident.says(line.strip())
            except OSError as error:
                print(f"nobody answers at {webhook}: {error}")
                continue
            print(f"{status}; heard so far: {[h.text for h in resident.heard]}")


if __name__ == "__main__":
    main()

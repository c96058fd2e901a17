"""One face for every adapter, so that all of them pass the same tests."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from bot.channels.base import Channel, Request
from bot.channels.telegram import Telegram
from bot.channels.web import Web
from bot.channels.whatsapp import WhatsApp
from tests.standins.server import Delivery, StandIn
from tests.standins.telegram import TelegramStandIn
from tests.standins.twilio import TwilioStandIn


@dataclass(frozen=True, slots=True)
class OnPhone:
    """A message as it lies on a phone. `buttons` are pairs of id and label.

    `kind` is "text", "photo" or "voice".
    """

    external_id: str
    text: str
    buttons: tuple[tuple[str, str], ...]
    kind: str = "text"


class AdapterCase(ABC):
    """An adapter with a resident before it, whose verbs return webhook requests."""

    channel: Channel
    user_id: str

    @abstractmethod
    def says(self, text: str) -> Request:
        """Return a request with typed words."""

    @abstractmethod
    def taps(self, choice: str, on: str) -> Request:
        """Return a request with a tap on the message `on`."""

    @abstractmethod
    def shares_place(self, latitude: float, longitude: float) -> Request:
        """Return a request with a place."""

    @abstractmethod
    def adds_unknown(self, request: Request) -> Request:
        """Return the request with fields from next year's documentation."""

    @abstractmethod
    def unsigned(self, request: Request) -> Request:
        """Return the request without its secret, signature or cookie."""

    @abstractmethod
    def forged(self, request: Request) -> Request:
        """Return the request with a secret, signature or cookie that is wrong."""

    @abstractmethod
    def raw(self, body: bytes) -> Request:
        """Return a genuine request with any body."""


class MessengerCase(AdapterCase):
    """An adapter that speaks to a provider: files and sending can be seen too.

    `text_path` is how the path of a text's request ends, `token` our secret there.
    """

    provider: StandIn
    text_path: str
    token: str

    @abstractmethod
    def sends_voice(self, sound: bytes) -> Request:
        """Return a request with a voice note."""

    @abstractmethod
    def sends_photo(self, picture: bytes, caption: str) -> Request:
        """Return a request with a picture."""

    @abstractmethod
    def sends_sticker(self) -> Request:
        """Return a request with something no talk can use."""

    @abstractmethod
    def heard(self) -> list[OnPhone]:
        """Return what lies on the resident's phone."""


class _Catcher:
    """Takes the place of the network to the webhook."""

    def __init__(self) -> None:
        self.caught: list[Delivery] = []

    def __call__(self, delivery: Delivery) -> int:
        self.caught.append(delivery)
        return 200

    def request(self, act: Callable[[], int]) -> Request:
        act()
        return to_request(self.caught.pop())


def to_request(delivery: Delivery) -> Request:
    """Return a webhook request as the web layer hands it to a channel."""
    headers = {name.lower(): value for name, value in delivery.headers.items()}
    form: dict[str, str] = {}
    if "urlencoded" in headers.get("content-type", ""):
        form = dict(parse_qsl(delivery.body.decode(), keep_blank_values=True))
    return Request(delivery.url, headers, delivery.body, form)


def _with_header(request: Request, name: str, value: str | None) -> Request:
    headers = {key: kept for key, kept in request.headers.items() if key != name}
    return replace(request, headers=headers | ({name: value} if value else {}))


class TelegramCase(MessengerCase):
    header = "x-telegram-bot-api-secret-token"

    def __init__(self, channel: Telegram, stand_in: TelegramStandIn) -> None:
        self.channel = channel
        self.stand_in = self.provider = stand_in
        self.text_path, self.token = "/sendMessage", stand_in.token
        self.user_id = "42"
        self.resident = stand_in.resident(42)
        self._catcher = stand_in.deliver = _Catcher()

    def says(self, text: str) -> Request:
        return self._catcher.request(lambda: self.resident.says(text))

    def taps(self, choice: str, on: str) -> Request:
        return self._catcher.request(lambda: self.resident.taps(choice, int(on)))

    def shares_place(self, latitude: float, longitude: float) -> Request:
        return self._catcher.request(
            lambda: self.resident.shares_place(latitude, longitude)
        )

    def sends_voice(self, sound: bytes) -> Request:
        return self._catcher.request(lambda: self.resident.sends_voice(sound))

    def sends_photo(self, picture: bytes, caption: str) -> Request:
        return self._catcher.request(
            lambda: self.resident.sends_photo(picture, caption)
        )

    def sends_sticker(self) -> Request:
        return self.sends(sticker={"file_id": "s", "type": "regular"})

    def sends(self, **content: object) -> Request:
        return self._catcher.request(lambda: self.resident.sends(**content))

    def hands_over(self, update: Mapping[str, object]) -> Request:
        return self._catcher.request(lambda: self.stand_in.hand_over(update))

    def acts(self, act: Callable[[], int]) -> Request:
        return self._catcher.request(act)

    def adds_unknown(self, request: Request) -> Request:
        update = json.loads(request.body)
        update["mood"] = {"of": ["the", "day"]}
        update["message"] |= {"hologram_id": 7, "paid_star_count": [1]}
        return replace(request, body=json.dumps(update).encode())

    def unsigned(self, request: Request) -> Request:
        return _with_header(request, self.header, None)

    def forged(self, request: Request) -> Request:
        return _with_header(request, self.header, "gehéim\u20ac")

    def raw(self, body: bytes) -> Request:
        return replace(self.says("x"), body=body)

    def heard(self) -> list[OnPhone]:
        return [
            OnPhone(str(heard.message_id), heard.text, heard.buttons, heard.kind)
            for heard in self.resident.heard
        ]


class WhatsAppCase(MessengerCase):
    header = "x-twilio-signature"

    def __init__(self, channel: WhatsApp, stand_in: TwilioStandIn) -> None:
        self.channel = channel
        self.stand_in = self.provider = stand_in
        self.text_path, self.token = "/Messages.json", stand_in.token
        self.user_id = "+31612345678"
        self.resident = stand_in.resident(self.user_id)
        self._catcher = stand_in.deliver = _Catcher()

    def says(self, text: str) -> Request:
        return self._catcher.request(lambda: self.resident.says(text))

    def taps(self, choice: str, on: str) -> Request:
        return self._catcher.request(lambda: self.resident.taps(choice, on))

    def shares_place(self, latitude: float, longitude: float) -> Request:
        return self._catcher.request(
            lambda: self.resident.shares_place(latitude, longitude)
        )

    def sends_voice(self, sound: bytes) -> Request:
        return self._catcher.request(lambda: self.resident.sends_voice(sound))

    def sends_photo(self, picture: bytes, caption: str) -> Request:
        return self._catcher.request(
            lambda: self.resident.sends_photo(picture, caption)
        )

    def sends_sticker(self) -> Request:
        return self.acts(lambda: self.resident.sends_file(b"RIFF", "image/webp"))

    def sends(self, **fields: str) -> Request:
        return self._catcher.request(lambda: self.resident.sends(**fields))

    def acts(self, act: Callable[[], int]) -> Request:
        return self._catcher.request(act)

    def adds_unknown(self, request: Request) -> Request:
        form = {**request.form, "Mood": "", "InteractiveData": '{"of": "the day"}'}
        return self.acts(lambda: self.stand_in.hand_over(form))

    def unsigned(self, request: Request) -> Request:
        return _with_header(request, self.header, None)

    def forged(self, request: Request) -> Request:
        form = {**request.form, "From": "whatsapp:+31600000000"}
        return replace(request, form=form, body=urlencode(form).encode())

    def raw(self, body: bytes) -> Request:
        form = dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))
        return self.acts(lambda: self.stand_in.hand_over(form))

    def heard(self) -> list[OnPhone]:
        return [
            OnPhone(heard.sid, heard.text, heard.buttons, _kind(heard.media))
            for heard in self.resident.heard
        ]


def _kind(media: tuple[str, ...]) -> str:
    if not media:
        return "text"
    return "photo" if media[0].endswith(".jpg") else "voice"


class WebCase(AdapterCase):
    def __init__(self, channel: Web) -> None:
        self.channel = channel
        self.user_id = "a-talk-of-a-browser"
        self._cookie = f"{channel.cookie}={channel.sign(self.user_id)}"

    def says(self, text: str) -> Request:
        return self._posts(text=text)

    def taps(self, choice: str, on: str) -> Request:
        return self._posts(tap=choice, on=on)

    def shares_place(self, latitude: float, longitude: float) -> Request:
        return self._posts(pin={"latitude": latitude, "longitude": longitude})

    def adds_unknown(self, request: Request) -> Request:
        return replace(
            request, body=json.dumps({**json.loads(request.body), "mood": 1}).encode()
        )

    def unsigned(self, request: Request) -> Request:
        return _with_header(request, "cookie", None)

    def forged(self, request: Request) -> Request:
        return _with_header(request, "cookie", self._cookie.replace("a-talk", "b-talk"))

    def raw(self, body: bytes) -> Request:
        headers = {"cookie": self._cookie, "x-requested-with": "phone"}
        return Request("https://buurtstem.example/phone/say", headers, body, {})

    def _posts(self, **fields: object) -> Request:
        return self.raw(json.dumps({"id": str(uuid4()), **fields}).encode())

"""The web chat `/phone`: who speaks is named by a cookie that only we can sign."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import timedelta
from typing import Annotated, Self
from uuid import UUID

from itsdangerous import BadSignature, Signer
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    ValidationError,
    model_validator,
)

from bot.channels.base import ChannelError, ForgedError, Outcome, Request, Sent
from bot.domain.languages import is_language
from bot.domain.messages import (
    Content,
    Inbound,
    MediaRef,
    Outbound,
    Pin,
    Sender,
    Tap,
    Text,
)

_COOKIE = "phone"
MARK = ("x-requested-with", "phone")
"""A header that no form and no link of another site can send along."""


class FaultError(ValueError):
    """A body we cannot use. Its text names the field and what is wrong with it."""


class _Place(BaseModel):
    latitude: FiniteFloat = Field(ge=-90, le=90)
    longitude: FiniteFloat = Field(ge=-180, le=180)


def _without_nul(text: str) -> str:
    # PostgreSQL stores every character but this one.
    return text.replace("\x00", "")


class Said(BaseModel):
    """What the page posts: an id of its own, and a text, a tap or a place."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    text: Annotated[str, AfterValidator(_without_nul)] | None = None
    start: str | None = Field(None, pattern=r"^[A-Za-z0-9_:-]{0,64}$")
    tap: str | None = Field(None, pattern=r"^[A-Za-z0-9_:.-]{1,64}$")
    on: str | None = Field(None, max_length=80)
    pin: _Place | None = None
    language: str | None = Field(None, max_length=8)

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if [self.text, self.tap, self.pin].count(None) != 2:  # noqa: PLR2004
            raise ValueError("say exactly one of text, tap and pin")
        if self.text is not None and self.start is None and not self.text.strip():
            raise ValueError("text is empty")
        return self

    def content(self) -> Text | Tap | Pin:
        """Return it in the words of the house."""
        if self.tap is not None:
            return Tap(self.tap, on=self.on)
        if self.pin is not None:
            return Pin(self.pin.latitude, self.pin.longitude)
        return Text(self.text or "", start=self.start)


def understand(body: bytes) -> Said:
    """Read a posted body. Raises FaultError; its text never repeats what was said."""
    try:
        return Said.model_validate_json(body)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        told = (".".join(map(str, (*f["loc"], ""))) + " " + f["msg"] for f in faults)
        raise FaultError("; ".join(line.lstrip(". ") for line in told)) from None


class _Return(BaseModel):
    token: str


def return_token(body: bytes) -> str | None:
    """Return the token of a posted return link, None where there is none."""
    try:
        return _Return.model_validate_json(body).token
    except ValidationError:
        return None


class Web:
    """The web chat: the page fetches what we owe it, so sending is done at once.

    `public_url` is where the page is, `key` signs `cookie`, `load` reads a file of
    the media store by its key. It raises FileNotFoundError or LookupError when it is
    gone, any other OSError when nobody can tell now.
    """

    name = "web"
    shows_number = False
    window: timedelta | None = None
    ours: str | None = None

    def __init__(
        self, public_url: str, key: bytes, load: Callable[[str], bytes]
    ) -> None:
        self._public_url = public_url.rstrip("/")
        over_https = public_url.startswith("https:")
        self.cookie = f"__Host-{_COOKIE}" if over_https else _COOKIE
        self._signer = Signer(key, salt="phone", digest_method=hashlib.sha256)
        self._load = load

    def sign(self, user_id: str) -> str:
        """Return the cookie's value for a talk."""
        return self._signer.sign(user_id).decode()

    def recognise(self, cookie: str | None) -> str | None:
        """Return the talk a cookie's value names, None if we did not sign it."""
        try:
            return self._signer.unsign(cookie or "").decode()
        except BadSignature:
            return None

    def identify(self, headers: Mapping[str, str]) -> str:
        """Return whose request this is (header names in lower case).

        Raises ForgedError without our cookie, or if another site made the request.
        """
        user_id = self.recognise(_cookie(self.cookie, headers.get("cookie", "")))
        if user_id is None or headers.get(MARK[0]) != MARK[1]:
            raise ForgedError("the web chat's cookie or mark is missing")
        return user_id

    def inbound(
        self, user_id: str, message_id: UUID, content: Content, hint: str | None = None
    ) -> Inbound:
        """Return a message of this talk. The same `message_id` is the same message."""
        # Hashed: an id must be nobody else's, and should not name the talk in a log.
        named = hashlib.sha256(f"{user_id}:{message_id}".encode()).hexdigest()[:40]
        known = hint if is_language(hint) else None
        return Inbound(self.name, named, Sender(user_id, language_hint=known), content)

    def parse(self, request: Request) -> Sequence[Inbound]:
        """Read one posted message; see `Channel.parse` and `understand`."""
        user_id = self.identify(request.headers)
        try:
            said = understand(request.body)
        except FaultError:
            return []
        return [self.inbound(user_id, said.id, said.content(), said.language)]

    def send(self, out: Outbound) -> Future[Sent]:
        """Call it sent: the page fetches it from the outbox."""
        sent: Future[Sent] = Future()
        sent.set_result(Sent(f"web:{out.id}"))
        return sent

    def acknowledge(self, tap: Tap) -> None:
        """Do nothing: the page sees its answer in the same request."""

    def fetch(self, ref: MediaRef) -> bytes:
        """Read a file the page posted earlier.

        Raises ChannelError REFUSED "gone", and RETRY "not_readable" for now.
        """
        try:
            return self._load(ref.place)
        except (LookupError, FileNotFoundError) as error:
            raise ChannelError(Outcome.REFUSED, "gone") from error
        except OSError as error:
            raise ChannelError(Outcome.RETRY, "not_readable") from error

    def delete_media(self, ref: MediaRef) -> None:
        """Do nothing: the only copy is ours, and retention deletes it."""

    def erase(self, place: str) -> None:
        """Do nothing: what she wrote is with us alone."""

    def support_link(self) -> str:
        """Return the deep link that supports a plan, with "%d" for its number."""
        return f"{self._public_url}/phone?start=p%d"

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


def _cookie(wanted: str, header: str) -> str | None:
    # http.cookies gives up on the whole header at one cookie it dislikes.
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name == wanted:
            return value
    return None

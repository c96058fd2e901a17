"""What makes a request genuine: put on when it is sent, rightly or with a fault.

A body that was changed for a smaller one is signed anew, so that what is found stays
found while it shrinks.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from twilio.request_validator import RequestValidator
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

from bot.channels.web import Web
from bot.keys import keyed_hash
from bot.services.house import House
from tests.fuzz.asking import Asked, Headers, environ
from tests.fuzz.marks import WORD
from tests.standins.telegram import SECRET
from tests.standins.twilio import TOKEN
from tests.worlds import signed

FORM_SECRET = b"0form0secret0"
"""Stands in a form where the secret of its session comes when it is sent."""

FLIPPED, STALE, GONE = "flipped", "stale", "gone"
DAMAGES = (FLIPPED, STALE, GONE)
"""What can be wrong with a seal: one letter of it, its age, or that it is not there."""

TOKEN_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Sealer:
    """Puts seals on requests for one city. `tokens` are the sessions of its desk."""

    house: House
    tokens: dict[str, str] = field(default_factory=dict)

    def sealed(self, asked: Asked) -> Asked:
        """Return the request as it goes out."""
        kind, _, who = asked.seal.partition(":")
        if kind == "desk":
            return self._at_desk(asked, who)
        if not kind or asked.damage == GONE:
            return asked
        headers = _SEALS[kind](self, asked, who)
        if asked.damage == FLIPPED and headers:
            name, value = headers[0]
            headers = ((name, _flipped(value)), *headers[1:])
        return asked.with_headers(*headers)

    def _at_desk(self, asked: Asked, role: str) -> Asked:
        """Return a request of an official; with damage, her form holds no secret."""
        held = self.tokens.get(role, "")
        secret = keyed_hash(self.house.keys.sessions, "form", held) if held else ""
        if asked.damage:
            secret = _flipped(secret)
        body = asked.body.replace(FORM_SECRET, secret.encode())
        cookie = (("Cookie", f"__Host-desk={held}"),) if held else ()
        return replace(asked, body=body).with_headers(*cookie)

    def _telegram(self, asked: Asked, _: str) -> Headers:
        return ((TOKEN_HEADER, SECRET),)

    def _twilio(self, asked: Asked, _: str) -> Headers:
        """Sign what the server will read; what it cannot read nobody can sign."""
        url = f"{self.house.settings.public_url}{asked.url}"
        try:
            form = Request(environ(asked)).form.to_dict()
            signature = RequestValidator(TOKEN).compute_signature(url, form)
        except (ValueError, HTTPException):
            return ()
        return (("X-Twilio-Signature", str(signature)),)

    def _hook(self, asked: Asked, _: str) -> Headers:
        call = next(value for name, value in asked.headers if name == "webhook-id")
        age = timedelta(minutes=6 if asked.damage == STALE else 0)
        try:
            headers = signed(asked.body, call, datetime.now(UTC) - age)["headers"]
        except ValueError:  # only text can be signed
            return ()
        kept = [
            (name, value) for name, value in headers.items() if name != "webhook-id"
        ]
        return tuple(sorted(kept))

    def _phone(self, _: Asked, who: str) -> Headers:
        web = self.house.channels["web"]
        assert isinstance(web, Web)
        return (
            ("Cookie", f"{web.cookie}={web.sign(who)}"),
            ("X-Requested-With", "phone"),
        )

    def _sign_on(self, _: Asked, __: str) -> Headers:
        until = self.house.clock() + timedelta(minutes=5)
        kept = {"state": WORD, "nonce": WORD, "verifier": WORD * 8}
        sealed = self.house.keys.seal_asked(
            json.dumps(kept | {"until": until.isoformat()})
        )
        return (("Cookie", f"__Host-desk_asked={sealed}"),)


_SEALS: Mapping[str, Callable[[Sealer, Asked, str], Headers]] = {
    "telegram": Sealer._telegram,
    "twilio": Sealer._twilio,
    "hook": Sealer._hook,
    "phone": Sealer._phone,
    "sign_on": Sealer._sign_on,
}


def _flipped(value: str) -> str:
    """Return a value with another letter at its beginning."""
    at = value.index("=") + 1 if "=" in value[:20] else 0
    return value[:at] + ("a" if value[at : at + 1] != "a" else "b") + value[at + 1 :]

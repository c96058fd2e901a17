"""A city's sign-on (OpenID Connect) on 127.0.0.1: real keys, real signatures.

It hands out a code to who asks, checks client, code and PKCE when the code comes back,
and signs what the test wants its token to say.
"""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.standins.recorder import Call
from tests.standins.server import Answer, StandIn, json_answer

CLIENT, SECRET = "buurtstem", "a secret of an invented city"


@dataclass
class Told:
    """What the next token says, and how it is signed."""

    email: str | None = "bram@demo.example"
    changed: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    key: RSAKey | None = None
    now: int | None = None


class SignOnStandIn(StandIn):
    """A sign-on; `told` is what it says of whoever logs in next."""

    provider = "sign_on"

    def __init__(self) -> None:
        super().__init__()
        self.key = new_key()
        self.told = Told()
        self.asked: dict[str, dict[str, str]] = {}
        self.issuer_told: str | None = None
        self.userinfo: dict[str, Any] = {}

    def log_in(self, address: str) -> str:
        """Do what a browser and an official do there; return where it leads back to."""
        asked = {
            name: each[0] for name, each in parse_qs(urlsplit(address).query).items()
        }
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert {"openid", "email"} <= set(asked["scope"].split())
        code = secrets.token_urlsafe(8)
        self.asked[code] = asked
        back = urlsplit(asked["redirect_uri"]).path
        return f"{back}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer(self, call: Call) -> Answer:
        """Answer as a sign-on does."""
        if call.path.endswith("/openid-configuration"):
            return json_answer(200, self._configuration())
        if call.path == "/keys":
            public = self.key.as_dict(private=False)
            return json_answer(200, {"keys": [public, {"kty": "oct", "use": "enc"}]})
        if call.path == "/userinfo":
            return json_answer(200, self.userinfo)
        return self._tokens(call)

    def _configuration(self) -> dict[str, str]:
        return {
            "issuer": self.issuer_told or self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
        }

    def _tokens(self, call: Call) -> Answer:
        fields = {name: each[0] for name, each in parse_qs(call.body.decode()).items()}
        asked = self.asked.pop(fields.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if call.headers.get("authorization") != f"Basic {basic}":
            return json_answer(401, {"error": "invalid_client"})
        if asked is None or asked["code_challenge"] != _challenge(fields):
            return json_answer(400, {"error": "invalid_grant"})
        answer = {"access_token": "of no use", "token_type": "Bearer"}
        return json_answer(200, answer | {"id_token": self._token(asked["nonce"])})

    def _token(self, nonce: str) -> str:
        now = self.told.now or int(time.time())
        claims: dict[str, Any] = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "u-1",
            "nonce": nonce,
            "iat": now,
            "exp": now + 300,
        }
        if self.told.email is not None:
            claims |= {"email": self.told.email, "email_verified": True}
        claims |= self.told.changed
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.told.algorithm == "none":
            return _unsigned(claims)
        key = self.told.key or self.key
        header = {"alg": self.told.algorithm, "kid": self.key.kid}
        return jwt.encode(header, claims, key)


def new_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})


def _challenge(fields: dict[str, str]) -> str:
    digest = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    sealed = (base64.urlsafe_b64encode(json.dumps(each).encode()) for each in parts)
    return ".".join(each.rstrip(b"=").decode() for each in sealed) + "."

"""The city's own sign-on: OpenID Connect, code flow with PKCE, state and nonce.

Who somebody is comes from there, what she may do from us: she is known by issuer and
`sub`, and the first time by her verified e-mail address, which has to be that of an
official. Nothing in a token is believed before its signature.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.config import Settings
from bot.services.desk.asking import Asked, SignOnError, Vouched

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
"""Signed with a key that only the sign-on has; "none" and shared secrets are not."""

TIMEOUT_SECONDS = 8
LEEWAY_SECONDS = 60
KNOWN_FOR = timedelta(hours=1)
_SCOPE = "openid email profile"
_VERIFIED = ("email_verified", "xms_edov")
"""Claims that vouch for the address; the second one is Microsoft's."""

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_VERIFIER_BYTES = 48


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the sign-on is, and its keys."""

    endpoints: Mapping[str, str]
    keys: KeySet
    read_at: datetime


class SignOn:
    """Speaks with the sign-on of `settings`. Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.issuer = settings.oidc_issuer or ""
        self._client_id = settings.oidc_client_id or ""
        self._secret = settings.oidc_client_secret or ""
        self._strong = (settings.oidc_acr or "").split()
        self.back = f"{settings.public_url}/desk/login/city/back"
        self._place: _Place | None = None
        self._lock = Lock()

    def ask(self, now: datetime, *, anew: bool = False) -> tuple[str, Asked]:
        """Return where to send the browser, and what to keep. Raises SignOnError.

        `anew`: she has to log in there once more, even if she is in already.
        """
        place = self._find(now)
        asked = Asked(
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(_VERIFIER_BYTES),
        )
        with self._client() as client:
            address, _ = client.create_authorization_url(
                place.endpoints["authorization_endpoint"],
                state=asked.state,
                nonce=asked.nonce,
                code_verifier=asked.verifier,
                **({"acr_values": " ".join(self._strong)} if self._strong else {}),
                **({"prompt": "login", "max_age": "0"} if anew else {}),
            )
        return str(address), asked

    def person_of(
        self, code: str, asked: Asked, now: datetime, since: datetime | None = None
    ) -> Vouched:
        """Return whom a code stands for. Raises SignOnError.

        With `since` it has to say that she has logged in there since then.
        """
        place = self._find(now)
        tokens = self._fetch(place, code, asked)
        claims = self._claims(place, str(tokens.get("id_token", "")), now)
        self._check(claims, asked, now)
        if self._strong and not said_of(claims) & set(self._strong):
            raise SignOnError("weak")
        if since is not None and not _is_since(claims, since):
            raise SignOnError("stale")
        if "email" not in claims and "userinfo_endpoint" in place.endpoints:
            claims = claims | self._userinfo(place, tokens, claims["sub"])
        return Vouched(self.issuer, str(claims["sub"]), _verified_email(claims))

    def _client(self, **options: Any) -> OAuth2Session:  # noqa: ANN401 - the library's
        return OAuth2Session(
            self._client_id,
            self._secret,
            scope=_SCOPE,
            redirect_uri=self.back,
            code_challenge_method="S256",
            default_timeout=TIMEOUT_SECONDS,
            **options,
        )

    def _fetch(self, place: _Place, code: str, asked: Asked) -> Mapping[str, Any]:
        """Exchange the code for tokens, with the proof that it was we who asked."""
        try:
            with self._client() as client:
                got: Mapping[str, Any] = client.fetch_token(
                    place.endpoints["token_endpoint"],
                    code=code,
                    code_verifier=asked.verifier,
                    grant_type="authorization_code",
                )
        except AuthlibBaseError as error:
            raise SignOnError("refused") from error
        except (requests.RequestException, ValueError) as error:
            raise SignOnError("away") from error
        return got

    def _claims(self, place: _Place, token: str, now: datetime) -> dict[str, Any]:
        """Return what a signed token says; keys that we do not know yet are read anew.

        Raises SignOnError.
        """
        try:
            return _decode(token, place.keys)
        except (JoseError, ValueError):
            fresh = self._find(now, anew=True)
        try:
            return _decode(token, fresh.keys)
        except (JoseError, ValueError) as error:
            raise SignOnError("token") from error

    def _check(self, claims: dict[str, Any], asked: Asked, now: datetime) -> None:
        """See that the token is from there, for us, of now, and what we asked for."""
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": asked.nonce},
        )
        try:
            registry.validate(claims)
        except JoseError as error:
            raise SignOnError("token") from error
        others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        party = claims.get("azp", None if others else self._client_id)
        if party != self._client_id:
            raise SignOnError("token")

    def _userinfo(
        self, place: _Place, tokens: Mapping[str, Any], subject: str
    ) -> dict[str, Any]:
        """Return what the sign-on says of the same person apart from the token."""
        bearer = {"Authorization": f"Bearer {tokens.get('access_token', '')}"}
        told = _get(place.endpoints["userinfo_endpoint"], bearer)
        if told.get("sub") != subject:
            raise SignOnError("token")
        return {name: told[name] for name in ("email", *_VERIFIED) if name in told}

    def _find(self, now: datetime, *, anew: bool = False) -> _Place:
        """Return where it is and its keys, read at most once an hour unless `anew`."""
        with self._lock:
            known = self._place
            if known and not anew and now - known.read_at < KNOWN_FOR:
                return known
            self._place = self._read(now)
            return self._place

    def _read(self, now: datetime) -> _Place:
        base = self.issuer.rstrip("/")
        told = _get(f"{base}/.well-known/openid-configuration")
        if told.get("issuer") != self.issuer:
            raise SignOnError("settings")
        endpoints = {
            name: place
            for name, place in told.items()
            if name.endswith(("_endpoint", "_uri")) and isinstance(place, str)
        }
        if not endpoints.keys() >= set(_ENDPOINTS):
            raise SignOnError("settings")
        if base.startswith("https:") and not _all_over_https(endpoints):
            raise SignOnError("settings")
        try:
            keys = KeySet.import_key_set(_signing(_get(endpoints["jwks_uri"])))
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise SignOnError("settings") from error
        return _Place(endpoints, keys, now)


def said_of(claims: Mapping[str, Any]) -> set[str]:
    """Return what a token says of how strongly she was asked: its `acr` and `amr`."""
    ways = claims.get("amr")
    told = [claims.get("acr"), *(ways if isinstance(ways, list) else [])]
    return {each for each in told if isinstance(each, str)}


def _all_over_https(endpoints: Mapping[str, str]) -> bool:
    """Tell whether nothing we ask for goes in the open."""
    asked = (*_ENDPOINTS, "userinfo_endpoint")
    return all(endpoints.get(each, "https:").startswith("https:") for each in asked)


def _decode(token: str, keys: KeySet) -> dict[str, Any]:
    return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)


def _signing(told: dict[str, Any]) -> Any:  # noqa: ANN401 - a key set as JSON
    """Leave out keys that are not for signatures."""
    return {"keys": [each for each in told["keys"] if each.get("use", "sig") == "sig"]}


def _is_since(claims: Mapping[str, Any], since: datetime) -> bool:
    """Tell whether a token says that she proved who she is since then."""
    told = claims.get("auth_time")
    if isinstance(told, bool) or not isinstance(told, int | float):
        return False
    return bool(told >= since.timestamp() - LEEWAY_SECONDS)


def _verified_email(claims: Mapping[str, Any]) -> str:
    """Return the address that is vouched for, "" for none."""
    email = claims.get("email")
    vouched = any(claims.get(each) in (True, "true", "1", 1) for each in _VERIFIED)
    return email if isinstance(email, str) and "@" in email and vouched else ""


def _get(address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a JSON object of the sign-on. Raises SignOnError "away"."""
    try:
        answer = requests.get(
            address, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )
        answer.raise_for_status()
        told = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise SignOnError("away") from error
    if not isinstance(told, dict):
        raise SignOnError("away")
    return told

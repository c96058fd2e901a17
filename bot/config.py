"""Settings, read once from the environment. Missing secrets stop the start."""

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

from bot.domain.events import Reach

SECRET_LENGTH = 32
TELEGRAM_API = "https://api.telegram.org"
LOG_FORMATS = ("text", "json")
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w.-]+)*/?", re.ASCII)
_HOST = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9.:_-]*[a-zA-Z0-9])?", re.ASCII)
_CONTACT = re.compile(r"mailto:[^\s@]+@[^\s@]+|https://[^\s/]+\S*|tel:\+[0-9-]+")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{1,24}", re.ASCII)
_SCANNER = re.compile(r"unix:/[^\s]+|tcp://[a-zA-Z0-9.:\[\]-]+:[0-9]{1,5}", re.ASCII)
MEDIA_PLACES = "a folder, or s3://bucket with or without /and/a/prefix"
VOICE_ENGINES = ("espeak-ng", "piper", "none")
ENGINES = ("faster-whisper", "openai-whisper", "none")
DEVICES = ("auto", "cpu", "cuda")
REQUIRED, OFFERED = "required", "offered"
SECOND_FACTOR = (REQUIRED, OFFERED)
ON, OFF = "on", "off"
OIDC = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
_SAFE_URL = re.compile(
    r"https://[^\s/?#]+(/[^\s?#]*)?|http://(127\.0\.0\.1|localhost)(:\d+)?(/[^\s?#]*)?",
    re.ASCII,
)


class SettingsError(Exception):
    """A setting is missing or wrong. The message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When pushes wait, in the round's own time; `start` may lie after `end`."""

    start: time
    end: time

    def holds(self, at: time) -> bool:
        """Tell whether local time `at` is a quiet one."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the product; names in the environment are in capitals."""

    secret_key: str = field(repr=False)
    database_url: str = "sqlite:///var/buurtstem.db"
    public_url: str = "http://127.0.0.1:8080"
    port: int = 8080
    telegram_token: str | None = field(default=None, repr=False)
    telegram_secret: str | None = field(default=None, repr=False)
    telegram_api: str = TELEGRAM_API
    twilio_account_sid: str | None = None
    twilio_auth_token: str | None = field(default=None, repr=False)
    twilio_sender: str | None = None
    twilio_api: str | None = None
    hook_secret: str | None = field(default=None, repr=False)
    whisper_engine: str = "faster-whisper"
    whisper_model: str = "small"
    voice_engine: str = "espeak-ng"
    voice_folder: str = "var/voices"
    whisper_device: str = "auto"
    whisper_threads: int | None = None
    media_url: str = "var/media"
    workers: int = 4
    quiet_hours: QuietHours | None = None
    telegram_per_second: float = 30.0
    whatsapp_per_second: float = 80.0
    whatsapp_tier: int = 250
    log_format: str = "text"
    help_phone: str | None = None
    registrar_key: str | None = field(default=None, repr=False)
    ballot_box_key: str | None = field(default=None, repr=False)
    keys_dir: str | None = None
    people_key: str | None = field(default=None, repr=False)
    messages_key: str | None = field(default=None, repr=False)
    files_key: str | None = field(default=None, repr=False)
    secret_key_file: str | None = None
    registrar_key_file: str | None = None
    ballot_box_key_file: str | None = None
    desk_second_factor: str = REQUIRED
    desk_passwords: str = ON
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = field(default=None, repr=False)
    oidc_acr: str | None = None
    scanner_url: str | None = None
    translation_url: str | None = None
    translation_key: str | None = field(default=None, repr=False)
    proxies: int = 0
    chat_per_minute: int = 120
    hooks_private_hosts: str | None = None
    erasures_file: str = "var/erasures.jsonl"
    security_contact: str | None = None

    @property
    def over_https(self) -> bool:
        """Whether the outside reaches us over HTTPS."""
        return self.public_url.startswith("https:")

    @property
    def on_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")

    @property
    def ring_keys(self) -> Mapping[str, str]:
        """The keys that encrypt at rest, by purpose, where they are given."""
        given = {
            "people": self.people_key,
            "messages": self.messages_key,
            "files": self.files_key,
        }
        return {purpose: keys for purpose, keys in given.items() if keys}

    @property
    def reach(self) -> Reach:
        """Where the city's own systems may be: what they are told goes nowhere else."""
        hosts = (self.hooks_private_hosts or "").casefold().split(",")
        named = frozenset(each.strip() for each in hosts if each.strip())
        return Reach(named, on_this_machine=is_on_this_machine(self.public_url))


def read_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of `env` (the process environment if None).

    Raises SettingsError that names every missing or wrong setting at once.
    """
    reader = _Reader(os.environ if env is None else env)
    settings = _read(reader)
    if reader.faults:
        raise SettingsError("\n".join(reader.faults))
    return settings


def _read(reader: "_Reader") -> Settings:
    public_url = reader.text("PUBLIC_URL", "http://127.0.0.1:8080").rstrip("/")
    oidc = reader.sign_on()
    telegram = reader.together("TELEGRAM_TOKEN", "TELEGRAM_SECRET")
    twilio = reader.together("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_SENDER")
    return Settings(
        secret_key=reader.secret("SECRET_KEY"),
        registrar_key=reader.own_secret("REGISTRAR_KEY"),
        ballot_box_key=reader.own_secret("BALLOT_BOX_KEY"),
        keys_dir=reader.optional("KEYS_DIR"),
        people_key=reader.ring_keys("PEOPLE_KEY"),
        messages_key=reader.ring_keys("MESSAGES_KEY"),
        files_key=reader.ring_keys("FILES_KEY"),
        secret_key_file=reader.optional("SECRET_KEY_FILE"),
        registrar_key_file=reader.optional("REGISTRAR_KEY_FILE"),
        ballot_box_key_file=reader.optional("BALLOT_BOX_KEY_FILE"),
        database_url=reader.text("DATABASE_URL", "sqlite:///var/buurtstem.db"),
        public_url=public_url,
        port=reader.number("PORT", 8080, least=1),
        telegram_token=telegram["TELEGRAM_TOKEN"],
        telegram_secret=telegram["TELEGRAM_SECRET"],
        telegram_api=reader.text("TELEGRAM_API", TELEGRAM_API).rstrip("/"),
        twilio_account_sid=twilio["TWILIO_ACCOUNT_SID"],
        twilio_auth_token=twilio["TWILIO_AUTH_TOKEN"],
        twilio_sender=reader.sender(twilio["TWILIO_SENDER"]),
        twilio_api=reader.optional("TWILIO_API"),
        hook_secret=reader.hook(),
        hooks_private_hosts=reader.hosts("HOOKS_PRIVATE_HOSTS"),
        whisper_engine=reader.choice("WHISPER_ENGINE", ENGINES),
        whisper_model=reader.text("WHISPER_MODEL", "small"),
        voice_engine=reader.choice("VOICE_ENGINE", VOICE_ENGINES),
        voice_folder=reader.text("VOICE_FOLDER", "var/voices"),
        whisper_device=reader.choice("WHISPER_DEVICE", DEVICES),
        whisper_threads=reader.optional_number("WHISPER_THREADS", least=1),
        media_url=reader.media("MEDIA_URL", "var/media"),
        workers=reader.number("WORKERS", 4, least=1),
        quiet_hours=reader.quiet("QUIET_HOURS", "21:00-08:00"),
        telegram_per_second=reader.number("TELEGRAM_PER_SECOND", 30, least=1),
        whatsapp_per_second=reader.number("WHATSAPP_PER_SECOND", 80, least=1),
        whatsapp_tier=reader.number("WHATSAPP_TIER", 250, least=1),
        log_format=reader.choice("LOG_FORMAT", LOG_FORMATS),
        help_phone=reader.phone("HELP_PHONE"),
        desk_second_factor=reader.choice("DESK_SECOND_FACTOR", SECOND_FACTOR),
        desk_passwords=reader.passwords(oidc["OIDC_ISSUER"]),
        oidc_issuer=oidc["OIDC_ISSUER"],
        oidc_client_id=oidc["OIDC_CLIENT_ID"],
        oidc_client_secret=oidc["OIDC_CLIENT_SECRET"],
        oidc_acr=reader.strength("OIDC_ACR", oidc["OIDC_ISSUER"]),
        translation_url=reader.translation("TRANSLATION_URL"),
        translation_key=reader.optional("TRANSLATION_KEY"),
        scanner_url=reader.scanner("SCANNER_URL"),
        proxies=reader.number("PROXIES", 0, least=0),
        chat_per_minute=reader.number("CHAT_PER_MINUTE", 120, least=0),
        erasures_file=reader.text("ERASURES_FILE", "var/erasures.jsonl"),
        security_contact=reader.contact("SECURITY_CONTACT"),
    )


class _Reader:
    """Reads typed values and collects what is wrong, so that all is said at once."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self.faults: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self._env.get(name, "").strip() or default

    def media(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if not is_media_url(value):
            # Not repeated: people put keys into addresses.
            self.faults.append(f"{name} must be {MEDIA_PLACES}.")
        return value

    def optional(self, name: str) -> str | None:
        return self._env.get(name, "").strip() or None

    def _given(self, name: str) -> str:
        """Read a secret itself, or the file that NAME_FILE names."""
        value, path = self._env.get(name, ""), self.optional(f"{name}_FILE")
        if value or path is None:
            return value
        try:
            return Path(path).read_text().strip()
        except (OSError, ValueError):
            self.faults.append(f"{name}_FILE cannot be read.")
            return ""

    def secret(self, name: str) -> str:
        value = self._given(name)
        if len(value) < SECRET_LENGTH:
            self.faults.append(
                f"{name} is missing or shorter than {SECRET_LENGTH} characters. "
                f"Set it to a long random text; `make run` writes one to .env."
            )
        return value

    def own_secret(self, name: str) -> str | None:
        """Read a secret that is given instead of being derived, if it is."""
        value = self._given(name)
        if value and len(value) < SECRET_LENGTH:
            self.faults.append(
                f"{name} is shorter than {SECRET_LENGTH} characters. Set it to a long "
                "random text, or leave it out."
            )
        return value or None

    def ring_keys(self, name: str) -> str | None:
        """Read keys that encrypt at rest, with spaces between, the newest last."""
        value = self.optional(name)
        if any(len(each) < SECRET_LENGTH for each in (value or "").split()):
            self.faults.append(
                f"{name} has a key of less than {SECRET_LENGTH} characters."
            )
        return value

    def number(self, name: str, default: int, *, least: int) -> int:
        value = self.text(name, str(default))
        if value.isascii() and value.isdigit() and int(value) >= least:
            return int(value)
        self.faults.append(
            f"{name} must be a whole number from {least}, not {value!r}."
        )
        return default

    def optional_number(self, name: str, *, least: int) -> int | None:
        given = self.optional(name) is not None
        return self.number(name, least, least=least) if given else None

    def choice(self, name: str, options: tuple[str, ...]) -> str:
        value = self.text(name, options[0])
        if value not in options:
            self.faults.append(f"{name} must be one of {', '.join(options)}.")
        return value

    def quiet(self, name: str, default: str) -> QuietHours | None:
        value = self.text(name, default)
        if value == "none":
            return None
        try:
            start, end = (time.fromisoformat(part) for part in value.split("-"))
        except ValueError:
            self.faults.append(f'{name} must look like "21:00-08:00", or be "none".')
            return None
        return QuietHours(start, end)

    def phone(self, name: str) -> str | None:
        value = self.optional(name)
        if value and not _PHONE.fullmatch(value):
            self.faults.append(f'{name} must look like "14 020" or "+31 20 123 4567".')
        return value

    def contact(self, name: str) -> str | None:
        value = self.optional(name)
        if value and not _CONTACT.fullmatch(value):
            self.faults.append(
                f'{name} must look like "mailto:security@city.example" or "https://…".'
            )
        return value

    def hook(self) -> str | None:
        value = self.optional("HOOK_SECRET")
        if value and not _is_webhook_secret(value):
            self.faults.append('HOOK_SECRET must be "whsec_" and then base64.')
        return value

    def hosts(self, name: str) -> str | None:
        value = self.optional(name)
        named = [each.strip() for each in (value or "").split(",")]
        if value and not all(map(_HOST.fullmatch, named)):
            self.faults.append(
                f'{name} must be names or numbers like "zaken.city.internal, 10.1.2.3".'
            )
        return value

    def sender(self, value: str | None) -> str | None:
        if value and not value.startswith("whatsapp:"):
            self.faults.append('TWILIO_SENDER must look like "whatsapp:+31612345678".')
        return value

    def sign_on(self) -> dict[str, str | None]:
        """Read the city's own sign-on; its address is used as it stands."""
        values = self.together(*OIDC)
        issuer = values["OIDC_ISSUER"]
        if issuer and not _SAFE_URL.fullmatch(issuer):
            self.faults.append(
                "OIDC_ISSUER must be an address that begins with https://, exactly as "
                "your sign-on names itself."
            )
        return values

    def strength(self, name: str, issuer: str | None) -> str | None:
        """Read what a token of the sign-on has to say of how she was asked."""
        value = self.optional(name)
        if value and not issuer:
            self.faults.append(f"{name} needs your own sign-on: set OIDC_ISSUER.")
        return value

    def translation(self, name: str) -> str | None:
        """Read where drafts come from: what residents said is not sent in clear."""
        value = self.optional(name)
        if value and not _SAFE_URL.fullmatch(value):
            self.faults.append(
                f"{name} must begin with https://, or lead to this very machine."
            )
        return value

    def scanner(self, name: str) -> str | None:
        value = self.optional(name)
        if value and not _SCANNER.fullmatch(value):
            self.faults.append(
                f"{name} must look like unix:/run/clamav/clamd.ctl or "
                "tcp://127.0.0.1:3310."
            )
        return value

    def passwords(self, issuer: str | None) -> str:
        value = self.choice("DESK_PASSWORDS", (ON, OFF))
        if value == OFF and issuer is None:
            self.faults.append(
                "DESK_PASSWORDS=off needs your own sign-on: set OIDC_ISSUER, "
                "OIDC_CLIENT_ID and OIDC_CLIENT_SECRET as well."
            )
        return value

    def together(self, *names: str) -> dict[str, str | None]:
        """Read settings that make sense only together; without them it is off."""
        values = {name: self.optional(name) for name in names}
        missing = [name for name, value in values.items() if value is None]
        if missing and len(missing) < len(names):
            self.faults.append(f"{' and '.join(missing)} must be set as well.")
        return values


def is_on_this_machine(url: str) -> bool:
    """Tell whether `url` leads to the very machine we run on."""
    return urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}


def is_media_url(value: str) -> bool:
    """Tell whether files can be kept at `value`: a folder, or a bucket of S3."""
    if "://" not in value:
        return bool(value)
    return bool(_BUCKET.fullmatch(value)) and "/.." not in value


def _is_webhook_secret(value: str) -> bool:
    """Tell whether `value` is a secret as Standard Webhooks writes it."""
    prefix, _, encoded = value.partition("_")
    try:
        key = base64.b64decode(encoded)
    except ValueError:
        return False
    return prefix == "whsec" and bool(key)

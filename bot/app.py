"""Builds the house and the web application. Nothing is built at import."""

import atexit
import logging
import os
import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask

from bot.channels.base import Channel
from bot.channels.posting import Post
from bot.channels.web import Web
from bot.clock import SteadyClock
from bot.config import Settings, SettingsError, read_settings
from bot.keys import Keys, derive_keys
from bot.meters import Meters
from bot.rings import RingFileError, open_rings
from bot.services.catalog import CatalogCache
from bot.services.clamd import Scanner
from bot.services.contents import StoredContents
from bot.services.faults import where
from bot.services.floods import Floods
from bot.services.gauges import Gauges
from bot.services.house import House
from bot.services.links import media_link
from bot.services.sender import Sender
from bot.store.database import Database
from bot.store.media import MediaStore, MovableStore, open_media
from bot.store.sealed import Safe
from bot.store.sealed_media import SealedMedia
from bot.web import context
from bot.worker import Worker
from synthesis import Voice, VoiceError, open_voice
from transcription import Machine, ModelError, Recogniser, load

if TYPE_CHECKING:
    from bot.services.desk.sign_on import SignOn
    from bot.services.desk.translating import Translator

log = logging.getLogger(__name__)
MODELS = Path("var/models")
FIGURES = Path("var/metrics")
"""Where the processes of one machine add up what they count."""


def figures_folder() -> Path:
    """Return the folder of this machine's figures: `var` may be shared by several."""
    return FIGURES / socket.gethostname()


def build(
    settings: Settings,
    clock: Callable[[], datetime] | None = None,
    figures: Path | None = None,
) -> House:
    """Return everything the services need, for this process.

    What it counts is added up with all processes that share the folder `figures`.
    Without a `clock` it keeps one of its own, which never goes back.
    """
    clock = clock or SteadyClock()
    meters = Meters(figures)
    safe = open_safe(settings)
    keys = derive_keys(
        settings.secret_key, settings.registrar_key, settings.ballot_box_key, safe.rings
    )
    db = Database(settings.database_url, safe)
    media = SealedMedia(_open_media(settings.media_url), safe)
    channels = open_channels(settings, keys, db, media)
    meters.add_gauges(Gauges(db, clock))
    name = f"{socket.gethostname()[:20]}:{os.getpid()}"
    return House(
        settings=settings,
        keys=keys,
        db=db,
        media=media,
        channels=channels,
        clock=clock,
        postman=Sender(db, channels, clock, name, meters),
        catalog=CatalogCache(),
        transcriber=open_transcriber(settings),
        voice=open_reader(settings),
        sign_on=open_sign_on(settings),
        translator=open_translator(settings),
        scanner=Scanner(settings.scanner_url) if settings.scanner_url else None,
        post=Post(settings.reach),
        meters=meters,
        floods=Floods(settings.chat_per_minute),
    )


def open_safe(settings: Settings) -> Safe:
    """Open the key rings. Raises SettingsError where a file of keys is no good."""
    folder = Path(settings.keys_dir) if settings.keys_dir else None
    try:
        return Safe(open_rings(settings.secret_key, folder, settings.ring_keys))
    except RingFileError as error:
        raise SettingsError(f"KEYS_DIR: {error}") from error


def _open_media(url: str) -> MovableStore:
    """Open the media store. Raises SettingsError where its environment is wrong."""
    try:
        return open_media(url)
    except ValueError as error:
        raise SettingsError(f"MEDIA_URL: {error}") from error


def open_channels(
    settings: Settings, keys: Keys, db: Database, media: MediaStore
) -> Mapping[str, Channel]:
    """Return the channels whose settings are there; say which are off."""
    found: dict[str, Channel] = {
        "web": Web(settings.public_url, keys.sessions, media.load)
    }
    if settings.telegram_token and settings.telegram_secret:
        from bot.channels.telegram import Telegram

        found["telegram"] = Telegram(
            settings.telegram_token,
            settings.telegram_secret,
            api=settings.telegram_api,
            load=media.load,
        )
    sid, token = settings.twilio_account_sid, settings.twilio_auth_token
    if sid and token and settings.twilio_sender:
        from bot.channels.whatsapp import WhatsApp
        from bot.channels.whatsapp_sender import Account

        found["whatsapp"] = WhatsApp(
            Account(sid, token, settings.twilio_sender, settings.twilio_api),
            public_url=settings.public_url,
            media_url=lambda key: media_link(keys, settings.public_url, key),
            contents=StoredContents(db),
        )
    for name in ("telegram", "whatsapp"):
        if name not in found:
            log.info("channel off name=%s", name)
    return found


def open_transcriber(settings: Settings) -> Recogniser | None:
    """Return the recogniser, or None: then voice notes wait for a person to listen."""
    try:
        machine = Machine(settings.whisper_device, settings.whisper_threads)
        return load(settings.whisper_engine, settings.whisper_model, MODELS, machine)
    except ModelError as missing:
        log.warning(
            "no speech recognition kind=%s engine=%s model=%s",
            type(missing).__name__,
            settings.whisper_engine,
            settings.whisper_model,
        )
        return None


def open_reader(settings: Settings) -> Voice | None:
    """Return who reads aloud; None if nobody does: then there is text alone."""
    try:
        return open_voice(settings.voice_engine, Path(settings.voice_folder))
    except VoiceError as error:
        log.warning(
            "nothing is read aloud kind=%s engine=%s folder=%s",
            type(error).__name__,
            settings.voice_engine,
            settings.voice_folder,
        )
        return None


def open_sign_on(settings: Settings) -> "SignOn | None":
    """Return the city's own sign-on, or None: its libraries take a second to load."""
    if settings.oidc_issuer is None:
        return None
    from bot.services.desk.sign_on import SignOn

    return SignOn(settings)


def open_translator(settings: Settings) -> "Translator | None":
    """Return what drafts translations, or None where the city runs nothing for it."""
    if settings.translation_url is None:
        return None
    from bot.services.desk.translating import Translator

    return Translator(settings.translation_url, settings.translation_key)


class QuietFlask(Flask):
    """Flask that logs where a request failed, never what the exception says."""

    def log_exception(self, exc_info: Any) -> None:  # noqa: ANN401 - Flask's own
        """Log kind and place: an exception's text can hold what somebody wrote."""
        self.logger.error("request failed %s", where(exc_info[1]))


def create_app(
    settings: Settings | None = None,
    *,
    house: House | None = None,
    with_worker: bool = False,
    figures: Path | None = None,
) -> Flask:
    """Return the web application; `with_worker` adds the loops of a worker to it.

    `figures` is the folder that `build` takes.
    """
    from bot.web.routes import register

    house = house or build(settings or read_settings(), figures=figures)
    app = QuietFlask("bot.web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = context.MOST_BYTES
    app.extensions["house"] = house
    register(app)
    say_started("web", house)
    worker = Worker(house)
    if with_worker:
        worker.start()
    atexit.register(close, house, worker)
    return app


def say_started(what: str, house: House) -> None:
    """Log that a process begins: its version, and the channels that are on."""
    on = ",".join(sorted(house.channels))
    log.info("%s started version=%s channels=%s", what, version("buurtstem"), on)


def close(house: House, worker: Worker) -> None:
    """End in order: no new work, what is on its way recorded, connections closed."""
    worker.stop()
    house.close()
    log.info("stopped")

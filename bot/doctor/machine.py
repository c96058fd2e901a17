"""Has this machine what it needs: room, a media store, a recogniser, a hook?"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from bot.config import Settings
from bot.domain.findings import Finding, bad, ok, warn
from bot.domain.languages import LANGUAGES
from bot.services.clamd import ScannerError
from bot.services.faults import where
from bot.services.house import House
from synthesis import SynthesisError
from transcription import Recogniser, TranscriptionError

VAR = Path("var")
MIB = 1024 * 1024
BAD_BYTES = 200 * MIB
WARN_BYTES = 1024 * MIB
WARN_SHARE = 0.1
LEAST_SPEED = 1.5
"""Slower, and the notes of one busy minute are still heard when the next has come."""

_WRITTEN = b"doctor"
EICAR = b"".join(
    (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}", b"$EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*")
)
"""The harmless file that every scanner finds; in parts, or it would find this one."""


def check_media(house: House) -> Finding:
    """Write a file to the media store, read it and delete it again."""
    name = "media store"
    advice = "May this user write to MEDIA_URL?"
    try:
        key = house.media.save(_WRITTEN, "application/octet-stream")
        same = house.media.load(key) == _WRITTEN
        house.media.delete(key)
    except Exception as error:  # noqa: BLE001 - whatever the store is made of
        return bad(name, f"it cannot be used ({where(error)})", advice)
    if not same:
        return bad(name, "what is read is not what was written", advice)
    return ok(name, "a file was written, read and deleted")


def check_scanner(house: House) -> Finding:
    """Ask the virus scanner for a file that every scanner knows, and one it passes."""
    name = "virus scanner"
    if house.scanner is None:
        advice = "Set SCANNER_URL to a clamd, or accept that files are not looked at."
        return warn(name, "there is none: no file of a resident is looked at", advice)
    try:
        version = house.scanner.version()
        finds, passes = house.scanner.find(EICAR), house.scanner.find(_WRITTEN)
    except ScannerError as error:
        advice = "Does clamd run at SCANNER_URL? Until it answers, files wait."
        return bad(name, f"it gives no answer ({error})", advice)
    if finds is None or passes is not None:
        advice = "Has it loaded its signatures (freshclam)?"
        return bad(name, "it does not tell a test virus from a harmless file", advice)
    return ok(name, version)


def check_disks(
    settings: Settings, usage: Callable[[Path], Any] = shutil.disk_usage
) -> Iterator[Finding]:
    """Yield the room left on each disk that we write to. `usage` is as in shutil."""
    seen: set[int] = set()
    for folder in _folders(settings):
        there = _existing(folder)
        device = there.stat().st_dev
        if device not in seen:
            seen.add(device)
            yield _room(folder, usage(there))


def _folders(settings: Settings) -> Sequence[Path]:
    folders = [VAR]
    if "://" not in settings.media_url:
        folders.append(Path(settings.media_url))
    if settings.on_sqlite and (place := make_url(settings.database_url).database):
        folders.append(Path(place).parent)
    return folders


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    whole = folder.absolute()
    return next(each for each in (whole, *whole.parents) if each.exists())


def _room(folder: Path, usage: Any) -> Finding:  # noqa: ANN401 - as shutil gives it
    name = f"disk of {folder}"
    share = usage.free / max(usage.total, 1)
    seen = f"{usage.free // MIB} MiB free ({share:.0%})"
    if usage.free < BAD_BYTES:
        return bad(name, seen, "Make room now: soon nothing can be stored.")
    if usage.free < WARN_BYTES or share < WARN_SHARE:
        return warn(name, seen, "Make room.")
    return ok(name, seen)


def check_speech(house: House) -> Finding:
    """Return whether voice notes can be recognised here, and how fast: it is tried."""
    name, engine = "speech", house.settings.whisper_engine
    if isinstance(house.transcriber, Recogniser):
        return try_recogniser(house.transcriber, house.settings)
    if engine == "none":
        return ok(name, "switched off: a person listens to voice notes")
    seen = f"no model {house.settings.whisper_model}: a person has to listen"
    return warn(name, seen, "Run: buurtstem models fetch")


def check_voice(house: House) -> Finding:
    """Return whether messages can be read aloud here, by saying something."""
    name, engine = "voice", house.settings.voice_engine
    if engine == "none":
        return ok(name, "switched off: residents get text alone")
    if house.voice is None:
        seen = f"{engine} cannot be used: residents get text alone"
        return warn(name, seen, "Look at VOICE_ENGINE and VOICE_FOLDER.")
    try:
        sizes = {each: house.voice.speak("1", each).size for each in LANGUAGES}
    except SynthesisError as error:
        return warn(name, f"{engine} fails ({where(error)})", "Try another voice.")
    silent = [each for each, size in sizes.items() if not size]
    if silent:
        return warn(name, f"{engine} is silent in {', '.join(silent)}", "Report this.")
    return ok(name, f"{engine} reads in {', '.join(sizes)}")


def try_recogniser(ears: Recogniser, settings: Settings) -> Finding:
    """Return whether a recogniser works, and how its speed compares with speech."""
    name = "speech"
    model = f"{settings.whisper_engine} with {settings.whisper_model}"
    try:
        trial = ears.try_window()
    except TranscriptionError as error:
        return bad(name, f"{model} does not work: {error}", "Fetch the model again.")
    times = trial.window_seconds / max(trial.took_seconds, 0.001)
    speed = f"{times:.1f} times as fast as speech, {trial.at_once} notes at once"
    seen = f"{model} on {trial.device}: {speed}"
    if times < LEAST_SPEED:
        return warn(name, seen, "Take a smaller model, or listen on another machine.")
    return ok(name, seen)


def check_hook(settings: Settings) -> Finding:
    """Return whether the officials' system can speak to us."""
    if settings.hook_secret:
        return ok("officials' hook", "HOOK_SECRET is set")
    return warn("officials' hook", "/hooks is off", "Set HOOK_SECRET.")


def check_contact(settings: Settings) -> Finding:
    """Return whether who finds a weakness is told where to go with it."""
    if settings.security_contact:
        return ok("security.txt", "SECURITY_CONTACT is set")
    seen = "there is none: nobody can tell you of a weakness"
    return warn("security.txt", seen, "Set SECURITY_CONTACT.")


def check_user(settings: Settings, user: Callable[[], int] = os.geteuid) -> Finding:
    """Return whether we run as a user who can do little. `user` is as in os."""
    name = "user"
    if user() != 0:
        return ok(name, "not root")
    if not settings.over_https:
        return ok(name, "root, but not for everybody to reach")
    advice = "Run it as a user of its own: see docs/deploy.md."
    return bad(name, "root, for everybody to reach", advice)

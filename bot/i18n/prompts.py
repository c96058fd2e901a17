"""What residents can hear, for those who record it: each row with its slot.

The rows without parameters are the ones to make beforehand. They are found in the
catalogue by where the code says them; pages and the desk are read, not heard.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import PurePosixPath

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from bot.domain.say import Say
from bot.domain.script import HUMAN_VOICES
from bot.i18n.catalogues import LOCALES, WRITTEN, CatalogueError, find_spoken
from bot.i18n.rendering import render
from bot.i18n.speaking import speak

_HEARD_IN = ("bot/domain/", "bot/flows/", "bot/i18n/", "bot/services/")
_PLACE = re.compile(r"%\(\w+\)s")
_SLOT_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One row to record: as it is read on the screen and as it is to be spoken.

    `slot` names the recording and stays as long as the message id does. `context` tells
    the reader what it means (in English) and where in the talk it is said. A line with
    no `spoken` text exists in no synthetic voice: `written` and `context` say, in Dutch
    and in Arabic, what to say in one's own tongue.
    """

    slot: str
    written: str
    spoken: str
    context: str


def is_heard(message: Message) -> bool:
    """Tell whether a message of the catalogue is said to residents."""
    return any(place.startswith(_HEARD_IN) for place, _ in message.locations)


def fixed_prompts(language: str) -> Mapping[str, str]:
    """Return each message id without parameters, and what a synthesiser is given.

    Raises CatalogueError if the catalogue of `language` is not there.
    """
    return {msgid: speak(Say(msgid), language) for msgid in _fixed(language)}


def script(language: str) -> list[Line]:
    """Return what one person reads aloud for `language`, in the order of the talk.

    Ends with the lines that only people can say. Raises as `fixed_prompts`.
    """
    lines = [
        Line(
            slot(msgid, language),
            render(Say(msgid), language),
            find_spoken(language, msgid).texts[0],
            f"{msgid} [{where}]",
        )
        for msgid, where in _fixed(language).items()
    ]
    return [*lines, *_human_voices()]


def slot(msgid: str, language: str) -> str:
    """Return the name of a recording: twelve letters and digits, always the same."""
    return sha256(f"{language}\n{msgid}".encode()).hexdigest()[:_SLOT_LENGTH]


def _human_voices() -> Iterator[Line]:
    for name, told in HUMAN_VOICES.items():
        yield Line(name, told["nl"], "", told["ar"])


@cache
def _fixed(language: str) -> Mapping[str, str]:
    """Return the ids of what is fixed, each with the parts of the talk that say it."""
    path = LOCALES / language / "LC_MESSAGES" / f"{WRITTEN}.po"
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
    except OSError as error:
        name = path.relative_to(LOCALES.parent)
        raise CatalogueError(f"{name} cannot be read. Is the tree whole?") from error
    return {
        str(message.id): ", ".join(_parts(message))
        for message in catalogue
        if message.id and is_heard(message) and _is_fixed(message)
    }


def _is_fixed(message: Message) -> bool:
    return isinstance(message.id, str) and not _PLACE.search(message.id)


def _parts(message: Message) -> list[str]:
    places = (place for place, _ in message.locations)
    heard = {PurePosixPath(p).stem for p in places if p.startswith(_HEARD_IN)}
    return sorted(heard)

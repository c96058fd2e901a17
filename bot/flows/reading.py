"""From raw words, taps and recognised speech to a `Message` a flow understands."""

from collections.abc import Collection
from dataclasses import replace
from typing import cast

from bot.domain.languages import Language, is_language
from bot.flows.expecting import LAST_DIGIT, expects, sayable, split_id
from bot.flows.nearly import nearest
from bot.flows.state import (
    ChoosingLanguage,
    ChoosingWord,
    Heard,
    Kind,
    Linking,
    Message,
    Talk,
)
from bot.flows.torn import is_torn
from bot.flows.words import understand

SUPPORT_LINK = "p"
KNOWN_STARTS = {"vote": "menu:vote", "status": "menu:status", "plan": "menu:plan"}


def read_text(
    talk: Talk,
    text: str,
    *,
    masked: bool = False,
    too_long: bool = False,
    stale: bool = False,
) -> Message:
    """Return typed words as a message, read in the light of what the talk expects.

    `stale`: written before the question that is open was asked.
    """
    typed = Message(Kind.TEXT, text, masked=masked, too_long=too_long)
    message = _read(talk, text, typed)
    return replace(message, stale=stale and answers(message))


def read_note(
    talk: Talk, text: str, media: int, heard: Heard, language: Language | None
) -> Message:
    """Return a recognised voice note as a message.

    `language` is given only for a first note that was clearly spoken in it.
    """
    note = Message(Kind.NOTE, text, media=media, heard=heard, language=language)
    return note if note.unheard else _said(talk, _read(talk, text, note))


def read_tap(button_id: str, *, stale: bool) -> Message:
    """Return a tap as a message. `stale`: not on the question that is open."""
    act, numbers = split_id(button_id)
    return Message(act=act, numbers=numbers, tapped=True, stale=stale and act in BOUND)


def read_start(payload: str) -> Message:
    """Return what a deep link wishes for: "p21" supports plan 21.

    A poster may name its language behind it ("p21_tr") or alone ("tr"): then the choice
    of language is heard in that one first.
    """
    wish, _, last = payload.rpartition("_")
    poster = cast("Language", last) if is_language(last) else None
    message = _wished(wish if poster else payload)
    return replace(message, language=poster)


def _wished(name: str) -> Message:
    number = name.removeprefix(SUPPORT_LINK)
    if name.startswith(SUPPORT_LINK) and number.isascii() and number.isdigit():
        return Message(act="support", numbers=(int(number[:6]),), tapped=True)
    return Message(act=KNOWN_STARTS.get(name, "greeting"), tapped=True)


def _said(talk: Talk, note: Message) -> Message:
    """Return a note read tolerantly where its words are not exactly ours.

    Never where a secret word is asked for, nor before the language is chosen.
    """
    unread = isinstance(talk.state, ChoosingLanguage | ChoosingWord | Linking)
    if talk.language is None or unread:
        return note
    torn = bool(note.numbers) and is_torn(note.text, talk.language)
    if not torn and (note.act is not None or note.only_numbers):
        return note
    acts, expected = sayable(talk.state), expects(talk.state)
    near = nearest(note.text, talk.language, acts, expected)
    if near is None:
        return replace(note, numbers=(), only_numbers=False) if torn else note
    read = _read(talk, near, note)
    if (read.act, read.numbers) == (note.act, note.numbers):
        return note
    return replace(read, text=note.text, near=near)


BOUND = frozenset({"yes", "no", "skip", "forget:keep", "forget:drop"})


def answers(message: Message) -> bool:
    """Tell whether words only mean something as the answer to a question.

    A single digit stands for a button; from 10 up a number is a plan's.
    """
    one = len(message.numbers) == 1 and message.only_numbers
    return message.act in BOUND or (one and message.numbers[0] <= LAST_DIGIT)


def _read(talk: Talk, text: str, message: Message) -> Message:
    found = understand(text, talk.language)
    expected: Collection[str] = expects(talk.state)
    act = found.act(expected)
    return Message(
        kind=message.kind,
        text=text,
        act=act,
        acts=found.whole or found.beside,
        numbers=found.numbers,
        only_numbers=found.bare and act is None,
        media=message.media,
        heard=message.heard,
        masked=message.masked,
        too_long=message.too_long,
        language=message.language or found.language,
    )

"""From raw words, taps and recognised speech to a `Message` a flow understands."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import cast

from bot.domain.languages import Language, is_language
from bot.domain.passes import GROUP, TOKEN_MARK, is_code, token_in, typed_digits
from bot.domain.plans import is_plan_number
from bot.flows.digits import find_digits
from bot.flows.expecting import LAST_DIGIT, expects, sayable, split_id
from bot.flows.nearly import nearest
from bot.flows.spelling import plain
from bot.flows.state import (
    ChoosingLanguage,
    ChoosingWord,
    Heard,
    Kind,
    LeavingNumber,
    Linking,
    Message,
    Talk,
    is_at_pass,
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
    if code := _typed_pass(talk, text):
        return _as_pass(talk, message, code)
    return replace(message, stale=stale and answers(message))


def read_note(
    talk: Talk, text: str, media: int, heard: Heard, language: Language | None
) -> Message:
    """Return a recognised voice note as a message.

    `language` is given only for a first note that was clearly spoken in it.
    """
    note = Message(Kind.NOTE, text, media=media, heard=heard, language=language)
    if note.unheard:
        return note
    read = _read(talk, text, note)
    code = _said_pass(talk, text)
    return _as_pass(talk, read, code) if code else _said(talk, read)


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


def _typed_pass(talk: Talk, text: str) -> str:
    """Return the pass in typed words; where one is asked for also a part of it.

    Elsewhere a code stands alone, or beside a few words ("stem 4711 …").
    """
    if token := token_in(text):
        return token
    digits = typed_digits(text) or ""
    if is_at_pass(talk.state):
        return digits if len(digits) >= LEAST_PART else _said_pass(talk, text)
    told = plain(text).split()
    words = [word for word in told if not word.isdigit()]
    alone = len(words) <= MOST_WORDS and not isinstance(talk.state, LeavingNumber)
    if not alone or _are_plans([word for word in told if word.isdigit()]):
        return ""
    return digits if is_code(digits) else ""


def _are_plans(words: Sequence[str]) -> bool:
    """Tell whether these can all be numbers of plans, none as long as a pass's four.

    Six of two digits are twelve, and of each hundred such one has the check of a pass.
    """
    return len(words) > 1 and all(
        len(word) < GROUP and is_plan_number(int(word)) for word in words
    )


LEAST_PART, MOST_WORDS = 3, 3
"""Digits that can be a part of a pass, and words that may stand beside a whole one."""


def _said_pass(talk: Talk, text: str) -> str:
    """Return the numbers of a pass in words, where one is asked for."""
    if talk.language is None or not is_at_pass(talk.state):
        return ""
    digits = find_digits(plain(text, talk.language).split(), talk.language) or ""
    return digits if len(digits) >= LEAST_PART else ""


def _as_pass(talk: Talk, message: Message, code: str) -> Message:
    """Return a message that shows a pass: no plan is meant, and no word is kept.

    "Yes, 0815" takes what was read back for right, and goes on.
    """
    said = (message.act, *message.acts) if is_at_pass(talk.state) else ()
    act = next((each for each in said if each in {"yes", "no"}), "pass")
    return replace(
        message, text="", act=act, acts=(), numbers=(), only_numbers=False, code=code
    )


def _wished(name: str) -> Message:
    if token := token_in(name) if name.startswith(TOKEN_MARK) else None:
        return Message(act="pass", code=token, tapped=True)
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

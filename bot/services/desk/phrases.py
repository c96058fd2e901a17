"""Prepared phrases for officials, in every language residents read, and spoken.

A row's parameters are named after the fields that fill them, as in the wordings of
templates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.say import N_, Button, Code, Free, Param, Reply, Say
from bot.flows.official import ANSWER_NO, ANSWER_YES
from bot.i18n import render

MOST_FIELD = 80
"""Characters of a name, a place or a number."""

_BEFORE = Say(N_("You will hear from us before %(date)s."), {"date": "date"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase: its rows with open fields, and whether it waits for an answer.

    `yes_no`: she can tap the answer as well.
    """

    id: str
    rows: tuple[Say, ...]
    asks: bool = False
    yes_no: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of what has to be filled in."""
        names = (name for row in self.rows for name in row.params)
        return tuple(dict.fromkeys(names))

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Return what she can tap."""
        return (ANSWER_YES, ANSWER_NO) if self.yes_no else ()


class PhraseError(ValueError):
    """A field cannot be used; the message is its name."""


def _tells(name: str, *rows: Say) -> Phrase:
    return Phrase(name, rows)


def _asks(name: str, *rows: Say) -> Phrase:
    return Phrase(name, rows, asks=True)


def _yes_or_no(name: str, *rows: Say) -> Phrase:
    return Phrase(name, rows, asks=True, yes_no=True)


_ALL = (
    _asks("where", Say(N_("Where exactly is it? Say it, or type it."))),
    _asks("photo", Say(N_("Can you send us a photo of the place?"))),
    _asks("more", Say(N_("Please tell us more about this."))),
    _yes_or_no("meant", Say(N_("Is this what you mean?"))),
    _asks("how_many", Say(N_("How many people will use it?"))),
    _asks("look_after", Say(N_("Who will look after it later?"))),
    _yes_or_no("others", Say(N_("Are other people helping you?"))),
    _asks("at_home", Say(N_("When are you at home?"))),
    _yes_or_no("may_call", Say(N_("May we call you?"))),
    _asks("number", Say(N_("Which phone number can we call?"))),
    _asks("hour", Say(N_("At what time can we call you?"))),
    _yes_or_no("interpreter", Say(N_("Shall we call you with an interpreter?"))),
    _tells("will_call", Say(N_("We will call you on %(date)s."), {"date": "date"})),
    _asks(
        "missed",
        Say(N_("We called you, but did not reach you.")),
        Say(N_("When can we call you again?")),
    ),
    _yes_or_no(
        "visit",
        Say(N_("We would like to visit you on %(date)s."), {"date": "date"}),
        Say(N_("Is that day all right for you?")),
    ),
    _tells(
        "come",
        Say(N_("Please come and talk with us on %(date)s."), {"date": "date"}),
        Say(N_("The place is: %(place)s."), {"place": "place"}),
    ),
    _tells("thanks", Say(N_("Thank you for your message."))),
    _tells("looking", Say(N_("We are looking at your plan now."))),
    _tells("more_time", Say(N_("We need more time for this.")), _BEFORE),
    _tells("once_more", Say(N_("We will look at it once more.")), _BEFORE),
    _tells("done", Say(N_("What you asked for is done."))),
    _tells(
        "contact",
        Say(N_("Your contact person is %(contact)s."), {"contact": "contact"}),
        Say(N_("The phone number is %(phone)s."), {"phone": "phone"}),
    ),
    _tells(
        "department",
        Say(N_("Another department will help you.")),
        Say(N_("You will hear from %(contact)s."), {"contact": "contact"}),
    ),
)
PHRASES: Mapping[str, Phrase] = {each.id: each for each in _ALL}
"""All phrases by their id, questions about a plan first."""


def label(phrase: Phrase, language: str) -> str:
    """Return a phrase as an official chooses it, with its fields open."""
    open_ = {name: Free("…") for name in phrase.fields}
    rows = (Say(row.msgid, {n: open_[n] for n in row.params}) for row in phrase.rows)
    return " ".join(render(row, language) for row in rows)


def filled(phrase: Phrase, given: Mapping[str, str], today: date) -> Reply:
    """Return a phrase with its fields filled in. Raises PhraseError.

    A day must be a later one than today.
    """
    values = {name: _value(name, given.get(name, ""), today) for name in phrase.fields}
    rows = (Say(row.msgid, {n: values[n] for n in row.params}) for row in phrase.rows)
    return Reply(tuple(rows), phrase.buttons)


def _value(name: str, text: str, today: date) -> Param:
    words = " ".join(text.split())
    if not words or len(words) > MOST_FIELD:
        raise PhraseError(name)
    if name == "date":
        return _day(words, today)
    return Code(words) if name == "phone" else Free(words)


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise PhraseError("date") from None
    if day <= today:
        raise PhraseError("date")
    return day


def heading(name: str) -> Say:
    """Return the row that says who writes."""
    who = {"contact": Free(name)}
    return Say(N_("%(contact)s of the municipality has a message for you."), who)


def listen_row() -> Say:
    """Return the row below a recording of an official."""
    return Say(N_("Please listen to the voice message."))

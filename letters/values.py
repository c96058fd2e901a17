"""What a letter and a poster are made of: texts in each language, plans, links.

All texts are ready to print, each in its own language; nothing is translated here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

GROUP = 4
CODE_LENGTHS = (12, 16)
NO_BREAK = "\u00a0"


class LetterError(ValueError):
    """Something cannot be printed; the message says what, and names no code."""


class NoSignError(LetterError):
    """Our fonts have no sign for some of what was written."""

    def __init__(self, sign: str) -> None:
        super().__init__(
            f"our fonts have no sign for {sign}: write it in other letters"
        )
        self.sign = sign


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says in one language, `language` as an IETF tag ("nl").

    `rows` tell what the vote decides and, as the last one, until when. `steps` are the
    captions of the three pictures. `code`, `page` and `serial` stand before the code,
    the address of the web chat and the number of the letter; `choose` stands over the
    plans. `name` is the language's own name.
    """

    language: str
    right_to_left: bool
    name: str
    heading: str
    title: str
    help: str
    serial: str
    rows: tuple[str, ...]
    steps: tuple[str, str, str]
    code: str
    page: str
    choose: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan on the ballot: its titles in the order of the languages, its cost."""

    number: int
    titles: tuple[str, ...]
    cost: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject with its plans; `icon` is an emoji, `names` are as `Plan.titles`."""

    icon: str
    names: tuple[str, ...]
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """What all letters of a round share.

    `page` is the address of the web chat as people type it. `mark` is printed across
    both sides ("PROEF"), "" for letters that count.
    """

    title: str
    municipality: str
    page: str
    words: tuple[Words, ...]
    themes: tuple[Theme, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to print as a square: the app's name, and what a screen reader says."""

    name: str
    url: str = field(repr=False)
    alt: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One voting pass: its public serial, its secret code (digits only) and links.

    `address` are the lines for the window of the envelope; none leave it empty.
    """

    serial: str
    code: str = field(repr=False)
    links: tuple[Link, ...]
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PosterPage:
    """A poster in one language, without a code; `words` as on the letter.

    `lead` invites in large type; `titles` and `names` of the plans are in this language
    alone.
    """

    language: str
    right_to_left: bool
    municipality: str
    lead: str
    title: str
    rows: tuple[str, ...]
    steps: tuple[str, str, str]
    help: str
    page: str
    links: tuple[Link, ...]
    themes: tuple[Theme, ...] = ()


@dataclass(frozen=True, slots=True)
class Poster:
    """A poster of a round: a page for each language, the first one's title on all."""

    title: str
    page: str
    pages: Sequence[PosterPage]


def in_fours(code: str) -> str:
    """Return a code as "1234 5678 9012", with spaces at which no line breaks.

    Arabic text beside it would put other spaces' groups in the wrong order. Raises
    LetterError if it is not 12 or 16 digits; the message does not repeat it.
    """
    if len(code) not in CODE_LENGTHS or not (code.isascii() and code.isdigit()):
        raise LetterError("a code is not 12 or 16 digits")
    groups = (code[at : at + GROUP] for at in range(0, len(code), GROUP))
    return NO_BREAK.join(groups)

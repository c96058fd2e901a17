"""What is said to a resident: a message id with typed parameters, not yet text.

Text is made once, in the reader's language, by `bot.i18n.render`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.domain.languages import Language, Texts
from bot.domain.money import Money


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name for "extract this literal"
    """Mark a literal for the catalogues and return it unchanged."""
    return msgid


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - as N_, with a plural
    """Mark a literal and its plural for the catalogues and return both unchanged."""
    return one, many


@dataclass(frozen=True, slots=True)
class Free:
    """Words a person wrote or said. Shown as they are, kept apart by isolates."""

    text: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A text of ours that is in the reader's language already, shown as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Local:
    """A text that officials gave in several languages; the reader's is shown."""

    texts: Texts


@dataclass(frozen=True, slots=True)
class Brief:
    """A text of officials that is shown whole, and read aloud as far as there is time.

    What is read of it ends behind a sentence; all of the turn takes 15 seconds at most.
    """

    texts: Texts


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (aware UTC) shown as day and hour in `zone` (IANA name)."""

    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Code:
    """A number that is a name: a telephone number, a receipt, a voting pass.

    Shown in the groups it came in, or in threes; said sign by sign, group by group.
    """

    text: str

    @property
    def groups(self) -> tuple[str, ...]:
        """Return its letters and digits in groups; a "+" stays with the first."""
        parts = tuple(_CODE_GROUP.findall(self.text))
        whole = len(parts) == 1 and len(parts[0]) > _LONGEST_GROUP
        return _in_threes(parts[0]) if whole else parts


_CODE_GROUP = re.compile(r"\+?[^\W_]+")
_LONGEST_GROUP = 4


def _in_threes(signs: str) -> tuple[str, ...]:
    """Cut into threes; one sign that is left over makes the last group four."""
    last = len(signs) - 1 if len(signs) % 3 == 1 else len(signs)
    cuts = range(0, last, 3)
    return tuple(signs[at : at + 3] if at + 3 < last else signs[at:] for at in cuts)


@dataclass(frozen=True, slots=True)
class Say:
    """One sentence or row. `plural` and the parameter "n" choose the plural form.

    `int` parameters are shown in the digits 0-9; `str` ones are shown as they are
    (links, names of the product) inside isolates. `language` overrides the reader's,
    for the choice of language itself.
    """

    msgid: str
    params: "Mapping[str, Param]" = field(default_factory=dict)
    plural: str | None = None
    language: Language | None = None


Param = int | str | Code | Free | Ready | Local | Brief | Money | date | Moment | Say


@dataclass(frozen=True, slots=True)
class Button:
    """A choice with a stable id (`design`: 3.4) and a label; `detail` suits lists."""

    id: str
    label: Say
    detail: Say | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One message: rows in speaking order, then at most ten buttons.

    `sound` is the id of a recording to send along (her own voice note). `secret`
    rows reveal a choice and are erased once delivered. `aloud` is what is read aloud
    where that is not the rows and the buttons as they stand here. `picture` is the id
    of a plan's public picture, shown above the rows.
    """

    says: tuple[Say, ...]
    buttons: tuple[Button, ...] = ()
    sound: int | None = None
    secret: bool = False
    aloud: tuple[Say, ...] | None = None
    picture: int | None = None

    def after(self, *says: Say) -> "Reply":
        """Return this reply with `says` before its rows, written and read aloud."""
        aloud = None if self.aloud is None else (*says, *self.aloud)
        return replace(self, says=(*says, *self.says), aloud=aloud)

"""Buttons and lists on WhatsApp: Content resources, made once and used by their id.

A rich message can only be sent as a stored resource with variables, and a variable
holds no line break (error 21656). So each line of the text is a variable, and the
resource holds what stays the same: the line breaks, the buttons, the language.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.channels.limits import (
    WHATSAPP_LIST,
    WHATSAPP_LIST_BUTTON,
    WHATSAPP_LIST_DETAIL,
    WHATSAPP_LIST_ID,
    WHATSAPP_LIST_TITLE,
    WHATSAPP_REPLIES,
    WHATSAPP_REPLY_ID,
    WHATSAPP_REPLY_TITLE,
    WHATSAPP_RICH_BODY,
    WHATSAPP_VARIABLE,
)
from bot.domain.messages import Choice, Outbound
from bot.domain.split import cut, split
from bot.domain.text import without_placeholders

Json = Mapping[str, object]
_KEY_CHARACTERS = 32


class ContentStore(Protocol):
    """Remembers which Content resource was made for which shape, over restarts."""

    def get(self, key: str) -> str | None:
        """Return the resource's id ("HX…"), if one was made."""
        ...

    def put(self, key: str, sid: str) -> None:
        """Remember a resource's id; a later one replaces it."""
        ...


class MemoryContents:
    """A ContentStore that lasts as long as the process."""

    def __init__(self) -> None:
        self._sids: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        """Return the resource's id, if one was made."""
        return self._sids.get(key)

    def put(self, key: str, sid: str) -> None:
        """Remember a resource's id."""
        self._sids[key] = sid


@dataclass(frozen=True, slots=True)
class Rich:
    """A message with buttons: the resource it needs, and the lines to fill in."""

    language: str
    kind: str
    shape: Json
    values: tuple[str, ...]

    @property
    def key(self) -> str:
        """Name the resource: the same for every message of this language and shape."""
        shape = json.dumps([self.kind, self.shape], sort_keys=True).encode()
        digest = hashlib.sha256(shape).hexdigest()[:_KEY_CHARACTERS]
        return f"{self.language}-{digest}"

    @property
    def resource(self) -> dict[str, object]:
        """Return the body that creates the resource."""
        return {
            "friendly_name": f"buurtstem-{self.key}",
            "language": self.language,
            # Samples, which also stand in where a value is missing.
            "variables": {str(n): "…" for n in range(1, len(self.values) + 1)},
            "types": {self.kind: self.shape},
        }

    @property
    def variables(self) -> str:
        """Return the values as the JSON string that a message carries."""
        return numbered(self.values)


def numbered(values: Sequence[str]) -> str:
    """Return values as the JSON string that fills the variables, from 1 on."""
    variables = {str(n): value for n, value in enumerate(values, 1)}
    # A bare apostrophe has made Twilio answer 21656.
    return json.dumps(variables).replace("'", "\\u0027")


def fitted(value: str) -> str:
    """Return a value as one variable holds it: one line, cut if it is too long."""
    return cut(_plain(value), WHATSAPP_VARIABLE.most)


def make_rich(out: Outbound, text: str) -> Rich | None:
    """Return `text` with the buttons of `out` as replies or list, if they fit one.

    `text` is at most what a rich body holds. None where only numbered text will do.
    """
    body, values = _fill_in(text)
    if not values or not WHATSAPP_RICH_BODY.fits(text):
        return None
    if replies := _replies(out.choices):
        shape: Json = {"body": body, "actions": replies}
        return Rich(out.language, "twilio/quick-reply", shape, values)
    if items := _items(out):
        button = cut(out.list_label, WHATSAPP_LIST_BUTTON.most)
        shape = {"body": body, "button": button, "items": items}
        return Rich(out.language, "twilio/list-picker", shape, values)
    return None


def number_choices(text: str, choices: Sequence[Choice]) -> str:
    """Return `text` with the choices below it, to be answered with a number."""
    lines = [f"{n}. {choice.label}" for n, choice in enumerate(choices, 1)]
    return "\n".join([text, "", *lines] if text and lines else [text, *lines]).strip()


def _replies(choices: Sequence[Choice]) -> list[Json]:
    """Return reply buttons, or none if the choices do not fit them."""
    fit = WHATSAPP_REPLIES.fits(len(choices)) and all(
        WHATSAPP_REPLY_TITLE.fits(choice.label) and WHATSAPP_REPLY_ID.fits(choice.id)
        for choice in choices
    )
    if not fit or not _are_distinct([choice.label for choice in choices]):
        return []
    return [
        {"type": "QUICK_REPLY", "title": choice.label, "id": choice.id}
        for choice in choices
    ]


def _items(out: Outbound) -> list[Json]:
    """Return the rows of a list, or none if the choices do not fit one."""
    titles = [cut(choice.label, WHATSAPP_LIST_TITLE.most) for choice in out.choices]
    fit = WHATSAPP_LIST.fits(len(titles)) and all(
        WHATSAPP_LIST_ID.fits(choice.id) for choice in out.choices
    )
    if not fit or not out.list_label.strip() or not _are_distinct(titles):
        return []
    return [
        _item(choice, title) for choice, title in zip(out.choices, titles, strict=True)
    ]


def _item(choice: Choice, title: str) -> Json:
    """Return one row; a label that had to be cut stands whole below its title."""
    was_cut = title != choice.label
    detail = " ".join(filter(None, [choice.label if was_cut else "", choice.detail]))
    item = {"item": title, "id": choice.id}
    if detail:
        item["description"] = cut(detail, WHATSAPP_LIST_DETAIL.most)
    return item


def _are_distinct(labels: Sequence[str]) -> bool:
    """Tell whether every label is there and none twice, as WhatsApp demands."""
    return all(label.strip() for label in labels) and len(set(labels)) == len(labels)


def _fill_in(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a body of placeholders with the line breaks of `text`, and the values."""
    values: list[str] = []
    lines: list[str] = []
    for line in text.strip().split("\n"):
        pieces = split(_plain(line), WHATSAPP_VARIABLE.most)
        start = len(values) + 1
        values += pieces
        lines.append(" ".join(f"{{{{{start + n}}}}}" for n in range(len(pieces))))
    return "\n".join(lines), tuple(values)


def _plain(line: str) -> str:
    """Return a line without tabs, runs of spaces and what looks like a placeholder."""
    return without_placeholders(" ".join(line.split()))

"""Running text made fit to be read aloud: what an eye passes over and a voice does not.

It is for words that people wrote, and for ours where they hold figures. Addresses of
pages become a phrase, figures become words, signs become pauses or go.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from bot.domain.say import N_
from bot.i18n.bidi import without_controls
from bot.i18n.catalogues import find_spoken
from bot.i18n.figures import figures_in_words

LONGEST: Mapping[str, int] = {"nl": 500, "en": 500, "tr": 500, "ar": 370}
"""Characters of a person's own words in one row: about forty seconds of speech.

With the question and its choices that is the minute which a voice note may last.

Arabic writes fewer of its sounds.
"""

_WRITTEN_FOR_SAID = 4
"""So much more is looked at, because signs, spaces and addresses are not said."""

LINK = N_("The link is in the text message.")
MAIL = N_("The e-mail address is in the text message.")
MORE = N_("And so on. The rest is in the text message.")

_ADDRESSES: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"(?i)\b(?:https?://|www\.)\S*[^\s.,;:!?)\]}>]"), LINK),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), MAIL),
)
_AND: Mapping[str, str] = {"nl": "en", "en": "and", "tr": "ve", "ar": "وَ"}
_UNSEEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
_PICTURES = frozenset({"So", "Sk", "Me"})
_STRONGEST_FIRST = "?؟!.:،,"

_BULLET = re.compile(r"(?m)^\s*[-–—•*·▪◦]+\s+")
_ENTRY = re.compile(r"(?m)^(\s*\d+)\s+[-–—]\s+")
_DASH = re.compile(r"\s+[-–—]+\s+|—")
_PAUSE = re.compile(r"[()/;]+")
_SILENT = re.compile(r"[\[\]{}<>|\\*_~#^=`@%$€+\"“”„«»•·§°]")
_STOPS = re.compile(r"\s*([.,:!?،؟](?:\s*[.,:!?،؟])*)(?=\s|$)")
_DRAWN_OUT = re.compile(r"([^\W\d])\1{3,}")
_ENDLESS = re.compile(r"(\S{40})\S+")


def aloud(text: str, language: str) -> str:
    """Return `text` as one line of words and pauses. Raises nothing, whatever it is."""
    text = unicodedata.normalize("NFC", without_controls(text))
    text = (
        "".join(map(_plain, text)).replace("…", ".").replace("&", f" {_AND[language]} ")
    )
    for pattern, msgid in _ADDRESSES:
        text = pattern.sub(f": {phrase(msgid, language)} ", text)
    text = _ENTRY.sub(r"\1: ", _BULLET.sub("", text))
    text = figures_in_words(text, language)
    lines = [line for line in map(_line, text.split("\n")) if line]
    return " ".join([*map(closed, lines[:-1]), *lines[-1:]])


def shortened(text: str, language: str) -> str:
    """Return words read aloud, cut behind a sentence if they would take too long.

    What is left out is said to be in the text message.
    """
    said, whole = _head(text, language)
    return said if whole else f"{said} {phrase(MORE, language)}"


def beginning(text: str, language: str) -> str:
    """Return words read aloud, cut as `shortened` does; nothing is said of it."""
    return _head(text, language)[0]


def sentences(text: str) -> list[str]:
    """Return the sentences of what is read aloud, in order; none for no words."""
    return [each for each in _BETWEEN_SENTENCES.split(text) if each]


_BETWEEN_SENTENCES = re.compile(r"(?<=[.?!؟])\s+")


def _head(text: str, language: str) -> tuple[str, bool]:
    """Return what is read of a text, and whether that is all of it."""
    longest = LONGEST[language]
    looked_at = text[: longest * _WRITTEN_FOR_SAID]
    cut_off = len(looked_at) < len(text)
    text = aloud(looked_at, language)
    if len(text) <= longest and not cut_off:
        return text, True
    head = text[:longest]
    ends = [found.end() for found in re.finditer(r"[.?!؟](?=\s)", head)]
    at = ends[-1] if ends and ends[-1] > longest // 3 else head.rfind(" ")
    return closed(head[:at] if at > 0 else head), False


def phrase(msgid: str, language: str) -> str:
    """Return what is said for a message without parameters."""
    return find_spoken(language, msgid).texts[0]


def closed(text: str) -> str:
    """Return `text` with an end, so that the voice falls before what follows."""
    text = text.rstrip(" ,،;:-–")
    return f"{text}." if text and text[-1] not in ".?!؟" else text


def _plain(sign: str) -> str:
    """Return a digit as 0-9, nothing for what is unseen, a space for a picture."""
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    if sign == "\n":
        return sign
    kind = unicodedata.category(sign)
    if (kind in _UNSEEN and sign != "\t") or "\ufe00" <= sign <= "\ufe0f":
        return ""
    return " " if kind in _PICTURES or sign.isspace() else sign


def _line(text: str) -> str:
    """Return a line with its signs as pauses or gone, and an end if it has words."""
    text = _SILENT.sub(" ", _PAUSE.sub(", ", _DASH.sub(", ", text)))
    text = _STOPS.sub(_strongest, _DRAWN_OUT.sub(r"\1\1", _ENDLESS.sub(r"\1", text)))
    text = " ".join(text.split()).lstrip(" .,:!?،؟-–'")
    return text if any(map(str.isalnum, text)) else ""


def _strongest(found: re.Match[str]) -> str:
    """Return the one sign of a run that says most: "?!.." is a question."""
    return next(sign for sign in _STRONGEST_FIRST if sign in found[1])

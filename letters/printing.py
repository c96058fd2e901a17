"""From values to a PDF or a picture, set by typst with our own fonts and no others.

The result is a function of the values alone: no clock, no network, no file but those of
this package. It is PDF/UA-1: tagged, each part in its language, pictures with words.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import typst

from letters.cleaning import cleaned, spelt
from letters.icons import drawing
from letters.squares import square
from letters.values import (
    Edition,
    Letter,
    LetterError,
    Link,
    NoSignError,
    Poster,
    Theme,
    in_fours,
)

ROOM = Path(__file__).parent
SCREEN_DOTS = 150
SCAN, PAGE = "step-scan", "step-page"
NEXT_STEPS = ("step-say", "step-yes")
_TOO_LONG = re.compile("does not fit: (.+)")
_NO_SIGN = re.compile('the text `"(.+)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")


def print_letters(edition: Edition, letters: Sequence[Letter]) -> bytes:
    """Return the letters as one PDF, each of an even number of pages.

    That is one sheet as long as the plans fit on its back. Raises LetterError if there
    is no letter, if a text is too long for its place at 11 points or cannot be written
    with our fonts, and for a code that is none.
    """
    if not letters:
        raise LetterError("there is no letter to print")
    values = asdict(edition) | {
        "pictures": _pictures(letters[0].links),
        "themes": [_theme(each) for each in edition.themes],
        "letters": [_letter(each) for each in letters],
    }
    return printed("sheet.typ", values)


def print_poster(poster: Poster) -> bytes:
    """Return an A3 poster in each language. Raises LetterError as `print_letters`."""
    pages = [
        asdict(page)
        | {
            "links": [_link(each) for each in page.links],
            "themes": [_theme(each) for each in page.themes],
        }
        for page in poster.pages
    ]
    return printed(
        "poster.typ",
        asdict(poster) | {"pictures": _pictures(poster.pages[0].links), "words": pages},
    )


def _pictures(links: Sequence[Link]) -> tuple[str, ...]:
    """Return the drawings of the three steps: without a square a page is opened."""
    return (SCAN if links else PAGE, *NEXT_STEPS)


def _letter(letter: Letter) -> Mapping[str, Any]:
    return {
        "serial": letter.serial,
        "code": in_fours(letter.code),
        "address": letter.address,
        "links": [_link(each) for each in letter.links],
    }


def _link(link: Link) -> Mapping[str, str]:
    return {"name": link.name, "alt": link.alt, "square": square(link.url)}


def _theme(theme: Theme) -> Mapping[str, Any]:
    return asdict(theme) | {"icon": drawing(theme.icon)}


@cache
def _fonts() -> typst.Fonts:
    """Return our fonts; those of the machine and of typst are never looked at."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[ROOM / "fonts"],
    )


def printed(template: str, values: Mapping[str, Any]) -> bytes:
    """Return what a template sets of these values as PDF/UA. Raises LetterError."""
    return _set(template, cleaned(values), format="pdf", pdf_standards="ua-1")


def recorded(template: str, values: Mapping[str, Any]) -> bytes:
    """Return a record as PDF/UA: it has to be made, whatever was written by then.

    A sign that our fonts lack stands in a plainer one, or as its code.
    """
    return _in_any_case(template, values, format="pdf", pdf_standards="ua-1")


def painted(template: str, values: Mapping[str, Any]) -> bytes:
    """Return the one page that a template sets as PNG, with signs as in a record."""
    return _in_any_case(template, values, format="png", ppi=SCREEN_DOTS)


def _in_any_case(template: str, values: Mapping[str, Any], **how: Any) -> bytes:  # noqa: ANN401
    words, spelt_out = cleaned(values), set[str]()
    while True:
        try:
            return _set(template, words, **how)
        except NoSignError as error:
            if error.sign in spelt_out or error.sign.isascii():
                raise
            spelt_out.add(error.sign)
            words = spelt(words, error.sign)


def _set(template: str, values: Mapping[str, Any], **how: Any) -> bytes:  # noqa: ANN401
    setter = typst.Compiler(
        input=ROOM / template,
        root=ROOM,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(values, ensure_ascii=False)},
    )
    try:
        made = setter.compile(**how)
    except typst.TypstError as error:
        raise _refusal(error) from None
    assert isinstance(made, bytes)  # noqa: S101 - one file
    return made


def _refusal(error: typst.TypstError) -> LetterError:
    """Return what is wrong, in our words where it is about what somebody wrote."""
    message = error.message.splitlines()[0]
    if found := _TOO_LONG.search(message):
        return LetterError(f"{found[1]} does not fit at 11 points: make it shorter")
    if found := _NO_SIGN.search(message):
        return NoSignError(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1]))
    return LetterError(message)

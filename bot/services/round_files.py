"""A round in a file: read, or every fault in it named by its place and line."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from bot.domain.rounds import Round
from bot.services.named_faults import Place, path, placed_faults, unclean_places
from bot.services.round_form import RoundForm, zone_of
from bot.services.toml_lines import lines_of

FILE = "file"
MOST_BYTES = 1_000_000
_ALIKE = 60
"""How alike (of 100) a known name has to be to be a hint."""

_UNKNOWN = "is not known here"
_AT = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong at one place of a file; `line` counts from 1, None if unknown."""

    path: str
    fault: str
    line: int | None = None

    def __str__(self) -> str:
        """Return it as one line for people."""
        at = "" if self.line is None else f"line {self.line}: "
        return f"{at}{self.path}: {self.fault}"


class FaultyRoundError(ValueError):
    """A round file that cannot be meant like this. `faults` are all there are."""

    def __init__(self, faults: Sequence[FileFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def read_round_file(content: bytes) -> Round:
    """Return the round that a TOML file holds.

    Raises FaultyRoundError that names every fault, in the order of the file.
    """
    data, text = _parse(content)
    faults = _faults(data)
    if not faults:
        return _form(data).value()
    lines = lines_of(text)
    placed = [
        FileFault(path(place, FILE), words, _line(lines, place))
        for place, words in faults
    ]
    raise FaultyRoundError(sorted(placed, key=lambda each: each.line or 0))


def parse_round(data: Mapping[str, Any]) -> Round:
    """Return the round that read TOML describes. Raises FaultyRoundError."""
    if faults := _faults(data):
        raise FaultyRoundError(
            [FileFault(path(at, FILE), words) for at, words in faults]
        )
    return _form(data).value()


def _form(data: Mapping[str, Any]) -> RoundForm:
    context = {"zone": zone_of(data)}
    return RoundForm.model_validate(dict(data), context=context)


def _parse(content: bytes) -> tuple[dict[str, Any], str]:
    """Return what stands in the file, and its text with plain line ends."""
    if len(content) > MOST_BYTES:
        raise _whole(f"has more than {MOST_BYTES:,} bytes")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _whole("is no UTF-8", line) from error
    try:
        return tomllib.loads(text), text
    except RecursionError as error:
        raise _whole("is nested too deeply") from error
    except ValueError as error:
        at = _AT.search(str(error))
        told = _AT.sub("", str(error)).strip()
        end = text.rstrip().count("\n") + 1
        raise _whole(f"is no TOML: {told}", int(at[1] or end) if at else None) from (
            error
        )


def _whole(fault: str, line: int | None = None) -> FaultyRoundError:
    return FaultyRoundError([FileFault(FILE, fault, line)])


def _faults(data: Mapping[str, Any]) -> list[tuple[Place, str]]:
    """Return every fault, once per place."""
    found: dict[Place, str] = dict(unclean_places(data, ()))
    try:
        _form(data)
    except ValidationError as error:
        for place, words in placed_faults(error):
            hint = _hint(place) if words == _UNKNOWN else ""
            found.setdefault(place, words + hint)
    return list(found.items())


def _line(lines: Mapping[Place, int], place: Place) -> int | None:
    """Return the line of a place; of what is missing, that of what it is missing in."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place)


def _hint(place: Place) -> str:
    """Name the known key that is most like an unknown one."""
    *above, name = place
    known = {
        field.alias or key
        for model in _models_at(above)
        for key, field in model.model_fields.items()
    }
    alike = process.extractOne(str(name), sorted(known), score_cutoff=_ALIKE)
    return f": did you mean {alike[0]}?" if alike else ""


def _models_at(place: Sequence[str | int]) -> list[type[BaseModel]]:
    """Return the models that may stand at a place of the form."""
    models: list[type[BaseModel]] = [RoundForm]
    for step in place:
        if isinstance(step, int):
            continue
        models = [
            model
            for each in models
            for key, field in each.model_fields.items()
            if (field.alias or key) == step
            for model in _models_in(field.annotation)
        ]
    return models


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)

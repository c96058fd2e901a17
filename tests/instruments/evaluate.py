"""Examine the test instrument: `python -m tests.instruments.evaluate FOLDER`.

Prints, for each language and kind of question, in how many notes the product found too
little speech, how many were written exactly, how many of these it believes, how many of
the others it believes too, and in how many it found the language by itself.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tests.instruments import NAME
from tests.instruments.examination import Marks, examine, questions
from tests.instruments.words import LANGUAGES
from transcription import Recogniser, load

COUNT = 150
ROW = "{:<4}{:<10}{:>6}{:>9}{:>7}{:>10}{:>10}{:>10}   {}"


def main() -> None:
    """Examine in all languages, with the engine that is asked for."""
    options = _options()
    engine = load(options.engine, NAME, options.folder)
    assert engine is not None
    found = {each: _examined(engine, each, options.count) for each in LANGUAGES}
    print(json.dumps(found, ensure_ascii=False) if options.json else _table(found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.instruments.evaluate")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--engine", default="faster-whisper")
    parser.add_argument("--count", type=int, default=COUNT, help="notes of each kind")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _examined(engine: Recogniser, language: str, count: int) -> dict[str, Any]:
    asked = questions(language, count)
    told = examine(engine, asked)
    detected = examine(engine, asked, detecting=True)
    return {kind: _figures(told[kind], detected[kind]) for kind in told}


def _figures(told: Marks, detected: Marks) -> dict[str, Any]:
    return {
        "notes": told.asked,
        "unheard": told.unheard,
        "right": told.right,
        "believed": told.believed,
        "mistaken": told.mistaken,
        "language": detected.languages,
        "levels": dict(told.levels),
        "wrong": told.wrong,
    }


def _table(found: dict[str, dict[str, Any]]) -> str:
    columns = ("notes", "unheard", "right", "believed", "mistaken", "language")
    head = ROW.format("", "kind", *columns, "levels")
    rows = [
        ROW.format(
            language,
            kind,
            *(each[column] for column in columns),
            ", ".join(f"{count} {level}" for level, count in each["levels"].items()),
        )
        for language, kinds in found.items()
        for kind, each in kinds.items()
    ]
    return "\n".join([head, *rows])


if __name__ == "__main__":
    main()

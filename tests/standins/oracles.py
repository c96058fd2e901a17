"""The providers' descriptions, and how a limit of ours is checked.

They lie beside the repository and are not part of it.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

from bot.channels.limits import CountLimit, TextLimit

ORACLES = Path(__file__).parents[3] / "shared" / "oracles"
Json = dict[str, Any]


def has_oracles() -> bool:
    """Tell whether the descriptions are here."""
    return ORACLES.is_dir()


@cache
def load_oracle(name: str) -> Json:
    """Return one description."""
    return cast("Json", json.loads((ORACLES / name).read_text()))


def too_long(limit: TextLimit, text: str) -> Iterator[str]:
    if not limit.fits(text):
        yield f"{limit.field}: {limit.measure(text)} of {limit.most} ({limit.page})"


def too_many(limit: CountLimit, count: int) -> Iterator[str]:
    if not limit.fits(count):
        yield f"{limit.field}: {count} of {limit.most} ({limit.page})"

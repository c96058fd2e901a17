"""Log lines: for eyes, or one JSON object each for a machine that collects them.

Every line of ours is an event in plain words, then ids and machine words as
`key=value`: "turn failed channel=telegram error=KeyError at=bot/flows/vote.py:81".
Neither form ever writes the text of an exception: it can hold what somebody wrote.
"""

import json
import logging
import re
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TextIO

READABLE = "%(asctime)s %(levelname)s %(name)s %(message)s"
QUIET = (
    *("httpx", "httpcore", "aiohttp", "urllib3", "twilio", "telegram", "alembic"),
    *("PIL", "boto3", "botocore"),
)
"""Libraries that tell at INFO what is no business of a log, like addresses."""

_LINE = re.compile(r"(?s)(?P<event>.*?)(?P<pairs>(?: [a-z_]+=\S*)*)")
_INTEGER = re.compile(r"-?\d{1,15}")
Describe = Callable[[BaseException], str]


def parse_line(line: str) -> tuple[str, dict[str, str | int]]:
    """Return the event of a line, and its ids and machine words."""
    found = _LINE.fullmatch(line)
    assert found is not None  # noqa: S101 - everything is an event at least
    pairs = (each.partition("=") for each in found["pairs"].split())
    return found["event"], {name: _value(value) for name, _, value in pairs}


def shown(line: str) -> str:
    r"""Return a line whose controls and marks of direction are spelled, like \x1b."""
    if line.isprintable():
        return line
    spelled = (c.encode("unicode_escape").decode() for c in line)
    return "".join(
        c if c.isprintable() else name for c, name in zip(line, spelled, strict=True)
    )


def _value(value: str) -> str | int:
    return int(value) if _INTEGER.fullmatch(value) else value


class Lines(logging.Formatter):
    """One line per record: time, level, module, and what happened.

    `describe` says what may be told of an exception.
    """

    def __init__(self, describe: Describe) -> None:
        super().__init__(READABLE)
        self._describe = describe

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole line."""
        time = self.formatTime(record)
        line = self.message(record)
        return f"{time} {record.levelname} {record.name} {line}"

    def message(self, record: logging.LogRecord) -> str:
        """Return what happened, on one line, without the text of any exception."""
        line = shown(" ".join(record.getMessage().split()))
        error = record.exc_info[1] if record.exc_info else None
        return line if error is None else f"{line} {self._describe(error)}"


class JsonLines(Lines):
    """One JSON object per record: time (UTC), level, logger, event, and the ids."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object; letters stay letters, so that a search finds them."""
        event, pairs = parse_line(self.message(record))
        time = datetime.fromtimestamp(record.created, UTC)
        told: Mapping[str, str | int] = {
            "time": time.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": event,
        }
        return json.dumps({**pairs, **told}, ensure_ascii=False)


def set_up(describe: Describe, *, as_json: bool, stream: TextIO | None = None) -> None:
    """Send all log lines of this process to `stream` (stderr if None), in one form.

    Nothing changes where logging has been set up already.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(describe) if as_json else Lines(describe))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for noisy in QUIET:
        logging.getLogger(noisy).setLevel(logging.WARNING)

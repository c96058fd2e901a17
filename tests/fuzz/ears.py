"""Everything a process says while it is asked: log lines, stderr, what is printed."""

import contextlib
import io
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

from bot.logs import Lines
from bot.services.faults import where


class Ears(logging.Handler):
    """Keeps the lines since the last time somebody asked for them.

    A line of level ERROR, and an exception in a thread or a finaliser, is `broken`.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(Lines(where))
        self._lines: list[str] = []
        self._broken: list[str] = []
        self._printed = io.StringIO()

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        self._lines.append(line)
        if record.levelno >= logging.ERROR:
            self._broken.append(line)

    def blame(self, happened: Any) -> None:
        """Take in an exception that nobody caught (`sys` and `threading` hooks)."""
        self._broken.append(f"uncaught {where(happened.exc_value or Exception())}")

    def heard(self) -> tuple[list[str], list[str]]:
        """Return all that was said, and what of it tells of something broken."""
        printed = self._printed.getvalue()
        lines, broken = self._lines, self._broken
        self._lines, self._broken = [], []
        if printed:
            self._printed.seek(0)
            self._printed.truncate()
            lines = [*lines, printed]
            broken = [*broken, printed] if "Traceback" in printed else broken
        return lines, broken


@contextlib.contextmanager
def listening() -> Iterator[Ears]:
    """Listen to this process; afterwards everything is as it was."""
    ears, root = Ears(), logging.getLogger()
    level, hooks = root.level, (sys.unraisablehook, threading.excepthook)
    root.addHandler(ears)
    root.setLevel(logging.INFO)
    sys.unraisablehook = threading.excepthook = ears.blame
    printed = ears._printed
    try:
        with contextlib.redirect_stderr(printed), contextlib.redirect_stdout(printed):
            yield ears
    finally:
        root.removeHandler(ears)
        root.setLevel(level)
        sys.unraisablehook, threading.excepthook = hooks

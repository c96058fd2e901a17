"""Files of strangers are opened in a child process that can be killed (`opener`)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

WALL_SECONDS = 20.0
MEMORY_BYTES = 1024 * 1024 * 1024
"""A photo of 40 megapixels takes half of it while it is turned upright."""

OPENER = Path(__file__).with_name("opener.py")
# The opener reads hostile bytes: it gets no secret of ours to give away.
_KEPT_VARIABLES = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


class NotOpenedError(ValueError):
    """A file is not what it should be, too large, or harmful; the message says which.

    "too many pixels", "not a picture", "large", "too heavy", "too slow", "broken".
    """


def open_file(
    task: str, data: bytes, *numbers: int, wall_seconds: float = WALL_SECONDS
) -> tuple[dict[str, Any], bytes]:
    """Return what `opener`'s task finds in a file, and the file it made.

    Takes `wall_seconds` at most. Raises NotOpenedError; RuntimeError if no child could
    be started, which says nothing of the file.
    """
    limits = (str(MEMORY_BYTES), str(int(WALL_SECONDS)))
    command = [sys.executable, "-P", str(OPENER), task, *limits, *map(str, numbers)]
    try:
        # -P keeps this folder, with its queue.py, off the child's import path.
        done = subprocess.run(  # noqa: S603 - our own program
            command,
            input=data,
            capture_output=True,
            timeout=wall_seconds,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotOpenedError("too slow") from None
    except OSError as error:
        raise RuntimeError(f"no opener could be started: {error.errno}") from error
    if done.returncode < 0:
        raise NotOpenedError("broken")
    if done.returncode > 0:
        raise RuntimeError("the opener failed")
    line, _, made = done.stdout.partition(b"\n")
    found: dict[str, Any] = json.loads(line)
    if "bad" in found:
        raise NotOpenedError(found["bad"])
    return found, made


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    # Each idle arithmetic thread would reserve address space we count.
    return kept | {"OPENBLAS_NUM_THREADS": "1"}

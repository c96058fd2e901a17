"""Writing that outlives a crash: down to the disk, and so is the folder's list."""

import contextlib
import os
from pathlib import Path

OWN = 0o600
"""What only the account that runs us may read."""


def write_down(path: Path, data: bytes) -> None:
    """Write a file down to the disk, as a whole or not at all. Raises OSError."""
    beside = path.with_name(f"{path.name}.part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def flush_file(path: Path) -> None:
    """Write down what somebody else has written into a file. Raises OSError."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Write a folder's list of files down to the disk. Raises OSError."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)

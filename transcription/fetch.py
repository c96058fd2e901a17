"""Fetching a model, on an explicit command only."""

from __future__ import annotations

import shutil
from pathlib import Path

from transcription.nouns import TranscriptionError


def fetch_model(name: str, folder: Path) -> Path:
    """Download the faster-whisper model `name` to `folder`/`name`; that path.

    The one function of this package that uses the network. A model appears under
    its name only when it is complete; a repeated call goes on where a failed one
    stopped, and replaces what was there. Raises `ValueError` for a name that is not
    published, `TranscriptionError` if the download fails.
    """
    # Imported here: only this command needs the hub's client.
    from faster_whisper import available_models, download_model

    if name not in available_models():
        known = ", ".join(available_models())
        raise ValueError(f"no model is published as {name!r}; there are: {known}")
    staging = folder / f".{name}.part"
    try:
        # Into a cache of its own: `output_dir` passes an argument that newer
        # versions of the hub's client refuse.
        snapshot = download_model(name, cache_dir=str(staging))
    # The client changed its HTTP library, and with it its errors, more than once.
    except Exception as error:
        raise TranscriptionError(
            f"could not download model {name!r}: {error}", permanent=False
        ) from error
    return _move(Path(snapshot), folder / name, staging)


def _move(snapshot: Path, target: Path, staging: Path) -> Path:
    fresh = staging / "complete"
    # The cache holds links: copy what they point at.
    shutil.copytree(snapshot, fresh, dirs_exist_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    shutil.rmtree(staging)
    return target

"""Where a model lies on disk. Nothing here, and nothing in loading, fetches one."""

from __future__ import annotations

import os
from pathlib import Path

from transcription.nouns import ModelMissing

NEEDED_FILES = ("model.bin", "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")


def find_folder(model: str, models_folder: Path) -> Path:
    """The complete folder of a faster-whisper model, given by path or name.

    Raises `ModelMissing` if the folder, or a file of it, is not there: the
    library would take the name for one on a model hub, and the missing file
    for one to be fetched.
    """
    folder = _place(model, models_folder)
    if not folder.is_dir():
        raise ModelMissing(_not_there(model, folder))
    lacking = [name for name in NEEDED_FILES if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in VOCABULARIES):
        lacking.append(VOCABULARIES[0])
    if lacking:
        raise ModelMissing(f"model folder {folder} lacks {', '.join(lacking)}")
    return folder


def find_checkpoint(model: str, models_folder: Path) -> Path:
    """The `.pt` file of an openai-whisper model, given by path or name.

    Raises `ModelMissing` if it is not there.
    """
    place = _place(model, models_folder)
    file = place if place.suffix == ".pt" else place.with_name(f"{place.name}.pt")
    if not file.is_file():
        raise ModelMissing(_not_there(model, file))
    return file


def _place(model: str, models_folder: Path) -> Path:
    # A bare name is never looked for in the working directory.
    if os.sep in model or model.startswith("~"):
        return Path(model).expanduser().absolute()
    return (models_folder / model).absolute()


def _not_there(model: str, place: Path) -> str:
    return (
        f"no speech model {model!r} at {place}: copy it there, or run "
        "`buurtstem models fetch` on a machine that may download it"
    )

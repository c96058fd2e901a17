"""The trained instrument in one file beside the code: `... .packing FOLDER` packs it.

Nearly all of the folder is tokens that were never taught, so it packs into a fortieth.
The same folder always gives the same file.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

ARCHIVE = Path(__file__).with_name("trained.zip")


def pack(folder: Path, archive: Path = ARCHIVE) -> None:
    """Pack all files of `folder`, without their times."""
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix())
            packed.writestr(entry, file.read_bytes(), zipfile.ZIP_LZMA)


def unpack(place: Path, archive: Path = ARCHIVE) -> Path:
    """Return the folder below `place` with what is in the archive, unpacked once.

    Two programs may ask at once: whoever is second finds it done.
    """
    content = hashlib.sha256(archive.read_bytes()).hexdigest()[:16]
    folder = place / content
    if folder.is_dir():
        return folder
    place.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=place))
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(making)
    try:
        making.rename(folder)
    except OSError:
        shutil.rmtree(making)
    return folder


if __name__ == "__main__":
    pack(Path(sys.argv[1]))
    print(f"{ARCHIVE}: {ARCHIVE.stat().st_size // 1024} kB")

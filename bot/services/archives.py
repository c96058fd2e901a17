"""The file of a backup: a tar of named parts, and last a manifest with their hashes.

Where it is encrypted, it is so as a whole in the format of age (age-encryption.org):
for a public key, so that who makes backups need not be able to read them.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyrage

from bot.store.durable import OWN, flush_file, flush_folder

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20
_AGE = b"age-encryption.org/v1"


class ArchiveError(Exception):
    """A backup that cannot be made or read; the message says why and what to do."""


@dataclass
class Packing:
    """A backup that is being written: parts go in one by one."""

    tar: tarfile.TarFile
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add_file(self, name: str, path: Path) -> None:
        """Put a file in."""
        with path.open("rb") as file:
            self._add(name, file, path.stat().st_size)

    def add_bytes(self, name: str, data: bytes) -> None:
        """Put bytes in."""
        self._add(name, io.BytesIO(data), len(data))

    def _add(self, name: str, file: IO[bytes], size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, OWN
        hashed = _Hashed(file)
        self.tar.addfile(info, hashed)
        self.parts[name] = {"bytes": size, "sha256": hashed.sum.hexdigest()}

    def close(self, about: Mapping[str, Any]) -> None:
        """Put the manifest in, which is the last part."""
        whole = {"format": FORMAT, **about, "parts": self.parts}
        data = json.dumps(whole, indent=1, sort_keys=True).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(data), OWN
        self.tar.addfile(info, io.BytesIO(data))


class _Hashed(io.RawIOBase):
    """A file whose bytes are hashed as they are read."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.sum.update(data)
        return data


@contextmanager
def packing(target: Path, about: dict[str, Any]) -> Iterator[Packing]:
    """Write a backup to `target`, which is there once it is whole. Raises OSError.

    `about` may be filled until the block ends.
    """
    part = target.with_name(f"{target.name}.part")
    part.touch(mode=OWN)
    try:
        with tarfile.open(part, "w", format=tarfile.PAX_FORMAT) as tar:
            made = Packing(tar)
            yield made
            made.close(about)
        flush_file(part)
        part.rename(target)
        flush_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


def recipients(line: str) -> list[Any]:
    """Return for whom to encrypt: public keys of age, with commas.

    Raises ArchiveError for what is no such key.
    """
    try:
        return [
            pyrage.x25519.Recipient.from_str(each.strip()) for each in line.split(",")
        ]
    except pyrage.RecipientError as error:
        raise ArchiveError(
            "A recipient must look like age1…: the public key that age-keygen prints."
        ) from error


def encrypt(plain: Path, target: Path, for_whom: list[Any]) -> None:
    """Encrypt a file for some people, down to the disk."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.touch(mode=OWN)
        pyrage.encrypt_file(str(plain), str(part), for_whom)
        flush_file(part)
        part.rename(target)
        flush_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


def opened(path: Path, identity: Path | None, to: Path) -> Path:
    """Return the readable file of a backup, decrypted into the folder `to` if needed.

    Raises ArchiveError without the identity that it was encrypted for.
    """
    with path.open("rb") as file:
        if not file.read(len(_AGE)).startswith(_AGE):
            return path
    if identity is None:
        raise ArchiveError("This backup is encrypted: give its key with --identity.")
    plain = to / "backup.tar"
    plain.touch(mode=OWN)
    try:
        pyrage.decrypt_file(str(path), str(plain), _identities(identity))
    except pyrage.DecryptError as error:
        raise ArchiveError(
            "This backup cannot be decrypted with that identity, or it is damaged."
        ) from error
    return plain


def _identities(file: Path) -> list[Any]:
    lines = [each.strip() for each in file.read_text("utf-8").splitlines()]
    keys = [each for each in lines if each and not each.startswith("#")]
    try:
        return [pyrage.x25519.Identity.from_str(each) for each in keys]
    except pyrage.IdentityError as error:
        raise ArchiveError(
            "An identity file holds a line AGE-SECRET-KEY-…, as age-keygen writes it."
        ) from error


def read_manifest(path: Path) -> Mapping[str, Any]:
    """Return the manifest, once every part is as it says. Raises ArchiveError."""
    found: dict[str, dict[str, Any]] = {}
    manifest: Mapping[str, Any] = {}
    try:
        with tarfile.open(path, "r|") as tar:
            for info in tar:
                file = tar.extractfile(info)
                if file is None:
                    raise ArchiveError(f"The backup holds what is no file: {info.name}")
                if info.name == MANIFEST:
                    manifest = json.loads(file.read())
                    continue
                found[info.name] = {"bytes": info.size, "sha256": _sum(file)}
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise ArchiveError("The file is no whole backup: take another one.") from error
    if manifest.get("format") != FORMAT:
        raise ArchiveError("The file is no whole backup of ours: take another one.")
    wrong = sorted(
        name
        for name in found.keys() | manifest["parts"].keys()
        if found.get(name) != manifest["parts"].get(name)
    )
    if wrong:
        raise ArchiveError(
            f"The backup is damaged: {wrong[0]} is not what was written. Take another."
        )
    return manifest


def extract(path: Path, name: str, to: Path) -> None:
    """Write one part into a file. Raises KeyError if it is not there."""
    with tarfile.open(path) as tar:
        file = tar.extractfile(tar.getmember(name))
        assert file is not None  # noqa: S101 - the manifest was checked
        with to.open("wb") as out:
            while data := file.read(CHUNK):
                out.write(data)


def parts_in(path: Path, folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield name (below `folder`) and bytes of each part of a folder."""
    with tarfile.open(path, "r|") as tar:
        for info in tar:
            file = tar.extractfile(info)
            if file is not None and info.name.startswith(folder):
                yield info.name.removeprefix(folder), file.read()


def _sum(file: IO[bytes]) -> str:
    total = hashlib.sha256()
    while data := file.read(CHUNK):
        total.update(data)
    return total.hexdigest()

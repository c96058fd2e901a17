"""Every request the stand-ins of this process received, for the judges."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came over the wire; header names are in lower case."""

    provider: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    files: Mapping[str, "Upload"] = field(default_factory=dict)
    fields: Sequence[tuple[str, str]] = ()

    @property
    def form(self) -> dict[str, str]:
        return dict(self.fields)

    @property
    def json(self) -> dict[str, object]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart form."""

    filename: str
    mime: str
    content: bytes


RECORD: list[Call] = []


def parse_form(headers: Mapping[str, str], body: bytes) -> list[tuple[str, str]]:
    """Return the fields of a URL-encoded body, blank ones kept; else none."""
    if not headers.get("content-type", "").startswith(
        "application/x-www-form-urlencoded"
    ):
        return []
    return parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body))


def parse_multipart(
    headers: Mapping[str, str], body: bytes
) -> tuple[list[tuple[str, str]], dict[str, Upload]]:
    """Return the fields and the files of a multipart form; else none."""
    kind, _, rest = headers.get("content-type", "").partition(";")
    if kind != "multipart/form-data":
        return [], {}
    boundary = rest.partition("boundary=")[2].strip('"').encode()
    fields: list[tuple[str, str]] = []
    files: dict[str, Upload] = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        names = _disposition(head)
        if "filename" in names:
            mime = _header(head, "content-type")
            files[names["name"]] = Upload(
                names["filename"], mime, content.removesuffix(b"\r\n")
            )
        else:
            fields.append((names["name"], content.removesuffix(b"\r\n").decode()))
    return fields, files


def _header(head: bytes, name: str) -> str:
    for line in head.decode().split("\r\n"):
        key, _, value = line.partition(":")
        if key.lower() == name:
            return value.strip()
    return ""


def _disposition(head: bytes) -> dict[str, str]:
    pieces = _header(head, "content-disposition").split(";")[1:]
    pairs = (piece.strip().partition("=") for piece in pieces)
    return {key: value.strip('"') for key, _, value in pairs}

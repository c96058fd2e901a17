"""Files of the desk and of the public pages: fetched once, then kept by the browser.

Their addresses say what is in them, so a new release is fetched at once and everything
else not even asked for again. Scripts that import each other have one address only.
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

_FOLDER = Path(__file__).parent / "static"
_MARKED = frozenset({"desk.static", "open_pages.static"})
_MARK = "v"
KEPT = "public, max-age=31536000, immutable"


def keep_files(app: Flask) -> None:
    """Let browsers keep the files that pages of `app` name."""
    app.url_defaults(_mark)
    app.after_request(_keep)


def _mark(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint in _MARKED and (mark := _mark_of(values["filename"])):
        values[_MARK] = mark


def _keep(response: Response) -> Response:
    """Say that a file can be kept, if it is the one that was asked for."""
    asked = request.args.get(_MARK)
    if request.endpoint in _MARKED and asked and response.status_code in {200, 304}:
        name = (request.view_args or {}).get("filename", "")
        if asked == _mark_of(name):
            response.headers["Cache-Control"] = KEPT
    return response


def _mark_of(name: str) -> str:
    """Return a mark of what a file holds now, "" if it is not there."""
    file = _FOLDER / name
    try:
        return _marked(file, file.stat().st_mtime_ns)
    except OSError:
        return ""


@lru_cache(maxsize=64)
def _marked(file: Path, _changed: int) -> str:
    return sha256(file.read_bytes()).hexdigest()[:12]

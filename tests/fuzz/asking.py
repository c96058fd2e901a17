"""A request as a value, and the application asked in this process, without a socket."""

import base64
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import unquote_to_bytes

Headers = tuple[tuple[str, str], ...]
App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `path` is percent-encoded, as it stands on the wire.

    `seal` says what makes it genuine ("telegram", "twilio", "hook", "phone:<talk>",
    "desk:<role>", each put on when it is sent, so that a changed body is signed anew),
    "" that nothing does. `damage` is what is wrong with the seal, "" for nothing.
    """

    kind: str
    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""
    seal: str = ""
    damage: str = ""

    @property
    def is_genuine(self) -> bool:
        return bool(self.seal) and not self.damage

    @property
    def url(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path

    def with_headers(self, *more: tuple[str, str]) -> "Asked":
        return replace(self, headers=(*self.headers, *more))

    def dumped(self) -> dict[str, Any]:
        """Return it as JSON can hold it; a body that is text stays readable."""
        told = asdict(self) | {"headers": [list(each) for each in self.headers]}
        try:
            told["body"] = self.body.decode()
        except UnicodeDecodeError:
            told["body"] = {"base64": base64.b64encode(self.body).decode()}
        return told


def load_asked(told: Mapping[str, Any]) -> Asked:
    """Return what `dumped` returned."""
    body = told["body"]
    data = body.encode() if isinstance(body, str) else base64.b64decode(body["base64"])
    headers = tuple((name, value) for name, value in told["headers"])
    return Asked(**{**told, "body": data, "headers": headers})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `broke` is an exception that left the application."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    broke: BaseException | None = None

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(app: App, asked: Asked) -> Answer:
    """Ask the application as a server does; nothing it raises gets past here."""
    told: list[tuple[str, Sequence[tuple[str, str]]]] = []

    def start(status: str, headers: Sequence[tuple[str, str]], *_: object) -> None:
        told.append((status, headers))

    try:
        parts = app(environ(asked), start)
        try:
            body = b"".join(parts)
        finally:
            if close := getattr(parts, "close", None):
                close()
    except Exception as error:  # noqa: BLE001 - a judge names it
        return Answer(500, {}, b"", error)
    status, headers = told[-1]
    return Answer(int(status[:3]), {n.lower(): v for n, v in headers}, body)


def environ(asked: Asked) -> dict[str, Any]:
    """Return the request as WSGI has it (PEP 3333), as Gunicorn fills it in."""
    made: dict[str, Any] = {
        "REQUEST_METHOD": asked.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(asked.path).decode("latin-1"),
        "QUERY_STRING": asked.query,
        "RAW_URI": asked.url,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8080",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(asked.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(asked.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in asked.headers:
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        text = value.encode("utf-8", "replace").decode("latin-1")
        made[key] = (
            f"{made[key]},{text}" if key.startswith("HTTP_") and key in made else text
        )
    return made

"""Gunicorn, as this product runs it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

if TYPE_CHECKING:
    from flask import Flask


class PlainLogger(Logger):  # type: ignore[misc]
    """Gunicorn's own lines, in the form of ours and as silent about people.

    Gunicorn would quote the address of a request it cannot read, and the path of one
    that failed, which can be somebody's link.
    """

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 - Gunicorn's own
        """Leave the writing to the handlers of the process."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def warning(self, msg: str, *args: object, **kwargs: object) -> None:
        """Log a warning; of a bad request only that there was one."""
        if msg.startswith("Invalid request"):
            self.error_log.warning("bad request")
            return
        self.error_log.warning(msg, *args, **kwargs)

    def exception(self, msg: object, *_: object, **__: object) -> None:
        """Log kind and place of an exception, and where Gunicorn met it."""
        event = msg.partition(":")[0] if isinstance(msg, str) else "failed"
        self.error_log.exception(event.partition("%")[0].strip())


GUNICORN: dict[str, Any] = {
    "worker_class": "gthread",
    "workers": 1,
    "threads": 16,
    "keepalive": 75,
    "timeout": 60,
    "graceful_timeout": 20,
    "limit_request_line": 4094,
    # No forwarded header is believed, whoever sends it: addresses come from PUBLIC_URL.
    "forwarded_allow_ips": "*",
    "forwarder_headers": "",
    "secure_scheme_headers": {},
    "accesslog": None,
    "errorlog": "-",
    "logger_class": PlainLogger,
    "loglevel": "warning",
}
"""One process suits SQLite, which has one writer; see `--processes` for PostgreSQL."""


class Server(BaseApplication):  # type: ignore[misc]
    """Runs an application factory under gunicorn; the factory runs after the fork.

    (Gunicorn is untyped, so its base class is unknown to the type checker.)
    """

    def __init__(self, factory: Callable[[], "Flask"], options: dict[str, Any]) -> None:
        self._factory = factory
        self._options = {**GUNICORN, **options}
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> "Flask":
        """Build the application in the process that serves it."""
        return self._factory()

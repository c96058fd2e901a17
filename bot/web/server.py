"""Gunicorn, as this product runs it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

if TYPE_CHECKING:
    from flask import Flask

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

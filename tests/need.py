"""What a test needs of the machine: skip with a reason, or fail where it must run.

`BUURTSTEM_REQUIRE` lists, with commas, what a machine promises to have. There a test
never skips for the lack of it, so that CI cannot turn green by looking away.
"""

import functools
import importlib.util
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
REQUIRE = "BUURTSTEM_REQUIRE"
POSTGRES = "BUURTSTEM_TEST_POSTGRES"
SYSTEM = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
"""Where servers of the system lie; they are not on everybody's path."""
LOCAL_POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"


def need(what: str) -> None:
    """Skip the test (or the module) unless this machine has `what`.

    `what` is "postgres", "chromium", "nginx", "systemd", "whisper", "piper",
    "pabutools" or "shared"; anything else raises KeyError. Fails instead of skipping
    if `BUURTSTEM_REQUIRE` names it.
    """
    lack = PROBES[what]()
    if lack is not None:
        stop(what, lack)


def postgres_url() -> str:
    """Return the address of a server on which a test may create databases.

    Skips or fails like `need`. `BUURTSTEM_TEST_POSTGRES` names another server.
    """
    need("postgres")
    return os.environ.get(POSTGRES, LOCAL_POSTGRES)


def chromium_path() -> str:
    """Return the path of Debian's Chromium. Skips or fails like `need`."""
    need("chromium")
    return _chromium() or ""


def nginx_path() -> str:
    """Return the path of nginx. Skips or fails like `need`."""
    need("nginx")
    return shutil.which("nginx", path=SYSTEM) or ""


def shared_path(*parts: str) -> Path:
    """Return a file of the folder beside the repository. Skips or fails like `need`."""
    need("shared")
    path = SHARED.joinpath(*parts)
    if not path.exists():
        stop("shared", f"../shared has no {'/'.join(parts)}")
    return path


def stop(what: str, lack: str) -> NoReturn:
    """Skip because of `lack`; fail if this machine promised to have `what`."""
    if what in promised():
        pytest.fail(f"{REQUIRE} promises {what}, but {lack}", pytrace=False)
    pytest.skip(lack, allow_module_level=True)


def promised() -> set[str]:
    """Return what this machine promises. A misspelt promise fails the test."""
    names = {name for name in os.environ.get(REQUIRE, "").split(",") if name}
    if unknown := names - PROBES.keys():
        pytest.fail(f"{REQUIRE} names what nobody can check: {sorted(unknown)}")
    return names


@functools.cache
def _lacks_postgres() -> str | None:
    url = os.environ.get(POSTGRES, LOCAL_POSTGRES).replace("+psycopg", "", 1)
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return f"no PostgreSQL answers ({POSTGRES} names another one)"
    return None


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def _lacks_chromium() -> str | None:
    return None if _chromium() else "no chromium is installed (Debian: chromium)"


def _lacks_nginx() -> str | None:
    found = shutil.which("nginx", path=SYSTEM)
    return None if found else "no nginx is installed (Debian: nginx-light)"


def _lacks_systemd() -> str | None:
    found = shutil.which("systemd-analyze")
    return None if found else "no systemd-analyze is installed (Debian: systemd)"


def _lacks_whisper() -> str | None:
    found = importlib.util.find_spec("whisper")
    return None if found else "openai-whisper is not installed (an extra: brings torch)"


def _lacks_piper() -> str | None:
    found = importlib.util.find_spec("piper")
    return None if found else "piper-tts is not installed (an extra: buurtstem[piper])"


def _lacks_pabutools() -> str | None:
    found = importlib.util.find_spec("pabutools")
    return None if found else "pabutools is not installed (the group judge: GPL)"


def _lacks_shared() -> str | None:
    return None if SHARED.is_dir() else "there is no folder ../shared"


PROBES: Mapping[str, Callable[[], str | None]] = {
    "postgres": _lacks_postgres,
    "chromium": _lacks_chromium,
    "nginx": _lacks_nginx,
    "systemd": _lacks_systemd,
    "whisper": _lacks_whisper,
    "piper": _lacks_piper,
    "pabutools": _lacks_pabutools,
    "shared": _lacks_shared,
}

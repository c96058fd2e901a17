"""PostgreSQL's own programs, run with the address of ours: the password never shows."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy.engine import make_url

HOUR = 3600.0


class ClientError(Exception):
    """A program of PostgreSQL is missing or failed; the message says what to do."""


def run_client(
    url: str | None, program: str, *options: str, to: Path | None = None
) -> None:
    """Run one of PostgreSQL's programs on the database at `url`, or on none.

    What it prints goes into the file `to`. Raises ClientError with what it said.
    """
    path = shutil.which(program)
    if path is None:
        raise ClientError(
            f"{program} is not here. Install PostgreSQL's client of the server's "
            "version (Debian: postgresql-client)."
        )
    words, env = [path, *options], dict(os.environ)
    if url is not None:
        address = make_url(url)
        env["PGPASSWORD"] = str(address.password or env.get("PGPASSWORD", ""))
        plain = address.set(drivername="postgresql", password=None)
        words.append(f"--dbname={plain.render_as_string(hide_password=False)}")
    with (to or Path(os.devnull)).open("wb") as out:
        done = subprocess.run(  # noqa: S603 - our own words, no shell
            words,
            env=env,
            stdout=out,
            stderr=subprocess.PIPE,
            check=False,
            timeout=HOUR,
        )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise ClientError(f"{program} failed: {said[0] if said else done.returncode}")

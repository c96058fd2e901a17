"""Say in one line that the port is taken, before anything is prepared for a demo."""

import os
import socket
import sys
from pathlib import Path

from dotenv import dotenv_values

DEFAULT = "8080"


def chosen_port() -> str:
    """Return PORT from the environment, else from `.env`, else the default."""
    env_file = dotenv_values(Path(__file__).parents[1] / ".env")
    return os.environ.get("PORT") or env_file.get("PORT") or DEFAULT


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of this machine now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def main() -> int:
    """Return 0 if the chosen port is a free one; else say why not and return 1."""
    port = chosen_port()
    if not port.isdecimal() or not 0 < int(port) < 1 << 16:
        fault = f"PORT is {port!r}; it must be a number from 1 to 65535."
    elif not is_free(int(port)):
        fault = (
            f"Port {port} is taken. Stop the other program, "
            "or choose another port: PORT=8090 make run"
        )
    else:
        return 0
    print(f"Buurtstem: {fault}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

"""Requests of the doctor: short, without redirects, direct on this machine."""

import requests

from bot.channels.edge import is_loopback

TIMEOUT = (3.0, 8.0)
"""Seconds to connect, and to answer."""


def new_session(url: str) -> requests.Session:
    """Return connections; the environment's proxies are not asked for this machine."""
    session = requests.Session()
    session.trust_env = not is_loopback(url)
    return session

"""Do the providers reach us, and do we take what is genuine and nothing else?"""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import requests

from bot.channels.base import Checked, Probe
from bot.channels.edge import is_loopback
from bot.doctor.http import TIMEOUT, new_session
from bot.domain.findings import Finding, bad, ok, warn

_GENUINE, _FORBIDDEN, _NOT_FOUND = 200, 403, 404


def check_public_url(public_url: str, channels: Mapping[str, Checked]) -> Finding:
    """Return whether providers could post to this address at all."""
    name = "public address"
    if not channels:
        return ok(name, f"{public_url}; no provider has to reach it")
    if is_loopback(public_url):
        return bad(name, f"{public_url} is this machine only", "Set PUBLIC_URL.")
    if urlsplit(public_url).scheme != "https":
        return bad(name, f"{public_url} is not https", "Set PUBLIC_URL to https://…")
    return ok(name, public_url)


def check_webhooks(
    public_url: str, channels: Mapping[str, Checked]
) -> Iterator[Finding]:
    """Post to our own public address what providers would post, genuine and forged.

    The right answers prove proxy, path, query and secrets from end to end. Nothing is
    stored of it.
    """
    with new_session(public_url) as session:
        for name, channel in channels.items():
            for probe in channel.probes(public_url):
                kind = "a forged" if probe.status == _FORBIDDEN else "a genuine"
                yield _posted(session, public_url, f"{name} webhook, {kind} one", probe)


def _posted(
    session: requests.Session, public_url: str, name: str, probe: Probe
) -> Finding:
    path = probe.path.partition("?")[0]
    try:
        status = session.post(
            public_url + probe.path,
            data=probe.body,
            headers=dict(probe.headers),
            timeout=TIMEOUT,
            allow_redirects=False,
        ).status_code
    except requests.exceptions.SSLError:
        return bad(name, f"{path}: its certificate is not accepted", "Renew it.")
    except requests.RequestException as error:
        seen = f"{path} is not reachable from here ({type(error).__name__})"
        return warn(name, seen, "Is the server running? Try from outside, too.")
    if status == probe.status:
        return ok(name, f"{path} says {status}")
    return bad(name, f"{path} says {status}, not {probe.status}", _advice(status))


def _advice(status: int) -> str:
    if status == _FORBIDDEN:
        return "Does PUBLIC_URL match, and has the server these secrets? Restart it."
    if status == _GENUINE:
        return "Something answers for us, or checks nothing: look at the proxy."
    if status == _NOT_FOUND:
        return "Let the proxy pass this path; restart the server with these settings."
    return "Look at the proxy, and at the server's log."

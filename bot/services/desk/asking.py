"""What we asked the city's sign-on for, and why nobody may come back from there."""

from dataclasses import dataclass


class SignOnError(Exception):
    """Nobody can be let in; the message is a machine word for why.

    "away" (the sign-on does not answer), "settings" (it is not who we were told),
    "refused" (it says no), "token" (what it sent is not right), "weak" (it does not say
    that it asked as strongly as it has to), "email" (it does not vouch for an
    address), "stale" (it does not say that it asked her anew), "unknown" (no official
    of ours) or "other" (it knows whoever comes as somebody else than before).
    """


@dataclass(frozen=True, slots=True)
class Asked:
    """What we asked the sign-on for, kept in the browser until it comes back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the sign-on vouches for: `subject` names her for good within `issuer`.

    `email` is her address, "" where it does not vouch for one.
    """

    issuer: str
    subject: str
    email: str

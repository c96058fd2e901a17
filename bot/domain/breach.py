"""A breach of personal data: what the GDPR asks for, worked out from what was touched.

The result is arithmetic for whoever decides, never the decision itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

NOTIFY_WITHIN = timedelta(hours=72)
"""GDPR article 33(1), from the moment at which the city became aware."""


class Kind(StrEnum):
    """Kinds of data about residents, as a notice names them."""

    ADDRESSES = "addresses"
    PHONES = "phones"
    MESSAGES = "messages"
    VOICES = "voices"
    PHOTOS = "photos"
    PLANS = "plans"
    FOLLOWING = "following"
    VOTED = "voted"
    UNSENT_VOTES = "unsent_votes"


HIGH_RISK = frozenset({Kind.PHONES, Kind.MESSAGES, Kind.VOICES, Kind.VOTED})
"""What can hurt somebody, or be abused, once a stranger has it."""


class Advice(StrEnum):
    """What the figures point to."""

    LIKELY = "likely"
    UNCLEAR = "unclear"
    UNLIKELY = "unlikely"


@dataclass(frozen=True, slots=True)
class Extent:
    """How many residents: whose data was `seen` by the trail, whose was in `reach`."""

    held: int
    seen: int
    reach: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """Whether to notify the authority (article 33) and the residents (article 34)."""

    authority: Advice
    residents: Advice
    because: Sequence[str]


def weigh(extents: Mapping[Kind, Extent], *, is_suspect: bool) -> Weighed:
    """Weigh what was touched. `is_suspect`: an account or machine was in wrong hands.

    Without that, what officials read was their work; then a person has to say whether
    the reading itself was the breach.
    """
    touched = {kind for kind, extent in extents.items() if extent.seen or extent.reach}
    if not touched:
        return Weighed(Advice.UNLIKELY, Advice.UNLIKELY, ("nothing_touched",))
    if not is_suspect:
        return Weighed(Advice.UNCLEAR, Advice.UNCLEAR, ("only_known_accounts",))
    if touched & HIGH_RISK:
        return Weighed(Advice.LIKELY, Advice.LIKELY, ("in_wrong_hands", "high_risk"))
    return Weighed(Advice.LIKELY, Advice.UNCLEAR, ("in_wrong_hands",))


def notify_by(discovered: datetime) -> datetime:
    """Return the last moment for telling the authority."""
    return discovered + NOTIFY_WITHIN

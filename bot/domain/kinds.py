"""What a message that we begin is about: its kind, which also names its template."""

from bot.domain.plans import Status

STORIES = frozenset(
    {
        Status.CHOSEN,
        Status.ON_BALLOT,
        Status.BELOW_THRESHOLD,
        Status.INFEASIBLE,
        Status.NOT_PRESELECTED,
        Status.NOT_VOTED_IN,
    }
)
"""The decisions about a plan, each a kind of its own."""

CORRECTED = "corrected"
STATUS = "status"
SUPPORTS = "supports"
PUBLIC = "public"
CHECKIN = "checkin"
BROADCAST = "broadcast"
REMINDER = "reminder"
MESSAGE = "message"

DECISIONS = frozenset({*(story.value for story in STORIES), CORRECTED})
"""What an author must hear: if it does not reach her, somebody calls."""

OWN = DECISIONS | {STATUS, SUPPORTS, PUBLIC}
"""News of her own plan: whoever writes to us gets it at once."""

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

CAMPAIGNS = frozenset({BROADCAST, CHECKIN, REMINDER})
"""What goes to many at its own pace; all else is about what she told or asked."""

OWN = DECISIONS | {STATUS, SUPPORTS, PUBLIC}
"""News of her own plan: kept for her until she can be reached."""

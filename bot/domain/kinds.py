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
ANSWER = "answer"

DECISIONS = frozenset({*(story.value for story in STORIES), CORRECTED})
"""What was decided about a plan."""

MUST_HEAR = DECISIONS | {ANSWER}
"""What she must hear: if it does not reach her, somebody calls."""

CAMPAIGNS = frozenset({BROADCAST, CHECKIN, REMINDER})
"""What goes to many at its own pace; all else is about what she told or asked."""

OWN = MUST_HEAR | {STATUS, SUPPORTS, PUBLIC}
"""News of her own plan, and answers: kept for her until she can be reached."""

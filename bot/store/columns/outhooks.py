"""Columns about the city's own systems that are told of events."""

from collections.abc import Mapping

from bot.store.columns.kinds import STAFF, Personal, of, ours

_ENDPOINTS: Mapping[str, Personal] = {
    "created_by": ours(
        "which official connected the system", "as long as it is connected", STAFF
    ),
}
_EVENTS: Mapping[str, Personal] = {
    "data": ours(
        "what happened: numbers and machine words, never words of residents",
        "30 days",
        STAFF,
    ),
}
_TRIES: Mapping[str, Personal] = {
    "said": ours(
        "why the city's own system did not take an event, in its own words",
        "30 days",
        STAFF,
    ),
}

PERSONAL: dict[str, Personal] = (
    of("hook_endpoints", _ENDPOINTS)
    | of("hook_events", _EVENTS)
    | of("hook_tries", _TRIES)
)
PLAIN: Mapping[str, str] = {
    "hook_endpoints": (
        "id url secret secret_at old_secret old_until failing_since off_at off_for "
        "created_at"
    ),
    "hook_wishes": "kind endpoint_id",
    "hook_events": "id uid kind at",
    "hook_dispatches": "id event_id endpoint_id state tries due_at leased_until",
    "hook_tries": "id dispatch_id at status milliseconds fault",
}

"""Columns about chosen plans on their way, and about what comes after a result."""

from collections.abc import Mapping

from bot.store.columns.kinds import (
    NOBODY,
    STAFF,
    UNTIL_FORGOTTEN,
    Basis,
    Personal,
    Seen,
    of,
    ours,
)

_PLAN, _RECORD = "as long as the plan", "as long as the round's records"
_CONTACTS: Mapping[str, Personal] = {
    "name": ours("whom residents can turn to", _PLAN, STAFF),
    "phone": ours("the number residents call", _PLAN, STAFF),
    "photo_id": ours("so that residents know the face", "until removed", STAFF),
    "official_id": ours("which official that is", _PLAN, STAFF),
}
_CARE: Mapping[str, Personal] = {
    "answered_at": ours("whether the author answers our questions", _PLAN, STAFF),
    "silent_at": ours("to call her when she is silent", _PLAN, STAFF),
    "silences": ours("to call her when she is silent", _PLAN, STAFF),
    "stuck_at": ours("since when she needs help", _PLAN, STAFF),
}
_LINES: Mapping[str, Personal] = {
    "texts": ours("what happened, in words of officials", _PLAN, Seen.PUBLIC),
    "media_id": ours("an official's spoken answer", _PLAN, STAFF),
    "by": ours("which official wrote it", _PLAN, STAFF),
    "public_by": ours("which reviewer ticked it", _PLAN, STAFF),
}
_CONSENT = Basis.CONSENT
_MEETINGS: Mapping[str, Personal] = {
    "answer": Personal("whether she wants to meet", _CONSENT, UNTIL_FORGOTTEN, NOBODY),
    "other_answer": Personal(
        "whether the other one wants to", _CONSENT, UNTIL_FORGOTTEN, NOBODY
    ),
    "words": Personal(
        "the name and number she gives to another author",
        _CONSENT,
        "until taken back or forgotten",
        NOBODY,
    ),
    "other_words": Personal(
        "the same of the other one", _CONSENT, "until taken back or forgotten", NOBODY
    ),
    "by": ours("which official brought them together", _RECORD, STAFF),
}
PERSONAL: dict[str, Personal] = (
    of("contacts", _CONTACTS)
    | of("plan_care", _CARE)
    | of("plan_lines", _LINES)
    | of("meetings", _MEETINGS)
    | {
        "handovers.by": ours("which official did it", _RECORD, STAFF),
        "calls.by": ours("which official called", _RECORD, STAFF),
        "renewals.by": ours("which official asked", _RECORD, STAFF),
    }
)
PLAIN: Mapping[str, str] = {
    "contacts": "id left_at created_at",
    "plan_care": (
        "plan_id contact_id cadence begun_at asked next_at asked_at reported_at "
        "warned_at late_at first_talk steps"
    ),
    "plan_lines": "id plan_id kind at told_at public_at",
    "handovers": "id contact_id moves left at told_at undone_at",
    "calls": "id plan_id outcome at",
    "meetings": "id plan_id other_id at met_at ended_at",
    "renewals": "plan_id round_id at",
}

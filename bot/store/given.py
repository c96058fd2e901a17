"""What of the columns about somebody does not go into her own file, and why.

Whoever asks for her data gets every column of her rows (`bot.services.mydata.hers`),
but for those here. A column about residents that is neither given nor named here fails
the tests (`tests/services/test_my_data.py`).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Why(StrEnum):
    """Why something is not in her file."""

    CODE = "a scrambled code: nobody can read it back, we cannot either"
    CHOICE = "it could show what somebody chose, or who chose it"
    OTHER = "it is about somebody else"
    OFFICIAL = "it says which official did something"
    AGAIN = "the same stands in this file already"
    UNTOLD = "it is not decided until it is told to her, and then it is in this file"
    PLACE = "it is only where a file lies; the file itself is in the archive"


def _of(why: Why, names: str) -> dict[str, Why]:
    return dict.fromkeys(names.split(), why)


NOT_GIVEN: Mapping[str, Why] = MappingProxyType(
    {
        **_of(
            Why.CODE,
            "residents.word_hash erasures.address_hash trust_asked.mark "
            "plans.entry_key passes.code_hash passes.token_hash passes.chat_hash "
            "pass_tries.chat_hash pass_tries.at receipts.holder",
        ),
        **_of(
            Why.CHOICE,
            "talks.picks talks.state speeches.words ballots.voter ballots.picks "
            "ballots.nonce ballots.receipt ballots.voter_class ballots.route "
            "receipts.receipt receipts.language receipts.route",
        ),
        **_of(Why.OTHER, "meetings.other_answer meetings.other_words"),
        **_of(
            Why.OFFICIAL,
            "activities.by calls.by corrections.by desk_messages.by "
            "desk_messages.official_id desk_messages.translated_by meetings.by "
            "plan_care.contact_id plan_lines.by plan_lines.public_by plan_stages.by "
            "renewals.by spendings.decided_by spendings.entered_by "
            "tasks.assigned_to tasks.done_by",
        ),
        **_of(Why.AGAIN, "plans.search speeches.talk_id speeches.outbound_id"),
        **_of(Why.UNTOLD, "night_plans.reason plans.votes"),
        **_of(Why.PLACE, "media.key media.source"),
    }
)
"""What stays out, by "table.column". Of `talks.state` what she has begun is given."""

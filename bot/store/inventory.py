"""Every column of the database: what is personal, why we have it, and for how long.

A column that is on neither list fails the build (`tests/guards/test_inventory.py`), so
nobody can begin to keep something about people without saying here what it is for.
What stands under `kept` is what the product does today, not what it hopes to do. The
columns of the desk's own tables are listed in `bot.store.columns`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.store.columns import (
    after,
    changes,
    desk_messages,
    destroyed,
    drafts,
    logins,
    nights,
    officials,
    outhooks,
    reviews,
    spending,
    trust,
)
from bot.store.columns.kinds import (
    NOBODY,
    STAFF,
    TASK,
    UNTIL_FORGOTTEN,
    Basis,
    Personal,
    Seen,
    of,
    ours,
    tie,
)

_NAMELESS = "stays without a name beside it"
_TALKS: Mapping[str, Personal] = {
    "address": tie("where the channel reaches her"),
    "phone": tie("to call her back when she asks for it", seen=STAFF),
    "language": ours("the language she chose", _NAMELESS, STAFF),
    "state": tie("where the talk is, with a draft she has not sent yet"),
    "picks": tie("an unfinished ballot, encrypted", "until sent, closed or forgotten"),
    "asked_id": ours("which question of ours is open", "a row number only"),
    "about_id": tie("which plan our open question is about"),
    "listening_until": ours("to answer in order behind a voice note", "a minute"),
    "stopped_at": ours("that she wants no messages", _NAMELESS),
    "closed_at": ours("that the address cannot be reached", _NAMELESS),
    "forgotten_at": ours("that she asked to be forgotten", _NAMELESS),
    "last_inbound_at": ours("whether we may still write to her", _NAMELESS),
    "window_until": ours("until when WhatsApp lets us write freely", _NAMELESS),
    "opened_at": ours("whom we wrote to first today", _NAMELESS),
    "aloud": ours("that she wants messages read aloud", _NAMELESS),
    "linked_at": ours("to unlink an app that is not hers", _NAMELESS),
}
_MEDIA: Mapping[str, Personal] = {
    "talk_id": ours("whose file it is", "the file goes, the talk has no name", STAFF),
    "source": tie(
        "where the provider keeps the file until we have fetched it; of a plan's "
        "picture, which official made it public"
    ),
    "key": tie(
        "her voice, a photo of a place, a plan's picture, what we read aloud to her, "
        "or all of her data as a file for her",
        "sound: 30 days after its text is confirmed, a year where she lets us test "
        "with it; a spoken vote: at once; what we read aloud to her: 30 days, what "
        "shows a choice: an hour; the file with her data: a day",
        STAFF,
    ),
    "transcript": tie("what a recogniser heard", "as long as the sound", STAFF),
    "seconds": ours("how long the note was", _NAMELESS),
    "heard": ours("how well the note was understood", _NAMELESS, STAFF),
    "language": ours("in which language it was heard", _NAMELESS, STAFF),
    "signals": ours("how far the recogniser is to be trusted", _NAMELESS, STAFF),
}
_INBOUND: Mapping[str, Personal] = {
    "talk_id": ours("whose message it is", "its words go, the talk has no name"),
    "external_id": ours("to take a message in once", "the provider's own number"),
    "body": tie("what she wrote or tapped; never what shows a vote", seen=STAFF),
    "media_id": tie("which file came with it", seen=STAFF),
    "received_at": ours("the order of messages", _NAMELESS),
}
_OUTBOUND: Mapping[str, Personal] = {
    "talk_id": ours("whom it is for", "its words go, the talk has no name"),
    "text": tie(
        "what we owe her; what shows a vote goes once it is sent, and is no official's "
        "to see",
        seen=STAFF,
    ),
    "choices": tie("the buttons below it", seen=STAFF),
    "sound": tie("which recording goes with it"),
    "picture": tie(
        "which plan's picture goes with it; it goes as the text does, once it is sent"
    ),
    "about": tie("which plan a question of ours is about"),
    "slots": tie("what an approved template leaves open: plan, reason"),
    "external_id": tie("to know whether it arrived"),
    "dedupe_key": ours("to tell nobody twice", "row numbers only"),
    "delivery": ours("whether she was reached", _NAMELESS, STAFF),
    "reason": ours("why she was not reached", _NAMELESS, STAFF),
    "sent_at": ours("the pace of messages", _NAMELESS),
}
_AUTHOR = "until forgotten, unless she lets the plan stay without a name"
_PLANS: Mapping[str, Personal] = {
    "resident_id": tie("whose plan it is", seen=STAFF),
    "talk_id": tie("where its author hears about it", seen=STAFF),
    "text": ours("the plan in her own words", _AUTHOR, STAFF),
    "language": ours("in which language the plan was told", _NAMELESS, STAFF),
    "title": ours("the public title", _AUTHOR, Seen.PUBLIC),
    "summary": ours("the public words", _AUTHOR, Seen.PUBLIC),
    "already": ours("what is paid for there already", _AUTHOR, Seen.PUBLIC),
    "picture_id": ours("which picture of it is public", _AUTHOR, Seen.PUBLIC),
    "picture_hash": ours("to tell if that picture changed", _AUTHOR, Seen.PUBLIC),
    "place": ours("where the plan is, in her words", _AUTHOR, STAFF),
    "search": ours("the same words, spelled to be found", _AUTHOR, STAFF),
    "entry_key": ours(
        "to take a line of a list in once: a keyed hash of its words",
        _AUTHOR,
    ),
    "latitude": tie("where the plan is, to about 50 m", seen=STAFF),
    "longitude": tie("where the plan is, to about 50 m", seen=STAFF),
    "contact": Personal(
        "which official an author can turn to",
        TASK,
        "as long as the plan is being done",
        STAFF,
        forget=False,
    ),
}
_TASKS: Mapping[str, Personal] = {
    "talk_id": tie("whom staff have to answer", seen=STAFF),
    "media_id": tie("which note staff have to listen to", seen=STAFF),
    "note": tie("her own words: a question, a number to call", seen=STAFF),
    "done_by": ours("which official answered", "as long as the task", STAFF),
    "assigned_to": ours("which official has it in hand", "as long as the task", STAFF),
    "outcome": ours("how it ended", _NAMELESS, STAFF),
    "outcome_note": tie("what officials agreed with her", seen=STAFF),
    "speaks": ours("which language a listener has to know", _NAMELESS, STAFF),
}
_SOUND_LONG = (
    "as long as the sound: 30 days after she confirms the text, a year if she lets us"
)
_CORRECTIONS: Mapping[str, Personal] = {
    "media_id": tie("which note was written down", _SOUND_LONG),
    "talk_id": tie("whose note it is", _SOUND_LONG),
    "machine_text": tie("what a recogniser heard, to judge it by", _SOUND_LONG),
    "machine_language": tie("in which language it heard that", _SOUND_LONG),
    "heard": tie("how well it believed to have heard", _SOUND_LONG),
    "signals": tie("why it was in doubt", _SOUND_LONG),
    "person_text": tie("what a person wrote down", _SOUND_LONG),
    "spoken_language": tie("which language or dialect she spoke", _SOUND_LONG),
    "written_language": tie("in which language it was written down", _SOUND_LONG),
    "by": tie("which official wrote it down", _SOUND_LONG),
    "at": tie("when it was written down", _SOUND_LONG),
    "consent": Personal(
        "whether her recording may be kept to test recognisers",
        Basis.CONSENT,
        _SOUND_LONG,
        NOBODY,
    ),
}
_ANSWERS: Mapping[str, Personal] = {
    "resident_id": tie("who told how the plan goes", seen=STAFF),
    "answer": ours("whether the plan goes well", _NAMELESS, STAFF),
    "text": tie("how the plan goes, in her words", seen=STAFF),
    "media_id": tie("the note that tells it", seen=STAFF),
}
_VOTES: Mapping[str, Personal] = {
    "marks.resident_id": tie(
        "that she has voted, never what", "30 days after the results"
    ),
    "marks.day": ours("on which day", "30 days after the results"),
    "ballots.voter": ours(
        "a keyed hash, so that a later ballot replaces an earlier one",
        "until the round is sealed; it names nobody without the key",
    ),
    "ballots.route": ours(
        "the weight of a ballot, where a round weighs by how it came; else empty",
        "as long as the round's records",
    ),
    "ballots.voter_class": ours(
        "whether a resident, a business or the committee chose", "as long as the votes"
    ),
    "ballots.picks": ours("the votes", "as long as the round's records", Seen.PUBLIC),
    "ballots.nonce": ours(
        "so that the chain shows whether a ballot was changed", "as long as the ballots"
    ),
    "ballots.receipt": ours(
        "nothing any more; receipts stand apart from votes", "until the round is sealed"
    ),
    "receipts.receipt": ours(
        "so that a voter can check", "as long as the round's records", Seen.PUBLIC
    ),
    "receipts.route": ours("turnout by route", "until the round is sealed"),
    "receipts.language": ours("turnout by language", "until the round is sealed"),
    "receipts.holder": ours(
        "a keyed hash, so that a newer receipt replaces it", "until the round is sealed"
    ),
    "passes.code_hash": ours(
        "to know a pass by its code, a keyed hash", "as long as the round's records"
    ),
    "passes.token_hash": ours(
        "to know a pass by its square code, a keyed hash",
        "as long as the round's records",
    ),
    "passes.chat_hash": ours(
        "that a pass is used in one chat, a keyed hash", "until the round is sealed"
    ),
    "pass_tries.chat_hash": ours(
        "that nobody guesses passes, a keyed hash", "two days"
    ),
    "pass_tries.at": ours("that nobody guesses passes", "two days"),
    "pass_acts.by": ours(
        "which officials did it", "as long as the round's records", STAFF
    ),
    "seals.by": ours("who sealed it", "as long as the round's records", STAFF),
}
_RECORD = "as long as the round's records"
_FREEZING: Mapping[str, Personal] = {
    "frozen_rounds.by": ours("who opened the vote or moved its end", _RECORD, STAFF),
    "closing_moves.reason": ours(
        "why voting closes later, as residents read it", _RECORD, Seen.PUBLIC
    ),
    "closing_moves.proposed_by": ours("who proposed it", _RECORD, STAFF),
    "closing_moves.confirmed_by": ours("who confirmed it", _RECORD, STAFF),
    "results.by": ours("which officials published it", _RECORD, STAFF),
    "results.reason": ours("why a count was corrected", _RECORD, Seen.PUBLIC),
    "observer_acts.observer": ours("which observer has the ballots", _RECORD, STAFF),
    "observer_acts.by": ours("who gave an observer the link", _RECORD, STAFF),
    "round_statements.note": ours("what an official declared", _RECORD, STAFF),
    "round_statements.by": ours("who declared it", _RECORD, STAFF),
}
PERSONAL: Mapping[str, Personal] = MappingProxyType(
    of("talks", _TALKS)
    | of("media", _MEDIA)
    | of("inbound_messages", _INBOUND)
    | of("outbound_messages", _OUTBOUND)
    | of("plans", _PLANS)
    | of("tasks", _TASKS)
    | of("corrections", _CORRECTIONS)
    | of("checkin_answers", _ANSWERS)
    | destroyed.PERSONAL
    | drafts.PERSONAL
    | nights.PERSONAL
    | officials.PERSONAL
    | logins.PERSONAL
    | desk_messages.PERSONAL
    | reviews.PERSONAL
    | spending.PERSONAL
    | trust.PERSONAL
    | outhooks.PERSONAL
    | after.PERSONAL
    | changes.PERSONAL
    | dict(_VOTES)
    | dict(_FREEZING)
    | {
        "talks.resident_id": ours("whose talk it is", "the person has no name left"),
        "speeches.talk_id": tie("whom it is read aloud to", "until it was read"),
        "speeches.outbound_id": tie("which message it belongs to", "until it was read"),
        "speeches.words": tie("what is to be read, encrypted", "until it was read"),
        "recordings.by": ours("who read a prompt", "as long as the recording", STAFF),
        "residents.may_write": Personal(
            "whether we may write to her about her plan",
            Basis.CONSENT,
            UNTIL_FORGOTTEN,
            NOBODY,
        ),
        "residents.may_record": Personal(
            "whether we may keep her recordings to test recognisers",
            Basis.CONSENT,
            UNTIL_FORGOTTEN,
            NOBODY,
        ),
        "residents.pushed_at": ours("not to write to her too often", _NAMELESS),
        "residents.word_hash": tie("to know her again on another channel, a hash"),
        "residents.word_tries": ours("that nobody guesses her word", _NAMELESS),
        "residents.word_tried_at": ours("that nobody guesses her word", _NAMELESS),
        "broadcasts.by": ours("who sent it", "as long as the broadcast", STAFF),
        "supports.resident_id": tie("to count her support once"),
        "follows.resident_id": tie("whom to tell what becomes of a plan"),
        "plan_media.media_id": tie("which notes and photos belong to a plan"),
        "plan_stages.by": ours("who moved a plan", "as long as the plan", STAFF),
        "plan_stages.note": ours("why it was moved", "as long as the plan", STAFF),
        "decisions.data": Personal(
            "the outcome of a plan: reason, amount and contact person",
            Basis.ACCOUNTS,
            "as long as the round's records",
            STAFF,
            forget=False,
        ),
        "decisions.next_step": ours("what the author wants next", _NAMELESS, STAFF),
        "hook_calls.answer": ours(
            "to give a repeated call the same answer", "30 days", Seen.HER_CITY
        ),
        "erasures.address_hash": ours(
            "to forget her again after a backup was restored",
            "as long as there are backups; a keyed hash",
        ),
    }
)
"""Columns about people, by "table.column"."""

_PLAIN: Mapping[str, str] = {
    "accounts": ("channel next_at paused_until paused_for checked_to checking_until"),
    "broadcasts": (
        "id key segment texts sounds round_id state people spread_to spread_at places "
        "starts_at created_at"
    ),
    "catalog": "id version",
    "corrections": "engine model",
    "content_sids": "key sid",
    "erasures": "kept_plans at",
    "hook_calls": "id kind at",
    "residents": "id created_at",
    "rounds": "id slug data created_at",
    "ballots": "id round_id place",
    "chain": "round_id place fact at body value",
    "replaced_ballots": "commitment round_id",
    "marks": "round_id",
    "talks": "id channel heard_by created_at",
    "templates": (
        "id kind language digest sid slots approval reason created_at checked_at"
    ),
    "media": (
        "id channel kind mime problem engine model attempts leased_until fetched_at "
        "scanned_at delete_after created_at"
    ),
    "plans": (
        "id number round_id status spoken theme cost_cents supports votes public_at "
        "asked_at answered_at advised_at entry created_at"
    ),
    "checkins": "id plan_id question asked_at",
    "decisions": "plan_id outcome standing at",
    "follows": "plan_id at",
    "frozen_rounds": "round_id version hash settings at",
    "closing_moves": (
        "id round_id closes_from closes_to proposed_at confirmed_at dropped_at version "
        "broadcast_id"
    ),
    "round_statements": "id round_id item holds at",
    "results": "round_id version at hash body",
    "observer_acts": "id round_id act at",
    "outages": "id channel began_at ended_at missed",
    "inbound_messages": "id channel stage kind attempts leased_until",
    "outbound_messages": (
        "id channel priority secret kind template broadcast_id round_id held again_id "
        "attempts leased_until leased_by due_at created_at"
    ),
    "passes": "id round_id kind digits serial state",
    "pass_tries": "id kind",
    "pass_acts": "id round_id act kind serial passes at",
    "receipts": "round_id",
    "seals": "round_id ballots at",
    "turnout": "round_id route language ballots",
    "plan_media": "plan_id",
    "plan_stages": "id plan_id status at",
    "sealing": "id begun_at done_at",
    "supports": "plan_id at",
    "sounds": "key media_id language used_at created_at",
    "recordings": "language slot media_id words created_at",
    "speeches": "id attempts leased_until created_at",
    "tasks": "id kind plan_id outbound_id again_at due_at created_at done_at",
    "checkin_answers": "id checkin_id at",
}
_DESK = (
    after,
    changes,
    desk_messages,
    destroyed,
    drafts,
    logins,
    nights,
    officials,
    outhooks,
    reviews,
    spending,
    trust,
)
NOT_PERSONAL: frozenset[str] = frozenset(
    f"{table}.{name}"
    for plain in (_PLAIN, *(each.PLAIN for each in _DESK))
    for table, names in plain.items()
    for name in names.split()
)
"""Columns that tell nothing about anybody, by "table.column"."""


def faults(columns: frozenset[str]) -> list[str]:
    """Return what is wrong with the lists for a database with these columns."""
    listed = NOT_PERSONAL | PERSONAL.keys()
    both = sorted(NOT_PERSONAL & PERSONAL.keys())
    return [
        *(f"{name} is not in the inventory" for name in sorted(columns - listed)),
        *(f"{name} is listed but not there" for name in sorted(listed - columns)),
        *(f"{name} is listed as personal and as not" for name in both),
    ]

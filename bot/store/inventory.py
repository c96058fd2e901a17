"""Every column of the database: what is personal, why we have it, and for how long.

A column that is on neither list fails the build (`tests/guards/test_inventory.py`), so
nobody can begin to keep something about people without saying here what it is for.
What stands under `kept` is what the product does today, not what it hopes to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Basis(StrEnum):
    """Why the law lets us keep it."""

    PUBLIC_TASK = "public task, GDPR article 6(1)(e)"
    CONSENT = "consent, GDPR article 6(1)(a): this column is the record of it"
    ACCOUNTS = "duty to keep accounts, GDPR article 6(1)(c)"


class Seen(StrEnum):
    """Who can see it, besides whoever runs the database."""

    NOBODY = "nobody: only the program reads it"
    STAFF = "staff who are logged in at the desk"
    PUBLIC = "everybody, after a reviewer has ticked it"
    HER_CITY = "the officials' own system, through the web hook"


@dataclass(frozen=True, slots=True)
class Personal:
    """A column about people. `forget` tells that *forget me* empties it in her rows.

    Where `forget` is False, `kept` says why it may stay: no name is left beside it.
    """

    purpose: str
    basis: Basis
    kept: str
    seen: Seen
    forget: bool = True


_UNTIL_FORGOTTEN = "until she asks to be forgotten"
_TASK, _NOBODY, _STAFF = Basis.PUBLIC_TASK, Seen.NOBODY, Seen.STAFF


def _tie(purpose: str, kept: str = _UNTIL_FORGOTTEN, seen: Seen = _NOBODY) -> Personal:
    """Describe a number that ties a row to a person."""
    return Personal(purpose, _TASK, kept, seen)


def _ours(purpose: str, kept: str = _UNTIL_FORGOTTEN, seen: Seen = _NOBODY) -> Personal:
    """Describe what stays in a row that no longer belongs to anybody."""
    return Personal(purpose, _TASK, kept, seen, forget=False)


_NAMELESS = "stays without a name beside it"
_TALKS: Mapping[str, Personal] = {
    "address": _tie("where the channel reaches her"),
    "phone": _tie("to call her back when she asks for it", seen=_STAFF),
    "language": _ours("the language she chose", _NAMELESS, _STAFF),
    "state": _tie("where the talk is, with a draft she has not sent yet"),
    "picks": _tie("an unfinished ballot, encrypted", "until sent, closed or forgotten"),
    "asked_id": _ours("which question of ours is open", "a row number only"),
    "about_id": _tie("which plan our open question is about"),
    "listening_until": _ours("to answer in order behind a voice note", "a minute"),
    "stopped_at": _ours("that she wants no messages", _NAMELESS),
    "closed_at": _ours("that the address cannot be reached", _NAMELESS),
    "forgotten_at": _ours("that she asked to be forgotten", _NAMELESS),
    "last_inbound_at": _ours("whether we may still write to her", _NAMELESS),
    "window_until": _ours("until when WhatsApp lets us write freely", _NAMELESS),
    "opened_at": _ours("whom we wrote to first today", _NAMELESS),
    "aloud": _ours("that she wants messages read aloud", _NAMELESS),
}
_MEDIA: Mapping[str, Personal] = {
    "talk_id": _ours("whose file it is", "the file goes, the talk has no name", _STAFF),
    "source": _tie(
        "where the provider keeps the file until we have fetched it; of a plan's "
        "picture, which official made it public"
    ),
    "key": _tie(
        "her voice, a photo of a place, a plan's picture, or what we read aloud to her",
        "sound: 30 days after its text is confirmed, a year where she lets us test "
        "with it; a spoken vote: at once; what we read aloud to her: 30 days, what "
        "shows a choice: an hour",
        _STAFF,
    ),
    "transcript": _tie("what a recogniser heard", "as long as the sound", _STAFF),
    "seconds": _ours("how long the note was", _NAMELESS),
    "heard": _ours("how well the note was understood", _NAMELESS, _STAFF),
    "language": _ours("in which language it was heard", _NAMELESS, _STAFF),
    "signals": _ours("how far the recogniser is to be trusted", _NAMELESS, _STAFF),
}
_INBOUND: Mapping[str, Personal] = {
    "talk_id": _ours("whose message it is", "its words go, the talk has no name"),
    "external_id": _ours("to take a message in once", "the provider's own number"),
    "body": _tie("what she wrote or tapped; never what shows a vote", seen=_STAFF),
    "media_id": _tie("which file came with it"),
    "received_at": _ours("the order of messages", _NAMELESS),
}
_OUTBOUND: Mapping[str, Personal] = {
    "talk_id": _ours("whom it is for", "its words go, the talk has no name"),
    "text": _tie("what we owe her; what shows a vote goes once it is sent"),
    "choices": _tie("the buttons below it"),
    "sound": _tie("which recording goes with it"),
    "picture": _tie(
        "which plan's picture goes with it; it goes as the text does, once it is sent"
    ),
    "about": _tie("which plan a question of ours is about"),
    "slots": _tie("what an approved template leaves open: plan, reason"),
    "external_id": _tie("to know whether it arrived"),
    "dedupe_key": _ours("to tell nobody twice", "row numbers only"),
    "delivery": _ours("whether she was reached", _NAMELESS, _STAFF),
    "reason": _ours("why she was not reached", _NAMELESS, _STAFF),
    "sent_at": _ours("the pace of messages", _NAMELESS),
}
_AUTHOR = "until forgotten, unless she lets the plan stay without a name"
_PLANS: Mapping[str, Personal] = {
    "resident_id": _tie("whose plan it is", seen=_STAFF),
    "talk_id": _tie("where its author hears about it", seen=_STAFF),
    "text": _ours("the plan in her own words", _AUTHOR, _STAFF),
    "language": _ours("in which language the plan was told", _NAMELESS, _STAFF),
    "title": _ours("the public title", _AUTHOR, Seen.PUBLIC),
    "summary": _ours("the public words", _AUTHOR, Seen.PUBLIC),
    "already": _ours("what is paid for there already", _AUTHOR, Seen.PUBLIC),
    "picture_id": _ours("which picture of it is public", _AUTHOR, Seen.PUBLIC),
    "picture_hash": _ours("to tell if that picture changed", _AUTHOR, Seen.PUBLIC),
    "place": _ours("where the plan is, in her words", _AUTHOR, _STAFF),
    "latitude": _tie("where the plan is, to about 50 m", seen=_STAFF),
    "longitude": _tie("where the plan is, to about 50 m", seen=_STAFF),
    "contact": Personal(
        "which official an author can turn to",
        _TASK,
        "as long as the plan is being done",
        _STAFF,
        forget=False,
    ),
}
_TASKS: Mapping[str, Personal] = {
    "talk_id": _tie("whom staff have to answer", seen=_STAFF),
    "media_id": _tie("which note staff have to listen to", seen=_STAFF),
    "note": _tie("her own words: a question, a number to call", seen=_STAFF),
    "done_by": _ours("which official answered", "as long as the task", _STAFF),
    "speaks": _ours("which language a listener has to know", _NAMELESS, _STAFF),
}
_SOUND_LONG = (
    "as long as the sound: 30 days after she confirms the text, a year if she lets us"
)
_CORRECTIONS: Mapping[str, Personal] = {
    "media_id": _tie("which note was written down", _SOUND_LONG),
    "talk_id": _tie("whose note it is", _SOUND_LONG),
    "machine_text": _tie("what a recogniser heard, to judge it by", _SOUND_LONG),
    "machine_language": _tie("in which language it heard that", _SOUND_LONG),
    "heard": _tie("how well it believed to have heard", _SOUND_LONG),
    "signals": _tie("why it was in doubt", _SOUND_LONG),
    "person_text": _tie("what a person wrote down", _SOUND_LONG),
    "spoken_language": _tie("which language or dialect she spoke", _SOUND_LONG),
    "written_language": _tie("in which language it was written down", _SOUND_LONG),
    "by": _tie("which official wrote it down", _SOUND_LONG),
    "at": _tie("when it was written down", _SOUND_LONG),
    "consent": Personal(
        "whether her recording may be kept to test recognisers",
        Basis.CONSENT,
        _SOUND_LONG,
        _NOBODY,
    ),
}
_ANSWERS: Mapping[str, Personal] = {
    "resident_id": _tie("who told how the plan goes", seen=_STAFF),
    "answer": _ours("whether the plan goes well", _NAMELESS, _STAFF),
    "text": _tie("how the plan goes, in her words", seen=_STAFF),
    "media_id": _tie("the note that tells it", seen=_STAFF),
}
_VOTES: Mapping[str, Personal] = {
    "marks.resident_id": _tie(
        "that she has voted, never what", "30 days after the results"
    ),
    "marks.day": _ours("on which day", "30 days after the results"),
    "ballots.voter": _ours(
        "a keyed hash, so that a later ballot replaces an earlier one",
        "until the round is sealed; it names nobody without the key",
    ),
    "ballots.route": _ours(
        "the weight of a ballot, where a round weighs by how it came; else empty",
        "as long as the round's records",
    ),
    "ballots.voter_class": _ours(
        "whether a resident, a business or the committee chose", "as long as the votes"
    ),
    "ballots.picks": _ours("the votes", "as long as the round's records", Seen.PUBLIC),
    "ballots.nonce": _ours(
        "so that the chain shows whether a ballot was changed", "as long as the ballots"
    ),
    "ballots.receipt": _ours(
        "nothing any more; receipts stand apart from votes", "until the round is sealed"
    ),
    "receipts.receipt": _ours(
        "so that a voter can check", "as long as the round's records", Seen.PUBLIC
    ),
    "receipts.route": _ours("turnout by route", "until the round is sealed"),
    "receipts.language": _ours("turnout by language", "until the round is sealed"),
    "receipts.holder": _ours(
        "a keyed hash, so that a newer receipt replaces it", "until the round is sealed"
    ),
    "passes.code_hash": _ours(
        "to know a pass by its code, a keyed hash", "as long as the round's records"
    ),
    "passes.token_hash": _ours(
        "to know a pass by its square code, a keyed hash",
        "as long as the round's records",
    ),
    "passes.chat_hash": _ours(
        "that a pass is used in one chat, a keyed hash", "until the round is sealed"
    ),
    "pass_tries.chat_hash": _ours(
        "that nobody guesses passes, a keyed hash", "two days"
    ),
    "pass_tries.at": _ours("that nobody guesses passes", "two days"),
    "pass_acts.by": _ours(
        "which officials did it", "as long as the round's records", _STAFF
    ),
    "seals.by": _ours("who sealed it", "as long as the round's records", _STAFF),
}
_RECORD = "as long as the round's records"
_FREEZING: Mapping[str, Personal] = {
    "frozen_rounds.by": _ours("who opened the vote or moved its end", _RECORD, _STAFF),
    "closing_moves.reason": _ours(
        "why voting closes later, as residents read it", _RECORD, Seen.PUBLIC
    ),
    "closing_moves.proposed_by": _ours("who proposed it", _RECORD, _STAFF),
    "closing_moves.confirmed_by": _ours("who confirmed it", _RECORD, _STAFF),
    "results.by": _ours("which officials published it", _RECORD, _STAFF),
    "results.reason": _ours("why a count was corrected", _RECORD, Seen.PUBLIC),
    "observer_acts.observer": _ours("which observer has the ballots", _RECORD, _STAFF),
    "observer_acts.by": _ours("who gave an observer the link", _RECORD, _STAFF),
    "round_statements.note": _ours("what an official declared", _RECORD, _STAFF),
    "round_statements.by": _ours("who declared it", _RECORD, _STAFF),
}
_OFFICIALS: Mapping[str, Personal] = {
    name: _ours(purpose, "as long as the official works here", _STAFF)
    for name, purpose in {
        "email": "who may log in",
        "name": "what residents call the official",
        "role": "what the official may do",
        "login_hash": "a login link, as a keyed hash, used once",
        "login_until": "until when that link works",
    }.items()
}


def _of(table: str, columns: Mapping[str, Personal]) -> dict[str, Personal]:
    return {f"{table}.{name}": what for name, what in columns.items()}


PERSONAL: Mapping[str, Personal] = MappingProxyType(
    _of("talks", _TALKS)
    | _of("media", _MEDIA)
    | _of("inbound_messages", _INBOUND)
    | _of("outbound_messages", _OUTBOUND)
    | _of("plans", _PLANS)
    | _of("tasks", _TASKS)
    | _of("corrections", _CORRECTIONS)
    | _of("checkin_answers", _ANSWERS)
    | _of("officials", _OFFICIALS)
    | dict(_VOTES)
    | dict(_FREEZING)
    | {
        "talks.resident_id": _ours("whose talk it is", "the person has no name left"),
        "speeches.talk_id": _tie("whom it is read aloud to", "until it was read"),
        "speeches.outbound_id": _tie(
            "which message it belongs to", "until it was read"
        ),
        "speeches.words": _tie("what is to be read, encrypted", "until it was read"),
        "recordings.by": _ours("who read a prompt", "as long as the recording", _STAFF),
        "residents.may_write": Personal(
            "whether we may write to her about her plan",
            Basis.CONSENT,
            _UNTIL_FORGOTTEN,
            _NOBODY,
        ),
        "residents.may_record": Personal(
            "whether we may keep her recordings to test recognisers",
            Basis.CONSENT,
            _UNTIL_FORGOTTEN,
            _NOBODY,
        ),
        "residents.pushed_at": _ours("not to write to her too often", _NAMELESS),
        "residents.word_hash": _tie("to know her again on another channel, a hash"),
        "residents.word_tries": _ours("that nobody guesses her word", _NAMELESS),
        "residents.word_tried_at": _ours("that nobody guesses her word", _NAMELESS),
        "broadcasts.by": _ours("who sent it", "as long as the broadcast", _STAFF),
        "supports.resident_id": _tie("to count her support once"),
        "follows.resident_id": _tie("whom to tell what becomes of a plan"),
        "plan_media.media_id": _tie("which notes and photos belong to a plan"),
        "plan_stages.by": _ours("who moved a plan", "as long as the plan", _STAFF),
        "plan_stages.note": _ours("why it was moved", "as long as the plan", _STAFF),
        "decisions.data": Personal(
            "the outcome of a plan: reason, amount and contact person",
            Basis.ACCOUNTS,
            "as long as the round's records",
            _STAFF,
            forget=False,
        ),
        "decisions.next_step": _ours("what the author wants next", _NAMELESS, _STAFF),
        "hook_calls.answer": _ours(
            "to give a repeated call the same answer", "30 days", Seen.HER_CITY
        ),
        "erasures.address_hash": _ours(
            "to forget her again after a backup was restored",
            "as long as there are backups; a keyed hash",
        ),
    }
)
"""Columns about people, by "table.column"."""

_PLAIN: Mapping[str, str] = {
    "accounts": ("channel next_at paused_until paused_for checked_to checking_until"),
    "broadcasts": (
        "id key segment texts round_id state people spread_to spread_at places "
        "starts_at created_at"
    ),
    "catalog": "id version",
    "corrections": "engine model",
    "content_sids": "key sid",
    "erasures": "kept_plans at",
    "hook_calls": "id kind at",
    "officials": "id created_at",
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
        "delete_after created_at"
    ),
    "plans": (
        "id number round_id status spoken theme cost_cents supports votes public_at "
        "created_at"
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
    "supports": "plan_id at",
    "sounds": "key media_id language used_at created_at",
    "recordings": "language slot media_id words created_at",
    "speeches": "id attempts leased_until created_at",
    "tasks": "id kind plan_id outbound_id due_at created_at done_at",
    "checkin_answers": "id checkin_id at",
}
NOT_PERSONAL: frozenset[str] = frozenset(
    f"{table}.{name}" for table, names in _PLAIN.items() for name in names.split()
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

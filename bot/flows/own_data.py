"""What we keep of her: told in short, a subject a message, and owed as a file."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.effects import GiveData
from bot.domain.facts import Facts
from bot.domain.say import N_, Reply, Say
from bot.flows.care import link_row, recording_rows, take_back
from bot.flows.parts import HOW_GOES, PERSON, local_day, plan_row
from bot.flows.state import Talk, Turn

PAUSE = timedelta(hours=1)
"""How long after one file the next can be asked for: making it is work."""


def my_data(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Tell what is kept about her, never what is on a ballot, and owe her all of it."""
    asked = facts.me.asked_data_at
    again = asked is None or now - asked >= PAUSE
    told = [
        Reply(tuple(_messages(facts))),
        Reply(tuple(_plans(facts))),
        Reply(tuple(_votes(facts))),
        Reply(tuple(_ties(facts))),
        Reply(_file(again=again), (*take_back(facts), HOW_GOES, PERSON)),
    ]
    return Turn(talk, told, [GiveData()] if again else [])


def _messages(facts: Facts) -> Iterator[Say]:
    me = facts.me
    yield Say(N_("This is what we keep about you."))
    if me.since:
        yield Say(N_("Since: %(date)s."), {"date": local_day(facts, me.since)})
    yield Say(N_("Messages kept: %(count)s."), {"count": me.messages})
    yield Say(N_("Recordings and photos kept: %(count)s."), {"count": me.recordings})


def _plans(facts: Facts) -> Iterator[Say]:
    yield Say(N_("Your plans: %(count)s."), {"count": len(facts.me.plans)})
    yield from (plan_row(plan) for plan in facts.me.plans)
    yield Say(N_("Plans you support: %(count)s."), {"count": facts.me.supported})


def _votes(facts: Facts) -> Iterator[Say]:
    yield Say(N_("Votes you sent: %(count)s."), {"count": len(facts.me.voted)})
    yield Say(N_("We do not keep your choice with your number."))


def _ties(facts: Facts) -> Iterator[Say]:
    """Name what she has allowed, and how she is known in another app."""
    if facts.me.has_word:
        yield Say(N_("We keep a word of yours. Nobody can read it."))
    yield from recording_rows(facts)
    yield link_row()


def _file(*, again: bool) -> tuple[Say, ...]:
    """Say that the file comes, or that one came a moment ago."""
    coming = (
        Say(N_("You get all of it as a file, to keep.")),
        Say(N_("It comes in a moment.")),
    )
    came = (
        Say(N_("You asked for your file a short time ago.")),
        Say(N_("You can ask for it again in an hour.")),
    )
    forget = Say(N_("Type or say: forget me. Then we delete it."))
    return (*(coming if again else came), forget)

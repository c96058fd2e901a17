"""WhatsApp's window: free text inside it, approved templates outside, else it waits."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from bot.channels.base import ChannelError, Outcome, Sent
from bot.domain.messages import Delivery, StatusUpdate
from bot.domain.plans import Status
from bot.services.house import Scene
from bot.services.outbox import Owed
from bot.services.outcomes import Outcomes, record_outcomes
from bot.services.results import Decided, Results, publish
from bot.services.statuses import record_status
from bot.store.outreach import Template
from bot.store.talks import OutboundMessage
from tests.worlds import VOTING, Person, World, table

OURS = "whatsapp:+14155238886"
DAY = timedelta(days=1)
REASON = {"nl": "De stoep is te smal.", "tr": "Kaldırım çok dar."}


@dataclass
class Sign:
    """As much of the WhatsApp channel as decides what may be sent."""

    name: str = "whatsapp"
    shows_number: bool = True
    window: timedelta | None = timedelta(hours=23, minutes=45)
    ours: str | None = OURS

    def support_link(self) -> str:
        return ""

    def erase(self, place: str) -> None:
        """Nothing is kept there."""


@pytest.fixture
def city(each_world: World) -> World:
    """A neighbourhood whose WhatsApp is on."""
    channels: Any = {**each_world.house.channels, "whatsapp": Sign()}
    each_world.house = replace(each_world.house, channels=channels)
    return each_world


def author(city: World, language: str = "tr", number: str = "+31612345678") -> Person:
    """Somebody on WhatsApp who has written just now, and has a plan."""
    person = city.person(language, "whatsapp", address=number)
    city.says(person, "merhaba")
    return person


def approve(city: World, kind: str, language: str = "tr", sid: str = "HX1") -> None:
    slots = {"message": ["city"]}.get(kind, ["plan", "title", "words"])
    values = {
        "kind": kind,
        "language": language,
        "digest": f"{kind}-{language}-{sid}",
        "sid": sid,
        "slots": slots,
        "approval": "approved",
        "created_at": city.clock(),
    }
    with city.house.db.engine.begin() as db:
        db.execute(insert(Template).values(values))


def decide(city: World, number: int, call: str = "c1") -> None:
    decided = Decided(number, Status.INFEASIBLE, REASON)
    results = Results(VOTING, "final", (decided,))
    now = city.clock()
    city.house.db.run(lambda db: publish(Scene(city.house, db, now), results, call))


def claimed(city: World) -> list[Owed]:
    """Claim what is due once all answers of before are on her phone."""
    for answer in city.postman.taken:
        ends(city, answer, Sent(f"in-{answer.row}"))
    return city.claim(channels=["whatsapp"])


def ends(city: World, owed: Owed, how: Sent | ChannelError) -> None:
    sent, error = (how, None) if isinstance(how, Sent) else (None, how)
    done = [Outcomes(owed, sent, error, city.clock())]
    city.house.db.run(lambda db: record_outcomes(db, done))


def hears_later(city: World, sid: str, reason: str) -> None:
    extra = {"reason": reason}
    status = StatusUpdate(sid, Delivery.FAILED, "63016", extra)
    now = city.clock()
    city.house.db.run(lambda db: record_status(db, "whatsapp", status, now))


def last(city: World, person: Person) -> Any:
    return city.told(person)[-1]


def test_inside_the_window_the_whole_message_goes(city: World) -> None:
    ayse = author(city)
    decide(city, city.plan(ayse))
    (owed,) = claimed(city)
    assert owed.out.template is None
    assert "Kaldırım çok dar." in owed.out.text


def test_outside_it_the_approved_template_goes_with_her_plan_and_the_reason(
    city: World,
) -> None:
    approve(city, "infeasible")
    ayse = author(city)
    number = city.plan(ayse, "Bank onder de bomen.")
    city.clock.pass_time(days=2)
    decide(city, number)
    (owed,) = claimed(city)
    assert owed.out.template is not None
    assert owed.out.template.sid == "HX1"
    plan, title, words = owed.out.template.values
    assert plan == str(number)
    assert "Bank onder de bomen" in title
    assert "Kaldırım çok dar." in words
    assert city.talk(ayse).opened_at == city.clock()


def test_the_newest_approved_wording_of_her_language_is_used(city: World) -> None:
    approve(city, "infeasible", "nl", "HXnl")
    approve(city, "infeasible", "tr", "HXold")
    approve(city, "infeasible", "tr", "HXnew")
    ayse = author(city)
    number = city.plan(ayse)
    city.clock.pass_time(days=2)
    decide(city, number)
    (owed,) = claimed(city)
    assert owed.out.template
    assert owed.out.template.sid == "HXnew"


def test_without_one_the_general_template_says_that_there_is_something(
    city: World,
) -> None:
    approve(city, "message", sid="HXmessage")
    ayse = author(city)
    number = city.plan(ayse)
    city.clock.pass_time(days=2)
    decide(city, number)
    (owed,) = claimed(city)
    assert owed.out.template
    assert owed.out.template.sid == "HXmessage"
    assert owed.out.template.values == ("Amsterdam",)


def test_without_any_it_waits_and_she_gets_it_when_she_writes(city: World) -> None:
    ayse = author(city)
    number = city.plan(ayse)
    city.clock.pass_time(days=2)
    decide(city, number)
    assert claimed(city) == []
    waits = last(city, ayse)
    assert (waits.delivery, waits.held) == ("queued", "template")
    taken = len(city.postman.taken)
    city.says(ayse, "merhaba")
    told = [each.out.text for each in city.postman.taken[taken:]]
    assert "Kaldırım çok dar." in told[-1], "her result, whole, behind the answer"
    assert claimed(city) == [], "and it does not come a second time"


def test_whoever_writes_gets_her_result_before_its_turn(city: World) -> None:
    ayse = author(city)
    decide(city, city.plan(ayse))
    city.says(ayse, "merhaba")
    assert "Kaldırım çok dar." in city.postman.taken[-1].out.text
    assert claimed(city) == []


def test_in_the_middle_of_something_the_result_waits_until_she_is_done(
    city: World,
) -> None:
    ayse = author(city)
    number = city.plan(ayse)
    city.taps(ayse, "menu:plan")
    decide(city, number)
    count = len(city.postman.taken)
    city.says(ayse, "Bir bank")
    told = [each.out.text for each in city.postman.taken[count:]]
    assert not any("Kaldırım" in text for text in told)


def test_listen_on_a_template_brings_the_whole_message_and_its_buttons(
    city: World,
) -> None:
    approve(city, "infeasible")
    ayse = author(city)
    number = city.plan(ayse)
    city.clock.pass_time(days=2)
    decide(city, number)
    (owed,) = claimed(city)
    ends(city, owed, Sent("SM-template"))
    city.taps(ayse, "listen")
    whole = city.postman.taken[-1].out
    assert "Kaldırım çok dar." in whole.text
    assert [choice.id for choice in whole.choices] == ["call", "join", "keep"]
    city.taps(ayse, "keep")
    assert [task.kind for task in city.tasks()] == ["keep"]


def test_a_window_that_was_shut_after_all_is_closed_and_the_template_goes(
    city: World,
) -> None:
    approve(city, "infeasible")
    ayse = author(city)
    decide(city, city.plan(ayse))
    (owed,) = claimed(city)
    ends(city, owed, Sent("SM1"))
    hears_later(city, "SM1", "outside_window")
    first = [row for row in city.told(ayse) if row.external_id == "SM1"]
    assert [row.delivery for row in first] == ["failed"]
    (again,) = claimed(city)
    assert again.out.template
    assert first[0].again_id == again.row
    assert city.talk(ayse).window_until <= city.clock()


def test_the_same_at_sending_keeps_the_row(city: World) -> None:
    ayse = author(city)
    decide(city, city.plan(ayse))
    (owed,) = claimed(city)
    ends(city, owed, ChannelError(Outcome.REFUSED, "outside_window"))
    assert claimed(city) == []
    assert last(city, ayse).held == "template"


def test_another_number_of_ours_opens_no_window(city: World) -> None:
    ayse = author(city)
    number = city.plan(ayse)
    city.change_talk(ayse, heard_by="whatsapp:+31200000000")
    decide(city, number)
    assert claimed(city) == []
    assert last(city, ayse).held == "template"


def test_no_more_people_are_written_to_first_than_the_tier_allows(city: World) -> None:
    approve(city, "infeasible")
    small = city.with_settings(whatsapp_tier=2, whatsapp_per_second=1000)
    people = [author(small, number=f"+3161234567{n}") for n in range(5)]
    numbers = [small.plan(each) for each in people]
    small.clock.pass_time(days=2)
    for number in numbers:
        decide(small, number, f"c{number}")
    sent: list[tuple[datetime, int]] = []
    for _ in range(200):
        for owed in claimed(small):
            sent.append((small.clock(), owed.talk))
            ends(small, owed, Sent(f"SM{owed.row}"))
        small.clock.pass_time(minutes=30)
    assert len(sent) == len(people)
    for at, _ in sent:
        day = [talk for when, talk in sent if at - DAY < when <= at]
        assert len(set(day)) <= 2


def test_who_was_written_to_today_may_be_written_to_again(city: World) -> None:
    approve(city, "infeasible")
    approve(city, "status")
    small = city.with_settings(whatsapp_tier=1, whatsapp_per_second=1000)
    ayse = author(small)
    first, second = small.plan(ayse), small.plan(ayse)
    small.clock.pass_time(days=2)
    for number in (first, second):
        decide(small, number, f"c{number}")
        (owed,) = claimed(small)
        ends(small, owed, Sent(f"SM{owed.row}"))


def test_an_official_who_writes_a_note_down_days_later_needs_a_template(
    city: World,
) -> None:
    """Its read-back is an answer, and still outside the window."""
    ayse = author(city)
    city.postman.taken.clear()
    row = table(OutboundMessage).where(OutboundMessage.talk_id == ayse.talk)
    answer = city.rows(row)[-1]
    with city.house.db.engine.begin() as db:
        queued = {"delivery": "queued", "leased_until": None, "leased_by": None}
        is_it = OutboundMessage.id == answer.id
        db.execute(update(OutboundMessage).where(is_it).values(queued))
    city.clock.pass_time(days=2)
    assert claimed(city) == []
    assert last(city, ayse).held == "template"


def test_such_an_answer_holds_up_nothing_and_comes_when_she_writes(
    city: World,
) -> None:
    ayse = author(city)
    city.postman.taken.clear()
    row = table(OutboundMessage).where(OutboundMessage.talk_id == ayse.talk)
    answer = city.rows(row)[-1]
    with city.house.db.engine.begin() as db:
        queued = {"delivery": "queued", "leased_until": None, "leased_by": None}
        is_it = OutboundMessage.id == answer.id
        db.execute(
            update(OutboundMessage).where(is_it).values(queued | {"secret": True})
        )
    city.clock.pass_time(days=2)
    assert claimed(city) == []
    city.says(ayse, "merhaba")
    at_once, pulled = city.postman.taken
    assert pulled.row == answer.id
    assert pulled.secret, "and is erased once it is sent"
    assert at_once.row != answer.id

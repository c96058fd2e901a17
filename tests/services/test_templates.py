"""Templates: made once, followed, filled, and told of where they are missing."""

from functools import partial

import pytest

from bot.channels.base import Approval, TemplateDraft
from bot.channels.whatsapp import WhatsApp
from bot.domain.languages import LANGUAGES
from bot.services.approvals import (
    check_templates,
    states,
)
from bot.services.templates import (
    Approved,
    all_approved,
    approved,
    approved_for,
    fill,
    missing,
)
from bot.services.wordings import KINDS, wording
from tests.houses import at_once
from tests.services.approving import (
    MANY,
    SOME,
    add,
    connect,
    made,
    open_channel,
    rows,
    sid_of,
    sync,
)
from tests.standins.server import HTML_503, PASS
from tests.standins.twilio import TwilioStandIn, refused
from tests.worlds import World


def test_each_wording_is_made_submitted_and_approved(
    city: World, twilio: TwilioStandIn
) -> None:
    first = sync(city)
    assert {each.approval for each in first.states} == {"received"}
    assert (first.refused, first.stopped) == ((), "")
    assert made(twilio) == (MANY, MANY)
    twilio.approvals.approve()
    second = sync(city)
    assert made(twilio) == (MANY, MANY)
    assert {(each.approval, each.in_use) for each in second.states} == {
        ("approved", True)
    }
    one = city.house.db.read(lambda db: approved(db, "public", "tr"))
    assert one is not None
    assert one == city.house.db.read(all_approved)["public", "tr"]
    assert one.slots == wording("public", "tr").slots
    assert len(city.house.db.read(states)) == len(KINDS) * len(LANGUAGES)


class DiesAfterMaking(WhatsApp):
    """A process that is killed between the resource and its row."""

    def create_template(self, draft: TemplateDraft) -> str:
        super().create_template(draft)
        raise KeyboardInterrupt


class DiesAfterSubmitting(WhatsApp):
    """A process that is killed between the submission and its row."""

    def submit_template(self, sid: str, name: str, category: str) -> Approval:
        super().submit_template(sid, name, category)
        raise KeyboardInterrupt


@pytest.mark.parametrize("dying", [DiesAfterMaking, DiesAfterSubmitting])
def test_a_run_that_was_killed_is_taken_up_where_it_stopped(
    small_city: World, twilio: TwilioStandIn, dying: type[WhatsApp]
) -> None:
    alive = small_city.house.channels["whatsapp"]
    connect(small_city, open_channel(twilio, dying))
    with pytest.raises(KeyboardInterrupt):
        sync(small_city)
    small_city.house.channels["whatsapp"].close()
    connect(small_city, alive)
    report = sync(small_city)
    assert {each.approval for each in report.states} == {"received"}
    assert made(twilio) == (MANY, MANY)


def test_two_runs_at_once_leave_one_row_each(city: World) -> None:
    results = at_once(*[lambda: sync(city)] * 2)
    assert [getattr(each, "stopped", each) for each in results] == ["", ""]
    assert len(rows(city)) == MANY


def test_a_run_ends_early_while_nobody_answers(
    small_city: World, twilio: TwilioStandIn
) -> None:
    twilio.will(HTML_503, "/ApprovalRequests/whatsapp")
    report = sync(small_city)
    assert report.stopped == "provider_fault"
    assert [row.approval for row in rows(small_city)] == ["unsubmitted"]
    assert sync(small_city).stopped == ""
    assert made(twilio) == (MANY, MANY + 1)


def test_what_is_refused_of_one_template_does_not_stop_the_others(
    small_city: World, twilio: TwilioStandIn
) -> None:
    twilio.will(PASS, "/v1/Content")  # the list of what is there
    twilio.will(refused(400, 21658), "/v1/Content")
    report = sync(small_city)
    assert report.refused == ("broadcast (nl): too_long",)
    assert made(twilio) == (MANY, MANY - 1)


def test_without_the_channel_nothing_is_asked(world: World) -> None:
    report = sync(world)
    assert report.stopped == "channel_off"
    assert {each.approval for each in report.states} == {"not made"}
    assert check_templates(world.house) is False


def test_a_rejected_template_is_told_with_its_reason(
    city: World, twilio: TwilioStandIn
) -> None:
    sync(city)
    twilio.approvals.decide(sid_of(city, "broadcast", "tr"), "rejected", "WORDS " * 90)
    found = sync(city).states
    [told] = [each for each in found if each.approval == "rejected"]
    assert (told.kind, told.language, told.in_use) == ("broadcast", "tr", False)
    assert told.reason.startswith("WORDS")
    assert len(told.reason) <= 240
    assert city.house.db.read(lambda db: states(db, SOME)) == found
    lacking = city.house.db.read(lambda db: missing(db, "broadcast", ["tr", "nl"]))
    assert lacking == ["broadcast (tr): rejected", "broadcast (nl): received"]


def test_another_category_is_told(small_city: World, twilio: TwilioStandIn) -> None:
    sync(small_city)
    sid = sid_of(small_city, "public", "tr")
    twilio.approvals.requests[sid]["category"] = "MARKETING"
    assert sync(small_city).charged == ("public (tr): MARKETING",)


def test_older_words_stay_in_use_until_the_new_ones_are_approved(
    city: World, twilio: TwilioStandIn
) -> None:
    older = "HX" + "a" * 32
    twilio.contents[older] = {"friendly_name": "older"}
    twilio.approvals.requests[older] = {"name": "older", "status": "approved"}
    add(city, sid=older)
    state = next(
        each
        for each in sync(city).states
        if (each.kind, each.language) == ("broadcast", "nl")
    )
    assert (state.approval, state.in_use) == ("received", True)
    assert sid_in_use(city) == older
    twilio.approvals.approve()
    sync(city)
    assert sid_in_use(city) == sid_of(city, "broadcast", "nl") != older


def sid_in_use(world: World) -> str | None:
    found = world.house.db.read(lambda db: approved(db, "broadcast", None))
    return found.sid if found else None


def test_a_resource_that_somebody_deleted_is_made_again(
    small_city: World, twilio: TwilioStandIn
) -> None:
    sync(small_city)
    sid = sid_of(small_city, "public", "nl")
    del twilio.contents[sid], twilio.approvals.requests[sid]
    assert sync(small_city).refused == ("public (nl): gone",)
    assert sync(small_city).refused == ()
    assert made(twilio) == (MANY + 1, MANY + 1)


def test_the_general_template_stands_in_but_not_for_a_broadcast(city: World) -> None:
    read = city.house.db.read
    assert read(lambda db: approved_for(db, "chosen", "nl")) is None
    add(city, kind="message", slots=["city"], sid="HX" + "1" * 32)
    found = [
        read(partial(approved_for, kind=kind, language="nl"))
        for kind in ("chosen", None, "anything")
    ]
    assert [each and each.kind for each in found] == ["message"] * 3
    assert read(lambda db: approved_for(db, "broadcast", "nl")) is None
    assert read(lambda db: approved_for(db, "chosen", "ar")) is None
    add(city, kind="chosen", sid="HX" + "2" * 32)
    own = read(lambda db: approved_for(db, "chosen", None))
    assert own is not None
    assert own.sid == "HX" + "2" * 32


def test_missing_names_what_was_never_made(city: World) -> None:
    lacking = city.house.db.read(lambda db: missing(db, "broadcast", ["nl", "tr"]))
    assert lacking == ["broadcast (nl): not made", "broadcast (tr): not made"]
    add(city)
    assert city.house.db.read(lambda db: missing(db, "broadcast", ["nl"])) == []


def test_slots_fill_the_variables_in_their_order() -> None:
    known = Approved("chosen", "nl", "HX1", ("plan", "title", "words", "contact"))
    given = {"title": "Een\nbankje", "plan": "21", "contact": "", "else": "?"}
    assert fill(known, given).values == (
        "21",
        "Een bankje",
        "Dat hoort u in het hele bericht.",
        "het buurtteam van de gemeente",
    )
    assert fill(Approved("message", "tr", "HX1", ("city",)), None).values == (
        "Yaşadığınız yerin",
    )

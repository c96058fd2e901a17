"""After an outage: what residents wrote meanwhile is taken in once, in its order."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from bot.services.recovery import MARGIN, Recovered, recover, recover_missed
from bot.services.sweep import sweep
from bot.store.civic import PlanRow
from bot.store.frozen import Outage
from bot.store.outreach import Account
from bot.store.talks import InboundMessage, Talk
from tests.houses import Street, at_once, open_street
from tests.need import postgres_url
from tests.services.ears import Ears
from tests.standins.server import HTML_503
from tests.standins.twilio import LISTING, refused
from tests.standins.whatsapp_resident import WhatsAppResident
from tests.worlds import own_postgres, table

SAID = "Een zwaluwtil op het plein"
PLAN = "Een bank onder de lindebomen bij ons"


@pytest.fixture(params=["sqlite", "postgres"])
def each_street(
    request: pytest.FixtureRequest, tmp_path: Path, ears: Ears
) -> Iterator[Street]:
    """A city with real channels, on each database we support."""
    if request.param == "sqlite":
        street = request.getfixturevalue("street")
        street.twilio.clock = street.clock
        yield street
        return
    with (
        own_postgres(postgres_url()) as url,
        open_street(url, tmp_path, ears) as made,
    ):
        made.twilio.clock = made.clock
        yield made


@pytest.fixture
def quiet(street: Street) -> Street:
    """A city on SQLite whose provider has the city's time."""
    street.twilio.clock = street.clock
    return street


def compare(street: Street, **later: float) -> Recovered:
    """Let some time pass, then compare with what the provider has."""
    street.clock.pass_time(**(later or {"minutes": 3}))
    found = recover(street.house, street.clock())
    street.rest()
    return found


def fall_silent(street: Street) -> None:
    """Compare a last time, so that the cursor stands; then nothing reaches us."""
    compare(street)
    street.twilio.is_cut_off = True


def cursor(street: Street) -> datetime | None:
    found = select(Account.checked_to).where(Account.channel == "whatsapp")
    (row,) = street.world.rows(found)
    checked: datetime | None = row[0]
    return checked


def bodies(street: Street, person: WhatsAppResident) -> list[Any]:
    rows = table(InboundMessage).join(Talk, Talk.id == InboundMessage.talk_id)
    found = rows.where(Talk.address == person.address).order_by(InboundMessage.id)
    return [row.body for row in street.world.rows(found)]


def texts(person: WhatsAppResident) -> list[str]:
    return [heard.text for heard in person.heard]


def test_what_was_written_during_an_outage_is_taken_in_in_its_order(
    each_street: Street,
) -> None:
    fatima = each_street.fatima()
    fall_silent(each_street)
    before = len(fatima.heard)
    for words in (PLAN, "hulp", "status"):
        assert fatima.says(words) == 0
        each_street.clock.pass_time(seconds=5)
    each_street.twilio.is_cut_off = False
    assert compare(each_street) == Recovered(found=3, taken=3)
    each_street.work()
    assert [body.get("text") for body in bodies(each_street, fatima)[-3:]] == [
        PLAN,
        "hulp",
        "status",
    ]
    assert "lindebomen" in texts(fatima)[before]
    assert compare(each_street) == Recovered()
    assert len(texts(fatima)) == before + 3


def test_what_came_by_webhook_is_not_answered_again(each_street: Street) -> None:
    fatima = each_street.fatima()
    heard = len(fatima.heard)
    assert compare(each_street) == Recovered()
    assert len(fatima.heard) == heard
    assert len(bodies(each_street, fatima)) == 2


def test_a_late_webhook_and_a_recovery_at_the_same_moment_answer_once(
    each_street: Street,
) -> None:
    fatima = each_street.fatima()
    fall_silent(each_street)
    before = len(fatima.heard)
    form = fatima.form(Body="status", MessageType="text")
    each_street.twilio.hand_over(form)
    each_street.twilio.is_cut_off = False
    each_street.clock.pass_time(minutes=3)
    now = each_street.clock()
    each_street.clock.pass_time(seconds=1)
    results = at_once(
        lambda: each_street.twilio.hand_over(form),
        lambda: recover(each_street.house, now),
        lambda: recover(each_street.house, now),
    )
    each_street.work()
    assert results[0] == 200
    assert [type(each) for each in results[1:]] == [Recovered, Recovered]
    assert len(bodies(each_street, fatima)) == 3
    assert len(fatima.heard) == before + 1


def test_a_recovery_that_is_younger_than_its_webhook_waits_for_it(
    quiet: Street,
) -> None:
    fatima = quiet.fatima()
    fall_silent(quiet)
    fatima.says("status")
    assert compare(quiet, seconds=119) == Recovered()
    assert compare(quiet, seconds=2) == Recovered(1, 1)


def test_a_stranger_who_wrote_first_during_an_outage_is_welcomed(
    quiet: Street,
) -> None:
    fall_silent(quiet)
    ayse = quiet.twilio.resident("+31687654321")
    ayse.says("hallo")
    assert compare(quiet) == Recovered(1, 1)
    assert len(ayse.heard) == 1


def test_a_voice_note_of_an_outage_is_heard(
    quiet: Street, ears: Ears, note: bytes
) -> None:
    ears.says.append(SAID)
    fatima = quiet.fatima()
    fall_silent(quiet)
    fatima.sends_voice(note)
    quiet.twilio.is_cut_off = False
    assert compare(quiet) == Recovered(1, 1)
    quiet.work()
    assert any(SAID in heard for heard in texts(fatima))
    assert quiet.twilio.made("/Media.json") != []


def test_a_label_of_a_button_is_the_tap_it_was(quiet: Street) -> None:
    fatima = quiet.fatima()
    fatima.says(PLAN)
    quiet.work()
    quiet.clock.pass_time(seconds=30)
    fall_silent(quiet)
    fatima.taps("yes")
    assert compare(quiet) == Recovered(1, 1)
    quiet.work()
    assert bodies(quiet, fatima)[-1] == {"tap": "yes"}
    rows = [row for row in quiet.world.rows(plans()) if row.text == PLAN]
    assert len(rows) == 1


def plans() -> Any:
    return table(PlanRow)


def test_a_yes_from_before_the_open_question_does_not_answer_it(
    quiet: Street,
) -> None:
    fatima = quiet.fatima()
    fall_silent(quiet)
    fatima.says("ja")
    quiet.clock.pass_time(seconds=30)
    quiet.twilio.is_cut_off = False
    fatima.says(PLAN)
    quiet.work()
    before = len(fatima.heard)
    assert compare(quiet) == Recovered(1, 1)
    quiet.work()
    (answer,) = texts(fatima)[before:]
    assert answer.startswith("Uw antwoord hoort bij een oudere vraag.")
    assert "lindebomen" in answer
    assert [row for row in quiet.world.rows(plans()) if row.text == PLAN] == []
    fatima.says("ja")
    quiet.work()
    assert len([row for row in quiet.world.rows(plans()) if row.text == PLAN]) == 1


def test_an_old_digit_does_not_pick_a_new_button(quiet: Street) -> None:
    fatima = quiet.fatima()
    fall_silent(quiet)
    fatima.says("1")
    quiet.clock.pass_time(seconds=30)
    quiet.twilio.is_cut_off = False
    fatima.says(PLAN)
    quiet.work()
    compare(quiet)
    quiet.work()
    assert "oudere vraag" in texts(fatima)[-1]


def test_a_yes_behind_a_recovered_note_does_not_store_what_was_not_read_back(
    quiet: Street, ears: Ears, note: bytes
) -> None:
    ears.says.append(SAID)
    fatima = quiet.fatima()
    fall_silent(quiet)
    fatima.sends_voice(note)
    quiet.clock.pass_time(seconds=5)
    fatima.says("ja")
    quiet.twilio.is_cut_off = False
    assert compare(quiet) == Recovered(2, 2)
    quiet.work()
    assert "oudere vraag" in texts(fatima)[-1]
    stored = [row.text for row in quiet.world.rows(plans())]
    assert SAID not in stored


def test_a_spoken_yes_from_before_the_open_question_does_not_answer_it(
    quiet: Street, ears: Ears, note: bytes
) -> None:
    fatima = quiet.fatima()
    ears.says.append("ja")
    fall_silent(quiet)
    fatima.sends_voice(note)
    quiet.clock.pass_time(seconds=30)
    quiet.twilio.is_cut_off = False
    fatima.says(PLAN)
    quiet.work()
    compare(quiet)
    quiet.work()
    assert "oudere vraag" in texts(fatima)[-1]
    assert [row for row in quiet.world.rows(plans()) if row.text == PLAN] == []


def test_words_are_words_however_late(quiet: Street) -> None:
    fatima = quiet.fatima()
    fall_silent(quiet)
    fatima.says("status")
    quiet.clock.pass_time(seconds=30)
    quiet.twilio.is_cut_off = False
    fatima.says("hulp")
    quiet.work()
    compare(quiet)
    quiet.work()
    assert "oudere vraag" not in texts(fatima)[-1]


def test_a_provider_that_does_not_answer_leaves_the_cursor(
    each_street: Street,
) -> None:
    fatima = each_street.fatima()
    fall_silent(each_street)
    stood = cursor(each_street)
    fatima.says("status")
    each_street.twilio.will(HTML_503, LISTING)
    found = compare(each_street)
    assert list(found.failed) == ["whatsapp"]
    assert cursor(each_street) == stood
    assert compare(each_street) == Recovered(1, 1)
    assert cursor(each_street) == each_street.clock() - MARGIN


def test_storing_that_fails_leaves_the_cursor(quiet: Street) -> None:
    fatima = quiet.fatima()
    fall_silent(quiet)
    stood = cursor(quiet)
    fatima.says("status")
    quiet.clock.pass_time(minutes=3)

    run(
        quiet,
        "CREATE TRIGGER full BEFORE INSERT ON inbound_messages "
        "BEGIN SELECT RAISE(ABORT, 'full'); END",
    )
    with pytest.raises(DBAPIError):
        recover(quiet.house, quiet.clock())
    assert cursor(quiet) == stood
    run(quiet, "DROP TRIGGER full")
    assert compare(quiet) == Recovered(1, 1)


def run(street: Street, statement: str) -> None:
    with street.house.db.engine.begin() as db:
        db.execute(text(statement))


def test_a_new_installation_has_missed_nothing(quiet: Street) -> None:
    quiet.twilio.is_cut_off = True
    quiet.twilio.resident("+31687654321").says("hallo")
    assert compare(quiet) == Recovered()
    assert quiet.twilio.made("/Messages.json") == []
    assert cursor(quiet) == quiet.clock() - MARGIN


def test_it_looks_back_a_day_and_further_only_when_told(quiet: Street) -> None:
    fatima = quiet.fatima()
    fall_silent(quiet)
    fatima.says("hulp")
    quiet.clock.pass_time(hours=30)
    since = quiet.clock() - timedelta(hours=31)
    fatima.says("status")
    assert compare(quiet) == Recovered(1, 1)
    assert recover(quiet.house, quiet.clock(), since) == Recovered(1, 1)
    assert compare(quiet) == Recovered()


def test_somebody_who_was_forgotten_does_not_come_back(quiet: Street) -> None:
    fatima = quiet.fatima()
    fatima.says("vergeet mij")
    quiet.work()
    fatima.taps("forget:drop")
    quiet.work()
    compare(quiet)
    sweep(quiet.house)
    assert compare(quiet) == Recovered()
    addresses = [row.address for row in quiet.world.rows(table(Talk))]
    assert fatima.address not in addresses


def test_one_worker_of_many_compares(each_street: Street) -> None:
    fatima = each_street.fatima()
    fall_silent(each_street)
    fatima.says("status")
    each_street.clock.pass_time(minutes=6)
    before = len(each_street.twilio.made("/Messages.json"))
    at_once(*[lambda: recover_missed(each_street.house)] * 3)
    each_street.rest()
    listed = each_street.twilio.made("/Messages.json")[before:]
    assert [call.method for call in listed].count("GET") == 1
    assert "status" in [body.get("text") for body in bodies(each_street, fatima)]


def test_a_worker_that_died_while_comparing_holds_nobody_up_for_long(
    quiet: Street,
) -> None:
    fatima = quiet.fatima()
    fall_silent(quiet)
    fatima.says("status")
    quiet.clock.pass_time(minutes=6)
    with quiet.house.db.engine.begin() as db:
        leased = quiet.clock() + timedelta(minutes=10)
        db.execute(update(Account).values(checking_until=leased))
    recover_missed(quiet.house)
    assert len(bodies(quiet, fatima)) == 2
    quiet.clock.pass_time(minutes=11)
    recover_missed(quiet.house)
    quiet.rest()
    assert len(bodies(quiet, fatima)) == 3


def test_a_failed_comparison_is_tried_again_at_the_next_round(quiet: Street) -> None:
    fatima = quiet.fatima()
    fall_silent(quiet)
    fatima.says("status")
    quiet.clock.pass_time(minutes=6)
    quiet.twilio.will(refused(401, 20003), LISTING)
    assert recover_missed(quiet.house) is False
    assert len(bodies(quiet, fatima)) == 2
    recover_missed(quiet.house)
    quiet.rest()
    assert len(bodies(quiet, fatima)) == 3


def outages(street: Street) -> list[Any]:
    return street.world.rows(table(Outage).order_by(Outage.id))


def test_what_was_missed_is_remembered_as_an_outage(each_street: Street) -> None:
    street = each_street
    fall_silent(street)
    ayse = WhatsAppResident(street.twilio, "+31600000001")
    ayse.says(SAID)
    wrote = street.clock()
    street.clock.pass_time(minutes=4)
    ayse.says(PLAN)
    compare(street, minutes=5)
    (gap,) = outages(street)
    assert (gap.channel, gap.missed) == ("whatsapp", 2)
    assert gap.ended_at - gap.began_at == timedelta(minutes=4)
    assert abs(gap.began_at - wrote) < timedelta(seconds=2)
    compare(street, minutes=5)
    assert len(outages(street)) == 1


def test_half_an_hour_without_a_comparison_is_remembered(quiet: Street) -> None:
    compare(quiet)
    compare(quiet, minutes=20)
    assert outages(quiet) == []
    away = quiet.clock()
    compare(quiet, minutes=50)
    (gap,) = outages(quiet)
    assert gap.missed == 0
    assert abs(gap.began_at - away) <= MARGIN
    assert gap.ended_at == quiet.clock()

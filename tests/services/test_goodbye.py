"""The last word to somebody who asked to be forgotten."""

from datetime import datetime

from bot.channels.base import ChannelError, Outcome
from bot.services.outbox import Owed
from bot.services.outcomes import Outcomes, record_outcomes
from tests.houses import Street
from tests.standins.telegram import throttled
from tests.worlds import World


def test_the_goodbye_still_goes_out(street: Street) -> None:
    ayse = street.ayse()
    said = len(ayse.heard)
    ayse.says("vergeet mij")
    street.work()
    ayse.taps("yes")
    street.work()
    question, goodbye = ayse.heard[said:]
    assert question.buttons
    assert goodbye.text
    street.sweep()
    assert street.talks()[0].address == "forgotten:1"


def test_a_goodbye_that_has_to_wait_keeps_the_address_until_it_is_sent(
    street: Street,
) -> None:
    ayse = street.ayse()
    ayse.says("vergeet mij")
    street.rest()
    street.bot_api.will(throttled(30), "/sendMessage")
    ayse.taps("yes")
    street.work()
    street.sweep()
    said = len(ayse.heard)
    assert street.talks()[0].address == "42"
    street.clock.pass_time(seconds=31)
    street.work()
    street.sweep()
    assert len(ayse.heard) == said + 1
    assert street.talks()[0].address == "forgotten:1"


def test_writing_again_before_the_goodbye_went_out_begins_anew(street: Street) -> None:
    ayse = street.ayse()
    ayse.says("vergeet mij")
    street.rest()
    street.bot_api.will(throttled(30), "/sendMessage")
    ayse.taps("yes")
    street.rest()
    ayse.says("hallo")
    street.work()
    street.clock.pass_time(minutes=2)
    street.work()
    street.sweep()
    assert ayse.heard[-1].buttons[0][0] == "lang:nl"
    sent_to = {call.form["chat_id"] for call in street.bot_api.made("/sendMessage")}
    assert sent_to == {"42"}
    assert not [row for row in street.outbox() if row.delivery == "queued"]


def test_an_outcome_that_is_written_late_brings_nothing_back(world: World) -> None:
    person = world.person()
    world.says(person, "vergeet mij")
    world.taps(person, "yes")
    goodbye = world.postman.taken[-1]
    world.says(person, "hallo")
    late = ChannelError(Outcome.RETRY, "throttled")
    finish(world, goodbye, late, world.clock())
    world.clock.pass_time(hours=1)
    assert [owed.talk for owed in world.send_due()] != [person.talk]


def finish(world: World, owed: Owed, error: ChannelError, at: datetime) -> None:
    done = [Outcomes(owed, None, error, at)]
    world.house.db.run(lambda db: record_outcomes(db, done))

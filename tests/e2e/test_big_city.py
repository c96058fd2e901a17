"""PostgreSQL, two web processes and a worker: the same talks, in order, once each."""

import threading

from bot.store.civic import BallotRow, PlanRow
from bot.store.talks import InboundMessage
from tests import sound
from tests.e2e.city import City, wait_for
from tests.e2e.people import Neighbour, neighbour
from tests.e2e.test_talks import PLANS, first_number, tells_plan
from tests.worlds import table


def test_a_plan_and_a_vote(big_city: City) -> None:
    for channel, language in (("telegram", "tr"), ("whatsapp", "ar")):
        person = neighbour(big_city, channel, language)
        person.arrives()
        number = tells_plan(person, PLANS[language])
        (plan,) = big_city.rows(table(PlanRow).where(PlanRow.number == number))
        assert plan.text == PLANS[language]
        before = len(big_city.rows(table(BallotRow)))
        person.taps("menu:vote")
        person.says("21 30")
        person.taps("yes")
        assert len(big_city.rows(table(BallotRow))) == before + 1


def test_a_voice_note_reaches_the_worker(big_city: City) -> None:
    person = neighbour(big_city, "telegram")
    person.arrives()
    person.speaks(sound.ogg_opus(sound.sentence("nl")), answers=3)
    assert person.heard("A person will listen to your message.")


def test_a_crowd_at_once_is_answered_in_order(big_city: City) -> None:
    people = [neighbour(big_city, "telegram") for _ in range(12)]
    threads = [threading.Thread(target=live, args=(each,)) for each in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert [len(each.texts) for each in people] == [6] * len(people)
    numbers = {first_number(each.texts[3]) for each in people}
    assert len(numbers) == len(people)
    failed = table(InboundMessage).where(InboundMessage.stage == "failed")
    assert big_city.rows(failed) == []


def live(person: Neighbour) -> None:
    """Tell a plan from the first word on, as fast as a thumb can."""
    person.arrives()
    person.says("Een bank onder de lindebomen bij ons")
    person.taps("yes", answers=2)
    person.taps("skip")


def test_one_thumb_faster_than_two_processes(big_city: City) -> None:
    """Answers come in the order of the questions, whichever process takes them."""
    person = neighbour(big_city, "telegram", "en")
    person.arrives()
    before = len(person.texts)
    for word in ("status", "privacy", "rules", "help") * 3:
        assert person.phone.says(word) == 200
    person.hears(before + 24)
    told = person.texts[before:]
    assert told[:8] == told[8:16] == told[16:]
    assert len(set(told[:8])) == 8, "privacy is five messages"
    wait_for(lambda: len(person.texts) == before + 24)

"""Order in a talk while voice notes are being listened to."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.flows.saved import load_talk
from bot.flows.state import ConfirmingPlan
from bot.services.notes import catch_up, finish_note, listen_once
from bot.services.voice import LEASE, Hearing, claim_note
from bot.store.civic import PlanRow
from bot.worker import catch_up_overdue
from tests import sound
from tests.houses import Street, at_once, open_street
from tests.services.ears import Ears
from tests.standins.telegram import throttled
from tests.worlds import table
from transcription import Sound, Transcript

FIRST, SECOND = "Een bank onder de linden.", "Een schommel bij de school."


@pytest.fixture(scope="module")
def note() -> bytes:
    return sound.ogg_opus(sound.sentence("nl"))


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def street(tmp_path: Path, ears: Ears) -> Iterator[Street]:
    with open_street(f"sqlite:///{tmp_path / 'city.db'}", tmp_path, ears) as made:
        yield made


def since(person: Any, count: int) -> list[str]:
    return [heard.text for heard in person.heard[count:]]


def stages(street: Street) -> list[str]:
    return [row.stage for row in street.world.inbound()][2:]


def test_what_is_typed_behind_a_note_waits_and_is_answered_after_it(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says.append(FIRST)
    ayse = street.ayse()
    before = len(ayse.heard)
    ayse.sends_voice(note)
    assert ayse.says("Met een tafel erbij") == 200
    street.rest()
    assert stages(street) == ["listening", "waiting"]
    assert len(since(ayse, before)) == 1, "only the thanks for her note"
    street.work()
    _, heard, both = since(ayse, before)
    assert FIRST in heard
    assert FIRST in both
    assert "Met een tafel erbij" in both
    assert stages(street) == ["done", "done"]


def test_after_a_minute_the_talk_goes_on_and_the_late_note_is_offered(
    street: Street, ears: Ears, note: bytes
) -> None:
    ayse = street.ayse()
    before = len(ayse.heard)
    ayse.sends_voice(note)
    ayse.says("status")
    street.clock.pass_time(seconds=59)
    assert not catch_up_overdue(street.house)
    street.clock.pass_time(seconds=2)
    assert catch_up_overdue(street.house)
    street.rest()
    assert len(since(ayse, before)) == 2
    assert stages(street) == ["listening", "done"]
    ears.says.append(FIRST)
    street.work()
    assert FIRST in since(ayse, before)[-1]
    assert [button for button, _ in ayse.heard[-1].buttons][0] == "yes"


def test_a_new_message_does_not_overtake_those_that_still_wait(
    street: Street, note: bytes
) -> None:
    """The minute is over, the loop has not run yet, and she writes again."""
    ayse = street.ayse()
    before = len(ayse.heard)
    ayse.sends_voice(note)
    ayse.says("status")
    street.clock.pass_time(seconds=61)
    ayse.says("hulp")
    street.rest()
    catch_up_overdue(street.house)
    street.rest()
    assert "plan" in since(ayse, before)[1]
    assert [row.body for row in street.world.inbound()][3:] == [
        {"text": "status"},
        {"text": "hulp"},
    ]
    order = [row.dedupe_key for row in street.outbox()][-2:]
    ids = [row.id for row in street.world.inbound()][3:]
    assert order == [f"in:{ids[0]}:0", f"in:{ids[1]}:0"]


def test_a_note_whose_minute_is_over_holds_nothing_back(
    street: Street, note: bytes
) -> None:
    ayse = street.ayse()
    ayse.sends_voice(note)
    street.rest()
    street.clock.pass_time(seconds=61)
    before = len(ayse.heard)
    ayse.says("status")
    street.rest()
    assert len(since(ayse, before)) == 1


def test_a_place_or_a_private_number_behind_a_note_is_not_lost(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says.append(FIRST)
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.shares_place(52.3801, 4.8052)
    ayse.says("mijn bsn is 111222333")
    street.work()
    ayse.taps("yes")
    street.work()
    assert any("persoonlijk nummer" in heard.text for heard in ayse.heard)
    (plan,) = street.world.rows(table(PlanRow).where(PlanRow.talk_id.is_not(None)))
    assert (plan.latitude, plan.longitude) == (52.38, 4.805)


def test_two_notes_are_read_back_in_the_order_they_were_spoken(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says += [FIRST, SECOND]
    ayse = street.ayse()
    street.bot_api.will(throttled(3), "/getFile")
    ayse.sends_voice(note)
    ayse.sends_voice(note)
    street.work()
    street.clock.pass_time(seconds=6)
    street.work()
    last = ayse.heard[-1].text
    assert last.index(FIRST) < last.index(SECOND)


def test_two_listeners_do_not_work_on_one_talk_at_once(
    street: Street, note: bytes
) -> None:
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.sends_voice(note)
    now = street.clock()
    claims = [street.house.db.run(lambda db: claim_note(db, now)) for _ in range(2)]
    assert claims[0] is not None
    assert claims[1] is None


def test_words_between_two_notes_stay_between_them(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says += [FIRST, SECOND]
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.says("Met een tafel")
    ayse.sends_voice(note)
    street.work()
    last = ayse.heard[-1].text
    places = [last.index(part) for part in (FIRST, "Met een tafel", SECOND)]
    assert places == sorted(places)


def test_words_wait_for_a_minute_however_many_notes_follow(
    street: Street, note: bytes
) -> None:
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.says("status")
    before = len(ayse.heard)
    for _ in range(3):
        street.clock.pass_time(seconds=25)
        catch_up_overdue(street.house)
        ayse.sends_voice(note)
    street.rest()
    assert "plan" in " ".join(since(ayse, before))
    assert stages(street)[1] == "done"


def test_a_listener_that_dies_leaves_the_note_to_another(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says.append(FIRST)
    ayse = street.ayse()
    ayse.sends_voice(note)
    street.house.db.run(lambda db: claim_note(db, street.clock()))
    assert not listen_once(street.house)
    street.clock.now += LEASE
    street.clock.pass_time(seconds=1)
    assert listen_once(street.house)
    street.work()
    assert FIRST in ayse.heard[-1].text


def test_two_listeners_who_end_the_same_note_answer_once(
    street: Street, note: bytes
) -> None:
    """The first was slow, its lease ran out, a second one took the note up."""
    ayse = street.ayse()
    before = len(ayse.heard)
    ayse.sends_voice(note)
    house = street.house
    claimed = house.db.run(lambda db: claim_note(db, street.clock()))
    assert claimed is not None
    street.clock.pass_time(seconds=1)
    at_once(*[lambda: finish_note(house, claimed, Hearing(seconds=3.0))] * 2)
    street.rest()
    assert len(street.world.tasks()) == 1
    assert len([text for text in since(ayse, before) if text]) == 2


def test_a_recogniser_that_breaks_is_not_asked_for_ever(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says += [RuntimeError("CUDA said: Een bank")] * 9
    ayse = street.ayse()
    before = len(ayse.heard)
    ayse.sends_voice(note)
    for _ in range(8):
        street.work()
        street.clock.pass_time(minutes=6)
    assert len(ears.asked) < 6
    assert len([text for text in since(ayse, before) if text]) == 2
    assert "failed_note" in [task.kind for task in street.world.tasks()]
    assert len(street.files()) == 1


def test_no_transaction_is_open_while_a_note_is_listened_to(
    street: Street, note: bytes
) -> None:
    going = threading.Event()
    listening = threading.Event()

    class Slow(Ears):
        def transcribe(self, sound: Sound, language: str | None = None) -> Transcript:
            listening.set()
            assert going.wait(10)
            return super().transcribe(sound, language)

    slow = Slow()
    slow.says.append(FIRST)
    object.__setattr__(street.house, "transcriber", slow)
    ayse, bram = street.ayse(), street.ayse(chat=43)
    ayse.sends_voice(note)
    worker = threading.Thread(target=listen_once, args=(street.house,))
    worker.start()
    assert listening.wait(10)
    before = len(bram.heard)
    bram.says("status")
    street.rest()
    assert len(bram.heard) == before + 1
    going.set()
    worker.join(10)


def test_catching_up_twice_answers_once(
    street: Street, ears: Ears, note: bytes
) -> None:
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.says("status")
    street.clock.pass_time(seconds=61)
    (talk,) = street.talks()
    before = len(ayse.heard)
    done = at_once(*[lambda: catch_up(street.house, int(str(talk.id)))] * 3)
    street.rest()
    assert len(since(ayse, before)) == 1
    assert sum(each for each in done if isinstance(each, int)) >= 1


def test_a_late_note_is_read_back_as_a_plan(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says.append(FIRST)
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.says("status")
    street.clock.pass_time(minutes=2)
    catch_up_overdue(street.house)
    street.work()
    (talk,) = street.talks()
    assert isinstance(load_talk(str(talk.state)).state, ConfirmingPlan)

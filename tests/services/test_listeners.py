"""Those who listen to notes: one per note, none for ever, nobody waits for them."""

import threading

from bot.services.notes import finish_note, listen_once
from bot.services.voice import LEASE, Hearing, claim_note
from tests.houses import Street, at_once, since
from tests.services.ears import Ears
from transcription import Sound, Transcript
from transcription.recogniser import BUDGET_SECONDS

FIRST = "Een bank onder de linden."


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


def test_a_note_is_done_with_before_another_listener_may_take_it() -> None:
    slowest_piece_seconds = 45
    assert BUDGET_SECONDS + slowest_piece_seconds < LEASE.total_seconds()


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

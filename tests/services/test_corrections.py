"""What a machine heard, beside what a person wrote: kept, asked about, and let go."""

from datetime import timedelta
from typing import Any

import pytest

from bot.flows.saved import load_talk
from bot.flows.state import AskingRecording, Menu
from bot.services.corrections import SOUND_DAYS, TEST_DAYS
from bot.services.sweep import sweep
from bot.store.talks import Resident
from tests.services.ears import Muffled
from tests.services.listener import (
    WORDS,
    corrected,
    hearing,
    medium,
    speaks,
    writes,
)
from tests.sound import noise
from tests.worlds import Person, World, table
from transcription.audio import to_voice_note

GUESS = "Ik wil een tank onder de linde boven."


@pytest.fixture(scope="module")
def sound() -> bytes:
    return to_voice_note(noise(2.0))


def may_record(world: World, person: Person) -> bool | None:
    row = world.one(table(Resident).where(Resident.id == person.resident))
    return row.may_record  # type: ignore[no-any-return]


def state(world: World, person: Person) -> Any:
    return load_talk(world.talk(person).state).state


def corrected_plan(world: World, person: Person, sound: bytes) -> Any:
    """Let a note be written down, confirmed and placed; return its task."""
    task = speaks(world, person, sound)
    writes(world, task)
    world.taps(person, "yes")
    world.taps(person, "skip")
    return task


def after(world: World, **time: float) -> list[tuple[bool, bool]]:
    """Move the clock, sweep; return for each correction if its sound is there."""
    world.clock.pass_time(**time)
    while sweep(world.house):
        pass
    kept = [medium(world, row.media_id) for row in corrected(world)]
    return [(row.key is not None, row.transcript is not None) for row in kept]


def test_the_machines_text_stays_beside_the_persons(
    each_world: World, sound: bytes
) -> None:
    world = hearing(each_world, Muffled(GUESS))
    task = speaks(world, world.person("nl", "web"), sound)
    assert medium(world, task.media_id).signals == {
        "level": "bad",
        "reasons": ["very_low_confidence"],
    }
    writes(world, task, spoken="rif")
    (row,) = corrected(world)
    assert (row.machine_text, row.person_text) == (GUESS, WORDS)
    assert (row.engine, row.model) == ("faster-whisper", "small")
    assert (row.machine_language, row.heard) == ("nl", "badly")
    assert row.signals == {"level": "bad", "reasons": ["very_low_confidence"]}
    assert (row.spoken_language, row.written_language) == ("rif", "nl")
    assert (row.by, row.at) == ("bram@demo.example", world.clock())
    assert row.consent is None
    note = medium(world, task.media_id)
    assert (note.transcript, note.engine) == (WORDS, "person")


def test_private_numbers_are_masked_in_what_the_machine_heard(
    world: World, sound: bytes
) -> None:
    world = hearing(world, Muffled("Mijn nummer is 111222333 en ik wil een bank."))
    task = speaks(world, world.person("nl", "web"), sound)
    writes(world, task)
    (row,) = corrected(world)
    assert "111222333" not in row.machine_text


def test_who_was_not_listened_to_is_not_asked(world: World) -> None:
    author = world.person("nl", "web")
    world.says(author, "Ik wil een bank onder de bomen.")
    for tap in ("yes", "skip"):
        world.taps(author, tap)
    assert state(world, author) == Menu()
    assert may_record(world, author) is None


def test_she_is_asked_once_and_silence_is_a_no(world: World, sound: bytes) -> None:
    author = world.person("nl", "web")
    corrected_plan(world, author, sound)
    assert state(world, author) == AskingRecording()
    assert may_record(world, author) is False
    world.says(author, "Nog een plan: een schommel bij de school.")
    world.says(author, "plan")
    world.says(author, "Een schommel bij de school.")
    world.taps(author, "yes")
    world.taps(author, "skip")
    asked = [text for text in world.texts(author) if "een jaar bewaren" in text]
    assert len(asked) == 2, "asked, and once more because words were no answer"
    assert state(world, author) == Menu()
    assert [row.consent for row in corrected(world)] == [False]


def test_without_consent_all_of_it_goes_thirty_days_after_her_yes(
    each_world: World, sound: bytes
) -> None:
    world = each_world
    author = world.person("nl", "web")
    corrected_plan(world, author, sound)
    world.taps(author, "no")
    assert after(world, days=SOUND_DAYS - 1) == [(True, True)]
    assert after(world, days=2) == []


def test_with_consent_all_of_it_stays_a_year_and_no_longer(
    each_world: World, sound: bytes
) -> None:
    world = each_world
    author = world.person("nl", "web")
    corrected_plan(world, author, sound)
    world.taps(author, "yes")
    assert may_record(world, author) is True
    assert [row.consent for row in corrected(world)] == [True]
    assert after(world, days=TEST_DAYS - 1) == [(True, True)]
    assert after(world, days=2) == []


def test_taken_back_it_goes_on_its_former_day(world: World, sound: bytes) -> None:
    author = world.person("nl", "web")
    task = corrected_plan(world, author, sound)
    stored = medium(world, task.media_id).delete_after
    world.taps(author, "yes")
    longer = medium(world, task.media_id).delete_after
    assert longer - stored == timedelta(days=TEST_DAYS - SOUND_DAYS)
    for _ in range(2):
        world.taps(author, "recording:no")
        assert medium(world, task.media_id).delete_after == stored
    assert [row.consent for row in corrected(world)] == [False]
    assert after(world, days=SOUND_DAYS + 1) == []


def test_taken_back_after_thirty_days_it_goes_at_once(
    world: World, sound: bytes
) -> None:
    author = world.person("nl", "web")
    corrected_plan(world, author, sound)
    world.taps(author, "yes")
    assert after(world, days=100) == [(True, True)]
    world.says(author, "privacy")
    assert world.told(author)[-1].choices[0][0] == "recording:no"
    world.taps(author, "recording:no")
    assert after(world, minutes=1) == []


def test_her_yes_holds_for_the_next_note_that_somebody_writes_down(
    world: World, sound: bytes
) -> None:
    author = world.person("nl", "web")
    corrected_plan(world, author, sound)
    world.taps(author, "yes")
    task = corrected_plan(world, author, sound)
    assert state(world, author) == Menu()
    assert [row.consent for row in corrected(world)] == [True, True]
    stays = medium(world, task.media_id).delete_after - world.clock()
    assert stays == timedelta(days=TEST_DAYS)


def test_the_author_of_a_stored_note_is_asked_when_she_comes_by(
    world: World, sound: bytes
) -> None:
    author = world.person("nl", "web")
    task = speaks(world, author, sound)
    for tap in ("yes", "skip"):
        world.taps(author, tap)
    writes(world, task)
    assert state(world, author) == Menu()
    world.says(author, "status")
    assert state(world, author) == AskingRecording()
    world.taps(author, "yes")
    assert [row.consent for row in corrected(world)] == [True]


def test_words_that_she_never_confirms_go_too(world: World, sound: bytes) -> None:
    author = world.person("nl", "web")
    writes(world, speaks(world, author, sound))
    assert after(world, days=SOUND_DAYS - 1) == [(True, True)]
    assert after(world, days=2) == []


def test_forgotten_it_is_gone_at_once_with_consent_or_without(
    world: World, sound: bytes
) -> None:
    author = world.person("nl", "web")
    task = corrected_plan(world, author, sound)
    world.taps(author, "yes")
    world.says(author, "vergeet mij")
    world.taps(author, "forget:keep")
    assert corrected(world) == []
    assert may_record(world, author) is None
    sweep(world.house)
    assert medium(world, task.media_id).key is None


@pytest.mark.parametrize(
    ("hers", "others", "holds"),
    [(True, None, True), (None, False, False), (True, False, False)],
)
def test_a_no_in_either_app_holds_for_both(
    world: World,
    sound: bytes,
    *,
    hers: bool | None,
    others: bool | None,
    holds: bool,
) -> None:
    from bot.services.joining import join

    first, second = world.person("nl", "web"), world.person("nl", "web")
    for person, answer in ((first, hers), (second, others)):
        if answer is not None:
            corrected_plan(world, person, sound)
            world.taps(person, "yes" if answer else "no")
    world.house.db.run(
        lambda db: join(db, first.resident, second.resident, world.clock())
    )
    assert may_record(world, second) is holds
    assert {row.consent for row in corrected(world)} == {holds}
    ends = {medium(world, row.media_id).delete_after for row in corrected(world)}
    longest = timedelta(days=TEST_DAYS if holds else SOUND_DAYS)
    assert max(ends) - world.clock() <= longest

"""Notes that wait for ears: how they come, and how their words go back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.effects import TaskKind
from bot.domain.round_terms import Act
from bot.flows.saved import load_talk
from bot.flows.state import ConfirmingPlan, Menu, Voting
from bot.services.dictation import Outcome
from bot.services.listening import DictationError, Written
from bot.services.notes import listen_once
from bot.services.tasks import Queue, oldest_note, open_notes, recording
from bot.store.talks import Media
from tests.services.listener import BRAM, WORDS, medium, speaks
from tests.services.listener import writes as write
from tests.services.ruled import lay_down
from tests.sound import noise
from tests.worlds import COLLECTING, VOTING, Person, World, table
from transcription.audio import to_voice_note


@pytest.fixture(scope="module")
def note() -> bytes:
    """Two seconds that no recogniser has words for."""
    return to_voice_note(noise(2.0))


Speak = Callable[..., Any]


@pytest.fixture
def speak(world: World, note: bytes) -> Speak:
    """Let somebody send a voice note, and let the worker do what it can with it."""

    def spoken(person: Person) -> Any:
        return speaks(world, person, note)

    return spoken


def queue(world: World, speaks: str | None = None) -> Queue:
    return world.house.db.read(lambda db: open_notes(db, world.clock(), speaks))


def test_words_of_a_note_go_back_and_her_yes_makes_the_plan(
    world: World, speak: Speak
) -> None:
    author = world.person("nl", "web")
    task = speak(author)
    assert (task.kind, task.done_at) == ("listen", None)
    assert write(world, task) == Written(Outcome.READ_BACK, told=True)
    back = world.told(author)[-1]
    assert (back.priority, back.due_at) == (0, world.clock())
    assert [row[0] for row in back.choices] == ["yes", "no", "person"]
    assert WORDS in back.text
    assert world.postman.taken[-1].row == back.id
    world.taps(author, "yes")
    (plan,) = [row for row in plans(world) if row.resident_id == author.resident]
    assert (plan.text, plan.spoken) == (WORDS, True)
    assert medium(world, task.media_id).transcript == WORDS
    done = world.tasks()[0]
    assert (done.done_by, done.done_at is not None) == (BRAM.email, True)


def test_the_digit_one_says_yes_to_the_words(world: World, speak: Speak) -> None:
    author = world.person("nl", "web")
    write(world, speak(author))
    world.says(author, "1")
    assert any(row.text == WORDS for row in plans(world))


def test_no_to_the_words_lets_her_tell_it_again(world: World, speak: Speak) -> None:
    author = world.person("nl", "web")
    write(world, speak(author))
    world.taps(author, "no")
    world.says(author, "Ik wil een schommel voor grote kinderen.")
    world.taps(author, "yes")
    assert [row.text for row in plans(world) if row.resident_id == author.resident] == [
        "Ik wil een schommel voor grote kinderen."
    ]


def test_a_stored_plan_gets_its_words_and_the_author_can_change_them(
    world: World, speak: Speak
) -> None:
    author = world.person("nl", "web")
    task = speak(author)
    world.taps(author, "yes")
    (before,) = [row for row in plans(world) if row.resident_id == author.resident]
    assert before.text == ""
    assert write(world, task) == Written(Outcome.STORED, told=True)
    plan = world.plan_row(before.number)
    assert (plan.text, plan.status) == (WORDS, "received")
    push = world.pushes(author)[-1]
    assert WORDS in push.text
    assert str(plan.number) in push.text
    assert [row[0] for row in push.choices] == [f"change:{plan.number}"]
    gone = medium(world, task.media_id).delete_after
    assert gone == world.clock() + timedelta(days=30)


def test_a_spoken_place_is_written_to_the_place(world: World, speak: Speak) -> None:
    author = world.person("nl", "web")
    world.says(author, "Ik wil een bank onder de lindebomen.")
    world.taps(author, "yes")
    world.clock.pass_time(seconds=5)
    task = speak(author)
    (plan,) = [row for row in plans(world) if row.resident_id == author.resident]
    assert task.plan_id == plan.id
    assert write(world, task, "Bij de Albert Heijn.").outcome is Outcome.STORED
    plan = world.plan_row(plan.number)
    assert (plan.text, plan.place) == (
        "Ik wil een bank onder de lindebomen.",
        "Bij de Albert Heijn.",
    )
    assert "Bij de Albert Heijn." in world.texts(author)[-1]


def test_two_notes_of_one_plan_go_back_together(world: World, speak: Speak) -> None:
    author = world.person("nl", "web")
    first, second = speak(author), speak(author)
    count = len(world.told(author))
    assert write(world, first, "Een bank.") == Written(Outcome.MORE, told=False)
    assert len(world.told(author)) == count
    assert write(world, second, "Met een leuning.").outcome is Outcome.READ_BACK
    assert "Een bank.\nMet een leuning." in world.texts(author)[-1]


def test_in_the_middle_of_a_vote_the_words_wait_in_the_draft(
    world: World, speak: Speak
) -> None:
    author = world.person("nl", "web")
    task = speak(author)
    world.says(author, "stem")
    asked = world.talk(author).asked_id
    assert write(world, task) == Written(Outcome.KEPT, told=True)
    talk = load_talk(world.talk(author).state)
    assert isinstance(talk.state, Voting)
    assert world.talk(author).asked_id == asked
    assert [row[0] for row in world.told(author)[-1].choices] == ["menu:plan"]
    world.taps(author, "menu:plan")
    assert isinstance(load_talk(world.talk(author).state).state, ConfirmingPlan)
    world.taps(author, "yes")
    assert any(row.text == WORDS for row in plans(world))


def test_where_plans_are_told_elsewhere_none_is_offered(
    world: World, speak: Speak
) -> None:
    author = world.person("nl", "web")
    task = speak(author)
    for slug in (COLLECTING, VOTING):
        lay_down(world, slug, acts={"web": frozenset({Act.VOTE, Act.RESULTS})})
    assert write(world, task) == Written(Outcome.KEPT, told=True)
    back = world.told(author)[-1]
    assert WORDS in back.text
    assert "In deze chat kunt u geen plan vertellen." in back.text
    assert not {"menu:plan", "yes"} & {row[0] for row in back.choices}
    assert isinstance(load_talk(world.talk(author).state).state, Menu)


def test_who_has_told_it_anew_is_left_in_peace(world: World, speak: Speak) -> None:
    author = world.person("nl", "web")
    task = speak(author)
    world.taps(author, "no")
    world.says(author, "Ik typ het liever: een bank.")
    count = len(world.told(author))
    assert write(world, task) == Written(Outcome.MOVED_ON, told=False)
    assert len(world.told(author)) == count
    talk = load_talk(world.talk(author).state)
    assert talk.draft is not None
    assert talk.draft.text == "Ik typ het liever: een bank."


def test_who_stopped_us_hears_nothing_and_loses_nothing(
    world: World, speak: Speak
) -> None:
    author = world.person("nl", "web")
    task = speak(author)
    world.says(author, "stop")
    count = len(world.told(author))
    assert not write(world, task).told
    assert len(world.told(author)) == count
    draft = load_talk(world.talk(author).state).draft
    assert draft is not None
    assert draft.text == WORDS


def test_a_private_number_is_masked_in_what_is_written_down(
    world: World, speak: Speak
) -> None:
    author = world.person("nl", "web")
    write(world, speak(author), "Mijn nummer is 111222333, en ik wil een bank.")
    assert "111222333" not in world.texts(author)[-1]


def test_two_officials_write_one_note_down_once(world: World, speak: Speak) -> None:
    author = world.person("nl", "web")
    task = speak(author)
    write(world, task)
    count = len(world.told(author))
    with pytest.raises(DictationError, match="done"):
        write(world, task, "Iets anders.")
    assert len(world.told(author)) == count


@pytest.mark.parametrize(
    ("words", "why"),
    [("", "empty"), (" \u200b\n", "empty"), ("a" * 4_001, "too_long")],
)
def test_words_that_cannot_be_taken_change_nothing(
    world: World, speak: Speak, words: str, why: str
) -> None:
    task = speak(world.person("nl", "web"))
    with pytest.raises(DictationError, match=why):
        write(world, task, words)
    assert world.tasks()[0].done_at is None


def test_a_note_of_somebody_forgotten_is_gone(world: World, speak: Speak) -> None:
    author = world.person("nl", "web")
    task = speak(author)
    world.says(author, "vergeet mij")
    world.taps(author, "yes")
    with pytest.raises(DictationError, match="gone"):
        write(world, task)
    assert world.house.db.read(oldest_note) == (None, 0)
    assert [each.outcome for each in world.tasks()] == ["forgotten"]
    assert list(queue(world).notes) == []
    assert recording(world.house, task.media_id) is None


def test_a_task_that_asks_for_something_else_is_not_written_down(world: World) -> None:
    person = world.person("nl", "web")
    world.says(person, "medewerker")
    (task,) = world.tasks()
    with pytest.raises(DictationError):
        write(world, task)
    assert world.tasks()[0].done_at is None


def test_the_inbox_lists_the_oldest_first_and_whose_turn_it_is(
    world: World, speak: Speak
) -> None:
    first, second = world.person("nl", "web"), world.person("tr", "web")
    task, other = speak(first), speak(second)
    world.says(first, "medewerker")
    found = queue(world)
    assert [each.task for each in found.notes] == [task.id, other.id]
    assert [each.language for each in found.notes] == ["nl", "tr"]
    assert found.notes[0].media == task.media_id
    assert world.house.db.read(oldest_note) == (found.notes[0], 2)
    write(world, other)
    assert [each.task for each in queue(world).notes] == [task.id]
    assert [each.attempt for each in queue(world).hers] == [WORDS]
    world.taps(second, "yes")
    assert list(queue(world).hers) == []


def test_only_what_waits_for_ears_can_be_heard(world: World, speak: Speak) -> None:
    task = speak(world.person("nl", "web"))
    found = recording(world.house, task.media_id)
    assert found is not None
    assert found[1] == "audio/ogg"
    assert found[0][:4] == b"OggS"
    write(world, task)
    assert recording(world.house, task.media_id) is None


def test_a_spoken_vote_never_reaches_an_ear(world: World, note: bytes) -> None:
    person = world.person("nl", "web")
    world.says(person, "stem")
    world.sends_note(person, note)
    while listen_once(world.house):
        world.clock.pass_time(seconds=1)
    assert world.house.db.read(oldest_note) == (None, 0)


def test_a_note_that_failed_can_still_become_a_plan(world: World, note: bytes) -> None:
    person = world.person("nl", "web")
    world.sends_note(person, b"OggS" + bytes(500))
    while listen_once(world.house):
        world.clock.pass_time(seconds=1)
    (task,) = [each for each in world.tasks() if each.kind == TaskKind.FAILED_NOTE]
    with world.house.db.engine.begin() as db:
        key = world.house.media.save(note, "audio/ogg")
        db.execute(update(Media).where(Media.id == task.media_id).values(key=key))
    assert write(world, task).outcome is Outcome.READ_BACK
    world.taps(person, "yes")
    assert any(row.text == WORDS for row in plans(world))


def test_the_whole_way_on_each_database(each_world: World, note: bytes) -> None:
    world = each_world
    author = world.person("nl", "web")
    world.sends_note(author, note)
    while listen_once(world.house):
        world.clock.pass_time(seconds=1)
    world.clock.pass_time(minutes=1)
    (waiting,) = queue(world).notes
    assert recording(world.house, waiting.media or 0) is not None
    world.taps(author, "yes")
    (task,) = world.tasks()
    assert write(world, task).outcome is Outcome.STORED
    (plan,) = [row for row in plans(world) if row.resident_id == author.resident]
    assert plan.text == WORDS
    assert (queue(world).count, list(queue(world).hers)) == (0, [])


def plans(world: World) -> list[Any]:
    from bot.store.civic import PlanRow

    return world.rows(table(PlanRow))

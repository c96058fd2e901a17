"""Notes that nobody can make out, or not this listener: asked again, or handed over."""

from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.round_terms import Act
from bot.flows.saved import load_talk
from bot.flows.state import ConfirmingPlan, DescribingPlan, Menu, Voting
from bot.services.dictation import Outcome
from bot.services.listening import DictationError, Words, Written, write_down
from bot.services.notes import listen_once
from bot.services.tasks import UNKNOWN, hand_over, open_notes, recording
from bot.services.unclear import ask_once_more
from bot.store.civic import PlanRow
from bot.store.talks import Media, Talk
from tests.houses import at_once
from tests.services.ears import Ears, Muffled
from tests.services.listener import BRAM, WORDS, hearing, medium, speaks, writes
from tests.services.ruled import lay_down
from tests.sound import noise
from tests.worlds import COLLECTING, VOTING, Person, World, table
from transcription import Reason, TranscriptionError
from transcription.audio import to_voice_note


@pytest.fixture(scope="module")
def sound() -> bytes:
    return to_voice_note(noise(2.0))


def asks(world: World, task: Any) -> Written:
    return ask_once_more(world.house, task.id, BRAM)


def waiting(world: World, speaks: str | None = None) -> list[Any]:
    found = world.house.db.read(lambda db: open_notes(db, world.clock(), speaks))
    return list(found.notes)


def own_plan(world: World, author: Person) -> Any:
    return world.one(table(PlanRow).where(PlanRow.resident_id == author.resident))


def calls(world: World) -> list[Any]:
    return [task for task in world.tasks() if task.kind == "call"]


def test_she_is_asked_kindly_and_says_it_once_more(world: World, sound: bytes) -> None:
    author = world.person("nl", "web")
    task = speaks(world, author, sound)
    assert asks(world, task) == Written(Outcome.ASKED_AGAIN, told=True)
    back = world.told(author)[-1]
    assert [row[0] for row in back.choices] == ["call"]
    assert "Sorry" in back.text
    talk = load_talk(world.talk(author).state)
    assert talk.state == DescribingPlan()
    assert talk.draft is not None
    assert (talk.draft.notes, talk.draft.unheard) == ((), False)
    world.says(author, WORDS)
    talk = load_talk(world.talk(author).state)
    assert talk.state == ConfirmingPlan()
    assert WORDS in world.texts(author)[-1]
    assert waiting(world) == []
    assert medium(world, task.media_id).key is not None, "the sound is kept"


def test_where_plans_are_told_elsewhere_only_a_call_is_offered(
    world: World, sound: bytes
) -> None:
    author = world.person("nl", "web")
    task = speaks(world, author, sound)
    for slug in (COLLECTING, VOTING):
        lay_down(world, slug, acts={"web": frozenset({Act.VOTE, Act.RESULTS})})
    assert asks(world, task) == Written(Outcome.ASKED_AGAIN, told=True)
    assert [row[0] for row in world.told(author)[-1].choices] == ["call"]
    assert load_talk(world.talk(author).state).state == Menu()


def test_the_call_that_is_offered_is_there(world: World, sound: bytes) -> None:
    author = world.person("nl", "web")
    asks(world, speaks(world, author, sound))
    for words in ("1", "06 12345671", "maakt niet uit"):
        world.says(author, words)
    assert len(calls(world)) == 1


def test_what_else_she_told_stays(world: World, sound: bytes) -> None:
    author = world.person("nl", "web")
    first, second = (speaks(world, author, sound) for _ in range(2))
    writes(world, first, "Een bank.")
    asks(world, second)
    draft = load_talk(world.talk(author).state).draft
    assert draft is not None
    assert (draft.text, draft.notes) == ("Een bank.", (first.media_id,))


def test_in_the_middle_of_a_vote_the_vote_stays_open(
    world: World, sound: bytes
) -> None:
    author = world.person("nl", "web")
    task = speaks(world, author, sound)
    world.says(author, "stem")
    asked = world.talk(author).asked_id
    assert asks(world, task).told
    assert isinstance(load_talk(world.talk(author).state).state, Voting)
    assert world.talk(author).asked_id == asked


def test_a_stored_plan_without_words_gets_a_call_as_well(
    each_world: World, sound: bytes
) -> None:
    world = each_world
    author = world.person("nl", "web")
    task = speaks(world, author, sound)
    world.taps(author, "yes")
    number = own_plan(world, author).number
    assert asks(world, task) == Written(Outcome.ASKED_AGAIN, told=True)
    push = world.pushes(author)[-1]
    assert [row[0] for row in push.choices] == [f"change:{number}", "call"]
    (call,) = calls(world)
    assert recording(world.house, call.media_id) is not None
    world.taps(author, f"change:{number}")
    world.says(author, WORDS)
    world.taps(author, "yes")
    assert own_plan(world, author).text == WORDS


def test_a_place_that_nobody_makes_out_leaves_the_plan_as_it_is(
    world: World, sound: bytes
) -> None:
    author = world.person("nl", "web")
    world.says(author, WORDS)
    world.taps(author, "yes")
    world.clock.pass_time(seconds=5)
    task = speaks(world, author, sound)
    assert asks(world, task).told
    assert [row[0] for row in world.pushes(author)[-1].choices] == ["call"]
    assert calls(world) == []
    assert own_plan(world, author).text == WORDS


def test_whoever_cannot_be_told_gets_a_call(world: World, sound: bytes) -> None:
    author = world.person("nl", "web")
    task = speaks(world, author, sound)
    world.says(author, "stop")
    count = len(world.told(author))
    assert asks(world, task) == Written(Outcome.ASKED_AGAIN, told=False)
    assert len(world.told(author)) == count
    assert len(calls(world)) == 1


def test_the_second_official_is_too_late_for_anything(
    world: World, sound: bytes
) -> None:
    author = world.person("nl", "web")
    task = speaks(world, author, sound)
    asks(world, task)
    count = len(world.told(author))
    with pytest.raises(DictationError, match="done"):
        writes(world, task)
    with pytest.raises(DictationError, match="done"):
        asks(world, task)
    assert not hand_over(world.house, task.id, "rif", BRAM)
    assert len(world.told(author)) == count


def test_of_two_officials_at_the_same_moment_one_is_told(
    each_world: World, sound: bytes
) -> None:
    world = each_world
    author = world.person("nl", "web")
    task = speaks(world, author, sound)
    count = len(world.told(author))
    results = at_once(lambda: asks(world, task), lambda: writes(world, task))
    faults = [each for each in results if isinstance(each, DictationError)]
    assert [str(each) for each in faults] == ["done"]
    assert len([each for each in results if isinstance(each, Written)]) == 1
    assert len(world.told(author)) == count + 1


def test_a_note_in_another_language_waits_for_who_speaks_it(
    each_world: World, sound: bytes
) -> None:
    world = each_world
    first, second = (
        speaks(world, world.person(each, "web"), sound) for each in ("nl", "ar")
    )
    assert hand_over(world.house, first.id, "rif", BRAM)
    assert [each.task for each in waiting(world)] == [first.id, second.id]
    (mine,) = waiting(world, "rif")
    assert (mine.task, mine.speaks, mine.handed_over) == (first.id, "rif", True)
    assert mine.due == first.due_at
    assert waiting(world, "nl") == []
    found = world.house.db.read(lambda db: open_notes(db, world.clock()))
    assert found.languages == {"ar": 1, "rif": 1}
    assert writes(world, first, spoken="rif").outcome is Outcome.READ_BACK


def test_a_note_of_which_nobody_knows_the_language_can_be_found(
    world: World, sound: bytes
) -> None:
    person = world.person("nl", "web")
    task = speaks(world, person, sound)
    with world.house.db.engine.begin() as db:
        db.execute(update(Talk).values(language=None))
        db.execute(update(Media).values(language=None))
    assert [each.task for each in waiting(world, UNKNOWN)] == [task.id]


def test_a_note_that_failed_is_listened_to_once(world: World, sound: bytes) -> None:
    failing = Ears()
    failing.says.append(TranscriptionError("no", permanent=True))
    world = hearing(world, failing)
    author = world.person("nl", "web")
    world.sends_note(author, sound)
    while listen_once(world.house):
        world.clock.pass_time(seconds=1)
    assert {task.kind for task in world.tasks()} == {"listen", "failed_note"}
    (one,) = waiting(world)
    write_down(world.house, one.task, Words(WORDS, "nl", "nl"), BRAM)
    assert waiting(world) == []


@pytest.mark.parametrize(
    ("reason", "usable"),
    [
        (Reason.VERY_LOW_CONFIDENCE, True),
        (Reason.LOW_CONFIDENCE, True),
        (Reason.LOOP, False),
        (Reason.KNOWN_PHRASE, False),
        (Reason.WRONG_SCRIPT, False),
    ],
)
def test_only_an_attempt_that_can_be_corrected_is_offered(
    world: World,
    sound: bytes,
    reason: Reason,
    *,
    usable: bool,
) -> None:
    world = hearing(world, Muffled("Bedankt voor het kijken.", (reason,)))
    speaks(world, world.person("nl", "web"), sound)
    (each,) = waiting(world)
    assert (each.level, each.reasons, each.is_usable) == ("bad", (reason,), usable)
    assert hand_over(world.house, each.task, "rif", BRAM)
    assert [each.is_usable for each in waiting(world)] == [False]

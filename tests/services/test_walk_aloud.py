"""One plan of "help me choose" is heard in fifteen seconds, cut behind a sentence."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.domain.facts import Facts, Me
from bot.domain.languages import LANGUAGES
from bot.domain.plans import Plan
from bot.domain.say import Reply
from bot.flows import walk
from bot.flows.state import Picks, Talk, Walking
from bot.services.reading import Piece, Reading, load_reading, read_replies
from bot.services.sounds import CLIP, make_note
from synthesis import Voice
from tests.worlds import NOON, VOTING, World, open_world

SENTENCES = {
    "nl": "Er komt een grote ronde bank onder de lindebomen in het park.",
    "en": "There will be a big round bench under the lime trees in the park.",
    "tr": "Parktaki ıhlamur ağaçlarının altına büyük, yuvarlak bir bank konacak.",
    "ar": "نضع مقعداً كبيراً تحت الأشجار.",
}
LONG = {language: f"{text} " * 12 for language, text in SENTENCES.items()}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, voice: Voice) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("clips")
    with open_world(f"sqlite:///{folder / 'city.db'}", folder, voice=voice) as made:
        yield made


def facts_of(world: World) -> Facts:
    view = world.house.db.read(world.house.catalog.view)
    return Facts(rounds=view.rounds, papers=view.papers or {}, me=Me(voter="ayse"))


def shown(facts: Facts, plan: Plan) -> Reply:
    """Return the longest that is said with a plan: that another one is on her list."""
    paper = replace(facts.papers[VOTING], plans=(plan,))
    alone = replace(facts, papers={VOTING: paper})
    there = Talk(Walking(plan.theme or "other"), picks=Picks(VOTING, (plan.number,)))
    marked = walk.ask_walk(there, alone, NOON)
    fresh = replace(there, picks=Picks(VOTING))
    (told,) = walk.chosen(fresh, 99, alone, NOON).replies
    return max(marked, told, key=lambda reply: len(reply.aloud or ()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plan_of_the_demo_is_heard_in_fifteen_seconds(
    world: World, language: str
) -> None:
    facts = facts_of(world)
    plans = facts.papers[VOTING].plans
    assert len(plans) == 40
    lengths = {
        plan.number: make_note(
            world.house, read_replies([shown(facts, plan)], language)
        ).seconds
        for plan in plans
    }
    assert {n: took for n, took in lengths.items() if not 4 < took <= CLIP} == {}


def parts(reading: Reading) -> tuple[int, int]:
    """Return how many pieces must be heard, and how many are sentences to spare."""
    spare = sum(piece.spare for piece in reading.pieces)
    return len(reading.pieces) - spare, spare


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_long_summary_only_whole_sentences_are_heard(
    world: World, language: str
) -> None:
    facts = facts_of(world)
    plan = replace(facts.papers[VOTING].plans[0], summary=LONG)
    there = Talk(Walking(plan.theme or "other"), picks=Picks(VOTING))
    alone = replace(facts.papers[VOTING], plans=(plan,))
    reply = walk.ask_walk(there, replace(facts, papers={VOTING: alone}), NOON)
    reading = read_replies([reply], language)
    spare = [piece for piece in reading.pieces if piece.spare]
    assert len(spare) > 3
    lengths = [
        make_note(world.house, without(reading, spare[count:])).seconds
        for count in range(len(spare))
    ]
    made = make_note(world.house, reading).seconds
    assert made == max(took for took in lengths if took <= CLIP) > lengths[0]


def without(reading: Reading, gone: list[Piece]) -> Reading:
    """Return a reading that lacks these pieces, and has nothing to spare any more."""
    left = [each for each in reading.pieces if not any(each is one for one in gone)]
    return replace(reading, pieces=tuple(replace(each, spare=False) for each in left))


def test_what_may_be_left_out_is_remembered_with_what_is_owed(world: World) -> None:
    facts = facts_of(world)
    reading = read_replies([shown(facts, facts.papers[VOTING].plans[0])], "nl")
    assert parts(reading)[1] > 0
    assert load_reading(reading.dump()) == reading
    old = '[[["Goed.","nl",null]],"nl",1,false,false]'
    assert parts(load_reading(old)) == (1, 0)

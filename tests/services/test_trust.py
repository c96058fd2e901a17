"""Answers about trust: kept, tied to nobody, and asked once before and once after."""

from bot.services.desk.glance import glance
from bot.store.talks import InboundMessage
from bot.store.trust import TrustAnswer, TrustAsked
from tests.services.test_tallying import close
from tests.worlds import VOTING, Person, World, table


def answers(world: World) -> list[tuple[str, str, int]]:
    rows = world.rows(table(TrustAnswer))
    return sorted((each.moment, each.question, each.answer) for each in rows)


def gives_opinion(world: World, person: Person, *marks: str) -> None:
    world.says(person, "mening")
    for each in marks:
        world.says(person, each)


def test_three_answers_are_kept_without_a_person(each_world: World) -> None:
    world = each_world
    person = world.person("nl", "web")
    gives_opinion(world, person, "4", "sla over", "5")
    assert answers(world) == [("before", "listened", 4), ("before", "room", 5)]
    kept = world.rows(
        table(InboundMessage).where(InboundMessage.talk_id == person.talk)
    )
    assert [each.body for each in kept[1:]] == [{}, {}, {}], "no answer in a message"
    assert "question" not in (world.talk(person).state or "")
    columns = set(TrustAnswer.__table__.columns.keys())
    assert columns == {"id", "round_id", "moment", "question", "answer", "language"}


def test_nobody_is_asked_twice_before_and_all_are_asked_after(world: World) -> None:
    person = world.person("nl", "web")
    gives_opinion(world, person, "1", "2", "3")
    world.says(person, "mening")
    assert "Er is nu geen vraag voor u" in world.texts(person)[-1]
    close(world, [(21, 30)] * 30)
    gives_opinion(world, person, "5", "5", "5")
    assert [each for each in answers(world) if each[0] == "after"] == [
        ("after", question, 5) for question in ("involved", "listened", "room")
    ]


def test_who_is_forgotten_leaves_answers_of_nobody(each_world: World) -> None:
    world = each_world
    person = world.person("nl", "web")
    gives_opinion(world, person, "1", "2", "3")
    assert len(world.rows(table(TrustAsked))) == 1
    world.says(person, "vergeet mij")
    world.taps(person, "yes")
    assert world.rows(table(TrustAsked)) == []
    assert len(answers(world)) == 3


def test_ten_answers_are_shown_and_nine_are_not(world: World) -> None:
    for n in range(10):
        gives_opinion(world, world.person("nl", "web"), "4", "2", "sla over")
        seen = glance(world.house, VOTING)
        assert seen is not None
        told = seen.trust["listened"]["before"].mean
        assert told == (4.0 if n == 9 else None)

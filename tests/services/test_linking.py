"""Known by a word in another app: two talks, one person; nobody guesses for long."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from bot.flows.saved import load_talk
from bot.flows.state import ConfirmingVote, Menu
from bot.services.broadcasts import Broadcast
from bot.services.hooks import accept
from bot.services.segments import parse_segment
from bot.services.spreading import spread_broadcasts
from bot.store.civic import (
    BallotRow,
    CheckIn,
    CheckInAnswer,
    Erasure,
    Follow,
    Mark,
    PlanRow,
    Support,
)
from bot.store.talks import OutboundMessage, Resident
from tests.houses import Street, at_once
from tests.services.ears import Ears
from tests.services.test_forget import everything
from tests.worlds import COLLECTING, Person, World, table

WORD, OTHER = "zonnebloem", "klaproos"
WRONG = "horen niet bij elkaar"
JOINED = "zijn nu gekoppeld"
CLOSED = "vijf keer geprobeerd"


def author(world: World, word: str = WORD) -> tuple[Person, int]:
    """Add an author with a word, and return her with her plan's number."""
    person = world.person()
    number = world.plan(person, "Een bank onder de bomen", COLLECTING)
    world.says(person, "koppel")
    world.says(person, word)
    return person, number


def guesses(world: World, person: Person, number: int, word: str = WORD) -> str:
    """Say number and word in another app, and return what is answered."""
    world.says(person, "koppel")
    if owner(world, person) == person.resident:
        world.taps(person, "link:there")
    world.says(person, f"{number} {word}")
    return str(world.texts(person)[-1])


def linked(world: World) -> tuple[Person, Person, int]:
    """Return the two apps of one author, and her plan's number."""
    first, number = author(world)
    second = world.person("tr", "whatsapp")
    world.says(second, "bağla")
    world.says(second, f"{number} {WORD}")
    assert owner(world, second) == first.resident
    return first, second, number


def owner(world: World, person: Person) -> int:
    return int(world.talk(person).resident_id)


def resident(world: World, resident_id: int) -> Any:
    return world.one(table(Resident).where(Resident.id == resident_id))


def public(world: World, person: Person | None) -> int:
    """Add a plan that others can support."""
    shown: dict[str, Any] = {"status": "public", "title": {"nl": "Bank"}}
    shown |= {"public_at": world.clock()}
    return world.plan(person, a_round=COLLECTING, **shown)


def test_two_apps_are_one_person_and_her_other_app_hears_of_it(
    each_world: World,
) -> None:
    first, number = author(each_world)
    second = each_world.person()
    assert JOINED in guesses(each_world, second, number)
    assert owner(each_world, second) == owner(each_world, first) == first.resident
    left = resident(each_world, second.resident)
    assert {name for name, value in left._mapping.items() if value is not None} == {
        "id",
        "created_at",
    }
    (push,) = each_world.pushes(first)
    assert push.text.startswith("Uw andere app is nu gekoppeld.")
    assert [each[0] for each in push.choices][:2] == ["unlink", "person"]
    assert each_world.pushes(second) == []
    assert isinstance(load_talk(each_world.talk(second).state).state, Menu)


def test_whoever_comes_next_is_nobody_who_was_there(each_world: World) -> None:
    first, number = author(each_world)
    second = each_world.person()
    guesses(each_world, second, number)
    newcomer = each_world.person()
    assert newcomer.resident not in {first.resident, second.resident}
    assert owner(each_world, newcomer) == newcomer.resident


def test_each_app_keeps_its_language_and_shows_the_plans_of_both(
    each_world: World,
) -> None:
    first, number = author(each_world)
    second = each_world.person("tr", "whatsapp")
    other = each_world.plan(second, "Bir salıncak", COLLECTING)
    each_world.taps(second, "link:there")
    each_world.says(second, f"{number} {WORD}")
    each_world.says(first, "status")
    each_world.says(second, "durum")
    for person, language in ((first, "nl"), (second, "tr")):
        assert each_world.talk(person).language == language
        told = each_world.texts(person)[-1]
        assert f"{number} – Een bank" in told
        assert f"{other} – Bir" in told


def test_she_gets_each_message_once_in_the_app_she_wrote_in_last(
    each_world: World,
) -> None:
    world = each_world
    first, second, _ = linked(world)
    call = Broadcast(parse_segment("all"), {"nl": "Kom naar het plein."}, None)
    for last, turn in ((first, "msg_1"), (second, "msg_2")):
        world.clock.pass_time(days=4)
        world.says(last, "status")
        before = {person: len(world.pushes(person)) for person in (first, second)}
        assert accept(world.house, turn, call).answer["told"] == 1
        world.spread()
        more = {p: len(world.pushes(p)) - before[p] for p in (first, second)}
        assert more == {last: 1, (second if last is first else first): 0}


def told_in_both(world: World) -> tuple[Person, Person, int]:
    """Owe a broadcast to an author and to her other app, which is not linked yet."""
    first, number = author(world)
    second = world.person()
    call = Broadcast(parse_segment("all"), {"nl": "Kom naar het plein."}, None)
    assert accept(world.house, "msg_1", call).answer["told"] == 2
    world.spread()
    return first, second, number


def test_what_was_owed_to_both_apps_before_reaches_her_in_one(
    each_world: World,
) -> None:
    world = each_world
    first, second, number = told_in_both(world)
    assert [len(world.pushes(each)) for each in (first, second)] == [1, 1]
    assert JOINED in guesses(world, second, number)
    rows = [*world.pushes(first), *world.pushes(second)]
    told = [each for each in rows if each.broadcast_id is not None]
    left = {(each.delivery, each.reason) for each in told}
    assert left == {("queued", None), ("dropped", "told_elsewhere")}


def test_what_was_sent_to_one_app_before_does_not_go_to_the_other(
    each_world: World,
) -> None:
    world = each_world
    first, second, number = told_in_both(world)
    (sent,) = world.pushes(second)
    row = update(OutboundMessage).where(OutboundMessage.id == sent.id)
    with world.house.db.engine.begin() as db:
        db.execute(row.values(delivery="sent"))
    assert JOINED in guesses(world, second, number)
    (owed, _) = world.pushes(first)
    assert (owed.delivery, owed.reason) == ("dropped", "told_elsewhere")
    assert world.pushes(second)[0].delivery == "sent"


def test_a_broadcast_that_had_come_to_one_app_only_does_not_come_to_the_other(
    each_world: World,
) -> None:
    world = each_world
    second = world.person()
    first, number = author(world)
    call = Broadcast(parse_segment("all"), {"nl": "Kom naar het plein."}, None)
    assert accept(world.house, "msg_1", call).answer["told"] == 2
    assert spread_broadcasts(world.house, 1)
    assert [len(world.pushes(each)) for each in (first, second)] == [0, 1]
    assert JOINED in guesses(world, second, number)
    world.spread()
    rows = [*world.pushes(first), *world.pushes(second)]
    assert len([each for each in rows if each.broadcast_id is not None]) == 1


@pytest.mark.parametrize("key", ["results:msg_1:%s", "again:%s", "supports:7:%s"])
def test_a_key_that_ends_like_a_person_by_chance_stays_as_it_is(
    each_world: World, key: str
) -> None:
    """It ends with the number of a plan or a row: other news may have such a key."""
    world = each_world
    _, second, number = told_in_both(world)
    own = key % second.resident
    row = update(OutboundMessage).where(OutboundMessage.talk_id == second.talk)
    with world.house.db.engine.begin() as db:
        db.execute(row.where(OutboundMessage.priority == 1).values(dedupe_key=own))
    assert JOINED in guesses(world, second, number)
    (news,) = world.pushes(second)
    assert (news.dedupe_key, news.delivery) == (own, "queued")


def test_a_support_given_in_both_counts_once(each_world: World) -> None:
    world = each_world
    first, number = author(world)
    second, neighbour = world.person(), world.person()
    both, one = public(world, neighbour), public(world, neighbour)
    for person, plan in ((first, both), (second, both), (second, one)):
        world.says(person, f"steun {plan}")
    world.says(neighbour, "steun 120")
    assert world.plan_row(both).supports == 2
    guesses(world, second, number)
    assert [world.plan_row(each).supports for each in (both, one)] == [1, 1]
    rows = world.rows(table(Support).where(Support.resident_id == first.resident))
    assert {row.plan_id for row in rows} == {world.plan_row(n).id for n in (both, one)}


def test_what_she_gave_to_her_own_plan_does_not_count(each_world: World) -> None:
    world = each_world
    first, number = author(world)
    second, neighbour = world.person(), world.person()
    hers, here = public(world, first), public(world, second)
    for person, plan in ((second, hers), (neighbour, hers), (first, here)):
        world.says(person, f"steun {plan}")
        world.follow(person, plan)
    guesses(world, second, number)
    assert [world.plan_row(each).supports for each in (hers, here)] == [1, 0]
    assert [row.resident_id for row in world.rows(table(Support))] == [
        neighbour.resident
    ]
    assert [row.resident_id for row in world.rows(table(Follow))] == [
        neighbour.resident
    ]


def test_follows_marks_answers_and_tasks_go_along(each_world: World) -> None:
    world = each_world
    first, number = author(world)
    second = world.person()
    plan = public(world, None)
    for person in (first, second):
        world.follow(person, plan)
        world.vote(person)
    world.follow(second, 120)
    world.vote(second, COLLECTING)
    world.taps(second, "person")
    asked = {"plan_id": world.plan_row(plan).id, "question": {}}
    with world.house.db.engine.begin() as db:
        made = db.execute(insert(CheckIn).values(**asked, asked_at=world.clock()))
        told = {"checkin_id": made.inserted_primary_key[0], "answer": "good"}  # type: ignore[index]
        told |= {"resident_id": second.resident, "at": world.clock()}
        db.execute(insert(CheckInAnswer).values(told))
    assert JOINED in guesses(world, second, number)
    for each, count in ((Follow, 2), (Mark, 2), (CheckInAnswer, 1)):
        rows = world.rows(table(each))
        assert [row.resident_id for row in rows] == [first.resident] * count
    assert [task.talk_id for task in world.tasks()] == [second.talk]


def test_a_no_to_being_written_to_holds_in_both(each_world: World) -> None:
    world = each_world
    early, late = world.clock(), world.clock() + timedelta(hours=1)
    for hers, others, after in (
        (None, None, None),
        (True, None, True),
        (None, False, False),
        (True, False, False),
    ):
        first, number = author(world)
        second = world.person()
        world.change_resident(first, may_write=hers, pushed_at=early)
        world.change_resident(second, may_write=others, pushed_at=late)
        guesses(world, second, number)
        row = resident(world, first.resident)
        assert (row.may_write, row.pushed_at) == (after, late)


def test_the_word_is_kept_as_a_keyed_hash_that_is_hers_alone(world: World) -> None:
    (first, _), (second, _) = author(world), author(world)
    hashes = {resident(world, each.resident).word_hash for each in (first, second)}
    assert len(hashes) == 2
    assert {len(each) for each in hashes} == {64}


def test_another_word_replaces_the_first(each_world: World) -> None:
    first, number = author(each_world)
    each_world.says(first, "koppel")
    each_world.says(first, OTHER)
    second = each_world.person()
    assert WRONG in guesses(each_world, second, number, WORD)
    assert JOINED in guesses(each_world, second, number, OTHER)


def test_nothing_that_is_stored_shows_the_word(
    street: Street, ears: Ears, note: bytes
) -> None:
    ayse, fatima = street.ayse(), street.fatima()
    for words in ("Een bank onder de bomen", "ja", "koppel"):
        ayse.says(words)
        street.work()
    ears.says.append("Mijn woord is Zonnebloem.")
    ayse.sends_voice(note)
    street.work()
    assert "Zonnebloem" in ayse.heard[-1].text
    (plan,) = [row.number for row in plans_of_people(street)]
    fatima.says("koppel")
    street.work()
    ears.says += [RuntimeError("out of memory"), "Klaproos."]
    for _ in range(2):
        fatima.sends_voice(note)
        street.work()
    fatima.says(f"{plan} vergeetmijniet")
    fatima.sends_voice(note)
    ears.says.append(f"{plan} Papaver")
    fatima.says(f"{plan} zonnebloem")
    street.work()
    assert JOINED in fatima.heard[-1].text
    street.sweep()
    kept = everything(street.world).lower()
    assert "een bank onder" in kept
    for word in ("zonnebloem", "klaproos", "vergeetmijniet", "papaver"):
        assert word not in kept
    assert street.files() == []
    assert street.world.tasks() == []


def plans_of_people(street: Street) -> list[Any]:
    return street.world.rows(table(PlanRow).where(PlanRow.talk_id.is_not(None)))


def test_every_wrong_guess_gets_the_same_answer(each_world: World) -> None:
    world = each_world
    _, number = author(world)
    without = world.plan(world.person(), a_round=COLLECTING)
    nameless = world.plan(None, a_round=COLLECTING)
    answers = {
        guesses(world, world.person(), plan, word)
        for plan, word in (
            (number, OTHER),
            (without, WORD),
            (nameless, WORD),
            (299, WORD),
        )
    }
    assert len(answers) == 1
    assert WRONG in answers.pop()


def test_after_five_wrong_guesses_a_plan_is_closed_for_a_day(
    each_world: World,
) -> None:
    world = each_world
    first, number = author(world)
    for _ in range(5):
        assert world.pushes(first) == []
        assert WRONG in guesses(world, world.person(), number, OTHER)
    (push,) = world.pushes(first)
    assert "Iemand wilde een app koppelen" in push.text
    hers = world.person()
    assert WRONG in guesses(world, hers, number, WORD)
    world.clock.pass_time(hours=23, minutes=59)
    assert WRONG in guesses(world, hers, number, WORD)
    assert len(world.pushes(first)) == 1
    world.clock.pass_time(minutes=1)
    assert JOINED in guesses(world, hers, number, WORD)
    assert resident(world, first.resident).word_tries is None


def test_whoever_guesses_five_times_waits_a_day_whatever_the_plans(
    each_world: World,
) -> None:
    world = each_world
    people = [author(world) for _ in range(6)]
    stranger = world.person()
    for _, number in people[:5]:
        assert WRONG in guesses(world, stranger, number, OTHER)
    assert CLOSED in guesses(world, stranger, people[5][1], WORD)
    assert CLOSED in guesses(world, stranger, 299, WORD)
    assert not any(world.pushes(person) for person, _ in people)
    world.clock.pass_time(days=1)
    assert JOINED in guesses(world, stranger, people[5][1], WORD)


def test_many_guesses_at_the_same_moment_are_five(each_world: World) -> None:
    world = each_world
    first, number = author(world)
    strangers = [world.person() for _ in range(8)]
    for each in strangers:
        world.says(each, "koppel")
    at_once(*[lambda p=p: world.says(p, f"{number} {OTHER}") for p in strangers])
    assert resident(world, first.resident).word_tries == 5
    assert len(world.pushes(first)) == 1
    assert world.tasks() == []


def test_two_apps_linked_at_the_same_moment_are_one_person(each_world: World) -> None:
    world = each_world
    first, number = author(world)
    others = [world.person() for _ in range(3)]
    for each in others:
        world.says(each, "koppel")
    at_once(*[lambda p=p: world.says(p, f"{number} {WORD}") for p in others])
    assert {owner(world, each) for each in (first, *others)} == {first.resident}
    assert world.tasks() == []


def test_two_who_name_each_other_at_the_same_moment_are_one_person(
    each_world: World,
) -> None:
    world = each_world
    (one, here), (other, there) = author(world), author(world, OTHER)
    for each in (one, other):
        world.taps(each, "link:there")
    at_once(
        lambda: world.says(one, f"{there} {OTHER}"),
        lambda: world.says(other, f"{here} {WORD}"),
    )
    assert owner(world, one) == owner(world, other)
    for plan in (here, there):
        assert world.plan_row(plan).resident_id == owner(world, one)
    assert world.tasks() == []


def test_a_message_in_her_other_app_at_the_same_moment_is_not_lost(
    each_world: World,
) -> None:
    world = each_world
    _, number = author(world)
    second = world.person()
    plan = public(world, None)
    world.says(second, "koppel")
    third = world.person()
    world.change_talk(third, resident_id=second.resident)
    at_once(
        lambda: world.says(second, f"{number} {WORD}"),
        lambda: world.says(third, f"steun {plan}"),
    )
    (row,) = world.rows(table(Support))
    assert row.resident_id == owner(world, second) == owner(world, third)
    assert world.tasks() == []


def test_a_third_app_is_linked_like_the_second(each_world: World) -> None:
    first, second, number = linked(each_world)
    third = each_world.person()
    guesses(each_world, third, number)
    people = (first, second, third)
    assert {owner(each_world, each) for each in people} == {first.resident}
    each_world.says(second, "bağla")
    each_world.taps(second, "link:there")
    each_world.says(second, f"{number} {WORD}")
    assert "zaten sizin" in each_world.texts(second)[-1]


def test_stop_in_one_app_is_stop_in_all_and_writing_begins_that_one(
    each_world: World,
) -> None:
    first, second, _ = linked(each_world)
    stranger = each_world.person()
    each_world.says(first, "stop")
    stopped = [each_world.talk(p).stopped_at for p in (first, second, stranger)]
    assert stopped == [each_world.clock(), each_world.clock(), None]
    each_world.says(second, "durum")
    stopped = [each_world.talk(p).stopped_at for p in (first, second)]
    assert stopped == [each_world.clock(), None]


def test_an_app_where_she_said_stop_is_not_told(each_world: World) -> None:
    first, number = author(each_world)
    each_world.says(first, "stop")
    assert JOINED in guesses(each_world, each_world.person(), number)
    assert each_world.pushes(first) == []


@pytest.mark.parametrize("which", [0, 1])
def test_forgetting_her_in_one_app_forgets_her_in_all(
    each_world: World, which: int
) -> None:
    world = each_world
    first, second, number = linked(world)
    person = (first, second)[which]
    world.taps(person, "forget")
    world.taps(person, "forget:drop")
    forgotten = [world.talk(each).forgotten_at for each in (first, second)]
    assert forgotten == [world.clock()] * 2
    assert world.plan_row(number).resident_id is None
    row = resident(world, first.resident)
    assert (row.word_hash, row.word_tries, row.word_tried_at) == (None, None, None)
    assert len(world.rows(table(Erasure))) == 2, "a backup forgets both addresses"
    assert WRONG in guesses(world, world.person(), number)


def votes(world: World, person: Person, numbers: str) -> str:
    world.says(person, f"stem {numbers}")
    world.taps(person, "yes")
    return str(world.texts(person)[-1])


def picks(world: World) -> list[list[int]]:
    return sorted(row.picks for row in world.rows(table(BallotRow)))


def test_who_voted_in_one_app_changes_her_vote_there(each_world: World) -> None:
    world = each_world
    first, number = author(world)
    second = world.person()
    votes(world, second, "21 30")
    guesses(world, second, number)
    world.says(first, "stem 22")
    assert "in uw andere app" in world.texts(first)[-1]
    assert isinstance(load_talk(world.talk(first).state).state, Menu)
    votes(world, second, "22")
    assert picks(world) == [[22]]
    assert len(world.rows(table(Mark))) == 1


def test_a_ballot_that_was_open_while_she_voted_elsewhere_does_not_count(
    each_world: World,
) -> None:
    world = each_world
    first, number = author(world)
    second = world.person()
    world.says(first, "stem 22")
    votes(world, second, "21 30")
    guesses(world, second, number)
    world.taps(first, "yes")
    assert "in uw andere app" in world.texts(first)[-1]
    assert picks(world) == [[21, 30]]
    assert world.tasks() == []


def test_two_votes_at_the_same_moment_are_one(each_world: World) -> None:
    world = each_world
    first, number = author(world)
    second = world.person()
    guesses(world, second, number)
    for person in (first, second):
        world.says(person, "stem 21 30")
        assert isinstance(load_talk(world.talk(person).state).state, ConfirmingVote)
    at_once(*[lambda p=p: world.taps(p, "yes") for p in (first, second)])
    assert picks(world) == [[21, 30]]
    assert len(world.rows(table(Mark))) == 1


def test_two_ballots_from_before_stay_two_each_changed_in_its_app(
    each_world: World,
) -> None:
    world = each_world
    first, number = author(world)
    second = world.person()
    votes(world, first, "21")
    votes(world, second, "30")
    guesses(world, second, number)
    assert picks(world) == [[21], [30]]
    votes(world, first, "22")
    votes(world, second, "70")
    assert picks(world) == [[22], [70]]
    assert [row.resident_id for row in world.rows(table(Mark))] == [first.resident]


def test_my_data_counts_what_both_apps_hold(world: World) -> None:
    first, second, _ = linked(world)
    world.says(first, "mijn gegevens")
    world.says(second, "bilgilerim")
    told = "\n".join(world.texts(first) + world.texts(second))
    assert "Bewaarde berichten: 5." in told
    assert "Niemand kan het lezen." in told
    assert "Onu kimse okuyamaz." in told

"""What the web page is shown of a talk, and what it may fetch."""

from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import Sent
from bot.domain.kinds import BROADCAST
from bot.domain.money import Money
from bot.domain.round_terms import MOST_PICKS, BallotKind
from bot.domain.say import Reply, Say
from bot.services import webchat
from bot.services.house import Scene
from bot.services.links import back_link
from bot.services.outbox import Letter, Push, owe
from bot.services.outcomes import Outcomes, record_outcomes
from bot.services.talks import find_talk
from tests.services.ruled import lay_down
from tests.worlds import Person, World


@pytest.fixture
def person(world: World) -> Person:
    return world.person("en", channel="web")


def send_all(world: World) -> None:
    """Let the page's channel take everything that is owed, as the sender does."""
    done = [
        Outcomes(owed, Sent("x"), None, world.clock()) for owed in world.postman.taken
    ]
    world.house.db.run(lambda db: record_outcomes(db, done))
    world.postman.taken.clear()


def page(world: World, person: Person, after: str = "") -> webchat.History:
    return webchat.history(world.house, person.address, after)


def shown(history: webchat.History) -> list[tuple[bool, str]]:
    return [(each.mine, each.text) for each in history.messages]


def test_a_talk_is_shown_from_both_sides_in_order(world: World, person: Person) -> None:
    world.says(person, "A bench under the trees")
    send_all(world)
    world.clock.pass_time(seconds=1)
    world.taps(person, "yes")
    send_all(world)
    (mine, read_back, tap, receipt, place) = page(world, person).messages
    assert [each.mine for each in (mine, read_back, tap, receipt, place)] == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert mine.text == "A bench under the trees"
    assert [choice.id for choice in read_back.choices] == ["yes", "no", "person"]
    assert tap.text == "Yes, this is my plan", "a tap is shown in the button's words"
    assert "number" in receipt.text


def knapsack(world: World) -> None:
    lay_down(
        world,
        ballot_kind=BallotKind.KNAPSACK,
        ballot_budget=Money.euros(60_000),
        max_picks=MOST_PICKS,
    )


def test_a_balance_is_shown_while_a_ballot_with_a_sum_is_open(
    each_world: World,
) -> None:
    world = each_world
    knapsack(world)
    person = world.person("en", channel="web")
    assert page(world, person).balance is None
    world.taps(person, "menu:vote")
    world.says(person, "20")
    shown = page(world, person).balance
    assert shown is not None
    assert (shown.spent_cents, shown.budget_cents) == (44_000_00, 60_000_00)
    assert shown.words[1] == "There is 16,000 euros left."
    other = world.person("en", channel="web")
    assert page(world, other).balance is None, "it is hers alone"
    world.taps(person, "back")
    assert page(world, person).balance is None, "she has left the ballot"
    world.taps(person, "menu:vote")
    world.taps(person, "yes")
    assert page(world, person).balance is None, "it is sent"


def test_a_balance_of_picks_that_cannot_be_opened_is_none(
    world: World, person: Person
) -> None:
    knapsack(world)
    world.taps(person, "menu:vote")
    world.says(person, "20")
    world.change_talk(person, picks=b"sealed with a key that is gone")
    assert page(world, person).balance is None


def test_other_ballots_have_no_balance(world: World, person: Person) -> None:
    world.taps(person, "menu:vote")
    world.says(person, "20")
    assert page(world, person).balance is None


def test_only_what_is_new_is_given(world: World, person: Person) -> None:
    world.says(person, "A bench under the trees")
    send_all(world)
    first = page(world, person)
    assert page(world, person, first.cursor).messages == ()
    world.clock.pass_time(seconds=1)
    world.says(person, "no")
    send_all(world)
    news = page(world, person, first.cursor)
    assert shown(news)[0] == (True, "no")
    assert len(news.messages) == 2
    assert page(world, person, news.cursor).messages == ()


@pytest.mark.parametrize(
    "cursor", ["", "nonsense", "i-1o-1", "i1", "i1o1; DROP TABLE x"]
)
def test_a_cursor_that_is_none_begins_at_the_beginning(
    world: World, person: Person, cursor: str
) -> None:
    world.says(person, "A bench under the trees")
    send_all(world)
    assert len(page(world, person, cursor).messages) == 2


def test_nobody_sees_the_talk_of_somebody_else(world: World, person: Person) -> None:
    world.says(person, "A bench under the trees")
    send_all(world)
    stranger = webchat.history(world.house, "somebody-else", "")
    assert (stranger.messages, stranger.language) == ((), None)
    other = world.person(channel="telegram")
    world.says(other, "Een schommel")
    assert webchat.history(world.house, other.address, "").messages == ()


def test_what_shows_a_choice_is_emptied_once_the_page_has_it(
    world: World, person: Person
) -> None:
    world.says(person, "vote 21 30")
    send_all(world)
    first = page(world, person)
    assert "21 – " in first.messages[-1].text
    again = page(world, person)
    assert "21 – " in again.messages[-1].text, "the page may have lost the first answer"
    page(world, person, first.cursor)
    emptied = page(world, person).messages[-1]
    assert (emptied.text, emptied.choices, emptied.erased) == ("", (), True)
    assert all("21 – " not in text for text in world.texts(person))


def test_a_typed_vote_is_shown_as_erased(world: World, person: Person) -> None:
    world.says(person, "vote 21 30")
    send_all(world)
    typed = page(world, person).messages[0]
    assert (typed.mine, typed.text, typed.erased) == (True, "", True)


def test_news_that_come_due_later_are_new(world: World, person: Person) -> None:
    world.says(person, "hello")
    send_all(world)
    late = world.clock().replace(hour=20)
    talk = world.talk(person)

    def job(db: Any) -> Any:
        scene = Scene(world.house, db, world.clock())
        # What a broadcast owes is not handed over with an answer, as other news is.
        push = Push(late, letter=Letter(BROADCAST))
        return owe(scene, talk, Reply((Say("Thank you."),)), "news", push=push)

    world.house.db.run(job)
    world.says(person, "status")
    send_all(world)
    first = page(world, person)
    assert "Thank you." not in [text for _, text in shown(first)]
    world.clock.now = late
    world.postman.taken += world.send_due()
    send_all(world)
    assert (False, "Thank you.") in shown(page(world, person, first.cursor))


def test_a_recording_is_for_the_talk_it_belongs_to(
    world: World, person: Person, tmp_path: Path
) -> None:
    world.sends_note(person, b"her voice")
    (bubble,) = [each for each in page(world, person).messages if each.mine]
    assert bubble.sound is not None
    media = int(bubble.sound)
    assert webchat.recording(world.house, person.address, media) == (
        b"her voice",
        "audio/ogg",
    )
    assert webchat.recording(world.house, "somebody-else", media) is None
    assert webchat.recording(world.house, person.address, media + 1) is None
    for path in (tmp_path / "media").rglob("*.ogg"):
        path.unlink()
    assert webchat.recording(world.house, person.address, media) is None


def test_the_page_knows_that_somebody_listens(world: World, person: Person) -> None:
    assert not page(world, person).listening
    world.sends_note(person, b"her voice")
    assert page(world, person).listening
    world.clock.pass_time(seconds=61)
    assert not page(world, person).listening


def test_a_long_talk_shows_its_last_hundred(world: World, person: Person) -> None:
    for n in range(webchat.PAGE):
        world.clock.pass_time(seconds=1)
        world.says(person, f"hello {n}")
    send_all(world)
    assert len(page(world, person).messages) == webchat.PAGE
    assert shown(page(world, person))[-2] == (True, f"hello {webchat.PAGE - 1}")


def test_a_return_link_opens_her_talk_and_nobody_else_s(
    world: World, person: Person
) -> None:
    def job(db: Any) -> Any:
        scene = Scene(world.house, db, world.clock())
        return find_talk(scene, "web", person.address)

    link = back_link(world.house, world.house.db.run(job))
    token = link.partition("#back=")[2]
    assert webchat.open_return(world.house, token) == person.address
    other = "B" if token[0] == "A" else "A"
    assert webchat.open_return(world.house, other + token[1:]) is None

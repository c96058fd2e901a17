"""Nothing a resident said is public before a reviewer has ticked it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bot.domain.plans import Status
from bot.services.answers import NotNowError
from bot.services.checkins import Question
from bot.services.hooks import accept
from bot.services.house import Scene
from bot.services.plans import publish
from bot.services.results import Decided
from bot.store.civic import PlanRow
from tests.houses import Street, since
from tests.services.ears import Ears
from tests.services.test_results import publish as tell_results
from tests.worlds import COLLECTING, VOTING, World

WORDS = "Mijn buurvrouw Fatma Yilmaz wil een bank bij haar deur"
NAMES = ("Fatma", "Yilmaz", "haar deur")
TITLE = "Een bank voor de straat"
PAGES = ("", "/plans.json", "/results.json", "/ledger.json", "/export.pb")


def tells(street: Street, ears: Ears, note: bytes) -> int:
    """Let Ayse tell a plan in a voice note; return its number."""
    ears.says.append(WORDS)
    ayse = street.ayse()
    ayse.sends_voice(note)
    street.work()
    ayse.taps("yes")
    street.work()
    mine = select(PlanRow.number).where(PlanRow.talk_id.is_not(None))
    return int(street.world.one(mine)[0])


def tick(world: World, number: int) -> None:
    house, now = world.house, world.clock()
    titles = {"nl": TITLE, "tr": "Sokak icin bir bank"}
    house.db.run(lambda db: publish(Scene(house, db, now), number, titles, "bram"))


def shown(client: FlaskClient) -> str:
    """Return all that is public of the rounds."""
    places = [f"/open/rounds/{slug}{p}" for slug in (COLLECTING, VOTING) for p in PAGES]
    answers = [client.get(place) for place in ("/open", "/open/rounds.json", *places)]
    assert sum(answer.status_code == 200 for answer in answers) >= 6
    return "\n".join(answer.text for answer in answers)


def leaks(text: str) -> list[str]:
    return [each for each in NAMES if each in text]


def test_what_she_said_is_on_no_page_before_and_after_the_tick(
    each_street: Street, ears: Ears, note: bytes
) -> None:
    number = tells(each_street, ears, note)
    client = each_street.app.test_client()
    assert leaks(shown(client)) == []
    assert TITLE not in shown(client)
    tick(each_street.world, number)
    assert TITLE in shown(client)
    assert leaks(shown(client)) == []


def test_a_link_to_it_shows_a_neighbour_its_public_title_only(
    each_street: Street, ears: Ears, note: bytes
) -> None:
    number = tells(each_street, ears, note)
    bram = each_street.ayse(chat=43)
    for ticked in (False, True):
        if ticked:
            tick(each_street.world, number)
        before = len(bram.heard)
        for words in (f"plan {number}", f"steun {number}", f"volg {number}", "status"):
            bram.says(words)
            each_street.work()
        bram.opens(f"p{number}")
        each_street.work()
        told = "\n".join(since(bram, before))
        assert leaks(told) == []
        assert (TITLE in told) is ticked


def test_the_author_hears_the_public_version(
    each_street: Street, ears: Ears, note: bytes
) -> None:
    number = tells(each_street, ears, note)
    ayse = each_street.bot_api.residents[42]
    before = len(ayse.heard)
    tick(each_street.world, number)
    each_street.work()
    assert TITLE in "\n".join(since(ayse, before))


def test_no_ballot_shows_what_nobody_has_ticked(world: World) -> None:
    number = world.plan(world.person(), WORDS, status=Status.ON_BALLOT.value)
    voter = world.person("nl")
    for words in ("stem", f"{number}", f"stem {number}"):
        world.says(voter, words)
    assert leaks("\n".join(world.texts(voter))) == []


def test_a_message_to_followers_names_the_plan_by_its_public_title(
    each_world: World,
) -> None:
    world = each_world
    author, friend = world.person("nl"), world.person("nl")
    number = world.plan(author, WORDS)
    world.follow(friend, number)
    tell_results(world, Decided(number, Status.CHOSEN))
    assert world.texts(friend)
    assert leaks("\n".join(world.texts(friend))) == []
    assert leaks("\n".join(world.texts(author))) == list(NAMES)


def test_the_officials_own_system_cannot_make_it_public(world: World) -> None:
    from bot.services.hooks import StatusNews

    number = world.plan(world.person(), WORDS)
    with pytest.raises(NotNowError):
        accept(world.house, "msg_1", StatusNews(number, Status.PUBLIC))
    assert world.plan_row(number).status == "received"


def test_an_author_is_named_nowhere(world: World, client: FlaskClient) -> None:
    author = world.person(address="31612345678", phone="+31612345678")
    tick(world, world.plan(author, WORDS, COLLECTING))
    text = shown(client)
    assert TITLE in text
    hidden = (author.address, "31612345678", "Fatma")
    assert not [each for each in hidden if each in text]


def test_that_a_plan_is_stuck_stays_between_author_and_contact(
    world: World, client: FlaskClient
) -> None:
    author, friend = world.person("nl"), world.person("nl")
    number = world.plan(author, WORDS, status="chosen", title={"nl": TITLE})
    world.follow(friend, number)
    accept(world.house, "msg_1", Question({"nl": "Hoe gaat het?"}, (number,)))
    world.taps(author, "stuck")
    world.says(author, "De aannemer Jansen komt niet opdagen")
    (task, *_) = [each for each in world.tasks() if each.kind == "stuck"]
    assert task.plan_id == world.plan_row(number).id
    for words in ("status", f"plan {number}"):
        world.says(friend, words)
    seen = "\n".join([*world.texts(friend), shown(client)])
    assert "Jansen" not in seen
    assert "stuck" not in seen

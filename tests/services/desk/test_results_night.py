"""Results night with 144 authors: it ends with everybody reached or on the call list.

The real clients of Telegram and Twilio send to stand-ins of the two providers.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.plans import Status
from bot.services.answers import NotNowError
from bot.services.desk.night_acts import drop, stop
from bot.services.desk.night_count import fill
from bot.services.desk.night_plans import completeness
from bot.services.desk.night_progress import NightProgress, night_progress, tick_called
from bot.services.desk.nights import begin_night
from bot.services.desk.reaching import Reach
from bot.services.desk.rehearsing import sound_of_sample
from bot.services.desk.releasing import carry_out
from bot.services.hooks import accept
from bot.services.open_data import public_plans, public_result
from bot.services.results import Correction, Corrections, Decided, Results
from bot.services.webchat import history
from bot.store.talks import OutboundMessage
from synthesis import Voice
from tests.houses import Street, at_once, open_street
from tests.need import postgres_url
from tests.services.desk.night_town import (
    ANNA,
    AUTHORS,
    BRAM,
    CHOSEN,
    YASMINA,
    carry,
    lacking,
    let_go,
    moments,
    night_of,
    prepare,
    scene_do,
    settle,
)
from tests.worlds import VOTING, Person, World, own_postgres


@pytest.fixture(params=["sqlite", "postgres"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Street]:
    """A city with real channels, on each database."""
    if request.param == "sqlite":
        with open_street(f"sqlite:///{tmp_path / 'city.db'}", tmp_path) as made:
            yield made
        return
    with own_postgres(postgres_url()) as url, open_street(url, tmp_path) as made:
        yield made


def progress(world: World) -> NightProgress:
    night = night_of(world)
    found: NightProgress = scene_do(world, lambda scene: night_progress(scene, night))
    return found


def trouble(street: Street, people: dict[int, Person]) -> None:
    """Let some say stop, some block us, some lose their number; one we never knew."""
    world = street.world
    telegram = [each for each in people.values() if each.channel == "telegram"]
    whatsapp = [each for each in people.values() if each.channel == "whatsapp"]
    for person in telegram[:2]:
        street.bot_api.resident(int(person.address)).blocked = True
    for person in whatsapp[:2]:
        street.twilio.resident(person.address).stopped = True
    world.change_talk(telegram[2], stopped_at=world.clock())
    world.change_talk(whatsapp[2], closed_at=world.clock())
    world.change_resident(whatsapp[3], may_write=False)
    number = max(people)
    world.change_plan(number, resident_id=None, talk_id=None)


def open_pages(world: World, people: dict[int, Person], but: int) -> None:
    """Have everybody on the web page but the last few look at it."""
    pages = [each for each in people.values() if each.channel == "web"]
    for person in pages[:-but]:
        history(world.house, person.address, "")


def send_all(street: Street) -> None:
    """Let the worker send until nothing is due: a busy machine repeats some."""
    due = select(OutboundMessage.id).where(
        OutboundMessage.delivery == "queued",
        OutboundMessage.held.is_(None),
        OutboundMessage.due_at < street.clock() + timedelta(hours=1),
    )
    for _ in range(30):
        street.work()
        if not street.world.rows(due):
            return
        street.clock.pass_time(seconds=60)
    raise AssertionError("something is never sent")


def statuses(street: Street) -> None:
    """Have WhatsApp say that what was sent is delivered."""
    sent = update(OutboundMessage).where(
        OutboundMessage.channel == "whatsapp", OutboundMessage.delivery == "sent"
    )
    with street.house.db.engine.begin() as db:
        db.execute(sent.values(delivery="delivered"))


def test_everybody_is_reached_or_called(town: Street) -> None:
    world = town.world
    people = settle(world)
    night_id = prepare(world)
    night = night_of(world)
    whole = scene_do(world, lambda scene: completeness(scene, night))
    assert (whole.total, whole.lacking) == (AUTHORS, 0)
    assert whole.outcomes[Status.CHOSEN] == CHOSEN
    trouble(town, people)
    let_go(world, night_id)
    town.work()
    assert carry(world) == 0, "its moment has not come"
    assert [*town.bot_api.heard, *town.twilio.heard] == []
    world.clock.pass_time(hours=1, minutes=1)
    assert carry(world) == 1
    send_all(town)
    statuses(town)
    open_pages(world, people, but=4)
    world.clock.pass_time(days=3)
    carry(world)
    town.work()
    told = progress(world)
    assert told.total == AUTHORS
    assert told.total == told.told + told.waiting + told.counts[Reach.CALL]
    assert told.waiting == 0
    whys = Counter(each.why for each in told.calls)
    assert whys["unseen"] == 3
    assert whys["said_no"] == 1
    assert whys["no_talk"] == 1
    assert len(told.calls) == 2 + 2 + 1 + 1 + 1 + 1 + 3
    for each in told.calls:
        tick_called(world.house, night_id, each.plan, BRAM)
    done = progress(world)
    assert done.is_over
    assert done.counts[Reach.REACHED] + done.counts[Reach.CALLED] == AUTHORS
    _heard_once(town, people)


def _heard_once(town: Street, people: dict[int, Person]) -> None:
    """Nobody heard of her plan twice, nobody in another language than hers."""
    hearts = {"nl": "uw plan", "en": "your plan", "tr": "planınız", "ar": "خطت"}
    stories = [
        row
        for row in town.outbox()
        if str(row.dedupe_key).startswith("results:") and row.delivery != "failed"
        if not str(row.dedupe_key).endswith(STEPS)
    ]
    assert len({row.talk_id for row in stories}) == len(stories)
    languages = {each.talk: town.world.talk(each).language for each in people.values()}
    for row in stories:
        assert hearts[languages[row.talk_id]] in str(row.text).lower()
    phones = Counter(each.chat_id for each in town.bot_api.heard)
    numbers = Counter(each.address for each in town.twilio.heard)
    heard = Counter([*phones.values(), *numbers.values()])
    assert heard.keys() == {1, 2}
    assert heard[2] <= CHOSEN, "who is chosen also hears who does what"


STEPS = ":steps"


def stories_of(world: World, person: Person) -> list[Any]:
    """Return what a person was told of the result itself."""
    pushes = world.pushes(person)
    return [each for each in pushes if not str(each.dedupe_key).endswith(STEPS)]


@pytest.fixture
def small(each_world: World) -> tuple[World, dict[int, Person]]:
    """A smaller town on each database, its night prepared."""
    people = settle(each_world, 48)
    prepare(each_world)
    return each_world, people


def plan_json(world: World, number: int) -> Any:
    plans = public_plans(world.house, VOTING) or []
    return next(each for each in plans if each["number"] == number)


def test_nobody_learns_it_before_its_moment(
    small: tuple[World, dict[int, Person]],
) -> None:
    world, people = small
    number, author = next(iter(people.items()))
    neighbour = world.person("nl", "web")
    world.says(neighbour, "uitslag")
    before = world.texts(neighbour)[-1]
    assert "gekozen" not in before
    let_go(world, night_of(world).id)
    world.clock.pass_time(hours=1, minutes=1)
    assert carry(world) == 1
    assert "Uw plan is gekozen." in world.texts(author)[-2]
    assert "wie wat doet" in world.texts(author)[-1]
    assert "Stemmen voor uw plan" not in before
    world.says(neighbour, "uitslag")
    assert "gekozen" not in world.texts(neighbour)[-1]
    world.says(neighbour, str(number))
    assert "gekozen" not in world.texts(neighbour)[-1]
    world.says(author, "status")
    assert "Dit plan is gekozen." in world.texts(author)[-1]
    assert public_result(world.house, VOTING) is None
    told = plan_json(world, number)
    assert (told["status"], told.get("votes")) == ("on_ballot", None)
    world.clock.pass_time(days=1)
    assert carry(world) == 1
    world.says(neighbour, "uitslag")
    assert f"{number} " in "\n".join(world.texts(neighbour)[-2:])
    assert plan_json(world, number)["status"] == "on_ballot", "pages wait still"
    assert public_result(world.house, VOTING) is None
    world.clock.pass_time(hours=1)
    assert carry(world) == 1
    told = plan_json(world, number)
    assert (told["status"], told["votes"]) == ("chosen", 40)
    assert public_result(world.house, VOTING) is not None
    assert not carry_out(world.house)


def test_what_waits_at_the_desk_is_not_told_by_the_citys_system(
    small: tuple[World, dict[int, Person]],
) -> None:
    world, people = small
    number, author = next(iter(people.items()))
    chosen = Decided(number, Status.CHOSEN, contact=YASMINA)
    wrong = Correction(number, Status.CHOSEN, Status.NOT_VOTED_IN)
    before = len(world.texts(author))
    for call in (
        Results(VOTING, "final", (chosen,)),
        Corrections(VOTING, (wrong,)),
    ):
        with pytest.raises(NotNowError, match="results night"):
            accept(world.house, "msg_1", call)
    assert len(world.texts(author)) == before
    drop(world.house, night_of(world).id, BRAM)
    accept(world.house, "msg_1", Results(VOTING, "final", (chosen,)))
    assert len(world.texts(author)) == before + 1


def test_nothing_goes_out_while_one_author_lacks_a_story(
    small: tuple[World, dict[int, Person]],
) -> None:
    """A plan that comes in after the release stops the night at its moment."""
    world, people = small
    night_id = night_of(world).id
    let_go(world, night_id)
    world.plan(world.person("nl"), public_at=world.clock(), status="public")
    world.clock.pass_time(hours=2)
    assert carry(world) == 1
    night = night_of(world)
    assert (night.state, night.is_told) == ("draft", False)
    assert night.trouble is not None
    assert night.trouble["why"] == "lacks"
    assert not any(world.pushes(person) for person in people.values())


def test_stopped_before_its_moment_nobody_hears(
    small: tuple[World, dict[int, Person]],
) -> None:
    world, people = small
    night_id = night_of(world).id
    let_go(world, night_id)
    stop(world.house, night_id, BRAM)
    world.clock.pass_time(days=3)
    assert carry(world) == 0
    assert not any(world.pushes(person) for person in people.values())
    let_go(world, night_id)
    world.clock.pass_time(hours=2)
    carry(world)
    assert all(len(stories_of(world, person)) == 1 for person in people.values())


def test_ten_workers_at_once_tell_everybody_once(
    small: tuple[World, dict[int, Person]],
) -> None:
    world, people = small
    let_go(world, night_of(world).id)
    world.clock.pass_time(hours=2)
    ended = at_once(*[partial(carry_out, world.house)] * 4)
    assert not [each for each in ended if isinstance(each, Exception)]
    carry(world)
    assert all(len(stories_of(world, person)) == 1 for person in people.values())


def test_a_worker_that_dies_half_way_has_told_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = settle(world, 44)
    let_go(world, prepare(world))
    world.clock.pass_time(hours=2)
    with monkeypatch.context() as dying:
        dying.setattr("bot.services.desk.releasing.touch", _die)
        with pytest.raises(KeyboardInterrupt):
            carry_out(world.house)
    assert not night_of(world).is_told
    assert not any(world.pushes(person) for person in people.values())
    assert carry(world) == 1
    assert all(len(stories_of(world, person)) == 1 for person in people.values())


def _die(_: object) -> None:
    raise KeyboardInterrupt


def test_a_provisional_result_is_told_and_then_the_final_one(
    small: tuple[World, dict[int, Person]],
) -> None:
    world, people = small
    number, author = next(iter(people.items()))
    let_go(world, night_of(world).id, moments(world, "provisional"))
    for _ in range(3):
        world.clock.pass_time(days=1, hours=2)
        carry(world)
    assert night_of(world).state == "done"
    first = world.pushes(author)[0].text
    assert "De gemeente moet dit nog bevestigen." in first
    night_id = begin_night(world.house, VOTING, "final", ANNA)
    fill(world.house, night_id, None, ANNA)
    assert plan_json(world, number)["status"] == "chosen", "what was public stays"
    assert public_result(world.house, VOTING) is not None
    assert lacking(world) == 0, "reasons and contacts come along"
    let_go(world, night_id)
    world.clock.pass_time(hours=2)
    assert carry(world) == 1
    told = [
        row.text for row in world.pushes(author) if "Uw plan is gekozen." in row.text
    ]
    assert len(told) == 2
    assert "bevestigen" not in told[-1]


def test_followers_hear_with_the_voters_not_with_the_author(
    small: tuple[World, dict[int, Person]],
) -> None:
    world, people = small
    number = next(iter(people))
    friend, voter = world.person("nl"), world.person("nl")
    world.follow(friend, number)
    world.vote(voter)
    let_go(world, night_of(world).id)
    world.clock.pass_time(hours=2)
    carry(world)
    assert world.pushes(friend) == world.pushes(voter) == []
    world.clock.pass_time(days=1)
    carry(world)
    world.spread()
    assert "Dit plan is gekozen." in world.pushes(friend)[0].text
    assert "Typ of zeg: uitslag." in world.pushes(voter)[0].text


def test_a_withdrawn_plan_is_gone_and_not_called(
    small: tuple[World, dict[int, Person]],
) -> None:
    world, people = small
    let_go(world, night_of(world).id)
    number = max(people)
    world.change_plan(number, status="withdrawn", resident_id=None)
    world.clock.pass_time(hours=2)
    carry(world)
    told = progress(world)
    assert told.total == len(people) - 1
    assert number not in {each.plan for each in told.calls}


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_a_rehearsal_is_heard_and_nobody_is_sent_anything(
    world: World, voice: Voice, language: str
) -> None:
    people = settle(world, 41)
    night_id = prepare(world)
    house = replace(world.house, voice=voice)
    sound = sound_of_sample(house, night_id, min(people), language)
    assert sound is not None
    assert sound[:4] == b"OggS"
    assert not any(world.told(person) for person in people.values())

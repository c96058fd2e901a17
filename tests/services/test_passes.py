"""Passes in service: judged, bound to a chat, used once; nothing tells on anybody."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from bot.domain.messages import Inbound, Sender, Text
from bot.domain.passes import (
    ALARM_AN_HOUR,
    MOST_PER_CHAT,
    SLIPS_A_DAY,
    UNKNOWN_A_DAY,
    WRONG_AN_HOUR,
    PassClass,
    PassState,
    shown,
    with_check,
)
from bot.services.demo import demo_passes
from bot.services.house import Scene
from bot.services.inbound import take_in
from bot.services.pass_register import (
    Letter,
    Making,
    PassRefusedError,
    count_passes,
    list_acts,
    make_passes,
    open_passes,
    recast_pass,
    replace_pass,
    void_pass,
)
from bot.store.base import Base
from bot.store.civic import BallotRow
from bot.store.passes import PassRow, PassTry, Receipt
from bot.store.talks import Media
from tests.need import postgres_url
from tests.worlds import VOTING, Person, World, open_world, own_postgres, table

UNKNOWN = [with_check(f"5{n:09}") for n in range(200)]
BY = "anna and bram"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[World]:
    """A neighbourhood that votes with passes, on SQLite."""
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with open_world(url, tmp_path / "media", eligibility="pass") as made:
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def each_city(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The same on each database we support."""
    if request.param == "sqlite":
        yield request.getfixturevalue("city")
        return
    with (
        own_postgres(postgres_url()) as url,
        open_world(url, tmp_path / "media", eligibility="pass") as made,
    ):
        yield made


def passes(city: World) -> list[Letter]:
    return list(demo_passes(city.house))


def act(city: World, verb: Any, *args: Any) -> Any:
    house = city.house
    return house.db.run(lambda db: verb(Scene(house, db, city.clock()), *args))


def votes(city: World, person: Person, code: str, numbers: str = "21 30") -> str:
    """Vote with a pass; return the last thing she was told."""
    city.says(person, shown(code))
    city.says(person, numbers)
    city.taps(person, "yes")
    return city.texts(person)[-1]


def ballots(city: World) -> list[Any]:
    return sorted(tuple(row.picks) for row in city.rows(table(BallotRow)))


def row_of(city: World, letter: Letter) -> Any:
    return city.one(table(PassRow).where(PassRow.serial == letter.serial))


def test_a_pass_votes_once_whatever_way_it_is_shown(each_city: World) -> None:
    letter = passes(each_city)[0]
    person = each_city.person("en")
    each_city.says(person, f"vote k_{letter.token}")
    assert "Your pass is right." in each_city.texts(person)[-1]
    each_city.says(person, "21 30")
    each_city.taps(person, "yes")
    assert ballots(each_city) == [(21, 30)]
    votes(each_city, person, letter.code, "40")
    assert ballots(each_city) == [(40,)], "the token and the code are one voter"
    assert row_of(each_city, letter).state == PassState.USED
    (ballot,) = each_city.rows(table(BallotRow))
    assert ballot.voter_class == PassClass.RESIDENT


def test_a_new_receipt_replaces_the_old_one(each_city: World) -> None:
    letter, other = passes(each_city)[:2]
    person = each_city.person("en")
    first = votes(each_city, person, letter.code)
    second = votes(each_city, person, letter.code, "40")
    votes(each_city, person, other.code)
    kept = [row.receipt for row in each_city.rows(table(Receipt))]
    assert len(kept) == 2
    told = [re.search(r"\d{4}\u00a0\d{4}", text) for text in (first, second)]
    assert [found is not None and found[0] in kept for found in told] == [False, True]


def test_in_another_chat_it_is_refused_and_nothing_changes(each_city: World) -> None:
    letter = passes(each_city)[0]
    ayse, other = each_city.person("en"), each_city.person("en", channel="whatsapp")
    each_city.says(ayse, letter.code)
    votes(each_city, other, letter.code)
    assert ballots(each_city) == []
    assert "counter" in each_city.texts(other)[0]
    votes(each_city, ayse, letter.code)
    assert ballots(each_city) == [(21, 30)]


def test_six_neighbours_vote_on_one_phone_and_the_seventh_is_a_task(
    city: World,
) -> None:
    person = city.person("en")
    for n, letter in enumerate(passes(city)[:MOST_PER_CHAT]):
        numbers = ("21", "30", "31", "40", "41", "42")[n]
        city.says(person, letter.code)
        opened = city.texts(person)[-1]
        assert "You can vote now." in opened
        city.says(person, numbers)
        city.taps(person, "yes")
        city.taps(person, "vote:other")
    assert len(ballots(city)) == MOST_PER_CHAT
    city.says(person, passes(city)[MOST_PER_CHAT].code)
    assert "More is not possible." in city.texts(person)[-1]
    assert [task.kind for task in city.tasks()] == ["passes"]


def test_who_comes_after_an_unfinished_ballot_sees_nothing_of_it(city: World) -> None:
    one, two = passes(city)[:2]
    phone = city.person("en")
    city.says(phone, one.code)
    city.says(phone, "21 30")
    city.says(phone, two.code)
    assert "21" not in city.texts(phone)[-1]
    city.says(phone, "40")
    city.taps(phone, "yes")
    assert ballots(city) == [(40,)]
    assert row_of(city, one).state == PassState.OPEN
    city.taps(phone, "menu:vote")
    assert "21" not in city.texts(phone)[-1], "back at the ballot the pass is asked"


def test_plans_named_before_wait_for_the_pass(city: World) -> None:
    person = city.person("en")
    city.says(person, "vote 21 30")
    assert city.house.keys.open(city.talk(person).picks) == f'["{VOTING}",21,30]'
    city.says(person, passes(city)[0].code)
    assert "Is this your choice?" in city.texts(person)[-1]
    city.taps(person, "yes")
    assert ballots(city) == [(21, 30)]


def test_a_first_message_with_a_square_code_is_kept_nowhere(city: World) -> None:
    stranger, letter = Person(1, 1, "telegram", "new-here"), passes(city)[0]
    take_in(city.house, from_link(stranger, f"k_{letter.token}"))
    assert not leaks(city, [letter.token, letter.code])
    city.taps(stranger, "lang:en")
    city.says(stranger, "21")
    city.taps(stranger, "yes")
    assert ballots(city) == [(21,)]
    assert not leaks(city, [letter.token, letter.code])


def from_link(person: Person, start: str, place: str = "") -> Inbound:
    sender, text = Sender(person.address), Text("", start=start)
    return Inbound(person.channel, uuid4().hex, sender, text, place=place)


def leaks(city: World, secrets: list[str]) -> list[str]:
    """Return each place in the database where one of these stands."""
    found = []
    for each in Base.metadata.sorted_tables:
        for row in city.rows(each.select()):
            line = json.dumps(list(row), default=str, ensure_ascii=False)
            bare = re.sub(r"[\s\u00a0-]", "", line)
            found += [f"{each.name}" for secret in secrets if secret in bare]
    return found


def test_no_code_is_in_any_table_at_any_time(city: World) -> None:
    letter = passes(city)[0]
    secrets = [letter.code, letter.token]
    assert leaks(city, ["Geveltuinen"]), "words are found where there are some"
    person = city.person("en")
    for words in ("vote", shown(letter.code), "21", "yes", f"k_{letter.token}"):
        city.says(person, words)
        assert leaks(city, secrets) == []
    for part in ("vote", letter.code[:8], "yes", letter.code[8:]):
        city.says(person, part)
    for row in city.told(person):
        assert letter.code[:4] not in row.text or row.secret


def test_a_pass_that_waits_behind_a_voice_note_waits_encrypted(
    city: World, note: bytes
) -> None:
    letter, person = passes(city)[0], city.person("en", channel="web")
    city.sends_note(person, note)
    city.says(person, shown(letter.code))
    (waiting,) = [row for row in city.inbound() if row.stage == "waiting"]
    assert list(waiting.body) == ["sealed"]
    assert leaks(city, [letter.code]) == []
    city.clock.pass_time(minutes=2)
    city.says(person, "21")
    assert "Is this your choice?" in city.texts(person)[-1]
    city.taps(person, "yes")
    assert ballots(city) == [(21,)]
    assert [row.body for row in city.inbound() if row.id == waiting.id] == [{}]


def test_the_provider_is_to_erase_what_held_a_pass(city: World) -> None:
    letter, person = passes(city)[0], city.person("en")
    sender = Sender(person.address)
    for n, words in enumerate(("hello", shown(letter.code), "21")):
        text = Text(words)
        message = Inbound("telegram", uuid4().hex, sender, text, place=f"42:{n}")
        take_in(city.house, message)
    rows = city.rows(table(Media).where(Media.kind == "message"))
    assert [row.source["place"] for row in rows] == ["42:1"]


def test_a_slip_is_no_guess_and_twenty_are_too_many(each_city: World) -> None:
    letter, person = passes(each_city)[0], each_city.person("en")
    each_city.taps(person, "menu:vote")
    slip = letter.code[:-1] + str((int(letter.code[-1]) + 1) % 10)
    for _ in range(SLIPS_A_DAY):
        each_city.says(person, slip)
        assert "One of the numbers is not right" in each_city.texts(person)[-1]
    each_city.says(person, letter.code)
    assert "Please try again tomorrow." in each_city.texts(person)[-1]
    each_city.clock.pass_time(hours=25)
    each_city.says(person, letter.code)
    assert "Your pass is right." in each_city.texts(person)[-1]


def test_after_five_unknown_passes_a_chat_waits_a_day_but_a_scan_works(
    each_city: World,
) -> None:
    letter, person = passes(each_city)[0], each_city.person("en")
    for code in UNKNOWN[:UNKNOWN_A_DAY]:
        each_city.says(person, code)
        assert "I do not know this pass." in each_city.texts(person)[-1]
    each_city.says(person, letter.code)
    assert "Please try again tomorrow." in each_city.texts(person)[-1]
    assert each_city.told(person)[-1].choices[0][0] == "person"
    take_in(each_city.house, from_link(person, f"k_{letter.token}"))
    assert "Your pass is right." in each_city.texts(person)[-1]


def guessed(city: World, count: int) -> None:
    """Let strangers guess so often, each a few times."""
    for n in range(count):
        if n % UNKNOWN_A_DAY == 0:
            thief = city.person("en")
        city.says(thief, UNKNOWN[n])


def test_eighty_wrong_codes_in_an_hour_stop_typing_in_new_chats(
    each_city: World,
) -> None:
    one, two, three = passes(each_city)[:3]
    known, new = each_city.person("en"), each_city.person("en")
    each_city.says(known, one.code)
    guessed(each_city, WRONG_AN_HOUR)
    each_city.says(new, two.code)
    assert "You cannot type a pass right now." in each_city.texts(new)[-1]
    each_city.says(known, three.code)
    assert "Your pass is right." in each_city.texts(known)[-1]
    take_in(each_city.house, from_link(new, f"k_{two.token}"))
    assert "Your pass is right." in each_city.texts(new)[-1]
    each_city.clock.pass_time(minutes=61)
    fresh = each_city.person("en")
    each_city.says(fresh, passes(each_city)[3].code)
    assert "Your pass is right." in each_city.texts(fresh)[-1]


def test_a_hundred_unknown_codes_in_an_hour_are_an_alarm(
    city: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Typed in chats that have a pass, for new ones wait after eighty."""
    codes = iter(UNKNOWN)
    with caplog.at_level(logging.WARNING, "bot.services.passes"):
        people = {city.person("en"): letter.code for letter in passes(city)}
        for person, code in people.items():
            city.says(person, code)
        for person in people:
            for _ in range(UNKNOWN_A_DAY):
                city.says(person, next(codes))
    alarms = [each.getMessage() for each in caplog.records]
    assert alarms == [f"many unknown passes last_hour={ALARM_AN_HOUR}"]
    assert not re.search(r"\d{12}", caplog.text)


def test_tries_name_no_chat_and_go_after_two_days(city: World) -> None:
    from bot.services.sweep import sweep

    person = city.person("en")
    city.says(person, UNKNOWN[0])
    (tried,) = city.rows(table(PassTry))
    assert person.address not in tried.chat_hash
    city.clock.pass_time(days=1)
    sweep(city.house)
    assert city.rows(table(PassTry))
    city.clock.pass_time(days=1, minutes=1)
    sweep(city.house)
    assert not city.rows(table(PassTry))


def made(city: World, count: int = 3, **how: Any) -> list[Letter]:
    making = Making(VOTING, PassClass.RESIDENT, count, 12, "anna")
    return list(act(city, make_passes, replace(making, **how)))


def test_printed_passes_open_when_the_letters_are_out(each_city: World) -> None:
    letters = made(each_city)
    person = each_city.person("en")
    each_city.says(person, letters[0].code)
    assert "This pass is not open yet." in each_city.texts(person)[-1]
    assert act(each_city, open_passes, VOTING, None, "anna") == 3
    assert act(each_city, open_passes, VOTING, None, "anna") == 0
    each_city.says(person, letters[0].code)
    assert "Your pass is right." in each_city.texts(person)[-1]


def test_a_lost_letter_is_replaced_before_its_first_use_only(each_city: World) -> None:
    lost, spare, used = made(each_city)
    act(each_city, open_passes, VOTING, None, "anna")
    (envelope,) = made(each_city, 1)
    person = each_city.person("en")
    given = act(each_city, replace_pass, lost.serial, BY, None)
    each_city.says(person, lost.code)
    assert "This pass does not count any more." in each_city.texts(person)[-1]
    votes(each_city, person, given.code)
    assert act(each_city, replace_pass, spare.serial, BY, envelope.serial) is None
    votes(each_city, person, envelope.code)
    votes(each_city, person, used.code)
    assert len(ballots(each_city)) == 3
    for verb, args in ((void_pass, (BY,)), (replace_pass, (BY, None))):
        with pytest.raises(PassRefusedError, match="recast"):
            act(each_city, verb, used.serial, *args)
    with pytest.raises(PassRefusedError, match="void already"):
        act(each_city, void_pass, lost.serial, BY)
    with pytest.raises(PassRefusedError, match="no pass"):
        act(each_city, void_pass, "abcdef", BY)


def test_whose_pass_a_relative_used_votes_anew_at_the_counter(each_city: World) -> None:
    letter = passes(each_city)[0]
    relative, counter = each_city.person("en"), each_city.person("en", channel="web")
    votes(each_city, relative, letter.code, "21")
    told = len(each_city.told(relative))
    act(each_city, recast_pass, letter.serial, BY)
    each_city.says(counter, letter.code)
    assert "There is a vote with this pass already." in each_city.texts(counter)[-1]
    each_city.says(counter, "40")
    each_city.taps(counter, "yes")
    assert ballots(each_city) == [(40,)]
    assert len(each_city.told(relative)) == told, "the old chat is not told"
    votes(each_city, relative, letter.code, "21")
    assert ballots(each_city) == [(40,)]
    each_city.clock.pass_time(days=60)
    with pytest.raises(PassRefusedError, match="not voting"):
        act(each_city, recast_pass, letter.serial, BY)


def test_a_ballot_begun_before_a_recast_is_refused(city: World) -> None:
    letter, relative = passes(city)[0], city.person("en")
    city.says(relative, letter.code)
    city.says(relative, "21")
    act(city, recast_pass, letter.serial, BY)
    city.taps(relative, "yes")
    assert ballots(city) == []
    assert "This pass cannot be used here now." in city.texts(relative)[-1]


def test_more_than_a_twentieth_of_a_lucky_guess_is_refused(city: World) -> None:
    for count, digits in ((50_000, 12), (0, 12), (5, 16), (5, 13)):
        with pytest.raises(PassRefusedError) as refused:
            made(city, count, digits=digits)
        assert "\n" not in str(refused.value)
    with pytest.raises(PassRefusedError, match="lucky guesses"):
        made(city, 50_000)
    assert len(city.rows(table(PassRow))) == 20


def test_the_trail_says_who_did_what_and_no_code(city: World) -> None:
    lost, *_ = made(city)
    act(city, void_pass, lost.serial, BY)
    view = city.house.db.run(city.house.catalog.view)
    acts = act(city, lambda scene: list(list_acts(scene.db, view.round_id(VOTING))))
    assert [(each.act, each.by, each.serial) for each in acts] == [
        ("create", "demo", None),
        ("create", "anna", None),
        ("void", BY, lost.serial),
    ]
    counted = act(city, lambda scene: count_passes(scene.db, view.round_id(VOTING)))
    assert counted == {
        ("resident", "open"): 20,
        ("resident", "printed"): 2,
        ("resident", "void"): 1,
    }
    assert not leaks(city, [lost.code, lost.token])


def test_a_test_pass_votes_and_says_that_it_does_not_count(city: World) -> None:
    (letter,) = made(city, 1, kind=PassClass.TEST, state=PassState.OPEN)
    person = city.person("en")
    votes(city, person, letter.code)
    assert "This is a test pass." in city.texts(person)[0]
    (ballot,) = city.rows(table(BallotRow))
    assert ballot.voter_class == "test"


def test_after_closing_no_pass_opens_a_ballot(city: World) -> None:
    letter, person = passes(city)[0], city.person("en")
    city.says(person, letter.code)
    city.says(person, "21")
    city.clock.pass_time(days=30)
    city.taps(person, "yes")
    city.says(person, letter.code)
    assert ballots(city) == []
    assert "You cannot vote with this pass now." in city.texts(person)[-1]


def test_no_chat_is_named_in_the_register(city: World) -> None:
    letter, person = passes(city)[0], city.person("en")
    votes(city, person, letter.code)
    rows = city.rows(table(PassRow))
    assert not [row for row in rows if person.address in str(row)]
    hashes = {row.code_hash for row in rows} | {row.chat_hash for row in rows}
    (ballot,) = city.rows(table(BallotRow))
    assert ballot.voter not in hashes
    (receipt,) = city.rows(table(Receipt))
    assert receipt.holder not in {ballot.voter, ballot.receipt, *hashes}
    count = select(func.count()).select_from(PassRow)
    assert city.one(count)[0] == len(passes(city))

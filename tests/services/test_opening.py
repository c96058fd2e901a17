"""From file to open vote: loaded, ready or not, opened once, frozen from then on."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.money import Money
from bot.domain.passes import PassClass
from bot.domain.plans import Status
from bot.domain.rounds import Phase
from bot.services.catalog import touch
from bot.services.demo import RealRoundError, load_demo
from bot.services.freezing import FrozenError, all_versions, freeze, frozen, is_intact
from bot.services.open_data import public_plans, public_rounds, public_settings
from bot.services.opening import Loaded, NotReadyError
from bot.services.pass_register import Making, make_passes
from bot.services.plans import PlanRefused, publish, set_cost, set_status
from bot.services.readiness import Point, beyond_the_talk, readiness
from bot.services.results import Decided, Results
from bot.services.results import publish as publish_results
from bot.services.round_files import read_round_file
from bot.services.rounds import RoundError, round_from_json, round_to_json
from bot.services.statements import ITEMS, Statement, declare
from bot.store.civic import RoundRow
from bot.store.frozen import FrozenRound, RoundStatement
from synthesis import Voice
from tests.need import ROOT
from tests.services.opened import (
    BRAM,
    CLOSES,
    ELS,
    OPENS,
    SLUG,
    VERA,
    add_officials,
    add_plans,
    load,
    make_ready,
    open_vote,
    read,
    round_of,
    run,
)
from tests.worlds import VOTING, World, table


def points(world: World, slug: str = SLUG) -> dict[str, Point]:
    found = run(world, lambda scene: readiness(scene, slug))
    return {each.name: each for each in found}


def blocking(world: World) -> set[str]:
    return {name for name, each in points(world).items() if not each.ready}


def paper(world: World, slug: str = SLUG) -> list[int]:
    papers = world.house.db.read(world.house.catalog.view).papers or {}
    return [plan.number for plan in papers[slug].plans] if slug in papers else []


def test_a_file_is_loaded_once_and_changed_by_loading_it_again(
    each_world: World,
) -> None:
    assert load(each_world) is Loaded.NEW
    assert load(each_world) is Loaded.SAME
    assert load(each_world, threshold="11") is Loaded.CHANGED
    a_round = round_of(each_world)
    assert (a_round.threshold, a_round.needs_opening) == (11, True)
    assert a_round == read(threshold="11")


def test_a_round_of_an_older_version_is_what_it_was(world: World) -> None:
    """Stored before there was an opening: it votes by its dates alone."""
    known = round_to_json(round_of(world, VOTING))
    terms = ["needs_opening", "opened_at", "ballot", "preselection", "electorate"]
    terms += ["allocation", "weights", "acts", "retention", "minimum_age", "selectors"]
    old = {name: value for name, value in known.items() if name not in terms}
    old["themes"] = [
        {name: each[name] for name in ("key", "icon", "title")}
        for each in old["themes"]
    ]
    a_round = round_from_json(old)
    assert a_round.takes_votes(world.clock())
    assert a_round.ballot.max_picks == a_round.max_picks == 5
    assert (a_round.opened_at, a_round.needs_opening) == (None, False)


def test_a_vote_takes_its_date_and_an_opening(each_world: World, voice: Voice) -> None:
    world = each_world
    make_ready(world, voice)
    world.clock.now = OPENS + timedelta(hours=1)
    assert round_of(world).phase_at(world.clock()) is Phase.REVIEWING
    assert not round_of(world).takes_votes(world.clock())
    assert not round_of(world).takes_votes(CLOSES + timedelta(days=1))
    assert round_of(world).phase_at(CLOSES + timedelta(days=1)) is Phase.REVIEWING
    open_vote(world)
    assert round_of(world).takes_votes(world.clock())
    assert round_of(world).phase_at(CLOSES) is Phase.COUNTING


def test_opened_before_its_date_it_begins_on_its_date(
    world: World, voice: Voice
) -> None:
    make_ready(world, voice)
    open_vote(world)
    assert not round_of(world).takes_votes(OPENS - timedelta(seconds=1))
    assert round_of(world).takes_votes(OPENS)


def test_what_blocks_is_listed_with_whoever_sees_to_it(world: World) -> None:
    load(world)
    found = points(world)
    assert set(ITEMS) - {"letter-proof"} <= set(found)
    assert not found["budget-decision"].ready
    assert "round state oost-2027 budget-decision" in found["budget-decision"].todo
    assert {each.owner for each in found.values()} >= {"lawyer", "IT", "reviewers"}
    assert found["dates"].ready
    assert {"ballot", "titles", "clips", "costs"} <= blocking(world)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"title": {"nl": "Bank", "en": "Bench", "tr": "Bank"}}, "titles"),
        ({"title": dict.fromkeys(["nl", "en", "tr", "ar"], "x" * 25)}, "titles"),
        ({"public_at": None}, "titles"),
        ({"summary": {"nl": "Bank"}}, "clips"),
        ({"cost_cents": None}, "costs"),
        ({"cost_cents": 60_000_01}, "costs"),
    ],
)
def test_a_plan_that_is_not_fine_blocks(
    world: World, voice: Voice, change: dict[str, Any], name: str
) -> None:
    numbers = make_ready(world, voice)
    assert blocking(world) == set()
    world.change_plan(numbers[1], **change)
    assert blocking(world) == {name}
    assert str(numbers[1]) in points(world)[name].seen


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"rule": '"borda"'}, "ballots for the rule borda"),
        ({"rule": '"points"'}, "ballots for the rule points"),
    ],
)
def test_what_the_chats_would_not_keep_to_blocks(
    world: World, voice: Voice, changes: dict[str, str], told: str
) -> None:
    make_ready(world, voice)
    load(world, **changes)
    assert told in points(world)["talk"].seen
    assert blocking(world) == {"talk"}


THEME = '\n[[themes]]\nkey = "green"\nicon = "🌳"\nmax = 1\n'
THEME += 'title = { nl = "Groen", en = "Green", tr = "Yeşil", ar = "الطبيعة" }'


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": '"knapsack"\nbudget_euros = 40_000', "max": "9"},
        {"max": "5\nmin = 2"},
        {"max": "3\nmin = 3"},
        {"ties": f'["number"]{THEME}'},
        {"ties": '["number"]\n[channels]\nwhatsapp = ["results"]'},
    ],
    ids=["a sum", "at least", "exactly", "per theme", "acts"],
)
def test_what_the_chats_keep_to_does_not_block(
    world: World, voice: Voice, changes: dict[str, str]
) -> None:
    make_ready(world, voice)
    load(world, **changes)
    assert blocking(world) == set()


@pytest.mark.parametrize(
    ("changes", "room"),
    [
        ({"kind": '"knapsack"\nbudget_euros = 40_000', "max": "9\nmin = 3"}, 2),
        ({"max": "5\nmin = 2", "ties": f'["number"]{THEME}'}, 1),
    ],
    ids=["of a sum", "of themes"],
)
def test_a_ballot_that_nobody_can_fill_in_blocks(
    world: World, voice: Voice, changes: dict[str, str], room: int
) -> None:
    """Three plans of 20,000 euros, all green."""
    numbers = make_ready(world, voice)
    for number in numbers:
        world.change_plan(number, theme="green")
    load(world, **changes)
    assert blocking(world) == {"ballot"}
    assert f"leave room for {room} plans" in points(world)["ballot"].seen


def test_the_rounds_that_took_place_are_all_kept_to() -> None:
    found = sorted((ROOT / "rounds").glob("*.toml"))
    assert len(found) >= 2
    for path in found:
        assert beyond_the_talk(read_round_file(path.read_bytes())) == [], path.name


WITH_PASSES = {
    "eligibility": '"pass"',
    "ties": '["number"]\n[[electorate]]\nclass = "resident"\npasses = 9',
}


def test_a_vote_with_passes_waits_until_they_are_made(
    world: World, voice: Voice
) -> None:
    make_ready(world, voice)
    load(world, **WITH_PASSES)
    assert blocking(world) == {"passes"}
    assert points(world)["passes"].seen == "0 of 9 resident"
    making = Making(SLUG, PassClass.RESIDENT, 9, 16, "els@city.example")
    run(world, lambda scene: make_passes(scene, making))
    assert blocking(world) == set()


def test_a_round_whose_vote_is_over_does_not_open(world: World, voice: Voice) -> None:
    make_ready(world, voice)
    world.clock.now = CLOSES
    assert blocking(world) == {"dates"}


def test_a_template_that_is_not_approved_blocks(
    small_city: World, voice: Voice
) -> None:
    make_ready(small_city, voice)
    assert blocking(small_city) == {"templates"}


def test_a_vote_opens_only_when_nothing_blocks_it(
    each_world: World, voice: Voice
) -> None:
    world = each_world
    load(world)
    add_officials(world)
    with pytest.raises(NotReadyError) as refused:
        open_vote(world)
    assert {each.name for each in refused.value.points} == blocking(world)
    assert world.rows(table(FrozenRound).where(FrozenRound.by == ELS)) == []
    world.house = replace(world.house, voice=voice)
    add_plans(world)
    for item in ITEMS:
        said = Statement(item, "gezien", ELS, world.clock())
        run(world, lambda scene, s=said: declare(scene.db, SLUG, s))
    kept = open_vote(world)
    assert (kept.version, kept.by) == (1, ELS)
    with pytest.raises(FrozenError, match="open already"):
        open_vote(world)


@pytest.mark.parametrize(
    ("who", "told"), [("nobody@city.example", "no official"), (VERA, "may only look")]
)
def test_only_an_official_opens(
    world: World, voice: Voice, who: str, told: str
) -> None:
    make_ready(world, voice)
    with pytest.raises(RoundError, match=told):
        open_vote(world, who)
    assert not round_of(world).takes_votes(OPENS)


def test_a_statement_is_kept_with_its_name_and_can_be_taken_back(
    each_world: World,
) -> None:
    world = each_world
    load(world)
    add_officials(world)
    said = Statement("legal-basis", " Advies 12 ", ELS.upper(), world.clock())
    run(world, lambda scene: declare(scene.db, SLUG, said))
    point = points(world)["legal-basis"]
    assert point.ready
    assert (ELS in point.seen, "Advies 12" in point.seen) == (True, True)
    back = replace(said, note="toch niet", by=BRAM)
    run(world, lambda scene: declare(scene.db, SLUG, back, holds=False))
    assert not points(world)["legal-basis"].ready
    rows = world.rows(table(RoundStatement).order_by(RoundStatement.id))
    assert [(row.by, row.holds) for row in rows] == [(ELS, True), (BRAM, False)]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("coffee", "lekker", ELS), "coffee is none of: budget-decision"),
        (("legal-basis", "  ", ELS), "say in --note"),
        (("legal-basis", "x", VERA), "may only look"),
        (("legal-basis", "x", "who@else.example"), "is no official here"),
    ],
)
def test_a_statement_of_nobody_about_nothing_is_refused(
    world: World, said: tuple[str, str, str], told: str
) -> None:
    load(world)
    add_officials(world)
    with pytest.raises(RoundError, match=told):
        run(
            world,
            lambda scene: declare(scene.db, SLUG, Statement(*said, scene.now)),
        )
    assert world.rows(table(RoundStatement)) == []


def test_what_is_frozen_is_public_and_its_hash_can_be_computed(
    each_world: World, voice: Voice
) -> None:
    world = each_world
    numbers = make_ready(world, voice)
    assert "settings_hash" not in public(world)
    assert public_settings(world.house, SLUG) is None
    kept = open_vote(world)
    text = public_settings(world.house, SLUG)
    assert text is not None
    assert hashlib.sha256(text.encode()).hexdigest() == kept.hash
    told = public(world)
    assert told["settings_hash"] == kept.hash
    assert told["settings_url"].endswith("/open/rounds/oost-2027/settings.json")
    assert [each["hash"] for each in told["settings_history"]] == [kept.hash]
    settings = json.loads(text)
    assert text == json.dumps(
        settings, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert [each["number"] for each in settings["plans"]] == numbers
    assert {each["cost_cents"] for each in settings["plans"]} == {20_000_00}
    assert settings["round"]["allocation"]["ties"] == ["cheaper", "number"]
    assert "Een bank" not in text
    assert ELS not in text


def public(world: World) -> Any:
    world.clock.now = max(world.clock.now, OPENS)
    rounds = public_rounds(world.house)
    return next(each for each in rounds if each["slug"] == SLUG)


def intact(world: World) -> bool:
    def look(db: Any) -> bool:
        round_id = world.house.catalog.view(db).round_id(SLUG)
        kept = frozen(db, round_id)
        assert kept is not None
        return is_intact(db, round_id, kept)

    return world.house.db.read(look)


def test_a_frozen_round_refuses_every_change(each_world: World, voice: Voice) -> None:
    world = each_world
    numbers = make_ready(world, voice)
    open_vote(world)
    before = world.rows(table(RoundRow).where(RoundRow.slug == SLUG))
    for change in ({"max": "4"}, {"threshold": "9"}, {"counting": "2027-06-25"}):
        with pytest.raises(FrozenError, match="frozen"):
            load(world, **change)
    assert world.rows(table(RoundRow).where(RoundRow.slug == SLUG)) == before
    assert load(world) is Loaded.SAME
    title = {"nl": "Anders"}
    for staff in (
        lambda scene: publish(scene, numbers[0], title, ELS),
        lambda scene: set_cost(scene, numbers[0], Money.euros(5)),
    ):
        with pytest.raises(PlanRefused, match="frozen"):
            run(world, staff)
    assert intact(world)
    spending = '["cheaper", "number"]\n[messages]\nbudget_cents = 90\n'
    spending += 'template_cents = "5"\ntext_cents = "1"'
    assert load(world, ties=spending) is Loaded.CHANGED
    assert intact(world)


def test_the_ballot_stays_as_it_was_frozen(each_world: World, voice: Voice) -> None:
    """A status told meanwhile is news, but no plan comes onto the ballot or leaves."""
    world = each_world
    numbers = make_ready(world, voice)
    open_vote(world)
    world.clock.now = OPENS
    run(world, lambda s: set_status(s, numbers[0], Status.INFEASIBLE, {}, "hook"))
    late = add_plans(world, 1)
    run(world, lambda s: set_status(s, late[0], Status.ON_BALLOT, {}, "hook"))
    assert paper(world) == numbers
    shown = public_plans(world.house, SLUG)
    assert shown is not None
    assert [each["number"] for each in shown] == numbers
    run(world, lambda s: set_status(s, numbers[2], Status.WITHDRAWN, {}, "author"))
    assert paper(world) == numbers[:2]
    assert intact(world)


@pytest.mark.parametrize(
    "change",
    [
        {"cost_cents": 1},
        {"theme": "green"},
        {"title": dict.fromkeys(["nl", "en", "tr", "ar"], "Een boom")},
    ],
)
def test_a_change_behind_our_back_shows(
    world: World, voice: Voice, change: dict[str, Any]
) -> None:
    numbers = make_ready(world, voice)
    open_vote(world)
    assert intact(world)
    world.change_plan(numbers[0], **change)
    assert not intact(world)


def test_a_round_changed_behind_our_back_shows(world: World, voice: Voice) -> None:
    make_ready(world, voice)
    open_vote(world)
    data = round_to_json(round_of(world)) | {"max_picks": 50}
    with world.house.db.engine.begin() as db:
        db.execute(update(RoundRow).where(RoundRow.slug == SLUG).values(data=data))
        touch(db)
    assert not intact(world)


def test_erased_words_of_a_plan_are_no_change(world: World, voice: Voice) -> None:
    numbers = make_ready(world, voice)
    open_vote(world)
    world.change_plan(numbers[0], title=None, summary=None, status="withdrawn")
    assert intact(world)


def test_the_demo_s_own_vote_is_frozen_too(each_world: World) -> None:
    world = each_world
    rounds = {each["slug"]: each for each in public_rounds(world.house)}
    assert rounds[VOTING]["phase"] == "voting"
    assert len(rounds[VOTING]["settings_hash"]) == 64
    assert len(paper(world, VOTING)) == 40
    with pytest.raises(FrozenError):
        world.house.db.run(lambda db: freeze(db, VOTING, "demo", world.clock()))
    round_id = world.house.db.read(world.house.catalog.view).round_id(VOTING)
    versions = world.house.db.read(lambda db: all_versions(db, round_id))
    assert [(each.version, each.by) for each in versions] == [(1, "demo")]


def test_the_demo_keeps_away_from_a_real_round(each_world: World) -> None:
    assert not load_demo(each_world.house), "its own rounds are no real ones"
    load(each_world)
    with pytest.raises(RealRoundError, match="oost-2027"):
        load_demo(each_world.house)


def test_a_cost_is_kept_until_the_vote_opens(world: World) -> None:
    load(world)
    (number,) = add_plans(world, 1)
    run(world, lambda scene: set_cost(scene, number, Money.euros(12_500)))
    assert world.plan_row(number).cost_cents == 12_500_00
    with pytest.raises(PlanRefused, match="costs something"):
        run(world, lambda scene: set_cost(scene, number, Money(0)))
    with pytest.raises(PlanRefused, match="has no theme green"):
        run(world, lambda scene: set_cost(scene, number, Money(1), "green"))


def test_more_plans_than_the_preselection_chooses_block(
    world: World, voice: Voice
) -> None:
    make_ready(world, voice)
    chosen = (
        '["number"]\n[preselection]\nopens = 2027-05-20\ncloses = 2027-05-21\n'
        "ballot = { max = 9 }\n[[preselection.quotas]]\n"
        'classes = ["resident"]\nplans = 2\n[[electorate]]\n'
        'class = "resident"\npasses = 9\nvotes_in = ["preselection", "final"]'
    )
    load(world, ties=chosen)
    assert blocking(world) == {"ballot"}
    assert "3 plans are on it (at least 1, at most 2)" in points(world)["ballot"].seen


def test_two_who_open_at_once_open_it_once(each_world: World, voice: Voice) -> None:
    world = each_world
    make_ready(world, voice)
    ends: list[object] = []
    together = Barrier(4)

    def attempt(who: str) -> None:
        together.wait()
        try:
            ends.append(open_vote(world, who).hash)
        except FrozenError as refused:
            ends.append(refused)

    threads = [Thread(target=attempt, args=(who,)) for who in (ELS, BRAM) * 2]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len([each for each in ends if isinstance(each, str)]) == 1
    assert len(ends) == 4
    assert len(world.rows(table(FrozenRound))) == 2, "and the demo's"
    assert intact(world)


def test_who_chose_the_ballot_is_said_without_being_asked(
    world: World, voice: Voice
) -> None:
    who = '["number"]\n[selectors]\n'
    who += "\n".join(f'{each} = "bewoners {each}"' for each in ("nl", "en", "tr", "ar"))
    make_ready(world, voice)
    load(world, ties=who)
    author = world.person("nl")
    number = world.plan(author, a_round=SLUG)
    results = Results(SLUG, "final", (Decided(number, Status.NOT_PRESELECTED),))
    run(world, lambda scene: publish_results(scene, results, "call"))
    assert "bewoners nl" in world.texts(author)[-1]

"""The vote before the vote, from its file to the ballot that it makes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from bot.cli_rounds import rounds
from bot.domain.languages import LANGUAGES
from bot.domain.passes import PassClass, PassState, shown
from bot.domain.rounds import Phase, Round
from bot.i18n import render
from bot.services.candidates import first_vote
from bot.services.chaining import chain_ballots
from bot.services.count_words import account_of
from bot.services.entering import PAPER, EntryError, draft, enter
from bot.services.freezing import FrozenError, frozen, is_intact
from bot.services.letters import PrintingRefused, load_letters, load_poster
from bot.services.open_data import public_plans, public_rounds
from bot.services.opening import Loaded, load_round, open_round
from bot.services.pass_register import (
    Letter,
    Making,
    PassRefusedError,
    make_passes,
    open_passes,
)
from bot.services.passes import row_key
from bot.services.plans import PlanRefused, set_cost
from bot.services.preselecting import Preselected, preselect
from bot.services.readiness import readiness
from bot.services.round_files import read_round_file
from bot.services.rounds import RoundError, round_from_json, round_to_json
from bot.services.sealing import seal
from bot.services.statements import ITEMS, Statement, declare
from bot.services.tallying import count_round
from bot.store.civic import BallotRow, RoundRow
from bot.store.passes import PassRow
from synthesis import Voice
from tally import Rule
from tests.need import postgres_url
from tests.services.opened import BRAM, ELS, add_officials, run
from tests.worlds import SECRET_KEY, Person, World, open_world, own_postgres, table

SLUG = "oost-2027"
FIRST = first_vote(SLUG)
DOCS = Path(__file__).parents[2] / "docs" / "rounds.md"
HEAD = """
[preselection]
opens = 2027-05-10T19:00:00
closes = 2027-05-10T22:00:00

[preselection.ballot]
kind = "approval"
max = 3

[[preselection.quotas]]
classes = ["resident", "business"]
plans = 2

[[preselection.quotas]]
classes = ["committee"]
plans = 2

[[electorate]]
class = "resident"
passes = 3
votes_in = ["preselection", "final"]

[[electorate]]
class = "business"
passes = 1
votes_in = ["preselection", "final"]

[[electorate]]
class = "committee"
passes = 2
votes_in = ["preselection"]
"""
MADE = {PassClass.RESIDENT: 3, PassClass.BUSINESS: 1, PassClass.COMMITTEE: 2}


def a_file() -> Round:
    text = DOCS.read_text("utf-8").partition("```toml\n")[2].partition("```")[0]
    text = text.replace('eligibility = "address"', 'eligibility = "pass"') + HEAD
    return read_round_file(text.encode())


@pytest.fixture
def city(tmp_path: Path, voice: Voice) -> Iterator[World]:
    """A neighbourhood that reads aloud, on SQLite."""
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with open_world(url, tmp_path / "media", voice=voice) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def each_city(
    request: pytest.FixtureRequest, tmp_path: Path, voice: Voice
) -> Iterator[World]:
    """The same on each database we support."""
    if request.param == "sqlite":
        yield request.getfixturevalue("city")
        return
    with (
        own_postgres(postgres_url()) as url,
        open_world(url, tmp_path / "media", voice=voice) as made,
    ):
        yield made


class Evening:
    """A round with six plans that passed the review, authors, and passes."""

    def __init__(self, city: World, plans: int = 6) -> None:
        self.city = city
        add_officials(city)
        value = a_file()
        assert run(city, lambda scene: load_round(scene, value)) is Loaded.NEW
        self.authors = [city.person(LANGUAGES[n % 4]) for n in range(plans)]
        self.plans = [self.plan(each) for each in self.authors]
        self.plan(None, supports=2)
        self.plan(None, status="infeasible")
        for item in ITEMS:
            said = Statement(item, "gezien", ELS, city.clock())
            run(city, lambda scene, s=said: declare(scene.db, SLUG, s))
        self.passes = {kind: self.make(kind, many) for kind, many in MADE.items()}
        run(city, lambda scene: open_passes(scene, SLUG, None, ELS))

    def plan(self, author: Person | None, **more: Any) -> int:
        texts = dict.fromkeys(LANGUAGES, "Een bank")
        fine: dict[str, Any] = {"title": texts, "summary": texts}
        fine |= {"public_at": self.city.clock(), "status": "public", "supports": 10}
        fine |= {"cost_cents": 20_000_00}
        return self.city.plan(author, a_round=SLUG, **(fine | more))

    def make(self, kind: PassClass, many: int) -> list[Letter]:
        making = Making(SLUG, kind, many, 12, ELS)
        return list(run(self.city, lambda scene: make_passes(scene, making)))

    def begin(self, at: str = "opens_at") -> None:
        """Open the first vote, and let its evening begin (or end)."""
        if frozen_of(self.city, FIRST) is None:
            run(self.city, lambda scene: open_round(scene, FIRST, ELS))
        part = a_file().preselection
        assert part
        moment = getattr(part, at)
        self.city.clock.now = moment + timedelta(minutes=6)

    def votes(self, kind: PassClass, nth: int, *plans: int) -> str:
        """Vote in a chat of one's own; return the last thing that was told."""
        person = self.city.person("en")
        letter = self.passes[kind][nth]
        return says_vote(self.city, person, letter, plans)

    def preselects(self, by: str = ELS) -> Preselected:
        return preselect(self.city.house, SLUG, by)


def says_vote(
    city: World, person: Person, letter: Letter, plans: tuple[int, ...]
) -> str:
    city.says(person, shown(letter.code))
    city.says(person, " ".join(map(str, plans)))
    city.taps(person, "yes")
    return str(city.texts(person)[-1])


def frozen_of(city: World, slug: str) -> Any:
    row = city.one(table(RoundRow).where(RoundRow.slug == slug))
    return city.house.db.read(lambda db: frozen(db, row.id))


def round_of(city: World, slug: str) -> Round:
    view = city.house.db.read(city.house.catalog.view)
    return next(each for each in view.rounds if each.slug == slug)


def paper(city: World, slug: str) -> list[int]:
    papers = city.house.db.read(city.house.catalog.view).papers or {}
    return [plan.number for plan in papers[slug].plans] if slug in papers else []


def status(city: World, number: int) -> str:
    return str(city.plan_row(number).status)


RESIDENT, BUSINESS, COMMITTEE = MADE


def whole_evening(evening: Evening) -> None:
    """Residents: one, two, three; the committee: one (again), four, five."""
    one, two, three, four, five, _ = evening.plans
    evening.begin()
    evening.votes(RESIDENT, 0, one, two)
    evening.votes(RESIDENT, 1, one)
    evening.votes(BUSINESS, 0, two, three)
    evening.votes(COMMITTEE, 0, one, four, five)
    evening.votes(COMMITTEE, 1, one, four, two)


def test_from_the_evening_to_the_ballot(each_city: World) -> None:
    evening = Evening(each_city)
    one, two, three, four, five, six = evening.plans
    assert paper(each_city, FIRST) == sorted(evening.plans)
    whole_evening(evening)
    with pytest.raises(RoundError, match="is not over"):
        evening.preselects()
    evening.begin("closes_at")
    outcome = count_round(each_city.house, FIRST).outcome
    assert list(map(int, outcome.chosen)) == [one, two, four, five]
    assert outcome.rule is Rule.QUOTAS
    done = evening.preselects()
    assert (done.voted, set(done.others)) == (True, {three, six})
    assert {status(each_city, n) for n in (one, two, four, five)} == {"on_ballot"}
    assert {status(each_city, n) for n in (three, six)} == {"not_preselected"}
    assert paper(each_city, SLUG) == sorted((one, two, four, five))
    assert each_city.stages(three)[-1] == ("not_preselected", {}, ELS)
    assert [len(each_city.pushes(each)) for each in evening.authors] == [1] * 6
    again = evening.preselects()
    assert again.chosen == done.chosen
    assert again.answer.told == 0


def test_its_count_is_told_with_the_names_of_those_who_vote(city: World) -> None:
    evening = Evening(city)
    whole_evening(evening)
    evening.begin("closes_at")
    counted = count_round(city.house, FIRST)
    rows = account_of(counted.a_round, counted.outcome).rows()
    told = [render(say, "tr") for row in rows for say in row]
    assert [each for each in told if each.startswith("Şimdi")] == [
        f"Şimdi şu oylar sayılıyor: {names}."
        for names in ("Mahalle sakinleri, İşletmeler", "Komisyon")
    ]


def test_authors_of_plans_that_are_not_on_it_hear_it_in_their_language(
    city: World,
) -> None:
    evening = Evening(city)
    whole_evening(evening)
    evening.begin("closes_at")
    evening.preselects()
    third, sixth = evening.authors[2], evening.authors[5]
    assert "Bu plan oylama listesinde değil." in city.pushes(third)[-1].text
    assert "This plan is not on the voting list." in city.pushes(sixth)[-1].text
    first = city.pushes(evening.authors[0])[-1].text
    assert "Uw plan staat op de stemlijst." in first


def test_a_pass_used_in_the_first_vote_is_unused_for_the_second(
    each_city: World,
) -> None:
    evening = Evening(each_city)
    whole_evening(evening)
    rows = each_city.rows(select(PassRow.state, PassRow.kind))
    assert {row.state for row in rows} == {PassState.OPEN}
    voters = {row.voter for row in each_city.rows(table(BallotRow))}
    keys, letter = each_city.house.keys, evening.passes[RESIDENT][0]
    assert row_key(keys, FIRST, letter.code) in voters
    assert row_key(keys, SLUG, letter.code) not in voters
    evening.begin("closes_at")
    evening.preselects()
    run(each_city, lambda scene: open_round(scene, SLUG, ELS))
    each_city.clock.now = a_file().starts[Phase.VOTING] + timedelta(hours=1)
    on_it = paper(each_city, SLUG)
    another_phone = each_city.person("en")
    told = says_vote(each_city, another_phone, letter, (on_it[0],))
    assert "Your receipt" in told
    used = each_city.one(table(PassRow).where(PassRow.serial == letter.serial))
    assert used.state == PassState.USED
    assert row_key(keys, SLUG, letter.code) in {
        row.voter for row in each_city.rows(table(BallotRow))
    }
    member = evening.passes[COMMITTEE][0]
    refused = each_city.person("en")
    each_city.says(refused, shown(member.code))
    assert "cannot vote with this pass now" in each_city.texts(refused)[-1]


def test_a_vote_can_be_changed_and_a_relative_cannot_take_it(city: World) -> None:
    evening = Evening(city)
    one, two, *_ = evening.plans
    evening.begin()
    letter, person = evening.passes[RESIDENT][0], city.person("en")
    says_vote(city, person, letter, (one,))
    city.says(person, shown(letter.code))
    assert "There is a vote with this pass already." in city.texts(person)[-1]
    city.says(person, str(two))
    city.taps(person, "yes")
    assert [row.picks for row in city.rows(table(BallotRow))] == [[two]]
    relative = city.person("en")
    city.says(relative, shown(letter.code))
    assert "used in another chat" in city.texts(relative)[-1]


def test_paper_goes_into_the_first_vote_too_and_never_twice(each_city: World) -> None:
    evening = Evening(each_city)
    one, two, *_ = evening.plans
    evening.begin()
    letter = evening.passes[COMMITTEE][0]

    def drawn(*plans: int) -> Any:
        return run(
            each_city, lambda scene: draft(scene, letter.code, plans, PAPER, FIRST)
        )

    enter(each_city.house, drawn(one), "anna and bram")
    with pytest.raises(EntryError, match="voted"):
        enter(each_city.house, drawn(two), "anna and bram")
    assert [row.picks for row in each_city.rows(table(BallotRow))] == [[one]]


def test_it_has_a_chain_and_a_seal_of_its_own(each_city: World) -> None:
    evening = Evening(each_city)
    whole_evening(evening)
    evening.begin("closes_at")
    while chain_ballots(each_city.house):
        pass
    sealed = seal(each_city.house, FIRST, "anna and bram")
    assert (sealed.ballots, sealed.anew) == (5, True)
    assert evening.preselects().voted


def test_no_more_plans_than_places_all_go_on_without_a_vote(city: World) -> None:
    evening = Evening(city, plans=3)
    points = run(city, lambda scene: readiness(scene, FIRST))
    (blocked,) = [each for each in points if not each.ready]
    assert blocked.name == "ballot"
    assert "all go on" in blocked.todo
    done = evening.preselects()
    assert (done.voted, done.others) == (False, ())
    assert {status(city, each) for each in evening.plans} == {"on_ballot"}


def test_more_plans_than_places_need_the_vote(city: World) -> None:
    evening = Evening(city)
    with pytest.raises(RoundError, match="6 plans stand for 4 places"):
        evening.preselects()
    with pytest.raises(RoundError, match="no official"):
        evening.preselects("nobody@city.example")
    assert {status(city, each) for each in evening.plans} == {"public"}


def test_while_it_is_open_plans_stay_as_they_were_frozen(city: World) -> None:
    evening = Evening(city)
    evening.begin()
    with pytest.raises(PlanRefused, match="frozen"):
        run(city, lambda scene: set_cost(scene, evening.plans[0], a_file().budget))
    row = city.one(table(RoundRow).where(RoundRow.slug == FIRST))
    kept = frozen_of(city, FIRST)
    assert city.house.db.read(lambda db: is_intact(db, row.id, kept))
    later = evening.plan(None)
    assert later not in paper(city, FIRST)


def test_once_the_ballot_is_frozen_nothing_is_preselected(city: World) -> None:
    evening = Evening(city)
    whole_evening(evening)
    evening.begin("closes_at")
    evening.preselects()
    run(city, lambda scene: open_round(scene, SLUG, ELS))
    with pytest.raises(FrozenError, match="is frozen"):
        evening.preselects()


def test_loading_keeps_both_in_step_and_no_vote_is_lost(city: World) -> None:
    value = a_file()
    add_officials(city)
    assert run(city, lambda scene: load_round(scene, value)) is Loaded.NEW
    assert run(city, lambda scene: load_round(scene, value)) is Loaded.SAME
    first = round_of(city, FIRST)
    assert (first.before, first.register, first.max_picks) == (SLUG, SLUG, 3)
    assert [each.kind.value for each in first.electorate] == [*map(str, MADE)]
    assert round_from_json(round_to_json(first)) == first
    assert "before" not in round_to_json(round_of(city, SLUG))
    for language in LANGUAGES:
        assert value.title[language] in first.title[language]
        assert first.decides[language] != value.decides[language]
    part = value.preselection
    assert part
    moved = replace(
        value, preselection=replace(part, closes_at=part.closes_at + timedelta(hours=1))
    )
    assert run(city, lambda scene: load_round(scene, moved)) is Loaded.CHANGED
    assert round_of(city, FIRST).closes_at == part.closes_at + timedelta(hours=1)
    with pytest.raises(FrozenError, match="put it back"):
        run(city, lambda s: load_round(s, replace(value, preselection=None)))


def test_passes_are_made_for_the_round_itself(city: World) -> None:
    Evening(city)
    making = Making(FIRST, RESIDENT, 1, 12, ELS)
    with pytest.raises(PassRefusedError, match=f"Passes belong to {SLUG}"):
        run(city, lambda scene: make_passes(scene, making))


def test_letters_are_printed_for_the_round_itself(city: World) -> None:
    Evening(city)
    for load in (load_letters, load_poster):
        with pytest.raises(PrintingRefused, match=f"those of {SLUG} hold the passes"):
            load(city.house, FIRST)


def test_open_data_says_what_it_is_and_nobody_tells_plans_to_it(city: World) -> None:
    evening = Evening(city)
    evening.begin()
    told = {each["slug"]: each for each in public_rounds(city.house)}
    assert told[FIRST]["preselects_for"] == SLUG
    assert "preselects_for" not in told[SLUG]
    listed = public_plans(city.house, FIRST) or []
    assert [each["number"] for each in listed] == sorted(evening.plans)
    first = round_of(city, FIRST)
    moment = first.starts[Phase.VOTING] - timedelta(days=400)
    for day in range(0, 1_000, 5):
        assert not first.takes_plans(moment + timedelta(days=day))
        assert not first.takes_supports(moment + timedelta(days=day))


def test_the_command_prints_what_is_on_the_ballot(city: World) -> None:
    evening = Evening(city)
    whole_evening(evening)
    told = CliRunner().invoke(
        rounds,
        ["preselect", SLUG, "--by", BRAM],
        obj=lambda _: city.house,
        env={"SECRET_KEY": SECRET_KEY},
    )
    assert (told.exit_code, told.stdout) == (1, "")
    assert "is not over" in told.stderr
    evening.begin("closes_at")
    done = CliRunner().invoke(
        rounds,
        ["preselect", SLUG, "--by", BRAM],
        obj=lambda _: city.house,
        env={"SECRET_KEY": SECRET_KEY},
    )
    assert len(done.stdout.split()) == 4
    assert "4 plans are on the ballot, 2 are not." in done.stderr

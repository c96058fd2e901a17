"""A round has a legal basis and a decision; consent is for extras, and can go."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from bot import cli
from bot.__main__ import build
from bot.services.round_files import FaultyRoundError, parse_round, read_round_file
from bot.services.rounds import RoundError, round_from_json, round_to_json
from bot.store.base import Base
from bot.store.civic import BallotRow, PlanRow, Support
from bot.store.columns.kinds import Basis
from bot.store.inventory import PERSONAL
from bot.store.talks import Resident
from tests.houses import Street
from tests.need import ROOT
from tests.services.listener import speaks, writes
from tests.sound import noise
from tests.worlds import COLLECTING, Person, World, table
from transcription.audio import to_voice_note

GOOD = ROOT / "rounds" / "nieuw-west-2019.toml"
BIRTH = re.compile(r"birth|geboorte|doğum|ميلاد|\bage_")


@pytest.mark.parametrize("missing", ["legal_basis", "decision"])
@pytest.mark.parametrize("value", ["", "  "])
def test_a_round_without_legal_basis_is_refused(missing: str, value: str) -> None:
    data = round_to_json(read_round_file(GOOD.read_bytes()))
    assert round_from_json(data).legal_basis
    with pytest.raises(RoundError, match=missing):
        round_from_json(data | {missing: value})
    told = tomllib.loads(GOOD.read_text("utf-8"))
    with pytest.raises(FaultyRoundError, match=missing):
        parse_round(told | {missing: value})


@pytest.mark.parametrize("missing", ["legal_basis", "decision"])
def test_the_command_names_what_is_missing_and_fails(
    missing: str, tmp_path: Path
) -> None:
    file = tmp_path / "round.toml"
    lines = GOOD.read_text("utf-8").splitlines()
    left = [line for line in lines if not line.startswith(f"{missing} ")]
    assert len(left) == len(lines) - 1
    file.write_text("\n".join(left), "utf-8")
    words = ["round", "check", str(file), "--json"]
    done = CliRunner().invoke(cli.main, words, obj=build)
    assert done.exit_code != 0
    assert missing in str(json.loads(done.stdout)["faults"])


def test_whoever_says_no_to_every_extra_takes_part_in_everything(
    each_street: Street,
) -> None:
    fatima = each_street.fatima()
    for words in ("Een bank onder de lindebomen", "ja", "sla over"):
        fatima.says(words)
        each_street.work()
    assert [button for button, _ in fatima.heard[-1].buttons] == ["yes", "no"]
    fatima.taps("no")
    each_street.work()
    for words in ("steun 120", "stem 21 30", "ja"):
        fatima.says(words)
        each_street.work()
    world = each_street.world
    (resident,) = world.rows(select(Resident.may_write, Resident.may_record))
    assert tuple(resident) == (False, None)
    hers = select(func.count()).where(PlanRow.resident_id.is_not(None))
    assert world.one(hers)[0] == 1
    assert len(world.rows(table(Support))) == 1
    assert [row.picks for row in world.rows(table(BallotRow))] == [[21, 30]]


def test_consent_is_the_basis_of_extras_alone() -> None:
    extras = {
        "residents.may_write",  # to an author, where the app asks for a yes
        "residents.may_record",  # recordings to test recognisers with
        "corrections.consent",  # the same, as it was when they were kept
        "meetings.answer",  # two authors who want to meet
        "meetings.words",
        "meetings.other_answer",
        "meetings.other_words",
    }
    asked = {name for name, what in PERSONAL.items() if what.basis is Basis.CONSENT}
    assert asked == extras


def listened_to(world: World) -> Person:
    """Let a person write a note down, and its author place the plan."""
    author = world.person("nl", "web")
    task = speaks(world, author, to_voice_note(noise(2.0)))
    writes(world, task)
    world.taps(author, "yes")
    world.taps(author, "skip")
    return author


def may_record(world: World) -> bool | None:
    return bool(world.one(select(Resident.may_record))[0])


def test_it_is_asked_apart_its_default_is_no_and_it_can_be_taken_back(
    each_world: World,
) -> None:
    world = each_world
    author = listened_to(world)
    assert not may_record(world), "silence is no"
    placed, asked = world.told(author)[-2:]
    assert {choice[0] for choice in asked.choices} == {"yes", "no"}
    assert not {"yes", "no"} & {choice[0] for choice in placed.choices or ()}
    world.says(author, "status")
    assert not may_record(world), "and so is anything else"
    world.says(author, "opnames niet bewaren")
    assert not may_record(world)


def test_what_was_allowed_is_over_as_soon_as_she_says_so(each_world: World) -> None:
    world = each_world
    author = listened_to(world)
    world.taps(author, "yes")
    assert may_record(world)
    world.says(author, "opnames niet bewaren")
    assert not may_record(world)
    assert len(world.rows(table(PlanRow).where(PlanRow.talk_id.is_not(None)))) == 1


def test_no_birth_date_is_kept_or_asked_for() -> None:
    columns = [f"{t.name}.{c.name}" for t in Base.metadata.sorted_tables for c in t.c]
    assert BIRTH.search("residents.birth_date")
    assert len(columns) > 150
    assert not [name for name in columns if BIRTH.search(name)]
    texts = (ROOT / "locales" / "messages.pot").read_text("utf-8")
    assert "Welcome to Buurtstem" in texts
    promised = "We ask for no name and no date of birth."
    assert promised in texts
    assert not BIRTH.search(texts.replace(promised, ""))


def test_a_round_names_its_legal_basis(world: World) -> None:
    rounds = world.house.db.read(world.house.catalog.view).rounds
    assert any(each.slug == COLLECTING for each in rounds)
    assert all(each.legal_basis and each.decision for each in rounds)

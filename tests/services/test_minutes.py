"""The record of a count: everything that happened, on paper that everybody can read."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import insert, select

from bot.cli_result import minutes as command
from bot.cli_result import result
from bot.domain.languages import LANGUAGES
from bot.domain.passes import PassState
from bot.domain.rounds import Phase
from bot.i18n import render
from bot.minutes_words import minutes
from bot.public_words import word
from bot.services.count_words import result_rows
from bot.services.minutes import Record, load_record
from bot.services.outages import Gap, record_outage
from bot.services.pass_register import recast_pass, replace_pass, void_pass
from bot.services.publishing import Publishing, publish_result
from bot.services.sealing import seal
from bot.store.civic import RoundRow
from bot.store.frozen import ClosingMove
from bot.store.passes import PassRow
from letters import print_minutes
from tests.letters.pages import A4, Printed
from tests.services.test_passes import act, city, passes, votes
from tests.services.test_tallying import close, run
from tests.worlds import VOTING, World, table

__all__ = ["city"]  # a fixture
BY = "Anna and Bram"
ORDER = Publishing(VOTING, BY)
FULL = (0x0D, 0x46, 0x50)
"""The colour of a plan that gets money."""

ALIKE = [(21, 30, 70)] * 40 + [(n,) for n in (10, 11, 20, 22)] * 9


def counted(world: World) -> Record:
    publish_result(close(world, ALIKE).house, ORDER)
    return load_record(world.house, VOTING)


def printed(record: Record, language: str) -> Printed:
    return Printed(print_minutes(minutes(record, language)))


def all_of(found: Printed) -> str:
    return " ".join(found.texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_whole_and_accessible_in_each_language(
    world: World, language: str
) -> None:
    record = counted(world)
    found = printed(record, language)
    assert found.sizes == {A4}
    assert found.root["/MarkInfo"]["/Marked"]
    assert str(found.root["/Lang"]).startswith(language)
    assert found.faults() == []
    kinds = found.kinds()
    assert kinds["/H1"] == 1
    assert kinds["/H2"] >= 7
    assert kinds["/Table"] == 4
    assert kinds["/TH"] >= 15
    text = all_of(found)
    data = record.result.data
    for code in (record.result.hash, data["settings_hash"], data["chain"]["value"]):
        assert code in text
    if language != "ar":
        told = [render(row, language) for row in result_rows(record.result.outcome())]
        assert all(each in text for each in told)
        assert word("no_ties", language) in text


def test_the_same_result_gives_the_same_file(world: World) -> None:
    record = counted(world)
    first, again = (print_minutes(minutes(record, "nl")) for _ in range(2))
    assert first == again


def test_groups_of_identical_ballots_are_told_by_their_size_only(world: World) -> None:
    record = counted(world)
    assert record.groups == [40], "groups of nine are no notice"
    text = all_of(printed(record, "en"))
    assert "Groups of identical ballots above 2 percent: 1." in text
    assert "Ballots in these groups: 40." in text
    assert "21,30,70" not in text


def vote_days(world: World) -> tuple[Any, Any]:
    view = world.house.db.read(world.house.catalog.view)
    a_round = next(each for each in view.rounds if each.slug == VOTING)
    return a_round.start_of(Phase.VOTING), a_round.closes_at


def test_outages_in_the_vote_and_a_moved_closing_are_told(each_world: World) -> None:
    opens, closes = vote_days(each_world)
    hour = timedelta(hours=1)
    gaps = [
        Gap("whatsapp", closes - 3 * hour, closes - hour, 7),
        Gap("telegram", opens - 3 * hour, opens - hour, 5),
    ]
    with each_world.house.db.engine.begin() as db:
        mine = db.scalar(select(RoundRow.id).where(RoundRow.slug == VOTING))
        for gap in gaps:
            record_outage(db, gap)
        kept = {"round_id": mine, "closes_from": closes - 9 * hour, "closes_to": closes}
        kept |= {"reason": {"nl": "De chat was weg.", "en": "The chat was away."}}
        kept |= {"proposed_by": "els", "proposed_at": opens}
        db.execute(insert(ClosingMove).values(version=2, **kept))
        dropped = {"reason": {"en": "Dropped."}, "dropped_at": opens}
        db.execute(insert(ClosingMove).values(**(kept | dropped)))
    record = counted(each_world)
    assert [gap.channel for gap in record.outages] == ["whatsapp"]
    text = all_of(printed(record, "en"))
    assert "WhatsApp could not be reached." in text
    assert "7 messages came in afterwards." in text
    assert "Voting closed later:" in text
    assert "The chat was away." in text
    assert "Dropped." not in text


def test_what_was_done_to_passes_is_counted_without_a_serial(city: World) -> None:
    letters = passes(city)
    for letter in letters[:3]:
        votes(city, city.person("tr", "whatsapp"), letter.code)
    act(city, void_pass, letters[5].serial, BY)
    act(city, replace_pass, letters[6].serial, BY)
    act(city, recast_pass, letters[0].serial, BY)
    city.clock.pass_time(days=40)
    seal(city.house, VOTING, BY)
    publish_result(city.house, ORDER)
    record = load_record(city.house, VOTING)
    assert record.acts["void"] == 2, "one of them was replaced"
    text = all_of(printed(record, "en"))
    for told in (
        "Passes made void: 2.",
        "Passes replaced: 1.",
        "Passes used anew by their holder: 1.",
        "The ballots were sealed:",
        "Residents",
    ):
        assert told in text
    serials = {row.serial for row in city.rows(table(PassRow))}
    assert not [each for each in serials if each in text.split()]
    assert PassState.USED in {row.state for row in city.rows(table(PassRow))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_votes_are_a_picture_for_a_chat(
    world: World, tmp_path: Path, language: str
) -> None:
    counted(world)
    out = tmp_path / "votes.png"
    words = ("picture", "--round", VOTING, "--lang", language, "--out", str(out))
    done = run(world, result, *words)
    assert done.exit_code == 0, done.stderr
    with Image.open(out) as shown:
        assert shown.width == 1063
        assert shown.height < 3000
        picture = shown.convert("RGB")
    columns = [
        x
        for x in range(picture.width)
        if any(picture.getpixel((x, y)) == FULL for y in range(200, picture.height, 9))
    ]
    assert columns, "the chosen plans have full bars"
    right_to_left = language == "ar"
    assert (sum(columns) / len(columns) < picture.width / 2) is right_to_left
    again = run(world, result, *words)
    assert again.exit_code == 1
    assert "Give another name" in again.stderr


def test_the_command_writes_it_once(world: World, tmp_path: Path) -> None:
    counted(world)
    out = tmp_path / "record.pdf"
    words = ("--round", VOTING, "--out", str(out))
    done = run(world, command, *words)
    assert done.exit_code == 0, done.stderr
    assert out.read_bytes().startswith(b"%PDF")
    assert "Proces-verbaal van de telling" in all_of(Printed(out.read_bytes()))
    before = out.read_bytes()
    again = run(world, command, *words, "--lang", "tr")
    assert again.exit_code == 1
    assert "Give another name" in again.stderr
    assert out.read_bytes() == before


def test_without_a_published_result_there_is_no_record(
    world: World, tmp_path: Path
) -> None:
    out = tmp_path / "record.pdf"
    close(world)
    for slug, told in (
        (VOTING, f"First: buurtstem result publish --round {VOTING}"),
        ("atlantis", "There is no round atlantis"),
    ):
        done = run(world, command, "--round", slug, "--out", str(out))
        assert done.exit_code == 1
        assert told in done.stderr
    assert not out.exists()


def test_a_sign_that_cannot_be_printed_is_spelt(world: World) -> None:
    """What was decided is recorded, whatever it was called."""
    record = counted(world)
    sheet = replace(minutes(record, "en"), title="Trees 𓀀 ＝ 🌳👨‍👩‍👧")
    text = " ".join(Printed(print_minutes(sheet)).texts)
    assert "Trees [U+13000] = [U+1F333]" in text
    assert "[U+1F468]" in text

"""The end of a round: all of it goes, on the word of two, and nothing else does."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, func, insert, select, update

from bot.certificate_words import KINDS, certificate
from bot.cli_archive import archive
from bot.cli_archive import destroy as command
from bot.domain.rounds import Phase
from bot.domain.spending import LineState
from bot.services import destroying
from bot.services.belonging import STAYS, belonging, roots_of
from bot.services.destroyed import destroyed_round
from bot.services.destroying import (
    DestroyError,
    Ending,
    UnfinishedError,
    check,
    destroy,
)
from bot.services.house import House, Scene
from bot.services.numbers import free_number
from bot.services.opening import load_round
from bot.services.publishing import publish_result
from bot.services.rounds import RoundError
from bot.services.sealing import seal
from bot.store.audit import AuditLine
from bot.store.base import Base
from bot.store.care import CareRow, Handover
from bot.store.changes import FreedAward, PlanChange
from bot.store.civic import Correction, Official, PlanMedia, PlanRow, RoundRow, Task
from bot.store.desk_messages import DeskMessage
from bot.store.destroyed import DestroyedRound
from bot.store.drafts import BroadcastDraft, CallMade
from bot.store.media import MediaUnavailableError
from bot.store.nights import Night, NightCorrection, NightPlan
from bot.store.outhooks import HookDispatch
from bot.store.outreach import Broadcast
from bot.store.passes import Seal
from bot.store.reviews import Review
from bot.store.spending import Spending
from bot.store.talks import Media, OutboundMessage, Talk
from bot.store.voices import Recording, SoundRow
from letters import print_minutes
from tests.letters.pages import Printed
from tests.services.test_minutes import ALIKE, ORDER
from tests.services.test_retiring import MARK, a_row, special
from tests.services.test_tallying import close
from tests.worlds import COLLECTING, SECRET_KEY, VOTING, Person, World, new_id, table

LONG = 4_000
NUMBER = 7_000_007
CHAINED = ("audit_chain", "audit_openings")
REAL = {
    "ballots",
    "chain",
    "frozen_rounds",
    "results",
    "rounds",
    "seals",
    "turnout",
}
"""Tables in which the round has rows of its own by then."""


@dataclass
class Old:
    """A round long over, with its archive, and another one beside it."""

    world: World
    folder: Path
    ending: Ending
    other: Person
    number: int

    def destroy(self, house: House | None = None) -> Any:
        return destroy(house or self.world.house, self.ending)

    def roots(self, slug: str = VOTING) -> Any:
        def read(db: Any) -> Any:
            mine = db.scalar(select(RoundRow.id).where(RoundRow.slug == slug))
            return roots_of(db, slug, mine)

        return self.world.house.db.read(read)


def run(world: World, what: Any, *words: str, **how: Any) -> Result:
    env = {"SECRET_KEY": SECRET_KEY}
    house = replace(world.house, db=world.house.db)
    return CliRunner().invoke(what, words, obj=lambda _: house, env=env, **how)


@pytest.fixture
def old(each_world: World, tmp_path: Path) -> Old:
    world = each_world
    fill(world)
    other = world.person()
    number = world.plan(other, "Een zwaluwtil", COLLECTING)
    plan_id = world.plan_row(number).id
    with world.house.db.engine.begin() as db:
        key = world.house.media.save(b"a photo of the other one", "image/jpeg")
        row: dict[str, Any] = {"channel": "telegram", "kind": "photo", "source": {}}
        row |= {"key": key, "mime": "image/jpeg", "created_at": world.clock()}
        made = db.execute(insert(Media).values(talk_id=other.talk, **row))
        media_id = new_id(made)
        db.execute(insert(PlanMedia).values(plan_id=plan_id, media_id=media_id))
    close(world, ALIKE)
    seal(world.house, VOTING, "anna and bram")
    publish_result(world.house, ORDER)
    world.clock.pass_time(days=LONG)
    first, second = two(world)
    folder = tmp_path / "archive"
    done = run(world, archive, VOTING, str(folder), "--by", first)
    assert done.exit_code == 0, done.output
    return Old(world, folder, Ending(VOTING, folder, first, second), other, number)


def two(world: World) -> tuple[str, str]:
    admins = ("admin", "reviewer")
    rows = world.rows(
        select(Official.email).where(Official.role.in_(admins)).order_by(Official.id)
    )
    return rows[0].email, rows[1].email


def fill(world: World) -> None:
    """Put a row of the round, with a mark, into every table that may hold one."""
    now = world.clock()
    known: dict[str, Any] = {}
    with world.house.db.engine.begin() as db:
        mine = select(RoundRow.id).where(RoundRow.slug == VOTING)
        known["rounds"] = db.scalar(mine)
        known["officials"] = db.scalar(select(Official.id).limit(1))
        for each in Base.metadata.sorted_tables:
            if each.name in REAL | {"officials", "catalog", "sealing", *CHAINED}:
                continue
            if each.name in {"destroyed_rounds", "accounts"}:
                continue
            row = a_row(each, known, now) | special(world, each.name)
            made = db.execute(insert(each).values(row | of_round(each.name, known)))
            known[each.name] = made.inserted_primary_key[0]  # type: ignore[index]
        tie(db, known)


def tie(db: Any, known: Mapping[str, Any]) -> None:
    """Point at rows of the round from those that were put in before them."""
    sent, plan = known["outbound_messages"], known["plans"]
    for model, values in (
        (DeskMessage, {"outbound_id": sent}),
        (CallMade, {"outbound_id": sent}),
        (BroadcastDraft, {"broadcast_id": known["broadcasts"]}),
        (Review, {"plan_id": plan}),
        (NightPlan, {"plan_id": plan}),
        (NightCorrection, {"plan_id": plan}),
        (Handover, {"moves": [[plan, 1, 2]]}),
    ):
        db.execute(update(model).values(values))


def of_round(name: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what makes a row one of the round, and over."""
    rows: dict[str, dict[str, Any]] = {
        "nights": {"round_id": known["rounds"], "state": "done"},
        "broadcasts": {"round_id": known["rounds"], "state": "done", "sounds": {}},
        "outbound_messages": {"round_id": known["rounds"], "about": {"plan": NUMBER}},
        "broadcast_drafts": {"sounds": {}},
        "hook_events": {"data": {"plan": NUMBER, "text": MARK}},
        "audit_lines": {"subject": f"plan:{NUMBER}"},
        "media": {"talk_id": None},
        "spendings": {"kind": "invoice", "paid_to": "shop", "day": "2026-11-18"},
        "plans": {"picture_id": known.get("media")},
    }
    return rows.get(name, {})


def of_the_round(old: Old, roots: Any) -> dict[str, int]:
    """Count the rows of a round, by table."""
    found: dict[str, int] = {}
    for each, condition in belonging(roots):
        count = select(func.count()).select_from(each).where(condition)
        found[each.name] = old.world.rows(count)[0][0]
    return found


def marked(world: World) -> set[str]:
    """Return the tables in which the mark stands, of those that hold a round's rows."""
    return {
        each.name
        for each in Base.metadata.sorted_tables
        if each.name not in STAYS
        and any(MARK in str(tuple(row)) for row in world.rows(each.select()))
    }


def change(world: World, statement: Any) -> None:
    with world.house.db.engine.begin() as db:
        db.execute(statement)


def lend_nothing(world: World, *models: Any) -> None:
    """Let nothing that stays need the file of the round."""
    for model in (Recording, SoundRow, *models):
        change(world, delete(model))


def test_every_table_goes_or_says_why_it_stays_and_has_a_name_for_people() -> None:
    class All:
        slug, round = VOTING, 1
        plans, nights, broadcasts, drafts, events = (1,), (1,), (1,), (1,), (1,)
        numbers = frozenset({10})

    going = {each.name for each, _ in belonging(All())}  # type: ignore[arg-type]
    assert going.isdisjoint(STAYS)
    assert going | set(STAYS) == set(Base.metadata.tables)
    assert going | {"files"} == set(KINDS)


def test_all_of_it_goes_and_the_proof_stays(old: Old) -> None:
    world, roots = old.world, old.roots()
    before = of_the_round(old, roots)
    lacking = {name for name, count in before.items() if not count}
    assert lacking <= {"frozen_rounds", "marks", "replaced_ballots", "turnout"}
    assert len(marked(world)) > 35
    left = old.destroy()
    assert marked(world) == set()
    after = {n: count for n, count in of_the_round(old, roots).items() if count}
    assert after == {"audit_lines": 1}, "that it was destroyed"
    assert world.rows(table(Handover)) == []
    told = {name: count for name, count in before.items() if count}
    assert left.counts == told | {"files": left.counts["files"]}
    assert (left.by, left.second) == (old.ending.by, old.ending.second)
    (line,) = world.rows(table(AuditLine).where(AuditLine.act == "round.destroy"))
    assert line.subject == f"round:{VOTING}"
    assert line.data["archive"] == left.archive_hash
    assert line.data["rows"] == sum(told.values())
    assert world.rows(table(RoundRow).where(RoundRow.slug == VOTING)) == []


def test_its_files_go_and_talks_let_go_of_its_messages(old: Old) -> None:
    world = old.world
    (file,) = world.rows(table(Media).where(Media.talk_id.is_(None), Media.key != ""))
    (row,) = world.rows(table(OutboundMessage).where(OutboundMessage.round_id > 0))
    hers = Talk.id == row.talk_id
    change(world, update(Talk).where(hers).values(asked_id=row.id, about_id=row.id))
    lend_nothing(world, Correction)
    left = old.destroy()
    assert left.counts["files"] == 1
    assert left.finished_at == world.clock()
    emptied = world.one(table(Media).where(Media.id == file.id))
    assert (emptied.key, emptied.source) == (None, {"place": ""})
    with pytest.raises(FileNotFoundError):
        world.house.media.load(file.key)
    talk = world.one(table(Talk).where(hers))
    assert (talk.asked_id, talk.about_id) == (None, None)


def test_what_she_lets_us_keep_to_test_with_stays(old: Old) -> None:
    """Her consent lays down another day for it, and it goes on that."""
    lend_nothing(old.world)
    assert old.world.rows(table(Correction))
    assert old.destroy().counts["files"] == 0


def test_another_round_is_untouched(old: Old) -> None:
    world, roots = old.world, old.roots(COLLECTING)
    change(
        world,
        update(Handover).values(
            moves=[[world.plan_row(NUMBER).id, 1, 2], [roots.plans[0], 1, 2]]
        ),
    )

    def kept() -> dict[str, list[Any]]:
        return {
            each.name: world.rows(each.select().where(found))
            for each, found in belonging(roots)
        }

    before = kept()
    assert len(before["plans"]) > 1
    old.destroy()
    assert kept() == before
    (mine,) = world.rows(table(Handover))
    assert mine.moves == [[roots.plans[0], 1, 2]]
    (photo,) = world.rows(table(Media).where(Media.talk_id == old.other.talk))
    assert world.house.media.load(photo.key) == b"a photo of the other one"
    world.says(old.other, "status")
    assert str(old.number) in world.texts(old.other)[-1]


OPEN: Mapping[str, tuple[Any, Mapping[str, Any], str]] = {
    "a task": (Task, {"done_at": None}, "tasks that are open"),
    "care": (CareRow, {"next_at": "now"}, "looked after"),
    "a payment": (Spending, {"state": LineState.WAITING.value}, "payments"),
    "a change": (PlanChange, {"state": "proposed"}, "changes of plans"),
    "an award": (FreedAward, {"state": "proposed"}, "freed awards"),
    "a review": (Review, {"state": "proposed"}, "reviews"),
    "a night": (Night, {"state": "released"}, "results nights"),
    "a correction": (
        NightCorrection,
        {"dropped_at": None, "confirmed_at": None},
        "corrections of results",
    ),
    "a broadcast": (Broadcast, {"state": "paused"}, "broadcasts under way"),
    "a message": (OutboundMessage, {"delivery": "queued"}, "still to be sent"),
    "an event": (HookDispatch, {"state": "owed"}, "has not taken"),
    "a hand-over": (Handover, {"told_at": None, "undone_at": None}, "hand-overs"),
}


@pytest.mark.parametrize("what", OPEN)
def test_it_is_refused_while_something_is_open(old: Old, what: str) -> None:
    model, values, told = OPEN[what]
    now = old.world.clock()
    set_to = {n: now if v == "now" else v for n, v in values.items()}
    change(old.world, update(model).values(set_to))
    with pytest.raises(DestroyError) as refusal:
        old.destroy()
    assert len(refusal.value.reasons) == 1
    assert told in refusal.value.reasons[0]
    assert destroyed_round(old.world.house, VOTING) is None
    assert len(marked(old.world)) > 35


def test_every_reason_is_named_at_once(old: Old) -> None:
    world = old.world
    change(world, delete(Seal))
    change(world, update(Task).values(done_at=None))
    status = update(PlanRow).where(PlanRow.number == 21)
    change(world, status.values(status="started"))
    (old.folder / "ledger.json").write_text("[1]")
    (old.folder / "extra.txt").write_text("x")
    world.clock.pass_time(days=-LONG)
    ending = replace(old.ending, second=old.ending.by.upper())
    with pytest.raises(DestroyError) as refusal:
        destroy(world.house, ending)
    told = str(refusal.value)
    for reason in (
        "two different officials",
        "is not over",
        "not sealed",
        "neither done nor stopped: 21",
        "tasks that are open",
        "ledger.json of the archive is not what its manifest says",
        "extra.txt, which its manifest does not name",
        "this has changed:",
    ):
        assert reason in told


@pytest.mark.parametrize(
    ("days", "told"),
    [(-1, "is kept until"), (1, None)],
)
def test_it_waits_for_the_last_of_the_days_it_laid_down(
    old: Old, days: int, told: str | None
) -> None:
    world = old.world
    view = world.house.db.read(world.house.catalog.view)
    mine = next(each for each in view.rounds if each.slug == VOTING)
    end = mine.start_of(Phase.CLOSED)
    assert end is not None
    world.clock.now = end + timedelta(days=mine.retention.people_days + days)
    if told is None:
        check(world.house, old.ending)
        return
    with pytest.raises(DestroyError, match=told):
        check(world.house, old.ending)


def test_who_is_nobody_here_destroys_nothing(old: Old) -> None:
    for ending in (
        replace(old.ending, by="somebody@else.example"),
        replace(old.ending, second="somebody@else.example"),
    ):
        with pytest.raises(DestroyError, match="no official here"):
            destroy(old.world.house, ending)


def test_the_archive_has_to_be_of_this_round_whole_and_of_today(
    old: Old, tmp_path: Path
) -> None:
    world, house = old.world, old.world.house
    with pytest.raises(DestroyError, match="holds no archive"):
        destroy(house, replace(old.ending, archive=tmp_path / "nowhere"))
    manifest = old.folder / "manifest.json"
    kept = manifest.read_text()
    manifest.write_text(json.dumps(json.loads(kept) | {"round": COLLECTING}))
    with pytest.raises(DestroyError, match=f"is of round {COLLECTING}"):
        old.destroy()
    manifest.write_text(json.dumps(json.loads(kept) | {"made_by": "x"}))
    with pytest.raises(DestroyError, match="knows no archive"):
        old.destroy()
    manifest.write_text(kept)
    (old.folder / "minutes.pdf").unlink()
    with pytest.raises(DestroyError, match=r"lacks minutes\.pdf"):
        old.destroy()
    (old.folder / "minutes.pdf").write_bytes(b"x")
    with pytest.raises(DestroyError, match=r"minutes\.pdf of the archive is not"):
        old.destroy()
    world.change_plan(21, title={"nl": "Anders"})
    with pytest.raises(DestroyError, match=r"has changed: .*plans\.json"):
        old.destroy()


def test_what_somebody_does_meanwhile_is_not_lost(old: Old) -> None:
    """An act between looking at the archive and deleting: the archive lacks it."""
    world = old.world

    def late() -> Any:
        now = world.clock()
        line = {"at": now, "by": old.ending.by, "act": "money.approve", "data": {}}
        row = insert(AuditLine).values(line | {"subject": f"plan:{NUMBER}"})
        change(world, row)
        return now

    busy = replace(world.house, clock=late)
    with pytest.raises(DestroyError, match="at this very moment"):
        old.destroy(busy)
    assert len(marked(world)) > 35
    assert old.destroy().finished_at


class Unwell:
    """A store that stops answering, and comes back."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def delete(self, key: str) -> None:
        raise MediaUnavailableError("unavailable")


def test_cut_off_between_rows_and_files_it_goes_on(old: Old) -> None:
    world = old.world
    lend_nothing(world, Correction)
    away = replace(world.house, media=Unwell(world.house.media))
    with pytest.raises(UnfinishedError, match="run the command again"):
        old.destroy(away)
    left = destroyed_round(world.house, VOTING)
    assert left is not None
    assert left.finished_at is None
    assert marked(world) == set()
    world.clock.pass_time(hours=1)
    (row,) = world.rows(table(DestroyedRound))
    assert len(row.files) == 1
    done = old.destroy()
    assert done == replace(left, finished_at=world.clock())
    (row,) = world.rows(table(DestroyedRound))
    assert row.files == []
    world.clock.pass_time(hours=1)
    assert old.destroy() == done, "a third time changes nothing"


def test_cut_off_among_the_rows_nothing_is_gone(
    old: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All rows go in one transaction: what ends it before its end undoes it."""
    world, roots = old.world, old.roots()
    before = of_the_round(old, roots)

    def pulled(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(destroying, "touch", pulled)
    with pytest.raises(KeyboardInterrupt):
        old.destroy()
    assert of_the_round(old, roots) == before
    assert world.rows(table(DestroyedRound)) == []
    monkeypatch.undo()
    assert old.destroy().finished_at


def test_its_name_and_its_numbers_are_given_to_nobody_else(old: Old) -> None:
    world = old.world
    view = world.house.db.read(world.house.catalog.view)
    mine = next(each for each in view.rounds if each.slug == VOTING)
    old.destroy()

    def again(db: Any) -> None:
        load_round(Scene(world.house, db, world.clock()), mine)

    with pytest.raises(RoundError, match="were destroyed"):
        world.house.db.run(again)
    assert world.house.db.run(free_number) > NUMBER


def test_the_command_asks_destroys_and_certifies(old: Old, tmp_path: Path) -> None:
    world, paper = old.world, tmp_path / "verklaring.pdf"
    words = [VOTING, "--archive", str(old.folder), "--by", old.ending.by]
    words += ["--second", old.ending.second, "--certificate", str(paper)]
    words += ["--selection", "Resultaat 11.1"]
    no = run(world, command, *words, input="yes\n")
    assert no.exit_code == 1
    assert "Nothing was destroyed" in no.output
    assert destroyed_round(world.house, VOTING) is None
    done = run(world, command, *words, input=f"{VOTING}\n")
    assert done.exit_code == 0, done.output
    left = destroyed_round(world.house, VOTING)
    assert left is not None
    assert done.stdout.strip() == left.archive_hash
    told = " ".join(Printed(paper.read_bytes()).texts)
    for each in (
        "Verklaring van vernietiging",
        VOTING,
        left.by,
        left.second,
        "Archiefwet",
        "Resultaat 11.1",
        "stembiljetten",
        str(left.counts["ballots"]),
    ):
        assert each in told
    assert left.archive_hash in told.replace(" ", "")
    again = run(world, command, *words)
    assert "is there already" in again.output
    paper.unlink()
    assert run(world, command, *words).exit_code == 0, "the paper can be had again"
    assert paper.exists()


def test_the_certificate_is_accessible_and_leaves_room_for_what_is_not_known(
    old: Old,
) -> None:
    printed = Printed(print_minutes(certificate(old.destroy())))
    assert printed.root["/Lang"] == "nl"
    assert printed.root["/MarkInfo"]["/Marked"]
    kinds = [str(each.get("/S")) for each in printed.parts]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 5
    assert {"/Table", "/TH", "/TD"} <= set(kinds)
    assert "selectielijst: ........" in " ".join(printed.texts)

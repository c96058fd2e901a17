"""A prepared statement is the same statement: same rows, same types, both databases."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import bindparam, delete, insert, literal, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.services import (
    arriving,
    facts,
    outbox,
    plan_effects,
    plans,
    talks,
    vote_effects,
)
from bot.store.civic import BallotRow, PlanRow, RoundRow
from bot.store.database import Database
from bot.store.prepared import Prepared, _compile
from bot.store.talks import OutboundMessage, Resident, Talk

NOON = datetime(2026, 11, 18, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
TALK: dict[str, Any] = {
    "channel": "web",
    "address": "Ayşe ٤٢",
    "phone": None,
    "language": "ar",
    "state": '{"v":1}',
    "picks": b"\x00\xffsealed",
    "asked_id": 2**40,
    "listening_until": NOON,
    "created_at": NOON,
}
DIALECTS: tuple[Any, ...] = (sqlite.dialect, postgresql.dialect)
MODULES = (arriving, facts, outbox, plan_effects, plans, talks, vote_effects)


def begin(db: Database) -> int:
    """Write a person and her talk with prepared statements; return the talk."""
    person = Prepared(
        insert(Resident).values(created_at=bindparam("now")).returning(Resident.id)
    )
    columns: dict[str, Any] = {name: bindparam(name) for name in TALK}
    talk = Prepared(
        insert(Talk)
        .values(columns | {"resident_id": bindparam("resident")})
        .returning(Talk.id)
    )

    def job(connection: Any) -> int:
        resident = person.value(connection, {"now": NOON})
        return int(talk.value(connection, TALK | {"resident": resident}))

    return db.run(job)


def test_rows_and_types_are_those_of_sqlalchemy(migrated: Database) -> None:
    talk = begin(migrated)
    columns = Talk.__table__.c
    asked = select(*columns).where(Talk.id == bindparam("talk"))
    with migrated.engine.connect() as db:
        ours = Prepared(asked).one(db, {"talk": talk})
        theirs = db.execute(asked, {"talk": talk}).one()
    assert ours == tuple(theirs)
    found = dict(zip(columns.keys(), ours, strict=True))
    assert {name: found[name] for name in TALK} == TALK
    assert found["created_at"].tzinfo is UTC
    assert isinstance(found["picks"], bytes)


def test_json_booleans_and_labels_keep_their_types(migrated: Database) -> None:
    talk = begin(migrated)
    row = {
        "talk_id": talk,
        "channel": "web",
        "dedupe_key": "k",
        "priority": 0,
        "text": "Olé",
        "choices": [["yes", "Evet, gönder", ""]],
        "sound": None,
        "secret": True,
        "about": None,
        "delivery": "queued",
        "attempts": 1,
        "leased_by": None,
        "leased_until": None,
        "due_at": NOON,
        "created_at": NOON,
    }
    columns = OutboundMessage.__table__.c
    asked = select(*columns).where(OutboundMessage.secret == bindparam("secret"))

    def job(db: Any) -> Any:
        outbox._INSERT.value(db, row)
        ours = Prepared(asked).rows(db, {"secret": True})
        return ours, [tuple(each) for each in db.execute(asked, {"secret": True})]

    ours, theirs = migrated.run(job)
    assert ours == theirs
    found = dict(zip(columns.keys(), ours[0], strict=True))
    assert {name: found[name] for name in row} == row
    assert found["secret"] is True


def test_what_is_given_back_keeps_its_type_too(migrated: Database) -> None:
    talk = begin(migrated)
    mine = Talk.id == bindparam("talk")
    back = (Talk.created_at, Talk.picks)
    changed = Prepared(update(Talk).where(mine).values(language="tr").returning(*back))
    gone = Prepared(delete(Talk).where(mine).returning(*back))
    expected = (NOON.astimezone(UTC), TALK["picks"])

    def job(connection: Any) -> list[Any]:
        return [each.one(connection, {"talk": talk}) for each in (changed, gone)]

    assert migrated.run(job) == [expected, expected]


def test_no_row_is_none_and_a_count_is_a_count(migrated: Database) -> None:
    talk = begin(migrated)
    asked = select(Talk.id).where(Talk.address == bindparam("address"))
    moved = Prepared(
        update(Talk).where(Talk.id == bindparam("talk")).values(state=bindparam("new"))
    )
    ended = Prepared(delete(Talk).where(Talk.id == bindparam("talk")))

    def job(db: Any) -> tuple[Any, ...]:
        nobody = {"address": "nobody"}
        return (
            Prepared(asked).one(db, nobody),
            Prepared(asked).value(db, nobody),
            moved.run(db, {"talk": talk, "new": None}),
            moved.run(db, {"talk": talk + 1, "new": None}),
            ended.run(db, {"talk": talk}),
        )

    assert migrated.run(job) == (None, None, 1, 0, 1)


def test_a_naive_time_is_refused_as_everywhere(migrated: Database) -> None:
    person = Prepared(insert(Resident).values(created_at=bindparam("now")))
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a zone"):
        migrated.run(lambda db: person.run(db, {"now": naive}))


def test_a_percent_sign_in_a_statement_is_no_placeholder(migrated: Database) -> None:
    begin(migrated)
    asked = select(Talk.id).where(
        Talk.address.like("Ay%"), Talk.channel == bindparam("on")
    )
    with migrated.engine.connect() as db:
        assert len(Prepared(asked).rows(db, {"on": "web"})) == 1


def test_every_prepared_statement_of_the_services_compiles_on_both() -> None:
    found = {
        f"{module.__name__}.{name}": value
        for module in MODULES
        for name, value in vars(module).items()
        if isinstance(value, Prepared)
    }
    assert len(found) >= 20
    for name, value in found.items():
        for make in DIALECTS:
            dialect = make()
            if _is_of_the_other(value, dialect.name):
                continue
            compiled = value._statement.compile(dialect=dialect)
            assert "POSTCOMPILE" not in str(compiled), name


def _is_of_the_other(value: Prepared, dialect: str) -> bool:
    """Tell whether it is an insert that only the other database understands."""
    other = postgresql if dialect == "sqlite" else sqlite
    return isinstance(value._statement, other.Insert)


def test_a_plan_and_a_ballot_come_back_as_they_went_in(migrated: Database) -> None:
    """Lists and dictionaries in JSON columns, an id that we choose ourselves."""

    def job(db: Any) -> Any:
        made = insert(RoundRow).values(slug="a", data={"k": [1, "é"]}, created_at=NOON)
        round_id = db.scalar(made.returning(RoundRow.id))
        ballot = {"id": "b" * 32, "round": round_id, "voter": "v", "picks": [21, 30]}
        vote_effects._BALLOT.run(db, ballot | {"receipt": "ABCD-EFGH"})
        ours = Prepared(select(BallotRow.picks)).value(db, {})
        data = Prepared(select(RoundRow.data)).value(db, {})
        plan = plan_effects._NEW_PLAN.value(
            db,
            {
                "number": 10,
                "round_id": round_id,
                "resident_id": None,
                "talk_id": None,
                "status": "received",
                "text": "x",
                "language": None,
                "spoken": False,
                "latitude": 52.3675,
                "longitude": None,
                "created_at": NOON,
            },
        )
        where = Prepared(select(PlanRow.latitude, PlanRow.spoken, PlanRow.title))
        return ours, data, plan, where.one(db, {})

    picks, data, plan, row = migrated.run(job)
    assert picks == [21, 30]
    assert data == {"k": [1, "é"]}
    assert plan == 1
    assert row == (52.3675, False, None)


@pytest.mark.parametrize("word", ["queued", "it's", "100 % sure", ":name", "a\\b"])
def test_a_constant_is_written_out_and_means_the_same(
    migrated: Database, word: str
) -> None:
    talk = begin(migrated)
    constant = Prepared(
        select(Talk.id).where(Talk.id == bindparam("id"), Talk.channel != word)
    )
    same = Prepared(
        select(Talk.id).where(Talk.id == bindparam("id"), literal(word) == word)
    )
    found = migrated.read(lambda db: [constant.rows(db, {"id": talk})])
    assert found == [[(talk,)]]
    assert migrated.read(lambda db: same.value(db, {"id": talk})) == talk


def test_sqlite_plans_a_constant_once_and_by_its_partial_index(
    on_sqlite: Database,
) -> None:
    owed = Prepared(
        select(OutboundMessage.id).where(
            OutboundMessage.delivery == "queued",
            OutboundMessage.talk_id == bindparam("talk"),
        )
    )
    sql = _compile(owed._statement, on_sqlite.engine.dialect).sql
    assert "delivery = 'queued'" in sql
    plan = text(f"EXPLAIN QUERY PLAN {sql.replace('?', '7')}")
    told = on_sqlite.read(lambda db: str(db.execute(plan).all()))
    assert "ix_outbound_messages_owed" in told

"""The migrations and the tables in the code are the same thing, on both databases."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, Integer, MetaData, Table, inspect, text

from bot.store import civic, frozen, outreach, talks
from bot.store.base import Base
from bot.store.database import make_engine
from bot.store.migrating import _config, migrate, newest_revision

KNOWN = (civic.PlanRow, frozen.FrozenRound, outreach.Broadcast, talks.Talk)
FEWEST_TABLES = 20


def differences(db: Connection, metadata: MetaData) -> list[object]:
    """Return what a new migration would have to change, types included."""
    context = MigrationContext.configure(db, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def test_migrations_from_nothing_give_the_tables_of_the_code(url: str) -> None:
    migrate(url)
    engine = make_engine(url)
    with engine.connect() as db:
        assert len(inspect(db).get_table_names()) >= FEWEST_TABLES
        assert differences(db, Base.metadata) == []
    engine.dispose()


def test_a_table_without_a_migration_is_noticed(url: str) -> None:
    migrate(url)
    grown = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.tables.values():
        table.to_metadata(grown)
    Table("forgotten", grown, Column("id", Integer, primary_key=True))
    engine = make_engine(url)
    with engine.connect() as db:
        found = differences(db, grown)
    engine.dispose()
    assert [each[0] for each in found if isinstance(each, tuple)] == ["add_table"]


def test_migrating_twice_changes_nothing_and_keeps_what_is_there(url: str) -> None:
    migrate(url)
    engine = make_engine(url)
    with engine.begin() as db:
        db.execute(text("INSERT INTO catalog (id, version) VALUES (1, 7)"))
    migrate(url)
    with engine.connect() as db:
        assert db.scalar(text("SELECT version FROM catalog")) == 7
        found = db.scalar(text("SELECT version_num FROM alembic_version"))
    engine.dispose()
    assert found == newest_revision()


def test_all_migrations_can_be_taken_back_and_run_again(url: str) -> None:
    migrate(url)
    engine = make_engine(url)
    config = _config()
    with engine.connect() as db:
        config.attributes["connection"] = db
        command.downgrade(config, "base")
        db.commit()
        left = set(inspect(db).get_table_names()) - {"alembic_version"}
    assert left == set()
    migrate(url)
    with engine.connect() as db:
        assert differences(db, Base.metadata) == []
    engine.dispose()

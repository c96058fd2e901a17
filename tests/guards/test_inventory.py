"""No column without a purpose: the inventory and the tables say the same."""

import runpy
from collections.abc import Callable
from typing import Any, cast

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from bot.store.inventory import NOT_PERSONAL, PERSONAL, faults
from bot.store.tables import METADATA
from tests.need import ROOT

FEWEST_COLUMNS = 150


def columns_of(metadata: MetaData) -> frozenset[str]:
    tables = metadata.tables.values()
    return frozenset(
        f"{table.name}.{each.name}" for table in tables for each in table.c
    )


def test_every_column_is_in_the_inventory() -> None:
    columns = columns_of(METADATA)
    assert len(columns) >= FEWEST_COLUMNS
    assert faults(columns) == []


def test_a_column_that_is_not_listed_is_found() -> None:
    grown = MetaData()
    Table("talks", grown, Column("shoe_size", Integer))
    columns = columns_of(METADATA) | columns_of(grown)
    assert faults(columns) == ["talks.shoe_size is not in the inventory"]


def test_a_listed_column_that_is_gone_is_found() -> None:
    columns = columns_of(METADATA) - {"talks.phone"}
    assert faults(columns) == ["talks.phone is listed but not there"]


def test_no_column_stands_on_both_lists() -> None:
    assert not NOT_PERSONAL & PERSONAL.keys()


def test_what_is_personal_says_why_how_long_and_for_whom() -> None:
    said = {name: (w.purpose, w.basis, w.kept, w.seen) for name, w in PERSONAL.items()}
    assert not [name for name, words in said.items() if not all(words)]


TOOL: dict[str, Any] = runpy.run_path(str(ROOT / "tools" / "inventory.py"))
page = cast("Callable[[], str]", TOOL["page"])
kind_of = cast("Callable[[str], str]", TOOL["kind_of"])


def test_the_page_of_the_inventory_is_what_the_tables_say() -> None:
    told = (ROOT / "docs" / "data-inventory.md").read_text("utf-8")
    assert told == page(), "run tools/inventory.py write"


def test_the_page_names_every_column_with_all_that_is_promised_of_it() -> None:
    told = page()
    for name in columns_of(METADATA):
        table, _, column = name.partition(".")
        section = told.split(f"\n### {table}\n", 1)[1].split("\n### ", 1)[0]
        assert f"`{column}`" in section, name
        if what := PERSONAL.get(name):
            row = next(
                line
                for line in section.splitlines()
                if line.startswith(f"| `{column}` |")
            )
            assert all(each in row for each in (what.purpose, what.kept, what.seen))
            assert what.basis.partition(":")[0] in row


def test_every_personal_column_is_about_somebody() -> None:
    kinds = {kind_of(name) for name in PERSONAL}
    assert kinds == set(TOOL["WHO"])
    assert kind_of("plans.text") == TOOL["AUTHOR"]
    assert kind_of("plans.contact") == kind_of("seals.by") == TOOL["OFFICIAL"]
    with pytest.raises(KeyError):
        kind_of("shoes.size")

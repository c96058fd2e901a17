"""Forgetting leaves the count as it is; my data answers at once and shows no choice."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.civic import BallotRow, Erasure, PlanRow
from bot.store.spending import Spending
from tests.houses import Street, since
from tests.promises.traces import columns_with
from tests.services.desk.paying import chosen_plan, paid
from tests.worlds import World, table

PLAN = "Een bank onder de lindebomen"


def lives(street: Street) -> Any:
    """Let Fatima tell a plan, support one, and vote."""
    fatima = street.fatima()
    for words in (PLAN, "ja", "sla over", "nee", "steun 120", "stem 21 30", "ja"):
        fatima.says(words)
        street.work()
    return fatima


def forgets(street: Street, person: Any, answer: str = "forget:drop") -> None:
    person.says("vergeet mij")
    street.work()
    person.taps(answer)
    street.work()
    street.sweep()


def test_a_cast_ballot_stays_counted(each_street: Street) -> None:
    fatima = lives(each_street)
    forgets(each_street, fatima)
    ballots = each_street.world.rows(table(BallotRow))
    assert [row.picks for row in ballots] == [[21, 30]]
    assert columns_with(each_street.world, ["31612345678", PLAN]) == set()


def test_who_was_forgotten_is_known_by_a_keyed_hash_alone(each_street: Street) -> None:
    fatima = lives(each_street)
    forgets(each_street, fatima)
    (row,) = each_street.world.rows(table(Erasure))
    assert len(row.address_hash) == 64
    assert "31612345678" not in str(row)


def test_payments_of_a_chosen_plan_stay_and_she_is_told_so(
    each_world: World,
) -> None:
    world = each_world
    author = world.person("nl")
    number = chosen_plan(world, author, text=PLAN)
    paid(world, number)
    world.says(author, "vergeet mij")
    assert "betaald" in world.texts(author)[-1]
    world.taps(author, "forget:drop")
    assert len(world.rows(select(Spending.id))) == 1
    assert world.plan_row(number).status == "chosen"
    assert world.plan_row(number).resident_id is None


def test_my_data_answers_at_once_and_shows_no_choice(each_street: Street) -> None:
    fatima = lives(each_street)
    before, now = len(fatima.heard), each_street.clock()
    fatima.says("mijn gegevens")
    each_street.rest()
    told = "\n".join(since(fatima, before))
    assert each_street.clock() == now, "no worker was needed"
    assert PLAN in told
    assert "Stemmen die u stuurde: 1" in told
    for number in (21, 30):
        assert each_street.world.plan_row(number).title["nl"] not in told
        assert f"{number}" not in told.split()


def test_my_data_gives_everything_within_a_minute_and_never_a_choice(
    street: Street,
) -> None:
    fatima = lives(street)
    asked = street.clock()
    fatima.says("mijn gegevens")
    street.work()
    assert (street.clock() - asked).total_seconds() < 60
    told = "\n".join(each.text for each in fatima.heard)
    (path,) = re.findall(r"https://buurtstem\.example(/media/\S+\.zip)", told)
    whole = street.app.test_client().get(path).data
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        page, data = (archive.read(f) for f in ("index.html", "data.json"))
    tables = json.loads(data)["tables"]
    assert [row["text"] for row in tables["plans"]] == [PLAN]
    assert [len(tables[name]) for name in ("supports", "marks")] == [1, 1]
    assert PLAN in page.decode()
    for number in (21, 30):
        title = street.world.plan_row(number).title["nl"]
        assert title not in page.decode() + data.decode()


@pytest.mark.parametrize("answer", ["forget:keep", "forget:drop"])
def test_an_author_decides_about_her_plan(each_street: Street, answer: str) -> None:
    fatima = lives(each_street)
    forgets(each_street, fatima, answer)
    plans = select(PlanRow.text, PlanRow.resident_id).where(PlanRow.text == PLAN)
    kept = [tuple(row) for row in each_street.world.rows(plans)]
    assert kept == ([(PLAN, None)] if answer == "forget:keep" else [])

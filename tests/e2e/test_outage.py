"""The city's server is away: what was written to it meanwhile is answered after."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.talks import InboundMessage
from tests.e2e.city import City, Watch, open_city
from tests.e2e.people import neighbour
from tests.need import ROOT
from tests.worlds import table

PLAN = "Een zwaluwtil op het plein bij de kerk"


@pytest.fixture
def fresh(tmp_path: Path, watch: Watch) -> Iterator[City]:
    database = f"sqlite:///{tmp_path / 'city.db'}"
    with open_city(database, tmp_path, watch) as made:
        made.serve()
        yield made


def some_minutes_ago() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=3)


def test_what_was_written_to_a_server_that_was_away_is_answered_once(
    fresh: City,
) -> None:
    person = neighbour(fresh, "whatsapp")
    person.arrives()
    fresh.stop()
    fresh.twilio.clock = some_minutes_ago
    with pytest.raises(OSError, match="refused"):
        person.phone.says(PLAN)
    fresh.watch.secrets.add(PLAN)
    before = len(person.texts)
    assert fresh.run("recover") == "found 1, taken in 1\n"
    person.hears(before + 1)
    assert PLAN in person.last
    since = f"{some_minutes_ago() - timedelta(hours=1):%Y-%m-%dT%H:%M}Z"
    assert fresh.run("recover", "--since", since) == "found 0, taken in 0\n"
    fresh.serve()
    person.taps("yes", answers=2)
    assert len(fresh.rows(table(InboundMessage))) == 4


def test_the_doctor_finds_a_running_city_well(city: City) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "doctor", "--json"],
        cwd=ROOT,
        env=city.env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    city.watch.new_log().write_text(done.stdout + done.stderr)
    found = {each["name"]: each for each in json.loads(done.stdout)["findings"]}
    bad = [name for name, each in found.items() if each["mark"] == "bad"]
    assert [name for name in bad if not name.startswith("disk")] == ["public address"]
    assert found["whatsapp webhook, a genuine one"]["mark"] == "ok"
    assert done.returncode == 1

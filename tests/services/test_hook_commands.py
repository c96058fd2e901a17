"""The commands that connect the city's own systems, and the setting beside them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli_hooks import hooks
from bot.config import SettingsError, read_settings
from bot.domain.events import Kind
from bot.services.outgoing import post_events
from bot.store.outhooks import HookDispatch
from tests.services.city_hooks import posting
from tests.standins.city_system import CitySystem
from tests.worlds import SECRET_KEY, World, table

PLACE = "https://cases.city.example/in"


@pytest.fixture
def town(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)
    with posting(world) as made:
        yield made


def run(town: World, *words: str) -> Result:
    return CliRunner().invoke(hooks, list(words), obj=lambda _: town.house)


def listed(town: World) -> Any:
    return json.loads(run(town, "list", "--json").stdout)


def test_a_secret_stands_alone_on_stdout_and_is_not_shown_again(town: World) -> None:
    made = run(town, "add", PLACE)
    assert made.exit_code == 0
    assert made.stdout.startswith("whsec_")
    assert len(made.stdout.splitlines()) == 1
    (row,) = listed(town)
    assert (row["url"], row["events"], row["owed"]) == (PLACE, list(Kind), 0)
    assert made.stdout.strip() not in run(town, "list").stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "http://cases.city.example/"), 1, "must begin with https://"),
        (("add", "https://192.168.0.1/"), 1, "HOOKS_PRIVATE_HOSTS"),
        (("add", PLACE, "--events", "plan.shoe"), 2, "plan.shoe: no event of ours"),
        (("add", PLACE, "--events", " , "), 2, "nothing: no event of ours"),
        (("remove", "7"), 1, "no system with this number"),
        (("rotate", "7"), 1, "no system with this number"),
        (("test", "7"), 1, "no system with this number"),
        (("send-again", "7", "--since", "2026-12-01"), 2, "does not match"),
        (("send-again", "7", "--since", "2026-12-01T10:00Z"), 1, "no system with"),
    ],
)
def test_a_refusal_says_what_to_do(
    town: World, words: tuple[str, ...], code: int, said: str
) -> None:
    refused = run(town, *words)
    assert (refused.exit_code, refused.stdout) == (code, "")
    assert said in refused.stderr
    assert listed(town) == []


def test_all_since_a_moment_is_sent_again_under_the_same_ids(town: World) -> None:
    with CitySystem() as system:
        secret = run(town, "add", system.hook, "--events", "plan.created").stdout
        system.secrets = [secret.strip()]
        town.plan(None)
        post_events(town.house)
        town.clock.pass_time(hours=2)
        since = town.clock().isoformat(timespec="seconds")
        town.plan(None)
        post_events(town.house)
        (row,) = listed(town)
        again = run(town, "send-again", str(row["id"]), "--since", since)
        assert again.exit_code == 0, again.stderr
        assert "1 events" in again.stderr
        post_events(town.house)
        assert run(town, "test", str(row["id"])).exit_code == 0
        post_events(town.house)
        ids = [call.headers["webhook-id"] for call in system.calls]
        assert ids[2] == ids[1] != ids[0]
        assert len(set(ids)) == 3
        new = run(town, "rotate", str(row["id"])).stdout
        assert new.startswith("whsec_")
        assert new != secret
        assert run(town, "remove", str(row["id"])).exit_code == 0
    assert town.rows(table(HookDispatch)) == []


def test_the_same_address_is_not_connected_twice(town: World) -> None:
    run(town, "add", PLACE)
    again = run(town, "add", PLACE)
    assert (again.exit_code, again.stdout) == (1, "")
    assert "connected already" in again.stderr


def test_hosts_of_the_city_s_own_network_are_read_from_the_environment() -> None:
    named = {"HOOKS_PRIVATE_HOSTS": "Cases.city.internal, 10.1.2.3"}
    secret = {"SECRET_KEY": SECRET_KEY, "PUBLIC_URL": "https://city.example"}
    reach = read_settings(secret | named).reach
    assert reach.hosts == {"cases.city.internal", "10.1.2.3"}
    assert not reach.on_this_machine
    assert read_settings({"SECRET_KEY": SECRET_KEY}).reach.on_this_machine


@pytest.mark.parametrize("wrong", ["https://cases.city.internal", "a b", "a,,b", "*"])
def test_a_setting_that_names_no_hosts_stops_the_start(wrong: str) -> None:
    with pytest.raises(SettingsError, match="HOOKS_PRIVATE_HOSTS"):
        read_settings({"SECRET_KEY": SECRET_KEY, "HOOKS_PRIVATE_HOSTS": wrong})

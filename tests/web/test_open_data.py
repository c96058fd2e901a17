"""Open data: what everybody may know, and nothing that nobody has ticked."""

import hashlib

import pytest
from flask.testing import FlaskClient

from bot.domain.plans import Status
from bot.services.house import Scene
from bot.services.open_data import public_plans, public_rounds
from bot.services.plans import publish
from bot.store.civic import RoundRow
from tests.web.conftest import read
from tests.worlds import COLLECTING, VOTING, World, table

PHASES = {
    "collecting",
    "supporting",
    "reviewing",
    "voting",
    "counting",
    "doing",
    "closed",
}


def test_the_rounds_are_listed_as_promised(world: World, client: FlaskClient) -> None:
    answer = client.get("/open/rounds.json")
    assert answer.status_code == 200
    rounds = {each["slug"]: each for each in read(answer)}
    assert rounds.keys() == {VOTING, COLLECTING}
    voting = rounds[VOTING]
    promised = {"slug", "title", "phase", "budget_cents", "plans_url"}
    frozen = {"settings_hash", "settings_url", "settings_history"}
    assert voting.keys() == promised | frozen
    assert rounds[COLLECTING].keys() == promised
    assert (voting["phase"], voting["budget_cents"]) == ("voting", 50_000_000)
    assert rounds[COLLECTING]["phase"] == "collecting"
    assert voting["title"].keys() == {"nl", "en", "tr", "ar"}
    url = "http://127.0.0.1:8080/open/rounds/slotermeer-2026/plans.json"
    assert voting["plans_url"] == url


def test_in_voting_exactly_the_ballot_is_listed(
    world: World, client: FlaskClient
) -> None:
    view = world.house.db.read(world.house.catalog.view)
    papers = view.papers or {}
    ballot = [plan.number for plan in papers[VOTING].plans]
    plans = read(client.get(f"/open/rounds/{VOTING}/plans.json"))
    assert [each["number"] for each in plans] == ballot
    assert len(ballot) == 40
    assert {tuple(each) for each in map(sorted, plans)} == {
        ("cost_cents", "number", "status", "theme", "title")
    }
    assert {each["status"] for each in plans} == {"on_ballot"}


def test_votes_are_there_only_after_closing(world: World, client: FlaskClient) -> None:
    place = f"/open/rounds/{VOTING}/plans.json"
    number = read(client.get(place))[0]["number"]
    world.change_plan(number, votes=312)
    assert not any("votes" in each for each in read(client.get(place)))
    world.clock.pass_time(days=21, hours=12)
    assert read(client.get("/open/rounds.json"))[0]["phase"] == "counting"
    counted = {each["number"]: each.get("votes") for each in read(client.get(place))}
    assert counted[number] == 312
    assert list(counted.values()).count(None) == len(counted) - 1


@pytest.mark.parametrize("status", Status)
def test_what_nobody_has_ticked_is_not_there(
    world: World, client: FlaskClient, status: Status
) -> None:
    for a_round in (VOTING, COLLECTING):
        number = world.plan(
            world.person(),
            "Mijn buurvrouw Fatma wil een bank.",
            a_round,
            status=status.value,
        )
        shown = client.get(f"/open/rounds/{a_round}/plans.json")
        assert "Fatma" not in shown.text
        assert number not in {each["number"] for each in read(shown)}


def test_a_ticked_plan_is_there_by_its_public_title_only(
    world: World, client: FlaskClient
) -> None:
    words = "Mijn buurvrouw Fatma wil een bank."
    number = world.plan(world.person(), words, COLLECTING)
    titles = {"nl": "Een bank", "tr": "Bir bank"}
    house, now = world.house, world.clock()
    house.db.run(lambda db: publish(Scene(house, db, now), number, titles, "bram"))
    place = f"/open/rounds/{COLLECTING}/plans.json"
    shown = client.get(place)
    (plan,) = [each for each in read(shown) if each["number"] == number]
    assert plan == {
        "number": number,
        "title": titles,
        "cost_cents": None,
        "theme": None,
        "status": "public",
    }
    assert "Fatma" not in shown.text
    world.change_plan(number, status="withdrawn")
    assert number not in {each["number"] for each in read(client.get(place))}


def test_a_round_that_is_not_there_or_not_begun_is_json_404(
    world: World, client: FlaskClient
) -> None:
    world.clock.pass_time(days=-400)
    assert read(client.get("/open/rounds.json")) == []
    for slug in ("atlantis", VOTING, "%00", "a" * 300):
        answer = client.get(f"/open/rounds/{slug}/plans.json")
        assert (answer.status_code, answer.mimetype) == (404, "application/json")
        assert read(answer)["error"]
    assert len(world.rows(table(RoundRow))) == 2


def test_other_sites_may_read_it_and_nothing_is_fetched_twice(
    client: FlaskClient,
) -> None:
    for place in ("/open/rounds.json", f"/open/rounds/{VOTING}/plans.json"):
        answer = client.get(place)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "max-age=60" in answer.headers["Cache-Control"]
        tag = {"If-None-Match": answer.headers["ETag"]}
        again = client.get(place, headers=tag)
        assert (again.status_code, again.data) == (304, b"")


def test_open_data_names_nobody(world: World, client: FlaskClient) -> None:
    number = read(client.get(f"/open/rounds/{VOTING}/plans.json"))[0]["number"]
    world.change_plan(number, contact={"name": "Bram de Wit", "phone": "020"})
    assert "Bram" not in client.get(f"/open/rounds/{VOTING}/plans.json").text


def test_open_data_on_each_database(each_world: World) -> None:
    house = each_world.house
    assert {each["phase"] for each in public_rounds(house)} == {"voting", "collecting"}
    assert len(public_plans(house, VOTING) or []) == 40
    assert public_plans(house, "atlantis") is None


def test_frozen_settings_are_the_bytes_of_their_hash(
    world: World, client: FlaskClient
) -> None:
    listed = {each["slug"]: each for each in read(client.get("/open/rounds.json"))}
    told = listed[VOTING]
    path = told["settings_url"].removeprefix("http://127.0.0.1:8080")
    answer = client.get(path)
    assert answer.mimetype == "application/json"
    assert hashlib.sha256(answer.data).hexdigest() == told["settings_hash"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    for slug in (COLLECTING, "nowhere"):
        assert client.get(f"/open/rounds/{slug}/settings.json").status_code == 404

"""The desk's page of ballots: read back, entered, printed; all a volunteer sees."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from bot.app import create_app
from bot.domain.passes import shown, with_check
from bot.services.entering_desk import UNKNOWN_A_DAY
from bot.services.officials import add_official
from bot.store.civic import BallotRow
from bot.store.passes import PassAct, PassTry, Receipt
from bot.web.desk.words.book import words
from tests.services.test_passes import passes, votes
from tests.web.conftest import form_secret, log_in, one_time_token
from tests.worlds import World, open_world, table

PAGE = "/desk/ballots"
W = words("en")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[World]:
    """A neighbourhood that votes with passes, and has a volunteer."""
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with open_world(url, tmp_path / "media", eligibility="pass") as made:
        now = made.clock()
        made.house.db.run(
            lambda db: add_official(db, "vera@city.example", "volunteer", "Vera", now)
        )
        yield made


def browser(city: World, role: str = "volunteer") -> FlaskClient:
    made = create_app(house=city.house).test_client()
    assert log_in(made, one_time_token(city, role)) == 303
    return made


def post(at: FlaskClient, place: str = PAGE, **form: str) -> Any:
    secret = form_secret(at.get(PAGE).text)
    return at.post(f"{place}?lang=en", data={"secret": secret} | form)


def look(at: FlaskClient, secret: str, plans: str = "21 30", **form: str) -> Any:
    asked = {"pass": secret, "plans": plans, "route": "paper", "second": "Bram"}
    return post(at, **(asked | form))


def sealed(page: str) -> str:
    (found,) = re.findall(r'name="draft" value="([^"]+)"', page)
    return str(found)


def takes(at: FlaskClient, page: str, **form: str) -> Any:
    asked = {"draft": sealed(page), "second": "Bram"}
    return post(at, f"{PAGE}/enter", **(asked | form))


def picks(city: World) -> list[list[int]]:
    return [row.picks for row in city.rows(table(BallotRow))]


def test_a_ballot_is_read_back_and_then_entered(city: World) -> None:
    at, letter = browser(city), passes(city)[0]
    page = look(at, f"https://t.me/bot?start=k_{letter.token}").text
    assert city.plan_row(21).title["en"] in page
    assert escape(city.plan_row(30).title["en"]) in page
    assert letter.token not in page
    assert letter.code not in page
    assert picks(city) == []
    done = takes(at, page)
    assert done.status_code == 200
    assert picks(city) == [[21, 30]]
    receipt = city.one(table(Receipt)).receipt
    assert receipt not in done.text, "there is nobody to take it"
    assert city.plan_row(21).title["en"] not in done.text
    (act,) = [row for row in city.rows(table(PassAct)) if row.serial]
    assert (act.act, act.by) == ("paper", "vera@city.example and Bram")


def test_pressing_yes_again_changes_nothing_and_accuses_nobody(city: World) -> None:
    at, letter = browser(city), passes(city)[0]
    page = look(at, shown(letter.code)).text
    takes(at, page)
    again = takes(at, page)
    assert again.status_code == 400
    assert "has a ballot already" in again.text
    assert [row.act for row in city.rows(table(PassAct)) if row.serial] == ["paper"]


def test_a_chat_ballot_stays_and_the_paper_is_noted(city: World) -> None:
    at, letter = browser(city), passes(city)[0]
    votes(city, city.person("en"), letter.code, "40")
    refused = look(at, letter.code)
    assert refused.status_code == 400
    assert "has a ballot already" in refused.text
    assert picks(city) == [[40]]
    acts = [row.act for row in city.rows(table(PassAct)) if row.serial]
    assert acts == ["paper refused"]


def test_at_the_counter_two_people_may_replace_it(city: World) -> None:
    at, letter = browser(city, "counter"), passes(city)[0]
    votes(city, city.person("en"), letter.code, "40")
    page = look(at, letter.code, route="desk", second="").text
    assert W["ballots_replace"] in page
    kept = takes(at, page)
    assert W["ballots_keep"] in kept.text
    alone = takes(at, page, replace="yes", second="Teun Mulder")
    assert (alone.status_code, picks(city)) == (400, [[40]])
    assert W["ballots_alone"] in alone.text
    assert takes(at, page, replace="yes").status_code == 200
    assert picks(city) == [[21, 30]]


def test_a_voter_at_the_counter_needs_no_second_official(city: World) -> None:
    at, letter = browser(city, "admin"), passes(city)[0]
    page = look(at, letter.code, route="desk", second="").text
    done = takes(at, page, second="")
    assert W["ballots_print"] in done.text
    told = city.one(table(Receipt))
    assert done.text.count(told.receipt) == 5, "once large, and in four languages"
    assert told.route == "desk"


@pytest.mark.parametrize("second", ["", "  ", "Vera", "VERA@city.example"])
def test_paper_takes_two_people(city: World, second: str) -> None:
    at, letter = browser(city), passes(city)[0]
    alone = look(at, letter.code, second=second)
    assert alone.status_code == 400
    assert W["ballots_alone"] in alone.text


@pytest.mark.parametrize(
    ("secret", "plans", "said"),
    [
        ("1234", "21", "This is no voting pass"),
        ("", "21", "This is no voting pass"),
        (None, "21 9999", "Plan 9999 is not on the voting list."),
        (None, "bench", "no number of a plan: bench"),
        (None, "", "Write the numbers"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    city: World, secret: str | None, plans: str, said: str
) -> None:
    letter = passes(city)[0]
    refused = look(browser(city), letter.code if secret is None else secret, plans)
    assert refused.status_code == 400
    assert said in refused.text
    assert picks(city) == []


def test_nobody_guesses_at_the_desk(city: World) -> None:
    at, letter = browser(city), passes(city)[0]
    for number in range(UNKNOWN_A_DAY):
        assert "do not know" in look(at, with_check(f"5{number:09}")).text
    assert len(city.rows(table(PassTry))) == UNKNOWN_A_DAY
    assert "too many unknown passes" in look(at, letter.code).text
    city.clock.pass_time(days=1, seconds=1)
    assert look(browser(city), letter.code).status_code == 200


def test_a_draft_that_is_not_ours_is_turned_down(city: World) -> None:
    at = browser(city)
    for draft in ("", "x", "gAAAAA", "é"):
        answer = post(at, f"{PAGE}/enter", draft=draft, second="Bram")
        assert answer.status_code == 400
    assert picks(city) == []


def test_a_form_without_its_secret_changes_nothing(city: World) -> None:
    at, letter = browser(city), passes(city)[0]
    page = look(at, letter.code).text
    form = {"draft": sealed(page), "second": "Bram", "secret": "x"}
    assert at.post(f"{PAGE}/enter", data=form).status_code == 403
    assert at.post(PAGE, data=form).status_code == 403
    assert picks(city) == []


CAST = {
    "viewer": 403,
    "reviewer": 403,
    "communicator": 403,
    "counter": 200,
    "volunteer": 200,
    "admin": 200,
}


@pytest.mark.parametrize("role", CAST)
def test_each_role_may_do_what_it_may(city: World, role: str) -> None:
    at, letter = browser(city, role), passes(city)[0]
    assert at.get(PAGE).status_code == CAST[role]
    inside = at.get("/desk", follow_redirects=True).text
    asked = {"secret": form_secret(inside), "pass": letter.code, "plans": "21"}
    assert at.post(PAGE, data=asked | {"second": "Bram"}).status_code == CAST[role]
    assert (PAGE in inside) is (CAST[role] == 200)


def test_a_stranger_is_led_to_the_door(city: World) -> None:
    at = create_app(house=city.house).test_client()
    assert at.get(PAGE).location.startswith("/desk/login")
    assert at.post(PAGE).status_code == 403


@pytest.mark.parametrize("place", ["", "/delivery", "/listening", "/sound/1"])
def test_a_volunteer_sees_nothing_but_this_page(city: World, place: str) -> None:
    answer = browser(city).get(f"/desk{place}")
    assert (answer.status_code, answer.location) == (303, PAGE)
    shown_page = browser(city).get(PAGE).text
    assert "/desk/delivery" not in shown_page
    assert "/desk/listening" not in shown_page

"""Observers get the ballots by a link of their own, for a week; the trail knows."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from bot.app import create_app
from bot.cli_result import result
from bot.services.publishing import Publishing, publish_result
from bot.services.tallying import count_round
from tally import count
from tally.pabulib import read_file
from tests.services.test_tallying import close, run, tied
from tests.worlds import COLLECTING, VOTING, World

NAME = "Fatma Yılmaz"


def link(world: World, slug: str = VOTING) -> str:
    """Return path and query of a fresh link."""
    given = run(world, result, "observer-link", "--round", slug, "--name", NAME)
    assert given.exit_code == 0, given.stderr
    parts = urlsplit(given.stdout.strip())
    return f"{parts.path}?{parts.query}"


def browser(world: World) -> FlaskClient:
    return create_app(house=world.house).test_client()


def trail(world: World) -> list[str]:
    told = run(world, result, "trail", "--round", VOTING)
    return [line.partition("\t")[2] for line in told.stdout.splitlines()]


def test_the_link_gives_the_ballots_and_the_trail_says_to_whom(
    each_world: World, tmp_path: Path
) -> None:
    close(each_world)
    answer = browser(each_world).get(link(each_world))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    path = tmp_path / "round.pb"
    path.write_bytes(answer.data)
    document = read_file(path)
    outcome = count(document.election, document.settings)
    assert outcome == count_round(each_world.house, VOTING).outcome
    assert trail(each_world) == [
        f"link\t{NAME}\tcommand line",
        f"file\t{NAME}\t{NAME}",
    ]


def test_after_a_week_it_is_over(world: World) -> None:
    close(world)
    place, client = link(world), browser(world)
    world.clock.pass_time(days=7, seconds=-1)
    assert client.get(place).status_code == 200
    world.clock.pass_time(seconds=1)
    answer = client.get(place)
    assert (answer.status_code, answer.mimetype) == (403, "application/json")
    assert "ask the municipality for a new link" in answer.text
    assert len(trail(world)) == 2, "only who got the ballots"


@pytest.mark.parametrize("spoil", ["cut", "other", "none", "word"])
def test_a_link_that_is_not_ours_gives_nothing(world: World, spoil: str) -> None:
    close(world)
    place = link(world)
    spoiled = {
        "cut": place[:-1],
        "other": link(world, COLLECTING).replace(COLLECTING, VOTING),
        "none": place.partition("?")[0],
        "word": place.partition("=")[0] + "=open",
    }[spoil]
    answer = browser(world).get(spoiled)
    assert answer.status_code == 403
    assert b"PROJECTS" not in answer.data


def test_before_closing_even_an_observer_sees_no_ballot(world: World) -> None:
    close(world)
    world.clock.pass_time(days=-40)
    answer = browser(world).get(link(world))
    assert answer.status_code == 409
    assert "has not closed" in answer.text
    assert len(trail(world)) == 1


def test_the_lot_of_the_published_result_is_in_the_file(world: World) -> None:
    tied(world)
    assert browser(world).get(link(world)).status_code == 409
    publish_result(world.house, Publishing(VOTING, "A and B", "4 17 23"))
    assert re.search("lot_seed;4 17 23", browser(world).get(link(world)).text)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--round", "atlantis", "--name", "Fatma"), "there is no round atlantis"),
        (("--round", VOTING, "--name", "  "), "Name the observer"),
        (("--round", VOTING, "--name", "x" * 121), "at most 120"),
    ],
)
def test_a_link_needs_a_round_and_a_name(
    world: World, words: tuple[str, ...], told: str
) -> None:
    refused = run(world, result, "observer-link", *words)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert told in refused.stderr
    assert refused.stderr.endswith("Nothing was done.\n")

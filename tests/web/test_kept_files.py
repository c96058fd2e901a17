"""Files of pages: small, fetched once, and anew as soon as they hold something else."""

import gzip
import re

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import Desk
from tests.worlds import World

MOST_PACKED = 6_000
"""Bytes of all styles of a page, packed: two round trips of an old phone."""


def fetch(browser: FlaskClient, place: str) -> tuple[int, str, bytes]:
    """Return status, caching and bytes of a file."""
    with browser.get(place) as answer:
        return answer.status_code, answer.headers["Cache-Control"], answer.data


def files_of(page: str) -> list[str]:
    return re.findall(r'(?:href|src)="(/\w+/static/[^"]+)"', page)


@pytest.mark.parametrize("place", ["/desk", "/desk/plans", "/open"])
def test_a_file_that_a_page_names_is_kept(
    world: World, at_desk: Desk, place: str
) -> None:
    del world
    browser = at_desk("reviewer")
    files = set(files_of(browser.get(place).text))
    assert len(files) == 3
    packed = 0
    for file in files:
        _, kept, held = fetch(browser, file)
        assert kept == "public, max-age=31536000, immutable"
        packed += len(gzip.compress(held))
    assert 0 < packed < MOST_PACKED


@pytest.mark.parametrize("mark", ["", "?v=", "?v=000000000000"])
def test_a_file_of_another_release_is_asked_for_again(
    client: FlaskClient, mark: str
) -> None:
    status, kept, _ = fetch(client, f"/desk/static/desk.css{mark}")
    assert (status, kept) == (200, "no-cache")


def test_what_is_not_there_is_not_kept(client: FlaskClient) -> None:
    status, kept, _ = fetch(client, "/desk/static/nothing.css?v=000000000000")
    assert (status, kept) == (404, "no-store")


def test_modules_that_import_each_other_have_one_address(client: FlaskClient) -> None:
    page = client.get("/phone").text
    scripts = [each for each in files_of(page) if ".js" in each]
    assert len(scripts) > 5
    assert not any("?" in each for each in scripts)

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.web.screens import screen, served
from tests.worlds import World


@pytest.fixture
def desk_url(world: World) -> Iterator[str]:
    """The desk of a city, where a browser finds it."""
    with served(world.house) as url:
        yield f"{url}/desk"


@pytest.fixture
def page(desk_url: str) -> Iterator[Page]:
    """A page on a phone."""
    del desk_url  # the server outlives the browser
    with screen() as shown:
        yield shown

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.app import create_app
from bot.services.officials import login_link, officials
from tests.services.conftest import each_world, world
from tests.worlds import World

__all__ = ["each_world", "world"]
Desk = Callable[[str], FlaskClient]


@pytest.fixture
def client(world: World) -> FlaskClient:
    """Somebody's browser, or the officials' system."""
    return create_app(house=world.house).test_client()


def read(answer: Any) -> Any:
    """Return the JSON of an answer."""
    return answer.json


def one_time_token(world: World, role: str) -> str:
    """Return the secret of a fresh login link of the official with this role."""
    person = next(each for each in world.house.db.run(officials) if each.role == role)
    link = world.house.db.run(
        lambda db: login_link(world.house, db, person.id, world.clock())
    )
    return link.partition("#")[2]


def form_secret(page: str) -> str:
    """Return the secret that the forms of a page hold."""
    return page.partition('name="secret" value="')[2].partition('"')[0]


def log_in(client: FlaskClient, token: str) -> int:
    """Post the login form as the page does; return the status."""
    secret = form_secret(client.get("/desk/login").text)
    posted = {"secret": secret, "token": token}
    return client.post("/desk/login", data=posted).status_code


class Official(FlaskClient):
    """An official's browser; who comes back after half an hour logs in again."""

    _world: World | None = None
    _role = ""
    _at: datetime | None = None

    def works(self, world: World, role: str) -> None:
        """Log in now, and whenever it has been long."""
        self._role, self._at, self._world = role, world.clock(), None
        assert log_in(self, one_time_token(world, role)) == 303
        self._world = world

    def open(self, *args: Any, **kwargs: Any) -> Any:
        world = self._world
        if world and self._at and world.clock() - self._at > timedelta(minutes=30):
            self.works(world, self._role)
        if world:
            self._at = world.clock()
        return super().open(*args, **kwargs)


@pytest.fixture
def at_desk(world: World) -> Desk:
    """Log officials in, by role; "stranger" stays outside."""
    app = create_app(house=world.house)
    app.test_client_class = Official

    def enter(role: str) -> FlaskClient:
        browser = app.test_client()
        if role != "stranger":
            assert isinstance(browser, Official)
            browser.works(world, role)
        return browser

    return enter


@pytest.fixture
def at_desk_of() -> Callable[[World, str], FlaskClient]:
    """Log an official in at the desk of a world, on either database."""

    def enter(world: World, role: str) -> FlaskClient:
        app = create_app(house=world.house)
        app.test_client_class = Official
        browser = app.test_client()
        assert isinstance(browser, Official)
        browser.works(world, role)
        return browser

    return enter

"""What tests of logging in do in a browser that is not there: forms, codes, cookies."""

import re
from typing import Any

import pyotp
from flask.testing import FlaskClient

from bot.app import create_app
from bot.services.officials import officials
from tests.web.conftest import form_secret, log_in, one_time_token
from tests.worlds import World

PASSWORD = "kastanje fiets regenboog"


def browser(world: World, **headers: str) -> FlaskClient:
    made = create_app(house=world.house).test_client()
    made.environ_base["HTTP_USER_AGENT"] = headers.get("agent", "Firefox (Windows)")
    made.environ_base["REMOTE_ADDR"] = headers.get("address", "203.0.113.7")
    return made


def inside(world: World, role: str = "reviewer", **headers: str) -> FlaskClient:
    """Return the browser of an official who came by a link."""
    made = browser(world, **headers)
    assert log_in(made, one_time_token(world, role)) == 303
    return made


def email_of(world: World, role: str) -> str:
    people = world.house.db.run(officials)
    return next(each.email for each in people if each.role == role)


def post(at: FlaskClient, place: str, seen: str = "/desk/account", **form: str) -> Any:
    """Post a form with the secret that the page `seen` holds."""
    secret = form_secret(at.get(seen).text)
    return at.post(f"{place}?lang=en", data={"secret": secret} | form)


def by_password(at: FlaskClient, email: str, password: str) -> Any:
    form = {"email": email, "password": password}
    return post(at, "/desk/login/password", "/desk/login", **form)


def sets_password(at: FlaskClient, password: str = PASSWORD, old: str = "") -> Any:
    return post(at, "/desk/account/password", new=password, old=old)


def sets_up_phone(world: World, at: FlaskClient) -> tuple[pyotp.TOTP, list[str]]:
    """Set a second factor up as the page says; return the phone and recovery codes."""
    post(at, "/desk/account/factor/begin", "/desk/account/factor")
    page = at.get("/desk/account/factor").text
    phone = pyotp.TOTP("".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page)))
    typed = phone.at(world.clock())
    shown = post(at, "/desk/account/factor", "/desk/account/factor", code=typed)
    assert shown.status_code == 200, shown.text
    codes = re.findall(r"<li>([a-z0-9-]+)</li>", shown.text)
    return phone, codes


def enters_code(at: FlaskClient, code: str) -> Any:
    """Type the code that is asked for on the way in."""
    return post(at, "/desk/login/code", "/desk/login/code", code=code)

"""Every route, as everybody: no answer leaves without what keeps people safe."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from bot.app import create_app
from bot.channels.web import Web
from bot.services.officials import ROLES, add_official, officials
from tests.web.conftest import Desk
from tests.worlds import World

NEEDED = (
    "Content-Security-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
)
FILLS = {"int": "1", "any": "csv", "default": "nothing-here", "path": "style.css"}


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Return every method and an address of every route, and of none."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield method, filled(app, rule)
    yield "GET", "/nowhere"
    yield "GET", "/desk/nowhere"
    yield "PUT", "/desk/plans"
    yield "TRACE", "/"


def filled(app: Flask, rule: Rule) -> str:
    """Return an address that this rule answers to."""
    values = {}
    for name, converter in rule._converters.items():
        items = getattr(converter, "items", None)
        kind = type(converter).__name__.removesuffix("Converter").lower()
        values[name] = (
            min(items) if items else FILLS.get(kind.replace("integer", "int"), "a")
        )
    with app.test_request_context():
        built = rule.build(values, append_unknown=False)
    assert built is not None, rule
    return built[1]


def look(browser: FlaskClient, method: str, place: str, *, secure: bool) -> None:
    answer = browser.open(place, method=method)
    headers, about = answer.headers, (method, place, answer.status_code)
    assert answer.status_code < 500 or place == "/readyz", about
    for name in NEEDED:
        assert headers.get(name), (name, about)
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy, about
    for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy, about
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert ("Strict-Transport-Security" in headers) is secure, about
    if place.startswith(("/desk", "/phone")) and "/static/" not in place:
        assert headers["Cache-Control"] == "no-store", about
    if answer.data and answer.status_code != 304:
        assert answer.content_type, about
    if (answer.mimetype or "").startswith("text/"):
        assert answer.mimetype_params.get("charset") == "utf-8", about
    if answer.mimetype == "text/html":
        assert "onclick=" not in answer.text, about
        assert " style=" not in answer.text, about
        assert not re.search(r"<script(?![^>]*(src=|application/json))", answer.text)
    answer.close()


def of_role(world: World, at_desk: Desk, role: str) -> FlaskClient:
    """Return the browser of somebody with this role; the demo lacks some of them."""
    there = {each.role for each in world.house.db.run(officials)}
    if role not in {"stranger", *there}:
        mail = f"{role}@city.example"
        world.house.db.run(lambda db: add_official(db, mail, role, role, world.clock()))
    return at_desk(role)


@pytest.mark.parametrize("role", ["stranger", *ROLES])
def test_every_answer_of_every_route_is_shielded(
    world: World, at_desk: Desk, role: str
) -> None:
    app = create_app(house=world.house)
    found = list(addresses(app))
    assert len(found) > 150
    browser = of_role(world, at_desk, role)
    for method, place in found:
        if not place.endswith("/logout"):
            look(browser, method, place, secure=False)


def test_over_https_every_answer_asks_to_stay_there(world: World) -> None:
    strict = world.with_settings(public_url="https://stem.city.example")
    app = create_app(house=strict.house)
    browser = app.test_client()
    for method, place in addresses(app):
        look(browser, method, place, secure=True)
    told = browser.get("/nowhere").headers["Strict-Transport-Security"]
    assert told == "max-age=31536000; includeSubDomains"


def test_a_failure_of_ours_is_shielded_and_says_nothing(world: World) -> None:
    app = create_app(house=world.house)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken() -> str:
        raise RuntimeError("select secret from officials")

    app.add_url_rule("/broken", view_func=broken)
    answer = app.test_client().get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert all(answer.headers.get(name) for name in NEEDED)


def test_cookies_over_https_stay_here(world: World) -> None:
    place = "https://stem.city.example"
    strict = world.with_settings(public_url=place).house
    web = Web(place, strict.keys.sessions, strict.media.load)
    app = create_app(house=replace(strict, channels={"web": web}))
    browser = app.test_client()
    base = {"base_url": place}
    answers = [browser.get("/desk/login", **base), browser.get("/phone", **base)]
    told = [each for answer in answers for each in answer.headers.getlist("Set-Cookie")]
    assert len(told) >= 2
    for each in told:
        assert "Secure" in each
        assert "HttpOnly" in each
        assert "SameSite=" in each
        assert each.startswith("__Host-"), each

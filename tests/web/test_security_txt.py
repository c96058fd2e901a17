"""Who finds a weakness is told where to go with it (RFC 9116)."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from bot.app import create_app
from bot.config import SettingsError, read_settings
from tests.worlds import World

PLACE = "/.well-known/security.txt"
CONTACT = "mailto:security@city.example"


def told(world: World) -> dict[str, str]:
    served = world.with_settings(
        security_contact=CONTACT, public_url="https://city.example"
    )
    answer = create_app(house=served.house).test_client().get(PLACE)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert "utf-8" in answer.content_type
    return dict(line.split(": ", 1) for line in answer.text.splitlines())


def test_it_holds_what_the_standard_asks_for(world: World) -> None:
    fields = told(world)
    assert fields["Contact"] == CONTACT
    assert fields["Canonical"] == f"https://city.example{PLACE}"
    assert fields["Preferred-Languages"] == "nl, en"
    assert fields.keys() == {"Contact", "Expires", "Preferred-Languages", "Canonical"}


def test_its_end_moves_on_and_is_never_a_year_away(world: World) -> None:
    first = told(world)["Expires"]
    end = datetime.strptime(first, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    ahead = end - world.clock()
    assert timedelta(days=150) < ahead < timedelta(days=365)
    world.clock.pass_time(minutes=5)
    assert told(world)["Expires"] == first, "it can be kept all day"
    world.clock.pass_time(days=1)
    assert told(world)["Expires"] > first


def test_without_a_contact_there_is_none(client: FlaskClient) -> None:
    assert client.get(PLACE).status_code == 404


@pytest.mark.parametrize(
    ("contact", "fits"),
    [
        (CONTACT, True),
        ("https://city.example/security", True),
        ("security@city.example", False),
        ("http://city.example/security", False),
        ("mailto:a@city.example\nExpires: 1", False),
    ],
)
def test_a_contact_is_an_address_that_can_be_used(contact: str, *, fits: bool) -> None:
    env = {"SECRET_KEY": "s" * 32, "SECURITY_CONTACT": contact}
    if fits:
        assert read_settings(env).security_contact == contact
        return
    with pytest.raises(SettingsError, match="SECURITY_CONTACT"):
        read_settings(env)

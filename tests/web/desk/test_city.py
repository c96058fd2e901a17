"""The city's own sign-on, against a server with real keys: who gets in, and who not."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select, update

from bot.config import SettingsError, read_settings
from bot.services.desk.sign_on import SignOn
from bot.store.audit import AuditLine
from bot.store.civic import Official
from bot.store.logins import DeskSession, OfficialLogin
from bot.web.desk.words.book import words
from tests.standins.server import HTML_503
from tests.standins.sign_on import CLIENT, SECRET, SignOnStandIn, new_key
from tests.web.desk.logins import browser, email_of, inside, post, sets_up_phone
from tests.worlds import World, table

W = {name: str(escape(told)) for name, told in words("en").items()}


@pytest.fixture
def sign_on() -> Iterator[SignOnStandIn]:
    with SignOnStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def city(world: World, sign_on: SignOnStandIn) -> World:
    """A city whose officials log in elsewhere."""
    return with_sign_on(world, sign_on)


@pytest.fixture
def each_city(each_world: World, sign_on: SignOnStandIn) -> World:
    """The same on each database."""
    return with_sign_on(each_world, sign_on)


def with_sign_on(world: World, sign_on: SignOnStandIn) -> World:
    made = world.with_settings(
        oidc_issuer=sign_on.url, oidc_client_id=CLIENT, oidc_client_secret=SECRET
    )
    house = replace(made.house, sign_on=SignOn(made.house.settings))
    sign_on.told.now = int(world.clock().timestamp())
    sign_on.told.email = email_of(world, "reviewer")
    return World(house, made.clock, made.postman, made.serial)


def there(at: FlaskClient) -> str:
    answer = at.get("/desk/login/city?lang=en")
    assert answer.status_code == 303, answer.text
    return answer.location


def logs_in(at: FlaskClient, sign_on: SignOnStandIn) -> Any:
    return at.get(sign_on.log_in(there(at)) + "&lang=en")


def test_an_official_of_ours_comes_in_with_the_role_she_has_here(
    city: World, sign_on: SignOnStandIn
) -> None:
    at = browser(city)
    assert W["city_login"] in at.get("/desk/login?lang=en").text
    answer = logs_in(at, sign_on)
    assert answer.status_code == 200
    assert 'http-equiv="refresh"' in answer.text, "a page of ours leads on"
    assert at.get("/desk").status_code == 200
    assert at.get("/desk/officials").status_code == 403
    bound, line = city.rows(table(AuditLine).order_by(AuditLine.id))
    assert bound.act == "official.bind"
    assert (line.act, line.data["how"]) == ("login", "city")
    kept, asked = at.get_cookie("desk", path="/desk"), at.get_cookie("desk_asked")
    assert kept
    assert asked is None


def test_cookies_on_the_way_are_lax_and_the_session_is_strict(
    city: World, sign_on: SignOnStandIn
) -> None:
    at = browser(city)
    answer = at.get("/desk/login/city")
    (kept,) = answer.headers.getlist("Set-Cookie")
    assert "SameSite=Lax" in kept
    assert "HttpOnly" in kept
    back = at.get(sign_on.log_in(answer.location))
    session = next(
        each for each in back.headers.getlist("Set-Cookie") if each[:5] == "desk="
    )
    assert "SameSite=Strict" in session


STRANGE: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "for somebody else": {"aud": "another client"},
    "for several, not for us": {"aud": [CLIENT, "other"], "azp": "other"},
    "for several, unsaid": {"aud": [CLIENT, "other"]},
    "another nonce": {"nonce": "of another login"},
    "no nonce": {"nonce": None},
    "over": {"exp": 1_000_000_000},
    "without end": {"exp": None},
    "of tomorrow": {"iat": 9_000_000_000},
    "of nobody": {"sub": None},
}


@pytest.mark.parametrize("strange", STRANGE)
def test_a_token_that_is_not_right_lets_nobody_in(
    city: World, sign_on: SignOnStandIn, strange: str
) -> None:
    sign_on.told.changed = STRANGE[strange]
    refused(city, sign_on, "city_token")


def refused(city: World, sign_on: SignOnStandIn, word: str) -> None:
    at = browser(city)
    answer = logs_in(at, sign_on)
    assert answer.status_code == 403
    assert W[word] in answer.text
    assert at.get("/desk").location == "/desk/login"
    assert city.rows(table(DeskSession)) == []


def test_an_unsigned_token_lets_nobody_in(city: World, sign_on: SignOnStandIn) -> None:
    sign_on.told.algorithm = "none"
    refused(city, sign_on, "city_token")


def test_a_token_signed_by_another_key_lets_nobody_in(
    city: World, sign_on: SignOnStandIn
) -> None:
    sign_on.told.key = new_key()
    refused(city, sign_on, "city_token")


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "false"},
        {"email": 7},
        {"email": "nobody"},
    ],
)
def test_an_address_that_nobody_vouches_for_is_none(
    city: World, sign_on: SignOnStandIn, claims: dict[str, Any]
) -> None:
    sign_on.told.changed = claims
    refused(city, sign_on, "city_email")


def test_whom_we_do_not_know_is_told_to_be_invited(
    city: World, sign_on: SignOnStandIn
) -> None:
    sign_on.told.email = "stranger@demo.example"
    refused(city, sign_on, "city_unknown")


def test_several_audiences_with_us_as_the_party_are_right(
    city: World, sign_on: SignOnStandIn
) -> None:
    sign_on.told.changed = {"aud": [CLIENT, "other"], "azp": CLIENT}
    assert logs_in(browser(city), sign_on).status_code == 200


def test_keys_may_change_while_we_run(city: World, sign_on: SignOnStandIn) -> None:
    assert logs_in(browser(city), sign_on).status_code == 200
    sign_on.key = new_key()
    assert logs_in(browser(city), sign_on).status_code == 200
    assert len(sign_on.made("/keys")) == 2


def test_an_address_may_come_apart_from_the_token(
    city: World, sign_on: SignOnStandIn
) -> None:
    mail, sign_on.told.email = sign_on.told.email, None
    sign_on.userinfo = {"sub": "u-1", "email": mail, "email_verified": True}
    assert logs_in(browser(city), sign_on).status_code == 200
    sign_on.userinfo["sub"] = "somebody else"
    assert logs_in(browser(city), sign_on).status_code == 403


def test_state_and_browser_have_to_be_those_that_asked(
    city: World, sign_on: SignOnStandIn
) -> None:
    at, other = browser(city), browser(city)
    back = sign_on.log_in(there(at))
    assert other.get(back).status_code == 403, "another browser"
    there(other)
    assert other.get(back).status_code == 403, "what another had asked for"
    assert at.get(f"{back}x").status_code == 403, "another state"
    assert at.get(back).status_code == 403, "each try serves once"
    assert len(sign_on.made("/token")) == 0


def test_a_code_that_was_used_or_is_late_lets_nobody_in(
    city: World, sign_on: SignOnStandIn
) -> None:
    at = browser(city)
    back = sign_on.log_in(there(at))
    sign_on.asked.clear()
    answer = at.get(back + "&lang=en")
    assert answer.status_code == 403
    assert W["city_refused"] in answer.text
    back = sign_on.log_in(there(at))
    city.clock.pass_time(minutes=11)
    assert at.get(back).status_code == 403


def test_who_says_no_there_comes_back_to_the_door(
    city: World, sign_on: SignOnStandIn
) -> None:
    at = browser(city)
    state = sign_on.log_in(there(at)).partition("state=")[2]
    back = f"/desk/login/city/back?error=access_denied&state={state}&lang=en"
    assert W["city_refused"] in at.get(back).text


def test_a_sign_on_that_is_away_is_said_and_the_links_go_on(
    city: World, sign_on: SignOnStandIn
) -> None:
    sign_on.will(HTML_503, on="/openid-configuration")
    away = browser(city).get("/desk/login/city?lang=en")
    assert away.status_code == 403
    assert W["city_away"] in away.text
    assert inside(city).get("/desk").status_code == 200


def test_a_sign_on_with_another_name_is_not_ours(
    city: World, sign_on: SignOnStandIn
) -> None:
    sign_on.issuer_told = "https://evil.example"
    answer = browser(city).get("/desk/login/city?lang=en")
    assert W["city_settings"] in answer.text


def test_it_asks_for_its_own_second_factor_so_we_do_not(
    city: World, sign_on: SignOnStandIn
) -> None:
    strict = city.with_settings(desk_second_factor="required")
    sets_up_phone(city, inside(city))
    at = browser(strict)
    assert logs_in(at, sign_on).status_code == 200
    assert at.get("/desk").status_code == 200


def test_without_it_there_is_no_such_way(world: World) -> None:
    at = browser(world)
    assert at.get("/desk/login/city").location == "/desk/login"
    assert at.get("/desk/login/city/back?code=x&state=y").status_code == 403
    assert W["city_login"] not in at.get("/desk/login?lang=en").text


KEY = {"SECRET_KEY": "an invented city keeps no secrets here"}
WHOLE = {
    "OIDC_ISSUER": "https://login.city.example/realms/city",
    "OIDC_CLIENT_ID": "buurtstem",
    "OIDC_CLIENT_SECRET": "x",
}


@pytest.mark.parametrize(
    ("said", "enters"),
    [
        ({"acr": "gold"}, True),
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "silver", "amr": ["pwd", "mfa"]}, True),
        ({}, False),
        ({"acr": "silver"}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": "mfa"}, False),
        ({"acr": ["gold"]}, False),
        ({"acr": "gold mfa"}, False),
        ({"acr": {"gold": 1}, "amr": [["mfa"], 7, None]}, False),
    ],
)
def test_how_strongly_the_sign_on_asked_is_looked_at(
    city: World, sign_on: SignOnStandIn, said: dict[str, Any], *, enters: bool
) -> None:
    strict = city.with_settings(oidc_acr="gold mfa")
    house = replace(strict.house, sign_on=SignOn(strict.house.settings))
    strong = World(house, strict.clock, strict.postman, strict.serial)
    sign_on.told.changed = said
    if not enters:
        refused(strong, sign_on, "city_weak")
        return
    at = browser(strong)
    assert "acr_values=gold+mfa" in there(at)
    assert logs_in(at, sign_on).status_code == 200
    assert at.get("/desk").status_code == 200


@pytest.mark.parametrize("left", WHOLE)
def test_half_a_sign_on_stops_the_start(left: str) -> None:
    assert read_settings(KEY | WHOLE).oidc_client_id == "buurtstem"
    half = {name: value for name, value in WHOLE.items() if name != left}
    with pytest.raises(SettingsError, match=f"{left} must be set as well"):
        read_settings(KEY | half)


def test_wrong_settings_of_logins_are_named() -> None:
    with pytest.raises(SettingsError, match="DESK_PASSWORDS=off needs your own"):
        read_settings(KEY | {"DESK_PASSWORDS": "off"})
    off = KEY | WHOLE | {"DESK_PASSWORDS": "off"}
    assert read_settings(off).desk_passwords == "off"
    with pytest.raises(SettingsError, match="OIDC_ISSUER must be an address"):
        read_settings(KEY | WHOLE | {"OIDC_ISSUER": "http://login.city.example"})
    with pytest.raises(SettingsError, match="DESK_SECOND_FACTOR must be one of"):
        read_settings(KEY | {"DESK_SECOND_FACTOR": "never"})
    with pytest.raises(SettingsError, match="OIDC_ACR needs your own sign-on"):
        read_settings(KEY | {"OIDC_ACR": "mfa"})
    assert read_settings(KEY | WHOLE | {"OIDC_ACR": "mfa"}).oidc_acr == "mfa"
    https = KEY | {"PUBLIC_URL": "https://city.example"}
    assert read_settings(https).desk_second_factor == "required"
    assert read_settings(KEY).desk_second_factor == "required"


def test_the_language_she_left_in_is_the_one_she_comes_back_to(
    city: World, sign_on: SignOnStandIn
) -> None:
    at = browser(city)
    english = at.get(sign_on.log_in(there(at)))
    assert W["city_inside"] in english.text
    assert "/desk?lang=en" in english.text
    dutch = browser(city)
    left = dutch.get("/desk/login/city").location
    assert words("nl")["city_inside"] in dutch.get(sign_on.log_in(left)).text
    sign_on.told.email = "stranger@demo.example"
    sign_on.told.changed = {"sub": "u-9"}
    assert W["city_unknown"] in at.get(sign_on.log_in(there(at))).text


def as_whom(sign_on: SignOnStandIn, subject: str, email: str | None) -> None:
    sign_on.told.email, sign_on.told.changed = email, {"sub": subject}


def test_from_the_first_time_on_she_is_known_by_her_subject(
    each_city: World, sign_on: SignOnStandIn
) -> None:
    city, hers = each_city, email_of(each_city, "reviewer")
    as_whom(sign_on, "bram", hers)
    assert logs_in(browser(city), sign_on).status_code == 200
    as_whom(sign_on, "bram", "bram.married@demo.example")
    assert logs_in(browser(city), sign_on).status_code == 200
    as_whom(sign_on, "bram", None)
    sign_on.userinfo = {"sub": "bram"}
    assert logs_in(browser(city), sign_on).status_code == 200
    as_whom(sign_on, "bram", email_of(city, "admin"))
    at = browser(city)
    assert logs_in(at, sign_on).status_code == 200
    assert at.get("/desk/officials").status_code == 403, "still a reviewer"
    acts = [row.act for row in city.rows(table(AuditLine).order_by(AuditLine.id))]
    assert acts == ["official.bind", *["login"] * 4]


def test_somebody_else_with_her_address_is_refused_and_admins_see_it(
    each_city: World, sign_on: SignOnStandIn
) -> None:
    city, hers = each_city, email_of(each_city, "reviewer")
    as_whom(sign_on, "bram", hers)
    assert logs_in(browser(city), sign_on).status_code == 200
    as_whom(sign_on, "another", hers)
    stranger = browser(city)
    answer = logs_in(stranger, sign_on)
    assert answer.status_code == 403
    assert W["city_other"] in answer.text
    assert stranger.get("/desk").location == "/desk/login"
    admin, number = inside(city, "admin"), official_id(city, "reviewer")
    today = admin.get("/desk?lang=en").text
    assert W["city_alarm"] in today
    assert hers in today
    assert W["city_alarm"] not in inside(city).get("/desk?lang=en").text
    page = f"/desk/officials/{number}"
    assert W["city_alarm_how"] in admin.get(f"{page}?lang=en").text
    done = post(admin, f"{page}/unbind", page)
    assert "official_unbind" in done.location
    assert W["city_alarm"] not in admin.get("/desk?lang=en").text
    assert logs_in(browser(city), sign_on).status_code == 200, "bound anew"
    as_whom(sign_on, "bram", hers)
    assert logs_in(browser(city), sign_on).status_code == 403
    told = [row.act for row in city.rows(table(AuditLine).order_by(AuditLine.id))]
    assert "official.unbind" in told
    assert told.count("official.bind") == 2
    assert told.count("login.failed") == 2


def test_another_sign_on_binds_anew(city: World, sign_on: SignOnStandIn) -> None:
    assert logs_in(browser(city), sign_on).status_code == 200
    with city.house.db.engine.begin() as db:
        db.execute(update(OfficialLogin).values(city_issuer="https://old.example"))
    as_whom(sign_on, "new", email_of(city, "reviewer"))
    assert logs_in(browser(city), sign_on).status_code == 200


def test_who_came_by_the_city_proves_there_that_it_is_she(
    each_city: World, sign_on: SignOnStandIn
) -> None:
    city = each_city
    here, elsewhere = browser(city), browser(city)
    assert logs_in(here, sign_on).status_code == 200
    assert logs_in(elsewhere, sign_on).status_code == 200
    end = "/desk/account/sessions/end"
    assert post(here, end, which="all").status_code == 403
    assert W["prove_city_how"] in here.get("/desk/account?lang=en").text
    city.clock.pass_time(minutes=2)
    now = int(city.clock().timestamp())
    sign_on.told.now = now
    for told in ({}, {"auth_time": now - 100}, {"auth_time": True}):
        sign_on.told.changed = told
        stale = here.get(sign_on.log_in(proves(here)))
        assert stale.status_code == 403, told
        assert W["city_stale"] in stale.text
    sign_on.told.changed = {"auth_time": now, "sub": "another"}
    assert here.get(sign_on.log_in(proves(here))).status_code == 403
    assert post(here, end, which="all").status_code == 403
    sign_on.told.changed = {"auth_time": now}
    back = here.get(sign_on.log_in(proves(here)))
    assert "prove_city_done" in back.text
    assert elsewhere.get("/desk").status_code == 200
    post(here, end, which="all")
    assert elsewhere.get("/desk").location == "/desk/login"
    logs_in(elsewhere, sign_on)
    city.clock.pass_time(minutes=6)
    assert post(here, end, which="all").status_code == 403, "that was long ago"


def proves(at: FlaskClient) -> str:
    answer = at.get("/desk/account/prove?lang=en")
    assert "prompt=login" in answer.location
    assert "max_age=0" in answer.location
    return answer.location


def official_id(world: World, role: str) -> int:
    found = select(Official.id).where(Official.role == role)
    return int(world.one(found).id)

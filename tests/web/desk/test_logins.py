"""Passwords, second factors and tries at the door, as officials meet them."""

import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from bot.app import create_app
from bot.services.desk import door, passwords
from bot.services.officials import find_official
from bot.services.sweep import sweep
from bot.store.audit import AuditLine
from bot.store.civic import Official
from bot.store.logins import DeskSession, DoorTry, OfficialLogin, RecoveryCode
from bot.web.desk.session import machine
from bot.web.desk.words.book import words
from tests.web.conftest import log_in, one_time_token
from tests.web.desk.logins import (
    PASSWORD,
    browser,
    by_password,
    email_of,
    inside,
    post,
    sets_password,
    sets_up_phone,
)
from tests.worlds import World, table

W = words("en")


def acts(world: World) -> list[str]:
    return [row.act for row in world.rows(table(AuditLine).order_by(AuditLine.id))]


def test_a_password_is_set_after_a_link_and_lets_her_in(each_world: World) -> None:
    at = inside(each_world)
    assert sets_password(at).location == "/desk/account?said=password_kept&lang=en"
    other, mail = browser(each_world), email_of(each_world, "reviewer")
    answer = by_password(other, mail.upper(), PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/desk?lang=en")
    assert other.get("/desk").status_code == 200
    assert by_password(browser(each_world), mail, PASSWORD + "x").status_code == 403
    kept = each_world.one(table(OfficialLogin)).password_hash
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in str(each_world.rows(table(AuditLine)))
    assert acts(each_world) == ["login", "account.password", "login", "login.failed"]


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kort en 11", "short"),
        ("x" * 201, "long"),
        ("ababababababab", "simple"),
    ],
)
def test_a_weak_password_is_refused_with_what_to_do(
    world: World, password: str, why: str
) -> None:
    at = inside(world)
    answer = sets_password(at, password)
    assert answer.status_code == 400
    assert W[f"password_{why}"] in answer.text
    assert password not in answer.text
    own = sets_password(at, email_of(world, "reviewer") + "1")
    assert W["password_own"] in own.text
    kept = world.rows(select(OfficialLogin.password_hash))
    assert [row.password_hash for row in kept] == [None]


def test_changing_a_password_takes_the_old_one_and_ends_other_sessions(
    world: World,
) -> None:
    sets_password(inside(world))
    mail = email_of(world, "reviewer")
    here, there = browser(world), browser(world)
    for each in (here, there):
        assert by_password(each, mail, PASSWORD).status_code == 303
    wrong = sets_password(here, "een heel ander woord", old="nee nee nee nee")
    assert wrong.status_code == 403
    assert W["password_old_wrong"] in wrong.text
    assert there.get("/desk").status_code == 200
    assert sets_password(here, "een heel ander woord", old=PASSWORD).status_code == 303
    assert here.get("/desk").status_code == 200
    assert there.get("/desk").location == "/desk/login"
    assert by_password(browser(world), mail, PASSWORD).status_code == 403
    forgotten = inside(world)
    assert sets_password(forgotten, "weer iets heel anders").status_code == 303


def test_a_second_factor_is_asked_for_after_password_and_after_link(
    each_world: World,
) -> None:
    world = each_world
    at = inside(world)
    sets_password(at)
    phone, codes = sets_up_phone(world, at)
    assert len(set(codes)) == 10
    mail, other = email_of(world, "reviewer"), browser(world)
    assert by_password(other, mail, PASSWORD).location == "/desk/login/code?lang=en"
    half = other.get_cookie("desk", path="/desk")
    for place in ("/desk", "/desk/account", "/desk/listening"):
        assert other.get(place).location == "/desk/login/code"
    world.clock.pass_time(seconds=60)
    typed = phone.at(world.clock())
    done = post(
        other, "/desk/login/code", "/desk/login/code", code=f" {typed[:3]} {typed[3:]}"
    )
    assert done.location == "/desk?lang=en"
    assert other.get("/desk").status_code == 200
    whole = other.get_cookie("desk", path="/desk")
    assert half
    assert whole
    assert half.value != whole.value, "another id at login"
    other.set_cookie("desk", half.value, path="/desk")
    assert other.get("/desk").location == "/desk/login"
    linked = browser(world)
    assert log_in(linked, one_time_token(world, "reviewer")) == 303
    assert linked.get("/desk").location == "/desk/login/code"


def test_no_code_counts_twice_and_clocks_may_be_off_a_little(world: World) -> None:
    at = inside(world)
    sets_password(at)
    phone, _ = sets_up_phone(world, at)
    mail = email_of(world, "reviewer")

    def tries(code: str) -> int:
        fresh = browser(world)
        by_password(fresh, mail, PASSWORD)
        form = {"code": code}
        page = post(fresh, "/desk/login/code", "/desk/login/code", **form)
        return int(page.status_code)

    used = phone.at(world.clock())
    assert tries(used) == 403, "it was used to set the phone up"
    world.clock.pass_time(minutes=3)
    now = world.clock()
    late = phone.at(now - timedelta(seconds=30))
    assert tries(phone.at(now - timedelta(seconds=90))) == 403
    assert tries(late) == 303
    assert tries(late) == 403
    assert tries(phone.at(now + timedelta(seconds=30))) == 303
    assert tries(phone.at(now)) == 403, "an earlier one than was used"


def test_a_recovery_code_works_once_and_is_kept_as_a_hash(each_world: World) -> None:
    world = each_world
    at = inside(world)
    sets_password(at)
    _, codes = sets_up_phone(world, at)
    mail = email_of(world, "reviewer")
    for expected in (303, 403):
        fresh = browser(world)
        by_password(fresh, mail, PASSWORD)
        code = codes[3].upper().replace("-", " ")
        page = "/desk/login/code?with=recovery"
        assert post(fresh, "/desk/login/code", page, code=code).status_code == expected
    stored = str(world.rows(table(RecoveryCode)))
    assert not any(each in stored for each in codes)
    assert f"9 {W['codes_left']}" in at.get("/desk/account?lang=en").text


def test_the_secret_of_a_phone_is_encrypted_and_fits_one_official(world: World) -> None:
    at, colleague = inside(world), inside(world, "admin")
    phone, _ = sets_up_phone(world, at)
    sets_up_phone(world, colleague)
    rows = world.rows(table(OfficialLogin))
    assert len({row.factor for row in rows}) == 2
    assert all(phone.secret.encode() not in row.factor for row in rows)
    mail = email_of(world, "reviewer")
    bram = world.house.db.run(lambda db: find_official(db, mail))
    (stolen,) = [row.factor for row in rows if row.official_id == bram]
    put = update(OfficialLogin).where(OfficialLogin.official_id != bram)
    with world.house.db.engine.begin() as db:
        db.execute(put.values(factor=stolen))
    world.clock.pass_time(minutes=2)
    for role, expected in (("admin", 403), ("reviewer", 303)):
        other = browser(world)
        log_in(other, one_time_token(world, role))
        typed = phone.at(world.clock())
        answer = post(other, "/desk/login/code", "/desk/login/code", code=typed)
        assert answer.status_code == expected, role


def test_the_picture_of_a_phone_to_set_up_is_there_only_then(world: World) -> None:
    at = inside(world)
    assert at.get("/desk/account/factor.svg").status_code == 404
    post(at, "/desk/account/factor/begin", "/desk/account/factor")
    drawn = at.get("/desk/account/factor.svg")
    assert drawn.mimetype == "image/svg+xml"
    assert b"<svg" in drawn.data
    assert b"style=" not in drawn.data
    assert drawn.headers["Cache-Control"] == "no-store"
    sets_up_phone(world, at)
    assert at.get("/desk/account/factor.svg").status_code == 404


def test_another_phone_takes_a_code_of_the_old_one(world: World) -> None:
    at = inside(world)
    _, codes = sets_up_phone(world, at)
    off, seen = "/desk/account/factor/off", "/desk/account/factor"
    assert post(at, off, seen, code="000000").status_code == 403
    assert world.one(table(OfficialLogin)).factor is not None
    fresh = post(at, "/desk/account/factor/codes", seen, code=codes[0])
    newer = re.findall(r"<li>([a-z0-9-]+)</li>", fresh.text)
    assert len(newer) == 10
    assert codes[1] not in fresh.text
    assert post(at, off, seen, code=codes[1]).status_code == 403
    assert post(at, off, seen, code=newer[0]).status_code == 303
    assert world.one(table(OfficialLogin)).factor is None
    assert world.rows(table(RecoveryCode)) == []


def test_guessing_has_to_wait_longer_each_time_known_or_not(each_world: World) -> None:
    world = each_world
    sets_password(inside(world))
    mail = email_of(world, "reviewer")
    for address in (mail, "nobody@city.example"):
        at = browser(world, address="198.51.100.9")
        told = [by_password(at, address, "wrong wrong wrong") for _ in range(door.FREE)]
        assert {each.status_code for each in told} == {403}
        assert all(W["login_wrong"] in each.text for each in told)
        waits = by_password(at, address, PASSWORD)
        assert waits.status_code == 429
        assert W["wait_a_while"] in waits.text
        world.clock.pass_time(seconds=16)
        assert by_password(at, address, "wrong again wrong").status_code == 403
        world.clock.pass_time(seconds=16)
        assert by_password(at, address, PASSWORD).status_code == 429, "now 30 seconds"
        world.clock.pass_time(seconds=16)
    assert by_password(browser(world), mail, PASSWORD).status_code == 303
    failed = world.rows(table(AuditLine).where(AuditLine.act == "login.failed"))
    assert len(failed) == door.FREE + 1
    assert {row.by for row in failed} == {"unknown"}
    assert "nobody@city.example" not in str(world.rows(table(AuditLine)))


def test_who_tries_is_kept_as_a_hash_for_an_hour(world: World) -> None:
    by_password(browser(world), "nobody@city.example", "wrong wrong wrong")
    rows = world.rows(table(DoorTry))
    assert len(rows) == 2, "an address of mail and one of a machine"
    assert all(re.fullmatch(r"[0-9a-f]{64}", row.who) for row in rows)
    world.clock.pass_time(minutes=59)
    sweep(world.house)
    assert len(world.rows(table(DoorTry))) == 2
    world.clock.pass_time(minutes=2)
    sweep(world.house)
    assert world.rows(table(DoorTry)) == []


def test_one_machine_cannot_try_everybody(world: World) -> None:
    at = browser(world, address="198.51.100.9")
    codes = [
        by_password(at, f"person{each}@city.example", "wrong wrong").status_code
        for each in range(door.FREE_PER_MACHINE + 1)
    ]
    assert codes == [403] * door.FREE_PER_MACHINE + [429]
    same = browser(world, address="198.51.100.10")
    assert by_password(same, "person@city.example", "wrong").status_code == 403


def test_ipv6_counts_by_network_and_our_own_proxy_not_at_all(world: World) -> None:
    keys = world.house.keys
    one, two = (door.by_machine(keys, f"2001:db8:1:2::{each}") for each in "15")
    assert one == two != door.by_machine(keys, "2001:db8:1:3::1")
    assert door.by_machine(keys, "127.0.0.1") == []
    assert door.by_machine(keys, "nonsense") == door.by_machine(keys, None) == []


def test_behind_proxies_of_ours_the_machine_is_what_they_saw(world: World) -> None:
    app = create_app(house=world.with_settings(proxies=1).house)
    forged = {"X-Forwarded-For": "10.9.9.9, 203.0.113.50"}
    with app.test_request_context(headers=forged):
        assert machine() == "203.0.113.50"
    bare = create_app(house=world.house)
    with bare.test_request_context(headers=forged, environ_base={"REMOTE_ADDR": "::1"}):
        assert machine() == "::1"


def test_an_unknown_address_takes_as_long_as_a_known_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    verify = PasswordHasher.verify

    def seen(self: object, kept: str, password: str) -> bool:
        looked.append(kept.partition("$v=")[0] + kept.split("$")[3])
        return bool(verify(self, kept, password))  # type: ignore[arg-type]

    monkeypatch.setattr(PasswordHasher, "verify", seen)
    sets_password(inside(world))
    for address in (email_of(world, "reviewer"), "nobody@city.example"):
        by_password(browser(world), address, "wrong wrong wrong")
    assert len(looked) == 2
    assert looked[0] == looked[1], "the same work, by the same measures"


def test_codes_are_not_guessed_either(world: World) -> None:
    at = inside(world)
    sets_password(at)
    phone, _ = sets_up_phone(world, at)
    other = browser(world)
    by_password(other, email_of(world, "reviewer"), PASSWORD)
    page = "/desk/login/code"
    world.clock.pass_time(minutes=1)
    codes = [post(other, page, page, code="123456").status_code for _ in range(6)]
    assert codes == [403] * door.FREE + [429]
    right = phone.at(world.clock())
    assert post(other, page, page, code=right).status_code == 429, "not even looked at"
    world.clock.pass_time(minutes=11)
    assert other.get(page).location == "/desk/login", "half a login ends soon"


def test_required_means_that_nothing_else_is_seen_before(world: World) -> None:
    strict = world.with_settings(desk_second_factor="required")
    at = inside(strict)
    assert at.get("/desk").location == "/desk/account/password"
    assert at.get("/desk/account").location == "/desk/account/password"
    seen = "/desk/account/password"
    first = post(at, "/desk/account/password", seen, new=PASSWORD)
    assert first.location == "/desk/account/factor?said=password_kept&lang=en"
    assert at.get("/desk").location == "/desk/account/factor"
    page = at.get("/desk/account/factor?lang=en").text
    assert W["factor_required"] in page
    assert "/desk/listening" not in page
    assert post(at, "/desk/tasks/1", seen).location.startswith("/desk/account/")
    sets_up_phone(strict, at)
    assert at.get("/desk").status_code == 200


def test_offered_means_straight_in_with_a_word_about_it(world: World) -> None:
    at = inside(world)
    assert W["offer_factor"] in at.get("/desk?lang=en").text
    sets_up_phone(world, at)
    assert W["offer_factor"] not in at.get("/desk?lang=en").text


def test_passwords_can_be_off(world: World) -> None:
    sets_password(inside(world))
    off = world.with_settings(desk_passwords="off")
    at = browser(off)
    assert 'name="password"' not in at.get("/desk/login").text
    answer = by_password(at, email_of(world, "reviewer"), PASSWORD)
    assert answer.status_code == 403
    assert W["login_no_passwords"] in answer.text
    assert inside(off).get("/desk/account/password").location == "/desk/account"


def test_a_login_of_another_site_is_not_looked_at(world: World) -> None:
    at = browser(world)
    form = {"email": "bram@city.example", "password": PASSWORD, "secret": "0" * 64}
    assert at.post("/desk/login/password", data=form).status_code == 403
    assert world.rows(table(DoorTry)) == []


def test_a_hash_of_weaker_measures_is_made_anew(world: World) -> None:
    sets_password(inside(world))
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with world.house.db.engine.begin() as db:
        db.execute(update(OfficialLogin).values(password_hash=weak))
    at = browser(world)
    assert by_password(at, email_of(world, "reviewer"), PASSWORD).status_code == 303
    kept = world.one(table(OfficialLogin)).password_hash
    assert kept != weak
    assert passwords.is_right(PASSWORD, kept)


TRICKS = ["<script>x</script>", "'; DROP TABLE officials;--", "\x00", "é" * 5000]


@pytest.mark.parametrize("trick", TRICKS)
def test_nothing_typed_at_the_door_does_harm(each_world: World, trick: str) -> None:
    world = each_world
    at = browser(world)
    answer = by_password(at, trick, trick)
    assert answer.status_code in {403, 413}
    assert "<script>x" not in answer.text
    assert len(world.rows(table(Official))) > 4
    assert world.rows(table(DeskSession)) == []

"""Where events may be posted to: no address of a network inside."""

from ipaddress import ip_address

import pytest

from bot.domain.events import DELAYS, Reach, UrlError, is_public

PUBLIC = Reach()
TRIAL = Reach(on_this_machine=True)
INSIDE = Reach(frozenset({"zaken.city.internal", "10.1.2.3"}))


def why(reach: Reach, url: str) -> str:
    """Return why an address is refused, "" if it is not."""
    try:
        reach.check(url)
    except UrlError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://zaken.city.example/events", ""),
        ("https://zaken.city.example:8443/events?from=buurtstem", ""),
        ("https://93.184.215.14/events", ""),
        ("http://zaken.city.example/events", "not_https"),
        ("http://127.0.0.1/events", "not_https"),
        ("ftp://zaken.city.example/events", "not_https"),
        ("file:///etc/passwd", "no_address"),
        ("zaken.city.example", "no_address"),
        ("", "no_address"),
        ("https://", "no_address"),
        ("https://zaken.city.example:0/", "no_address"),
        ("https://zaken.city.example:99999/", "no_address"),
        ("https://zaken.city.example/#part", "no_address"),
        ("https://zaken.city.example/\r\nx: y", "no_address"),
        ("https://zaken.city.example\\@10.0.0.1/", "no_address"),
        ("https://žaken.city.example/", "no_address"),
        ("https://[::1", "no_address"),
        ("https://bram:secret@zaken.city.example/", "with_password"),
        ("https://zaken.city.example@10.0.0.1/", "with_password"),
        (f"https://zaken.city.example/{'x' * 500}", "too_long"),
        ("https://127.0.0.1/", "private"),
        ("https://10.1.2.3/", "private"),
        ("https://192.168.1.1/", "private"),
        ("https://169.254.169.254/latest/meta-data", "private"),
        ("https://[::1]/", "private"),
        ("https://[fe80::1]/", "private"),
        ("https://[fd00::1]/", "private"),
        ("https://[::ffff:10.0.0.1]/", "private"),
        ("https://0.0.0.0/", "private"),
        ("https://224.0.0.1/", "private"),
    ],
)
def test_an_address_is_posted_to_or_not(url: str, fault: str) -> None:
    assert why(PUBLIC, url) == fault


def test_a_trial_may_call_this_machine_and_nothing_else_inside() -> None:
    assert why(TRIAL, "http://127.0.0.1:9000/events") == ""
    assert why(TRIAL, "http://localhost:9000/events") == ""
    assert why(TRIAL, "http://10.1.2.3/") == "not_https"
    assert why(TRIAL, "https://10.1.2.3/") == "private"
    assert why(TRIAL, "http://zaken.city.example/") == "not_https"


def test_what_a_city_names_is_allowed_by_its_name_alone() -> None:
    assert why(INSIDE, "https://10.1.2.3/events") == ""
    assert why(INSIDE, "http://10.1.2.3/events") == "not_https"
    assert why(INSIDE, "https://10.1.2.4/events") == "private"
    assert INSIDE.allows("zaken.city.internal", "10.9.9.9")
    assert INSIDE.allows("Zaken.City.Internal.", "10.9.9.9")
    assert not INSIDE.allows("other.city.internal", "10.9.9.9")
    assert INSIDE.allows("other.city.example", "93.184.215.14")


@pytest.mark.parametrize(
    "inside",
    [
        "100.64.0.1",
        "172.16.0.1",
        "127.1.2.3",
        "198.18.0.1",
        "255.255.255.255",
        "::",
        "::127.0.0.1",
        "::ffff:192.168.0.1",
        "2002:0a00:0001::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "64:ff9b::a00:1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_no_disguise_makes_an_inner_address_a_public_one(inside: str) -> None:
    assert not is_public(ip_address(inside))


@pytest.mark.parametrize("outside", ["8.8.8.8", "2a00:1450:400e:80f::200e"])
def test_the_open_internet_is_public(outside: str) -> None:
    assert is_public(ip_address(outside))


def test_the_schedule_is_that_of_standard_webhooks() -> None:
    seconds = [each.total_seconds() for each in DELAYS]
    hours = [each / 3600 for each in seconds]
    assert seconds[:3] == [5, 300, 1_800]
    assert hours[3:] == [2, 5, 10, 14, 20, 24]

"""A pass is in no address of ours and no log; the providers are told to erase it."""

import logging
from typing import Any

import pytest
from flask import Flask

from bot.services.demo import demo_passes
from bot.services.pass_register import Letter
from bot.web.server import GUNICORN
from tests.houses import Street
from tests.promises.traces import columns_with, files_with
from tests.services.ears import Ears
from tests.services.test_letter_photos import letter as photographed
from tests.services.test_letter_photos import square

PLACES = ("<code>", "<token>", "<pass>", "<serial>")


def pass_of(street: Street) -> Letter:
    return next(iter(demo_passes(street.house)))


def votes(street: Street, person: Any, words: str) -> None:
    for each in ("stem", words, "21 30", "ja"):
        person.says(each)
        street.work()


def shapes(street: Street) -> list[str]:
    """Return the pass in the forms in which it could be anywhere."""
    letter = pass_of(street)
    return [letter.code, letter.token]


def test_no_route_of_ours_takes_a_pass(street: Street) -> None:
    app: Flask = street.app
    rules = [str(each) for each in app.url_map.iter_rules()]
    assert len(rules) > 60
    taking = {rule for rule in rules if any(each in rule for each in PLACES)}
    files = {f"/media/<token>.{end}" for end in ("ogg", "jpg", "zip")}
    assert taking == files, "signed, of files"


def test_there_is_no_access_log() -> None:
    assert GUNICORN["accesslog"] is None


@pytest.mark.parametrize("way", ["code", "token"])
def test_a_pass_is_in_no_table_no_file_and_no_log(
    each_by_pass: Street, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ayse, letter = each_by_pass.ayse(), pass_of(each_by_pass)
    words = {"code": letter.code, "token": f"k_{letter.token}"}[way]
    votes(each_by_pass, ayse, words)
    sought = shapes(each_by_pass)
    assert columns_with(each_by_pass.world, sought) == set()
    assert files_with(each_by_pass, sought) == []
    lines = [
        each.getMessage()
        for each in caplog.records
        if each.name.partition(".")[0] in {"bot", "sqlalchemy", "werkzeug"}
    ]
    assert not [line for line in lines if any(each in line for each in sought)]
    assert "Uw stem is binnen" in all_told(ayse)


def all_told(person: Any) -> str:
    return "\n".join(heard.text for heard in person.heard)


def test_telegram_is_told_to_delete_the_message(each_by_pass: Street) -> None:
    ayse = each_by_pass.ayse()
    votes(each_by_pass, ayse, pass_of(each_by_pass).code)
    each_by_pass.sweep()
    assert len(each_by_pass.bot_api.deleted) == 1


def test_twilio_empties_the_body(each_by_pass: Street) -> None:
    fatima, letter = each_by_pass.fatima(), pass_of(each_by_pass)
    votes(each_by_pass, fatima, letter.code)
    each_by_pass.sweep()
    redacted = [call for call in each_by_pass.twilio.calls if call.form == {"Body": ""}]
    assert len(redacted) == 1


def test_a_photo_of_the_letter_is_deleted_here_and_at_twilio(
    each_by_pass: Street,
) -> None:
    fatima = each_by_pass.fatima()
    fatima.taps("menu:vote")
    fatima.sends_photo(square(each_by_pass))
    each_by_pass.work()
    assert each_by_pass.files() == []
    assert each_by_pass.twilio._media == {}


def test_media_is_deleted_at_twilio_within_the_hour_of_fetching(
    each_street: Street, ears: Ears, note: bytes
) -> None:
    ears.says.append("Een bank onder de lindebomen.")
    fatima = each_street.fatima()
    fatima.sends_voice(note)
    fatima.sends_photo(photographed("a bench"))
    each_street.work()
    each_street.clock.pass_time(minutes=59)
    each_street.sweep()
    assert each_street.twilio._media == {}

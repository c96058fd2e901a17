"""The search through the logs finds what it is made to find."""

from pathlib import Path

import pytest

from tests.e2e.city import City, Watch
from tests.e2e.people import neighbour
from tests.standins.telegram import TOKEN as BOT_TOKEN
from tests.standins.twilio import TOKEN as AUTH_TOKEN

CANARIES = {
    "her words": "ERROR turn failed text=Een bank bij mevrouw Jansen",
    "her number": "INFO to whatsapp:+31687654321 sent",
    "her number with spaces": "INFO calling 31687654321",
    "the bot's token": f"INFO HTTP Request: POST https://x/bot{BOT_TOKEN}/sendMessage",
    "a secret": f"WARNING auth failed for {AUTH_TOKEN}",
    "a traceback": "Traceback (most recent call last):",
    "a place in the code": '  File "bot/flows/vote.py", line 3, in vote',
}


@pytest.mark.parametrize("canary", CANARIES)
def test_a_line_that_tells_on_somebody_is_found(tmp_path: Path, canary: str) -> None:
    watch = Watch(tmp_path)
    watch.secrets |= {"Een bank bij mevrouw Jansen", "+31 6 8765 4321"}
    watch.new_log().write_text("INFO channel off name=whatsapp\n")
    assert watch.leaks() == []
    watch.new_log().write_text(f"INFO started\n{CANARIES[canary]}\n")
    assert watch.leaks() == [CANARIES[canary]]


def test_what_people_say_to_the_city_is_searched_for(city: City) -> None:
    person = neighbour(city, "whatsapp")
    person.says("Een heel bijzondere zin van mij alleen")
    assert "Een heel bijzondere zin van mij alleen" in city.watch.secrets
    assert person.phone.address.removeprefix("+") in city.watch.secrets
    assert city.watch.lines(), "the server has written something"

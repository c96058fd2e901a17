"""Hostile words through both apps, and on to the providers and the city's systems."""

import csv
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from bot.channels.content import fitted, make_rich
from bot.domain.messages import Choice, Outbound
from bot.services.desk.plan_lists import COLUMNS
from bot.services.slots import LONGEST, fit
from tests.attacks.hostile import ALL, MARK, UNKEPT, WORDS
from tests.houses import Street, open_street
from tests.need import postgres_url
from tests.services.city_hooks import connected
from tests.standins.judges import verdicts
from tests.standins.recorder import Call
from tests.standins.server import Answer
from tests.standins.telegram_resident import TelegramResident
from tests.standins.whatsapp_resident import WhatsAppResident
from tests.web.conftest import Desk, form_secret
from tests.worlds import COLLECTING, World, own_postgres

EVERY = WORDS | UNKEPT
TURNS = "\u202a\u202b\u202c\u202d\u202e\u200e\u200f\u061c"


@pytest.fixture(params=["sqlite", "postgres"])
def street(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Street]:
    if request.param == "sqlite":
        with open_street(f"sqlite:///{tmp_path / 'city.db'}", tmp_path) as made:
            yield made
        return
    with own_postgres(postgres_url()) as url, open_street(url, tmp_path) as made:
        yield made


def sent(calls: list[Call]) -> Iterator[str]:
    """Yield each text that a provider was given for somebody."""
    for call in calls:
        if call.path.endswith("/sendMessage"):
            yield call.form["text"]
        elif call.path.endswith("/Messages.json") and call.method == "POST":
            form = call.form
            yield from json.loads(form.get("ContentVariables", "{}")).values()
            yield form.get("Body", "")


def say(street: Street, person: TelegramResident | WhatsAppResident, word: str) -> None:
    for each in (word, "ja"):
        assert person.says(each) == 200
        street.rest()


def is_utf8(word: str) -> bool:
    return word.encode("utf-8", "ignore").decode() == word


def test_what_people_say_is_answered_and_sent_as_the_providers_want_it(
    street: Street,
) -> None:
    for place, word in enumerate(EVERY.values()):
        say(street, street.ayse(chat=1000 + place), word)
        if is_utf8(word):  # a form holds no half of a character, JSON does
            say(street, street.fatima(number=f"+316123{place:05}"), word)
    calls = [*street.bot_api.calls, *street.twilio.calls]
    assert verdicts(calls) == []
    texts = list(sent(calls))
    assert sum(MARK in each for each in texts) > len(WORDS)
    assert [each for each in texts if set(each) & set(TURNS)] == []
    for call in street.bot_api.calls:
        if call.path.endswith("/sendMessage"):
            assert {"parse_mode", "entities"} & call.form.keys() == set()
    assert {each.stage for each in street.world.inbound()} == {"done"}


@pytest.mark.parametrize("name", WORDS)
def test_they_fill_a_variable_as_whatsapp_wants_it(name: str) -> None:
    word = WORDS[name]
    out = Outbound(1, "row", "nl", word, choices=(Choice("yes", "Ja"),))
    rich = make_rich(out, word)
    assert rich is not None
    slots = [fit(slot, word, language) for slot in LONGEST for language in ("nl", "ar")]
    for value in [fitted(word), *rich.values, *slots]:
        assert value.strip()
        assert not re.search(r"[\n\r\t\x0b\x0c\x85\u2028\u2029]| {2}", value)
        assert "{{" not in value
        assert "}}" not in value


def test_systems_of_the_city_are_told_them_as_json(world: World) -> None:
    with connected(world, "plan.created", "plan.status") as told:
        for word in WORDS.values():
            world.plan(None, word, title={"nl": word}, public_at=world.clock())
        told.system.will(Answer(500, ALL.encode()), "/events")
        for _ in WORDS:
            told.posts()
            world.clock.pass_time(minutes=1)
        bodies = [each["data"] for each in told.system.told]
        titles = {each["title"]["nl"] for each in bodies if each["title"]}
        assert titles >= set(WORDS.values())
        for call in told.system.calls:
            assert MARK not in "".join(call.headers.values())
        assert all(each.said.isprintable() for each in told.tries())


HEADS = [names[0] for names in COLUMNS.values()]


def sheet_of(word: str) -> bytes:
    """Return a sheet of one plan, with a word in each of its columns."""
    kept = StringIO(newline="")
    csv.writer(kept).writerows([HEADS, [word] * len(HEADS)])
    return kept.getvalue().encode()


class Elements(HTMLParser):
    """The elements of a page, and those that words have made."""

    def __init__(self) -> None:
        super().__init__()
        self.count, self.foreign = 0, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count += 1
        if any(name.startswith(("on", f"data-{MARK}")) for name, _ in attrs):
            self.foreign.append(tag)


def test_a_sheet_and_its_name_are_only_words(
    at_desk: Desk, world: World, tmp_path: Path
) -> None:
    browser = at_desk("admin")
    secret = form_secret(browser.get("/desk/plans/import").text)
    for word in WORDS.values():
        sheet = (BytesIO(sheet_of(word)), word)
        form = {"secret": secret, "file": sheet, "round": COLLECTING}
        page = browser.post("/desk/plans/import", data=form)
        assert page.status_code < 500
        seen = Elements()
        seen.feed(page.text)
        assert seen.count > 20
        assert seen.foreign == []
    assert [each for each in tmp_path.rglob("*") if MARK in each.name] == []

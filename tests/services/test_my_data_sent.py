"""Her file reaches her on every channel, through the real clients, and then is gone."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from bot.channels.web import MARK
from bot.domain.languages import LANGUAGES
from bot.domain.messages import DATA_NAME
from tests.houses import PUBLIC_URL, Street
from tests.standins.telegram_resident import TelegramResident

WORDS = {"nl": "mijn gegevens", "en": "my data", "tr": "bilgilerim", "ar": "بياناتي"}
COMES = {
    "nl": "Het komt zo.",
    "en": "It comes in a moment.",
    "tr": "Birazdan gelir.",
    "ar": "سيصل بعد قليل.",
}
HERE = {
    "nl": "In dit bestand staat wat wij over u bewaren.",
    "en": "In this file is what we keep about you.",
    "tr": "Bu dosyada hakkınızda sakladığımız bilgiler var.",
    "ar": "في هذا الملف ما نحتفظ به عنكم.",
}
PLAN = "Een bank onder de lindebomen"
LINK = re.compile(r"https://buurtstem\.example(/media/[\w.-]+\.zip)")


def votes(street: Street, person: Any) -> None:
    """Let somebody tell a plan, support one, and vote."""
    for words in (PLAN, "ja", "sla over", "nee", "steun 120", "stem 21 30", "ja"):
        person.says(words)
        street.work()


def asks(street: Street, person: Any, language: str = "nl") -> None:
    person.says(WORDS[language])
    street.work()


def document(person: TelegramResident) -> bytes:
    (heard,) = [each for each in person.heard if each.document]
    assert heard.document is not None
    return heard.document


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def holds_no_choice(street: Street, files: dict[str, bytes]) -> None:
    whole = b"\n".join(files.values()).decode()
    data = json.loads(files["data.json"])
    assert PLAN in files["index.html"].decode()
    assert [row["day"] for row in data["tables"]["marks"]] == ["2026-11-18"]
    assert not {"ballots", "receipts", "passes"} & set(data["tables"])
    assert "stem 21 30" not in whole
    for number in (21, 30):
        assert street.world.plan_row(number).title["nl"] not in whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_telegram_it_is_a_document(street: Street, language: str) -> None:
    ayse = street.ayse(language)
    asks(street, ayse, language)
    told = [each.text for each in ayse.heard]
    assert any(COMES[language] in each for each in told)
    assert HERE[language] in told[-1]
    assert opened(document(ayse)).keys() == {"index.html", "data.json"}
    (call,) = street.bot_api.made("/sendDocument")
    assert call.files["document"].filename == DATA_NAME
    (row,) = [each for each in street.outbox() if each.sound]
    assert row.delivery == "sent"


def test_on_telegram_it_never_shows_a_choice(street: Street) -> None:
    ayse = street.ayse()
    votes(street, ayse)
    ayse.sends_voice(b"not a sound")
    street.work()
    asks(street, ayse)
    files = opened(document(ayse))
    holds_no_choice(street, files)
    assert "42" in files["index.html"].decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_whatsapp_it_is_a_link_that_nobody_guesses(
    street: Street, language: str
) -> None:
    fatima = street.fatima(language)
    asks(street, fatima, language)
    (path,) = links(fatima)
    answer = street.app.test_client().get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"
    page = opened(answer.data)["index.html"].decode()
    assert f'lang="{language}"' in page
    assert "+31612345678" in page
    assert HERE[language] in fatima.heard[-1].text
    wrong = path.replace(".zip", "x.zip")
    assert street.app.test_client().get(wrong).status_code == 404
    as_sound = path.replace(".zip", ".ogg")
    assert street.app.test_client().get(as_sound).status_code == 404


def links(person: Any) -> Iterator[str]:
    return iter(
        [found[1] for each in person.heard if (found := LINK.search(each.text))]
    )


def test_on_whatsapp_it_never_shows_a_choice_and_is_gone_after_a_day(
    street: Street,
) -> None:
    fatima = street.fatima()
    votes(street, fatima)
    asks(street, fatima)
    (path,) = links(fatima)
    holds_no_choice(street, opened(street.app.test_client().get(path).data))
    street.clock.pass_time(hours=25)
    street.sweep()
    assert street.app.test_client().get(path).status_code == 404
    assert street.files() == []


def test_forgotten_she_leaves_no_link_that_works(street: Street) -> None:
    fatima = street.fatima()
    asks(street, fatima)
    (path,) = links(fatima)
    fatima.says("vergeet mij")
    street.work()
    fatima.taps("yes")
    street.work()
    street.sweep()
    assert street.app.test_client().get(path).status_code == 404
    assert street.files() == []


def test_the_link_is_in_no_table(street: Street) -> None:
    fatima = street.fatima()
    asks(street, fatima)
    (path,) = links(fatima)
    assert [row for row in street.outbox() if path in row.text] == []


class Browser:
    """A browser with the web chat open, over HTTPS as its cookie wants it."""

    def __init__(self, street: Street) -> None:
        self._client = street.app.test_client()
        self.get("/phone")

    def get(self, path: str) -> Any:
        marks = {MARK[0]: MARK[1]}
        return self._client.get(path, base_url=PUBLIC_URL, headers=marks)

    def says(self, **said: str) -> None:
        body = {"id": str(uuid4()), **said}
        marks = {MARK[0]: MARK[1]}
        answer = self._client.post(
            "/phone/say", base_url=PUBLIC_URL, json=body, headers=marks
        )
        assert answer.status_code == 200

    def files(self) -> list[str]:
        told = self.get("/phone/messages").json["messages"]
        assert [each["sound"] for each in told if each["file"]] in ([], [None])
        return [each["file"] for each in told if each["file"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_the_web_it_is_a_download_for_her_alone(
    street: Street, language: str
) -> None:
    browser = Browser(street)
    browser.says(text="hallo")
    browser.says(tap=f"lang:{language}")
    browser.says(text=WORDS[language])
    assert browser.files() == []
    street.work()
    (place,) = browser.files()
    answer = browser.get(place)
    assert answer.mimetype == "application/zip"
    assert DATA_NAME in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'lang="{language}"' in opened(answer.data)["index.html"].decode()
    assert Browser(street).get(place).status_code == 404, "it is hers alone"
    street.clock.pass_time(hours=25)
    street.sweep()
    assert browser.get(place).status_code == 404
    assert browser.files() == []

"""Drafts of a translation server: they fill what is empty, and a person has to tick."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.config import SettingsError, read_settings
from bot.services.desk.translating import MOST_BYTES, Translator
from bot.store.audit import AuditLine
from bot.web.desk.words.book import words
from tests.standins.server import Answer, json_answer
from tests.standins.translator import KEY, TranslatorStandIn
from tests.web.conftest import form_secret
from tests.worlds import SECRET_KEY, Person, World, table

NL = words("nl")
TOLD, DUTCH = "مقعد في الحديقة", "Een bankje in het park"


@pytest.fixture
def server() -> Iterator[TranslatorStandIn]:
    with TranslatorStandIn() as stand_in:
        yield stand_in


def with_server(world: World, server: TranslatorStandIn) -> World:
    """Return the city with a translation server of its own."""
    house = replace(world.house, translator=Translator(server.url, KEY))
    return World(house, world.clock, world.postman, world.serial)


@pytest.fixture
def town(world: World, server: TranslatorStandIn) -> World:
    return with_server(world, server)


@pytest.fixture
def each_town(each_world: World, server: TranslatorStandIn) -> World:
    return with_server(each_world, server)


def author_in(world: World) -> Person:
    """Return somebody who told a plan in Arabic, and wrote it in her talk."""
    person = world.person("ar", "web")
    world.says(person, TOLD)
    return person


def plan_in(world: World) -> int:
    return world.plan(author_in(world), text=TOLD, language="ar", title={})


def post(browser: FlaskClient, place: str, **form: str) -> Any:
    secret = form_secret(browser.get("/desk").text)
    return browser.post(place, data={"secret": secret} | form)


def field(page: str, name: str) -> str:
    """Return what a field or text area of a page holds."""
    _, _, rest = page.partition(f'name="{name}"')
    tag, _, text = rest.partition(">")
    if ' value="' in tag:
        return tag.partition(' value="')[2].partition('"')[0]
    return text.partition("<")[0]


def test_what_is_empty_is_drafted_and_what_is_written_stays(
    each_town: World, at_desk_of: Any
) -> None:
    town = each_town
    browser, number = at_desk_of(town, "reviewer"), plan_in(town)
    place = f"/desk/plans/{number}"
    form = {"title-nl": "Bankje", "title-tr": "Bank", "tick-tr": "yes"}
    page = post(browser, f"{place}/draft", **form).text
    assert NL["draft_made"].partition(".")[0] in page
    assert field(page, "summary-nl") == DUTCH
    assert field(page, "title-tr") == "Bank", "what a person wrote"
    assert field(page, "title-en") == "[en] Bankje"
    assert field(page, "summary-ar") == f"[ar] {DUTCH}"
    assert 'value="yes" checked' not in page, "a draft is ticked by nobody"
    assert not town.plan_row(number).title
    told = [(row.act, row.subject) for row in town.rows(table(AuditLine))]
    assert told.count(("draft", f"plan:{number}")) == 1


def test_nothing_drafted_is_public_without_a_tick(town: World, at_desk_of: Any) -> None:
    browser, number = at_desk_of(town, "reviewer"), plan_in(town)
    place = f"/desk/plans/{number}"
    page = post(browser, f"{place}/draft", **{"title-nl": "Bankje"}).text
    kinds = [f"{kind}-{code}" for kind in ("title", "summary") for code in ("nl", "ar")]
    drafted = {name: field(page, name) for name in kinds}
    assert post(browser, f"{place}/publish", **drafted).status_code == 400
    assert not town.plan_row(number).title
    ticked = drafted | {"tick-ar": "yes"}
    assert post(browser, f"{place}/publish", **ticked).status_code == 303
    assert town.plan_row(number).title["ar"] == "[ar] Bankje"


def test_her_words_are_read_in_dutch_and_kept_nowhere(
    town: World, at_desk_of: Any
) -> None:
    author = author_in(town)
    browser, talk = at_desk_of(town, "communicator"), f"/desk/talks/{author.talk}"
    assert DUTCH not in browser.get(talk).text
    page = post(browser, f"{talk}/dutch").text
    assert f'<bdi lang="nl">{DUTCH}</bdi>' in page
    assert DUTCH not in browser.get(talk).text


def test_an_answer_is_drafted_and_somebody_has_to_vouch(
    town: World, at_desk_of: Any
) -> None:
    author = author_in(town)
    browser, talk = at_desk_of(town, "communicator"), f"/desk/talks/{author.talk}"
    dutch = "Een bankje onder de linde"
    form = {"way": "own", "dutch": dutch, "vouched": "yes", "once": "a" * 24}
    page = post(browser, f"{talk}/answer", do="draft", **form).text
    assert field(page, "words") == "مقعد تحت شجرة الزيزفون"
    assert field(page, "dutch") == dutch
    before = len(town.texts(author))
    drafted = form | {"words": field(page, "words"), "vouched": ""}
    assert post(browser, f"{talk}/answer", do="send", **drafted).status_code == 400
    assert len(town.texts(author)) == before


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        pytest.param(Answer(503), "draft_refused", id="down"),
        pytest.param(json_answer(200, {}), "draft_strange", id="another server"),
        pytest.param(
            json_answer(200, {"translatedText": ["one", "two", "three", "four"]}),
            "draft_strange",
            id="too many",
        ),
        pytest.param(
            json_answer(200, {"translatedText": [7]}), "draft_strange", id="no text"
        ),
        pytest.param(
            json_answer(200, {"translatedText": ["x" * MOST_BYTES]}),
            "draft_strange",
            id="a flood",
        ),
        pytest.param(
            Answer(302, headers={"Location": "http://127.0.0.1:1/"}),
            "draft_refused",
            id="led elsewhere",
        ),
    ],
)
def test_a_server_that_fails_is_named_and_what_was_written_stays(
    town: World,
    server: TranslatorStandIn,
    at_desk_of: Any,
    answer: Answer,
    word: str,
) -> None:
    server.answers = answer
    browser, number = at_desk_of(town, "reviewer"), plan_in(town)
    form = {"title-nl": "Bankje", "title-tr": "Bank"}
    refused = post(browser, f"/desk/plans/{number}/draft", **form)
    assert refused.status_code == 400
    assert NL[word].partition(".")[0] in refused.text
    assert field(refused.text, "title-tr") == "Bank"


def test_a_server_that_is_gone_is_silence(
    town: World, server: TranslatorStandIn, at_desk_of: Any
) -> None:
    server.stop()
    browser = at_desk_of(town, "reviewer")
    refused = post(browser, f"/desk/plans/{plan_in(town)}/draft")
    assert NL["draft_silent"].partition(".")[0] in refused.text


def test_too_much_is_not_sent(
    town: World, server: TranslatorStandIn, at_desk_of: Any
) -> None:
    browser = at_desk_of(town, "reviewer")
    form = {"summary-nl": "x" * 9_000}
    post(browser, f"/desk/plans/{plan_in(town)}/draft", **form)
    bodies: list[Any] = [call.json for call in server.calls]
    sent = [text for body in bodies for text in body["q"]]
    assert max(map(len, sent)) == 2_000


def test_where_nothing_translates_no_button_says_so(
    world: World, at_desk_of: Any
) -> None:
    person = world.person("ar", "web")
    number = world.plan(person, text=TOLD, language="ar")
    browser = at_desk_of(world, "reviewer")
    assert NL["draft_ask"] not in browser.get(f"/desk/plans/{number}").text
    refused = post(browser, f"/desk/plans/{number}/draft")
    assert NL["draft_off"].partition(".")[0] in refused.text
    assert post(browser, "/desk/plans/9999/draft").status_code == 404


def test_words_of_residents_are_not_sent_in_clear() -> None:
    key = {"SECRET_KEY": SECRET_KEY}
    kept = read_settings(key | {"TRANSLATION_URL": "https://translate.city.example"})
    assert kept.translation_url == "https://translate.city.example"
    with pytest.raises(SettingsError, match="TRANSLATION_URL must begin with https"):
        read_settings(key | {"TRANSLATION_URL": "http://translate.city.example"})

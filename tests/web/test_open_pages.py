"""The public pages: before, during and after a vote, in four languages."""

import re
from dataclasses import replace
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from bot.app import create_app
from bot.domain.languages import LANGUAGES
from bot.i18n import render
from bot.services.canonical import hash_of
from bot.services.count_words import BROKEN_BY
from bot.services.publishing import Publishing, publish_result
from bot.store.civic import RoundRow
from bot.store.passes import Receipt
from tally import TieBreak
from tests.services.test_publishing import REASON, leave_one_out
from tests.services.test_tallying import close, tied
from tests.services.test_votes import votes
from tests.web.conftest import read
from tests.worlds import COLLECTING, VOTING, World, table

PLACE = f"/open/rounds/{VOTING}"
PLACES = ("/open", PLACE, f"{PLACE}/receipt")
ORDER = Publishing(VOTING, "Anna and Bram")


def words(page: str) -> str:
    """Return what a page shows, without its marks."""
    shown = unescape(re.sub(r"<[^>]+>", " ", page))
    return re.sub(r"\s+", " ", re.sub("[\u2066-\u2069]", "", shown))


def voted(world: World, many: int = 60) -> World:
    """Let the vote close over ballots of which it is known how they came."""
    ways = [("whatsapp", "nl")] * (many - 14) + [("telegram", "tr")] * 12
    ways += [("web", "ar")] * 2
    with world.house.db.engine.begin() as db:
        mine = db.scalar(select(RoundRow.id).where(RoundRow.slug == VOTING))
        rows = [
            {"receipt": f"{n:04}\u00a07730", "round_id": mine, "holder": f"holder {n}"}
            | {"route": route, "language": language}
            for n, (route, language) in enumerate(ways)
        ]
        db.execute(insert(Receipt), rows)
    picks = [(21, 30, 70), (21, 30), (21,), (70, 30)] * (many // 4)
    return close(world, picks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_is_whole_in_each_language(
    world: World, client: FlaskClient, language: str
) -> None:
    publish_result(voted(world).house, ORDER)
    for place in (*PLACES, "/open/rounds/nowhere"):
        answer = client.get(place, query_string={"lang": language})
        assert answer.status_code == (404 if "nowhere" in place else 200)
        assert answer.headers["Content-Language"] == language
        turned = "rtl" if language == "ar" else "ltr"
        assert f'<html lang="{language}" dir="{turned}">' in answer.text
        assert "<script" not in answer.text
        assert "style=" not in answer.text
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_browser_s_language_is_taken_and_the_address_wins(
    client: FlaskClient,
) -> None:
    def spoken(address: str, header: str) -> str | None:
        answer = client.get(address, headers={"Accept-Language": header})
        assert answer.headers["Vary"] == "Accept-Language"
        return answer.headers["Content-Language"]

    assert spoken("/open", "tr-TR, en;q=0.8") == "tr"
    assert spoken("/open", "fr, ar;q=0.5") == "ar"
    assert spoken("/open", "fr") == "nl"
    assert spoken("/open?lang=en", "tr") == "en"
    assert spoken("/open?lang=fr", "tr") == "tr"


def test_while_one_votes_the_page_shows_the_ballot_and_no_trend(
    world: World, client: FlaskClient
) -> None:
    before = words(client.get(f"{PLACE}?lang=en").text)
    assert "Nobody can see how the vote stands." in before
    assert world.plan_row(21).title["en"] in before
    settings = client.get(f"{PLACE}/settings.json").data
    assert hash_of(settings.decode()) in before
    for _ in range(3):
        votes(world, world.person("tr", "whatsapp"))
    assert words(client.get(f"{PLACE}?lang=en").text) == before
    assert "Most votes first." in before
    assert "You may choose 5 plans. Fewer is fine." in before


def test_between_closing_and_publishing_there_is_no_result(
    world: World, client: FlaskClient
) -> None:
    voted(world)
    shown = words(client.get(f"{PLACE}?lang=en").text)
    assert "Voting is closed. The result comes here." in shown
    assert "Step" not in shown
    assert client.get(f"{PLACE}/results.json").status_code == 404


def test_the_published_result_is_told_whole(world: World, client: FlaskClient) -> None:
    made, _ = publish_result(voted(world).house, ORDER)
    page = client.get(f"{PLACE}?lang=en").text
    shown = words(page)
    assert "These plans are chosen: 21, 30, 70." in shown
    assert "Plan 21 has 45 votes." in shown
    assert "This plan is chosen." in shown
    assert "No tie changed the result." in shown, "21 and 30 are level, and both fit"
    assert "60 ballots were counted." in shown
    assert made.hash in shown
    assert made.data["chain"]["value"] in shown
    files = re.findall(r'href="(/open/[^"?]+\.json)"', page)
    assert len(files) == 4
    assert {client.get(each).status_code for each in files} == {200}
    rounds = {each["slug"]: each for each in read(client.get("/open/rounds.json"))}
    assert rounds[VOTING]["results_hash"] == made.hash
    assert "results_hash" not in rounds[COLLECTING]
    body = client.get(f"{PLACE}/results.json")
    assert hash_of(body.text) == made.hash
    again = {"If-None-Match": body.headers["ETag"]}
    assert client.get(f"{PLACE}/results.json", headers=again).status_code == 304


def test_small_groups_are_hidden_on_the_page_and_in_the_file(
    world: World, client: FlaskClient
) -> None:
    publish_result(voted(world).house, ORDER)
    turnout = read(client.get(f"{PLACE}/results.json"))["turnout"]
    assert turnout["by_route"]["web"] is None
    assert turnout["by_both"]["web"]["ar"] is None
    assert turnout["by_language"]["ar"] is None
    shown = words(client.get(f"{PLACE}?lang=en").text)
    row = re.search(r"Web page ((?:\S+ ){5})", shown.partition("Way ")[2])
    assert row
    assert row[1].split() == ["–"] * 5


def test_a_picture_says_in_words_what_it_shows_and_a_table_has_its_figures(
    world: World, client: FlaskClient
) -> None:
    publish_result(voted(world).house, ORDER)
    for language in ("en", "ar"):
        page = client.get(PLACE, query_string={"lang": language}).text
        pictures = re.findall(r"(?s)<svg.*?</svg>", page)
        assert len(pictures) == 3
        for each in pictures:
            named = re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', each)
            assert named
            title = re.search(rf'<title id="{named[1]}">(.+)</title>', each)
            told = re.search(rf'<desc id="{named[2]}">(.+)</desc>', each)
            assert title
            assert told
        assert pictures[0].count('class="full"') == 3
        assert pictures[0].count('class="empty"') == 37
        assert page.count("<table") >= 4


def test_in_arabic_the_bars_begin_on_the_right(
    world: World, client: FlaskClient
) -> None:
    publish_result(voted(world).house, ORDER)

    def ends(language: str) -> list[tuple[float, float]]:
        page = client.get(PLACE, query_string={"lang": language}).text
        bars = re.findall(r'<rect x="([\d.]+)" y="\d+" width="([\d.]+)"', page)
        return [(float(x), float(x) + float(width)) for x, width in bars]

    dutch, arabic = ends("nl"), ends("ar")
    assert len(dutch) > 40
    mirrored = [(round(360 - b, 1), round(360 - a, 1)) for a, b in dutch]
    assert [(round(a, 1), round(b, 1)) for a, b in arabic] == mirrored


def test_the_lot_and_its_tie_are_told(world: World, client: FlaskClient) -> None:
    publish_result(tied(world).house, replace(ORDER, seed="4 17 23"))
    shown = words(client.get(f"{PLACE}?lang=en").text)
    assert render(BROKEN_BY[TieBreak.LOT], "en") in shown
    assert "The public number of the lot: 4 17 23" in shown


def test_a_correction_says_why_and_leads_to_the_count_before_it(
    world: World, client: FlaskClient
) -> None:
    first, _ = publish_result(voted(world).house, ORDER)
    leave_one_out(world)
    publish_result(world.house, replace(ORDER, reason=REASON))
    page = client.get(f"{PLACE}?lang=en").text
    assert "This count was corrected." in words(page)
    assert REASON["en"] in words(page)
    assert f'href="{PLACE}/results.json?version=1"' in page
    assert client.get(f"{PLACE}/results.json?version=1").text == first.body
    for wrong in ("0", "x", "-1", "9" * 20):
        answer = client.get(f"{PLACE}/results.json?version={wrong}")
        assert answer.status_code == 400
    assert client.get(f"{PLACE}/results.json?version=3").status_code == 404


def test_a_receipt_is_yes_or_no_and_never_more(
    world: World, client: FlaskClient
) -> None:
    votes(world, world.person("tr"))
    (row,) = world.rows(table(Receipt))
    place = f"{PLACE}/receipt"
    yes = client.get(place, query_string={"lang": "en", "receipt": row.receipt})
    assert yes.status_code == 200
    assert "Yes, this vote is in the box." in yes.text
    no = client.get(place, query_string={"lang": "en", "receipt": "0000 0000"})
    assert no.status_code == 200
    told = words(no.text)
    assert "No, this receipt is not in the box." in told
    assert "You changed your vote. Your newest receipt counts." in told
    assert "Ask the municipality." in told
    bad = client.get(place, query_string={"lang": "en", "receipt": "48 <b>"})
    assert bad.status_code == 400
    assert "It has eight digits." in bad.text
    assert "<b>" not in bad.text
    for each in (yes, no, bad):
        assert each.headers["Cache-Control"] == "no-store"
        assert each.headers["Referrer-Policy"] == "no-referrer"
    shown = words(yes.text)
    assert not any(world.plan_row(n).title["en"] in shown for n in (21, 30, 70))


def test_whom_to_call_is_named(world: World) -> None:
    settings = replace(world.house.settings, help_phone="14 020")
    house = replace(world.house, settings=settings)
    client = create_app(house=house).test_client()
    place = f"{PLACE}/receipt?lang=en&receipt=00000000"
    assert "Call 14 020." in words(client.get(place).text)


def test_a_round_that_is_not_there_or_not_begun_is_a_page_that_says_so(
    world: World, client: FlaskClient
) -> None:
    world.clock.pass_time(days=-400)
    for slug in ("atlantis", VOTING, "%00", "a" * 300):
        for place in (f"/open/rounds/{slug}", f"/open/rounds/{slug}/receipt"):
            answer = client.get(place, query_string={"lang": "en"})
            assert (answer.status_code, answer.mimetype) == (404, "text/html")
            assert "There is no such page." in answer.text
    assert "No round has begun yet." in client.get("/open?lang=en").text


def test_nobody_s_name_is_on_the_page(world: World, client: FlaskClient) -> None:
    publish_result(voted(world).house, Publishing(VOTING, "Bram de Wit and Els"))
    world.change_plan(21, contact={"name": "Bram de Wit", "phone": "020"})
    for place in (*PLACES, f"{PLACE}/results.json"):
        assert "Bram" not in client.get(place).text

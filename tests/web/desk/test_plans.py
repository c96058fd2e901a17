"""The pages of plans: found in every language, reviewed by one or two, undone."""

import io
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import insert, select

from bot.app import create_app
from bot.cli_plans import picture
from bot.domain.plans import Status, plan_numbers
from bot.services.desk.public_words import nth_photo
from bot.services.desk.talks import FEW
from bot.services.erasures import erase
from bot.services.house import Scene
from bot.services.plans import PlanRefused
from bot.services.searching import fill_search, searchable
from bot.services.talks import talk_by_id
from bot.store.audit import AuditLine
from bot.store.civic import PlanMedia, PlanRow
from bot.store.reviews import Review
from bot.store.talks import Media
from bot.web.desk.words.book import words
from tests.web.conftest import Desk, form_secret, log_in, one_time_token
from tests.web.desk.test_desk import TRICKS
from tests.worlds import COLLECTING, SECRET_KEY, Person, World, new_id, table

NL = words("nl")


def indexed(world: World, person: Person | None = None, **plan: Any) -> int:
    """Add a plan that can be found, as a turn would."""
    number = world.plan(person, a_round=COLLECTING, **plan)
    while fill_search(world.house):
        pass
    return number


def secret_of(browser: FlaskClient) -> str:
    return form_secret(browser.get("/desk").text)


def decide(browser: FlaskClient, world: World, number: int, **form: str) -> Any:
    plan = world.plan_row(number)
    ids = select(Review.id).where(Review.plan_id == plan.id)
    seen = world.rows(ids.order_by(Review.id.desc()))
    posted = {
        "secret": secret_of(browser),
        "seen": str(seen[0].id) if seen else "0",
        "status": plan.status,
        "verdict": "infeasible",
        "words": "De grond is van de woningcorporatie.",
        "ground": "infeasible:not_ours",
    }
    return browser.post(f"/desk/plans/{number}/review", data=posted | form)


def settle(browser: FlaskClient, world: World, number: int, verb: str) -> Any:
    (review,) = world.rows(table(Review).order_by(Review.id.desc()).limit(1))
    place = f"/desk/plans/{number}/review/{review.id}/{verb}"
    return browser.post(place, data={"secret": secret_of(browser)})


def trail(world: World, subject: str) -> list[tuple[str, str]]:
    lines = table(AuditLine).where(AuditLine.subject == subject)
    return [(each.by, each.act) for each in world.rows(lines.order_by(AuditLine.id))]


def test_an_empty_desk_teaches_where_plans_come_from(
    world: World, at_desk: Desk
) -> None:
    with world.house.db.engine.begin() as db:
        for each in ("plan_stages", "supports", "plans"):
            db.exec_driver_sql(f"DELETE FROM {each}")  # noqa: S608 - our own tables
    page = at_desk("viewer").get("/desk/plans").text
    assert NL["plans_none"] in page
    assert NL["plans_waiting_none"] in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("schommel SPEELTUIN", True),
        ("salincak", True),
        ("ŞELALE", True),
        ("الارجوحه", True),
        ("albardakade", True),
        ("één", True),
        ("helemaal niets hiervan", False),
        ("%", True),
        ("_____", True),
        ("'; DROP TABLE plans; --", False),
    ],
)
def test_plans_are_found_in_four_languages_by_words_titles_and_place(
    each_world: World, asked: str, *, found: bool
) -> None:
    number = indexed(
        each_world,
        text="Een schommel in de speeltuin",
        place="Albardakade 3",
        title={"nl": "Schommel", "tr": "Salıncak, şelale", "ar": "الأرجوحة"},
    )
    browser = create_app(house=each_world.house).test_client()
    assert log_in(browser, one_time_token(each_world, "viewer")) == 303
    page = browser.get("/desk/plans", query_string={"q": asked, "round": COLLECTING})
    assert page.status_code == 200
    assert (f"/desk/plans/{number}" in page.text) is found


def test_filters_narrow_the_list(world: World, at_desk: Desk) -> None:
    person = world.person("tr")
    number = indexed(
        world, person, text="Bir bank", language="tr", spoken=True, place="Sloterplas"
    )
    browser = at_desk("viewer")

    def sees(**asked: str) -> bool:
        page = browser.get("/desk/plans", query_string=asked).text
        return f'href="/desk/plans/{number}"' in page

    assert sees(language="tr")
    assert not sees(language="ar")
    assert sees(stage="received")
    assert not sees(stage="public", language="tr")
    assert sees(spoken="yes", language="tr")
    assert not sees(spoken="no", language="tr")
    assert sees(place="SLOTERPLAS")
    assert not sees(place="bank")
    assert sees(theme="-", language="tr")
    assert not sees(theme="green", language="tr")
    assert sees(waiting="yes")
    assert not sees(waiting="yes", language="nl")
    for strange in ("stage=x", "page=-1", "page=99999", "language=%00", "q=%00"):
        assert browser.get(f"/desk/plans?{strange}").status_code == 200


def test_the_oldest_plan_without_an_answer_comes_first_and_its_clock_runs(
    world: World, at_desk: Desk
) -> None:
    first = indexed(world, world.person())
    world.clock.pass_time(days=1, hours=20)
    second = indexed(world, world.person())
    browser = at_desk("reviewer")
    page = browser.get("/desk/plans?waiting=yes").text
    assert page.index(f"/desk/plans/{first}") < page.index(f"/desk/plans/{second}")
    assert 'class="clock amber"' in page
    assert 'class="clock green"' in page
    world.clock.pass_time(hours=20)
    assert 'class="clock red"' in browser.get(f"/desk/plans/{first}").text
    assert decide(browser, world, first).status_code == 303
    page = browser.get("/desk/plans?waiting=yes").text
    assert f"/desk/plans/{first}" not in page


def test_an_author_reads_the_grounds_in_her_language_ten_minutes_later(
    world: World, at_desk: Desk
) -> None:
    person = world.person("tr")
    number = indexed(world, person, language="tr")
    answer = decide(at_desk("reviewer"), world, number)
    assert answer.location.startswith(f"/desk/plans/{number}?said=reviewed")
    assert world.plan_row(number).status == Status.INFEASIBLE
    (told,) = world.pushes(person)
    assert "Bu yer belediyeye ait değil." in told.text
    assert told.due_at - world.clock() == timedelta(minutes=10)
    assert world.send_due() == []
    world.says(person, "merhaba")
    assert [row.delivery for row in world.pushes(person)] == ["queued"], "is held"
    world.clock.pass_time(minutes=10)
    assert len(world.send_due()) >= 1
    assert trail(world, f"plan:{number}") == [("bram@demo.example", "plan.review")]


def test_a_review_is_undone_as_if_it_had_not_been(world: World, at_desk: Desk) -> None:
    person = world.person("ar")
    number = indexed(world, person, language="ar")
    follower = world.person("nl")
    world.follow(follower, number)
    before = world.plan_row(number)
    stages = world.stages(number)
    browser = at_desk("reviewer")
    decide(browser, world, number)
    assert len(world.pushes(follower)) == 1
    world.clock.pass_time(minutes=9)
    assert "said=review_undone" in settle(browser, world, number, "undo").location
    assert world.plan_row(number) == before
    assert world.stages(number) == stages
    for each in (person, follower):
        (row,) = world.pushes(each)
        assert (row.delivery, row.reason) == ("dropped", "undone")
    world.clock.pass_time(hours=1)
    assert world.send_due() == []


def test_what_is_told_cannot_be_undone_any_more(world: World, at_desk: Desk) -> None:
    number = indexed(world, world.person())
    browser = at_desk("reviewer")
    decide(browser, world, number)
    world.clock.pass_time(minutes=10)
    answer = settle(browser, world, number, "undo")
    assert answer.status_code == 400
    assert NL["review_too_late"] in answer.text
    assert world.plan_row(number).status == Status.INFEASIBLE


FEASIBLE = {
    "verdict": "feasible",
    "ground": "",
    "department": "Openbare ruimte",
    "person": "Ans de Boer",
}


def test_money_needs_two_people(world: World, at_desk: Desk) -> None:
    person = world.person("en")
    number = indexed(world, person, language="en")
    bram, chantal = at_desk("reviewer"), at_desk("admin")
    answer = decide(bram, world, number, **FEASIBLE, cost="12.500,50")
    assert "said=review_proposed" in answer.location
    assert world.plan_row(number).cost_cents is None
    assert world.pushes(person) == []
    own = settle(bram, world, number, "agree")
    assert own.status_code == 400
    assert NL["review_second_other"] in own.text
    assert NL["second_waits"] in bram.get("/desk/plans?waiting=yes").text
    assert "said=reviewed" in settle(chantal, world, number, "agree").location
    assert world.plan_row(number).cost_cents == 12_500_50
    assert "Your plan is possible." in world.pushes(person)[0].text
    assert [act for _, act in trail(world, f"plan:{number}")] == [
        "plan.review.propose",
        "plan.review",
    ]
    settle(chantal, world, number, "undo")
    assert world.plan_row(number).cost_cents is None


def test_a_proposal_can_be_taken_away_and_nobody_hears(
    world: World, at_desk: Desk
) -> None:
    person = world.person()
    number = indexed(world, person)
    bram = at_desk("reviewer")
    decide(bram, world, number, **FEASIBLE, cost="100")
    assert "review_declined" in settle(bram, world, number, "decline").location
    assert settle(at_desk("admin"), world, number, "agree").status_code == 409
    assert world.pushes(person) == []


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ({"words": "  "}, "review_no_words"),
        ({"verdict": ""}, "review_no_verdict"),
        ({"ground": ""}, "review_no_ground"),
        ({"ground": "infeasible:unheard"}, "review_no_ground"),
        ({"ground": "", "text-nl": "Kan niet."}, "review_not_hers"),
        ({"ground": "", "text-tr": "Olmaz."}, "review_not_ticked"),
        ({"cost": "duizend"}, "review_bad_cost"),
        ({"cost": "100"}, "review_cost_only_feasible"),
        ({**FEASIBLE, "person": ""}, "review_nobody"),
        ({**FEASIBLE, "person": "x" * 81}, "review_long_name"),
        ({"words": "x" * 2001}, "review_long_words"),
        ({"text-tr": "x" * 241, "tick": "yes"}, "review_long_note"),
    ],
)
def test_a_review_that_is_not_whole_is_shown_again_with_every_fault(
    world: World, at_desk: Desk, form: dict[str, str], word: str
) -> None:
    number = indexed(world, world.person("tr"), language="tr")
    written = {"words": "Te smal <b>daar</b>."} | form
    answer = decide(at_desk("reviewer"), world, number, **written)
    assert answer.status_code == 400
    assert NL[word] in answer.text
    if "words" not in form:
        assert "Te smal &lt;b&gt;daar&lt;/b&gt;." in answer.text
    assert world.rows(table(Review)) == []
    assert world.plan_row(number).status == Status.RECEIVED


def test_who_was_second_sees_both_decisions_and_loses_nothing(
    world: World, at_desk: Desk
) -> None:
    number = indexed(world, world.person())
    bram, chantal = at_desk("reviewer"), at_desk("admin")
    stale = {"seen": "0", "status": "received"}
    decide(bram, world, number)
    answer = decide(chantal, world, number, words="Ik vind van wel.", **stale)
    assert answer.status_code == 409
    assert "De grond is van de woningcorporatie." in answer.text
    assert "Ik vind van wel." in answer.text
    assert len(world.rows(table(Review))) == 1
    again = decide(chantal, world, number, words="Ik vind van wel.")
    assert again.status_code == 303


def test_a_plan_that_is_voted_on_stays_as_it_is(world: World, at_desk: Desk) -> None:
    browser = at_desk("reviewer")
    page = browser.get("/desk/plans/10").text
    assert NL["plan_frozen"] in page
    assert 'name="verdict"' not in page
    assert 'name="title-nl"' not in page
    answer = decide(browser, world, 10)
    assert answer.status_code == 400
    titles = {"secret": secret_of(browser), "title-nl": "Anders"}
    answer = browser.post("/desk/plans/10/publish", data=titles)
    assert answer.status_code == 400
    assert NL["title_not_now"] in answer.text


def test_an_official_makes_a_plan_public_in_four_languages(
    world: World, at_desk: Desk
) -> None:
    person = world.person("en")
    number = indexed(world, person)
    browser = at_desk("reviewer")
    form = {"secret": secret_of(browser), "title-nl": "Bank bij de linde"}
    form |= {"title-tr": "Ihlamurun altına bank", "title-en": "x" * 25}
    answer = browser.post(f"/desk/plans/{number}/publish", data=form)
    assert answer.status_code == 400
    assert NL["title_long"] in answer.text
    assert NL["title_not_ticked"] in answer.text
    assert "Ihlamurun altına bank" in answer.text
    assert world.plan_row(number).title is None
    ticked = {"title-en": "Bench by the lime", "tick-en": "yes", "tick-tr": "yes"}
    answer = browser.post(f"/desk/plans/{number}/publish", data=form | ticked)
    assert answer.status_code == 303
    row = world.plan_row(number)
    assert row.title["tr"] == "Ihlamurun altına bank"
    assert row.status == Status.PUBLIC
    assert NL["plan_lacking"] in browser.get(f"/desk/plans/{number}").text
    assert any("Bench by the lime" in text for text in world.texts(person))
    assert f"/desk/plans/{number}" in browser.get("/desk/plans?q=ihlamur").text


@pytest.mark.parametrize("trick", TRICKS)
def test_nothing_that_is_written_becomes_markup(
    world: World, at_desk: Desk, trick: str
) -> None:
    number = indexed(world, world.person(), text=trick, place=trick)
    browser = at_desk("reviewer")
    decide(browser, world, number, words=trick, department=trick, person=trick)
    titles = {"secret": secret_of(browser), "title-nl": trick[:24]}
    browser.post(f"/desk/plans/{number}/publish", data=titles | {"summary-nl": trick})
    bad = decide(browser, world, number, words=trick, verdict="", cost=trick)
    pages = [bad.text, browser.get(f"/desk/plans/{number}").text]
    pages.append(browser.get("/desk/plans", query_string={"q": trick}).text)
    pages.append(browser.get("/desk/plans", query_string={"place": trick}).text)
    for page in pages:
        assert "<script>" not in page
        assert "<img src=x" not in page
        assert "<svg/onload" not in page
        assert "' onmouseover='" not in page


@pytest.mark.parametrize("role", ["viewer", "communicator", "counter", "helper"])
def test_only_reviewers_review_and_publish(
    world: World, at_desk: Desk, role: str
) -> None:
    number = indexed(world, world.person())
    browser = at_desk(role)
    secret = form_secret(browser.get("/desk", follow_redirects=True).text)
    for place in ("review", "publish", "picture", "review/1/undo"):
        answer = browser.post(f"/desk/plans/{number}/{place}", data={"secret": secret})
        assert answer.status_code == 403, place
    page = browser.get(f"/desk/plans/{number}")
    assert 'name="verdict"' not in page.text
    assert page.status_code == (303 if role == "helper" else 200)


def test_a_note_of_a_plan_is_played_and_the_trail_says_who_listened(
    world: World, at_desk: Desk
) -> None:
    person = world.person()
    number, other = indexed(world, person), indexed(world, person)
    key = world.house.media.save(b"OggS sound", "audio/ogg")
    row: dict[str, Any] = {
        "kind": "voice",
        "channel": "web",
        "mime": "audio/ogg",
        "key": key,
    }
    row |= {"source": {"place": ""}, "attempts": 0, "created_at": world.clock()}
    plan_id = world.plan_row(number).id
    with world.house.db.engine.begin() as db:
        made = db.execute(insert(Media).values(talk_id=person.talk, **row))
        media = new_id(made)
        db.execute(insert(PlanMedia).values(plan_id=plan_id, media_id=media))
    browser = at_desk("viewer")
    place = f"/desk/plans/{number}/media/{media}"
    assert f'src="{place}"' in browser.get(f"/desk/plans/{number}").text
    assert browser.get(place).data == b"OggS sound"
    rest = browser.get(place, headers={"Range": "bytes=5-"})
    assert rest.status_code == 206
    assert trail(world, f"plan:{number}") == [("fatma@demo.example", "plan.listen")]
    assert browser.get(f"/desk/plans/{other}/media/{media}").status_code == 404


def test_the_end_of_the_talk_stands_beside_the_plan(
    world: World, at_desk: Desk
) -> None:
    author = world.person("ar", "web")
    number = world.plan(author, text="مقعد في الحديقة")
    for said in (*(f"نقطة {n}" for n in range(9)), "موظف"):
        world.clock.pass_time(minutes=1)
        world.says(author, said)
    page = at_desk("reviewer").get(f"/desk/plans/{number}").text
    talk = page.partition('id="lines"')[2].partition("</section>")[0]
    assert talk.count("<li") == FEW
    assert "موظف" in talk
    assert NL["plan_ask"] in page
    assert NL["plan_ask"] not in at_desk("viewer").get(f"/desk/plans/{number}").text


def test_who_is_forgotten_is_not_found_any_more(world: World, at_desk: Desk) -> None:
    person = world.person()
    number = indexed(world, person, text="Kikkerpoel met waterlelies")
    browser = at_desk("viewer")
    assert f"/desk/plans/{number}" in browser.get("/desk/plans?q=waterlelies").text
    now = world.clock()

    def forget(db: Any) -> None:
        scene = Scene(world.house, db, now)
        erase(scene, talk_by_id(scene, person.talk), keep_plans=False)

    world.house.db.run(forget)
    assert "waterlelies" not in world.plan_row(number).search
    assert f"/desk/plans/{number}" not in browser.get("/desk/plans?q=waterlelies").text


def test_ten_thousand_plans_are_looked_through_quickly(
    each_world: World,
) -> None:
    numbers, now = plan_numbers(1_000), each_world.clock()
    first = each_world.plan_row(98)
    subjects = ("bank", "boom", "speeltuin", "licht", "fiets", "markt", "tuin")
    rows = []
    for place in range(10_000):
        said = f"Een {subjects[place % 7]} bij nummer {place} voor de buurt " * 3
        rows.append(
            {
                "number": next(numbers),
                "round_id": first.round_id,
                "status": "received" if place % 2 else "public",
                "text": said,
                "language": "nl",
                "title": {"nl": f"Plan {place}"},
                "place": f"Straat {place % 90}",
                "search": searchable(said, {"nl": f"Plan {place}"}, None, "Straat"),
                "answered_at": now if place % 3 else None,
                "created_at": now - timedelta(minutes=place),
            }
        )
    with each_world.house.db.engine.begin() as db:
        db.execute(insert(PlanRow), rows)
    browser = create_app(house=each_world.house).test_client()
    log_in(browser, one_time_token(each_world, "viewer"))
    number = rows[-1]["number"]
    for asked in ("", "?q=fiets+9998", "?q=niets+van+dit", "?page=300", f"/{number}"):
        browser.get(f"/desk/plans{asked}")
        took = []
        for _ in range(3):
            began = time.perf_counter()
            assert browser.get(f"/desk/plans{asked}").status_code == 200
            took.append(time.perf_counter() - began)
        print(f"{each_world.house.db.engine.dialect.name} {asked!r} {min(took):.3f}")
        assert min(took) < 0.3, asked


def test_a_photo_of_the_author_becomes_public_at_the_desk_and_by_command(
    world: World, at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = at_desk("reviewer")
    number = indexed(world, world.person())
    made = io.BytesIO()
    Image.new("RGB", (80, 60), "green").save(made, "PNG")
    media = with_photo(world, number, made.getvalue())

    def post(**form: str) -> Any:
        posted = {"secret": secret_of(browser)} | form
        return browser.post(f"/desk/plans/{number}/picture", data=posted)

    early = post(photo=str(media), tick="yes")
    assert early.status_code == 400
    assert NL["picture_refused"] in early.text
    titles = {"secret": secret_of(browser), "title-nl": "Linde"}
    browser.post(f"/desk/plans/{number}/publish", data=titles)
    assert NL["picture_not_ticked"] in post(photo=str(media)).text
    assert post(photo="99999", tick="yes").status_code == 400
    assert world.plan_row(number).picture_id is None
    assert "picture_shown" in post(photo=str(media), tick="yes").location
    assert world.plan_row(number).picture_id is not None
    assert "picture_gone" in post(remove="yes").location
    assert world.plan_row(number).picture_id is None
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)

    def ask(*words: str) -> Result:
        asked = [str(number), "--photo", *words]
        return CliRunner().invoke(picture, asked, obj=lambda _: world.house)

    assert "has 1 photos: no number 2" in ask("2").stderr
    assert ask("1", "--remove").exit_code == 2
    assert ask("1").exit_code == 0
    assert world.plan_row(number).picture_id is not None
    with pytest.raises(PlanRefused, match="has 1 photos"):
        nth_photo(world.house, number, 0)


def with_photo(world: World, number: int, data: bytes) -> int:
    """Give a plan a photo and return its media."""
    row: dict[str, Any] = {"kind": "photo", "channel": "web", "mime": "image/jpeg"}
    row |= {"key": world.house.media.save(data, "image/jpeg"), "attempts": 0}
    row |= {"source": {"place": ""}, "created_at": world.clock()}
    plan_id = world.plan_row(number).id
    with world.house.db.engine.begin() as db:
        media = new_id(db.execute(insert(Media).values(row)))
        db.execute(insert(PlanMedia).values(plan_id=plan_id, media_id=media))
    return media


@pytest.mark.parametrize(
    ("place", "part"), [("review", "review"), ("publish", "public")]
)
def test_what_is_refused_is_shown_where_its_form_stands(
    world: World, at_desk: Desk, place: str, part: str
) -> None:
    number = world.plan(world.person(), a_round=COLLECTING)
    page = at_desk("reviewer").get(f"/desk/plans/{number}").text
    assert re.search(rf'action="/desk/plans/{number}/{place}[^"]*#{part}"', page)
    assert page.count(f'id="{part}"') == 1

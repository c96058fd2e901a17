"""After the result: counted, called, brought together, kept for the next round."""

from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.plans import Status
from bot.services.hooks import accept
from bot.services.meetings import end_old_meetings
from bot.services.results import Decided, Results
from bot.store.after import MeetingRow
from bot.store.audit import AuditLine
from bot.store.talks import OutboundMessage
from bot.web.desk.words.book import words
from tests.web.conftest import Desk
from tests.web.desk.test_contacts import post
from tests.web.desk.test_desk import TRICKS
from tests.worlds import COLLECTING, VOTING, Person, World, table

PLACE = f"/desk/after/{VOTING}"
FATMA, EMRE = "Fatma, 06 1234 5678", "Emre, 06 8765 4321"


def decide(world: World, *numbers: int) -> None:
    decided = tuple(Decided(each, Status.NOT_VOTED_IN) for each in numbers)
    accept(world.house, f"msg_{numbers}", Results(VOTING, "final", decided))


def public(world: World, author: Person | None, title: str = "Bank") -> int:
    texts = {"nl": title, "tr": f"{title} tr", "en": f"{title} en"}
    return world.plan(author, status="on_ballot", title=texts, public_at=world.clock())


def deliver(world: World, person: Person, delivery: str = "delivered") -> None:
    mine = update(OutboundMessage).where(OutboundMessage.talk_id == person.talk)
    with world.house.db.engine.begin() as db:
        db.execute(mine.values(delivery=delivery))


def test_who_was_contacted_is_counted_by_story_and_the_rest_is_called(
    each_world: World, at_desk_of: Any
) -> None:
    world = each_world
    people = [world.person("nl", "whatsapp", phone=f"+3161234567{n}") for n in range(3)]
    plans = [public(world, each) for each in people]
    decide(world, *plans)
    deliver(world, people[0], "read")
    deliver(world, people[1], "failed")
    browser = at_desk_of(world, "communicator")
    page = browser.get(PLACE).text
    assert "1 van 3" in page
    assert f"2 {words('nl')['after_to_call']}" in page
    assert "tel:+31612345671" in page
    place = f"{PLACE}/{plans[1]}/called"
    assert (
        "after_called_no_answer" in post(browser, place, outcome="no_answer").location
    )
    assert "1 van 3" in browser.get(PLACE).text
    post(browser, place, outcome="spoke")
    page = browser.get(PLACE).text
    assert "2 van 3" in page
    assert "tel:+31612345671" not in page
    lines = world.rows(table(AuditLine))
    acts = [row.data["outcome"] for row in lines if "outcome" in row.data]
    assert acts == ["no_answer", "spoke"]


def test_telegram_says_only_that_it_took_the_message(
    world: World, at_desk: Desk
) -> None:
    one, other = world.person("nl"), world.person("nl", "whatsapp")
    decide(world, public(world, one), public(world, other))
    for each in (one, other):
        deliver(world, each, "sent")
    assert "1 van 2" in at_desk("viewer").get(PLACE).text


def test_who_wants_a_call_is_on_the_list_with_number_and_day(
    world: World, at_desk: Desk
) -> None:
    author = world.person("nl")
    number = public(world, author)
    decide(world, number)
    world.taps(author, "call")
    world.says(author, "06 12345671")
    world.says(author, "na vijf uur")
    browser = at_desk("reviewer")
    page = browser.get(PLACE).text
    assert "06 12345671; na vijf uur" in page
    post(browser, f"{PLACE}/{number}/called", outcome="spoke")
    assert "06 12345671" not in browser.get(PLACE).text
    assert all(task.done_at for task in world.tasks())


def pair(world: World, browser: Any) -> tuple[Person, Person, int, int]:
    """Return two authors who have just been asked whether they want to meet."""
    fatma, emre = world.person("tr"), world.person("en")
    one, other = public(world, fatma, "Bank"), public(world, emre, "Boom")
    decide(world, one)
    world.taps(fatma, "join")
    asked = post(browser, f"{PLACE}/{one}/join", other=str(other))
    assert "join_proposed" in asked.location
    return fatma, emre, one, other


def agrees(world: World, person: Person, words_: str, yes: str) -> None:
    world.taps(person, "yes")
    world.says(person, words_)
    world.says(person, yes)


def told(world: World, person: Person) -> str:
    return "\n".join(world.texts(person))


def test_with_both_consents_names_and_numbers_are_exchanged(
    each_world: World, at_desk_of: Any
) -> None:
    world = each_world
    browser = at_desk_of(world, "reviewer")
    fatma, emre, _, other = pair(world, browser)
    assert "Boom tr" in told(world, fatma)
    assert "Bank en" in world.pushes(emre)[-1].text
    agrees(world, fatma, FATMA, "evet")
    assert FATMA not in told(world, emre)
    agrees(world, emre, EMRE, "yes")
    assert EMRE in told(world, fatma)
    assert FATMA in told(world, emre)
    row = world.one(table(MeetingRow))
    assert (row.words, row.other_words, row.met_at) == (None, None, world.clock())
    assert f"{words('nl')['join_state_met']} {other}" in browser.get(PLACE).text


def test_with_one_consent_nothing_goes_and_nobody_hears_who_said_no(
    world: World, at_desk: Desk
) -> None:
    browser = at_desk("reviewer")
    fatma, emre, _, _ = pair(world, browser)
    agrees(world, fatma, FATMA, "evet")
    world.taps(emre, "no")
    assert "şimdi olmuyor" in told(world, fatma)
    assert FATMA not in told(world, emre)
    row = world.one(table(MeetingRow))
    assert (row.words, row.other_words) == (None, None)
    page = browser.get(PLACE).text
    assert words("nl")["join_state_over"] in page
    assert FATMA not in page


def test_no_answer_in_two_weeks_is_no(world: World, at_desk: Desk) -> None:
    fatma, emre, _, _ = pair(world, at_desk("reviewer"))
    agrees(world, fatma, FATMA, "evet")
    world.clock.pass_time(days=13)
    end_old_meetings(world.house)
    assert world.one(table(MeetingRow)).ended_at is None
    world.clock.pass_time(days=1)
    end_old_meetings(world.house)
    end_old_meetings(world.house)
    assert "şimdi olmuyor" in told(world, fatma)
    assert len(world.pushes(emre)) == 1
    assert world.one(table(MeetingRow)).words is None


def test_a_consent_is_taken_back_before_and_after(world: World, at_desk: Desk) -> None:
    fatma, emre, _, _ = pair(world, at_desk("reviewer"))
    agrees(world, fatma, FATMA, "evet")
    world.says(fatma, "birlikte değil")
    assert world.one(table(MeetingRow)).words is None
    agrees(world, emre, EMRE, "yes")
    assert EMRE not in told(world, fatma)
    world.says(fatma, "birlikte değil")
    assert "başka kimsede yok" in world.texts(fatma)[-1]


def test_taken_back_after_they_met_the_other_one_is_told(
    world: World, at_desk: Desk
) -> None:
    fatma, emre, _, _ = pair(world, at_desk("reviewer"))
    agrees(world, fatma, FATMA, "evet")
    agrees(world, emre, EMRE, "yes")
    world.says(emre, "not together")
    assert "artık aramayın" in told(world, fatma)


def test_whoever_is_forgotten_leaves_no_name(world: World, at_desk: Desk) -> None:
    fatma, emre, _, _ = pair(world, at_desk("reviewer"))
    agrees(world, fatma, FATMA, "evet")
    world.says(fatma, "beni unut")
    world.taps(fatma, "forget:keep")
    row = world.one(table(MeetingRow))
    assert (row.words, row.ended_at) == (None, world.clock())
    assert FATMA not in told(world, emre)


def test_a_kept_plan_goes_into_the_next_round_only_with_her_yes(
    world: World, at_desk: Desk
) -> None:
    author, browser = world.person("nl"), at_desk("reviewer")
    number = public(world, author)
    decide(world, number)
    world.taps(author, "keep")
    place = f"{PLACE}/{number}/renew"
    assert "renew_asked" in post(browser, place, round=COLLECTING).location
    assert post(browser, place, round=COLLECTING).status_code == 400
    world.taps(author, "yes")
    assert "Een bank onder de bomen." in world.texts(author)[-1]
    before = len(world.rows(_plans()))
    world.says(author, "ja")
    assert len(world.rows(_plans())) == before + 1
    fresh = world.rows(_plans())[-1]
    assert (fresh.text, fresh.resident_id) == (
        "Een bank onder de bomen.",
        author.resident,
    )
    assert fresh.round_id != world.plan_row(number).round_id


def test_a_kept_plan_stays_kept_with_a_no(world: World, at_desk: Desk) -> None:
    author = world.person("nl")
    number = public(world, author)
    decide(world, number)
    world.taps(author, "keep")
    post(at_desk("reviewer"), f"{PLACE}/{number}/renew", round=COLLECTING)
    before = len(world.rows(_plans()))
    world.says(author, "nee")
    world.says(author, "ja")
    assert len(world.rows(_plans())) == before


def _plans() -> Any:
    from bot.store.civic import PlanRow

    return table(PlanRow).order_by(PlanRow.id)


@pytest.mark.parametrize(
    ("form", "said"),
    [({"other": "99999"}, "join_unknown"), ({"other": "x"}, "join_unknown")]
    + [({"other": trick}, "join_unknown") for trick in TRICKS],
)
def test_an_impossible_pair_is_said_so(
    world: World, at_desk: Desk, form: Any, said: str
) -> None:
    number = public(world, world.person("nl"))
    decide(world, number)
    answer = post(at_desk("reviewer"), f"{PLACE}/{number}/join", **form)
    assert answer.status_code == 400
    assert words("nl")[said] in answer.text
    assert world.rows(table(MeetingRow)) == []


def test_a_plan_that_is_not_public_is_offered_to_nobody(
    world: World, at_desk: Desk
) -> None:
    one = public(world, world.person("nl"))
    other = world.plan(world.person("nl"))
    decide(world, one)
    answer = post(at_desk("reviewer"), f"{PLACE}/{one}/join", other=str(other))
    assert words("nl")["join_private"] in answer.text


@pytest.mark.parametrize(
    ("role", "may"), [("viewer", False), ("reviewer", True), ("counter", False)]
)
def test_only_some_note_calls(
    world: World, at_desk: Desk, role: str, *, may: bool
) -> None:
    number = public(world, world.person("nl"))
    decide(world, number)
    browser = at_desk(role)
    assert browser.get(PLACE).status_code == 200
    answer = post(browser, f"{PLACE}/{number}/called", outcome="spoke")
    assert answer.status_code == (303 if may else 403)


def test_a_round_without_a_result_teaches(at_desk: Desk) -> None:
    browser = at_desk("viewer")
    assert words("nl")["after_none"] in browser.get(f"/desk/after/{COLLECTING}").text
    assert browser.get("/desk/after/nowhere").status_code == 404

"""A plan that is stuck: said by voice, answered by voice, and good again."""

import io
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.plans import Status
from bot.services.due_checkins import ask_due_checkins
from bot.services.house import Scene
from bot.services.notes import listen_once
from bot.services.plans import set_status
from bot.store.care import CareRow, PlanLine
from bot.store.civic import CheckInAnswer
from bot.store.talks import Media
from bot.web.desk.words.book import words
from tests.services.ears import reciting
from tests.services.listener import hearing
from tests.sound import say
from tests.web.conftest import Desk
from tests.web.desk.test_contacts import chosen, post
from tests.web.desk.test_desk import TRICKS
from tests.worlds import Person, World, table
from transcription.audio import decode, to_voice_note

NEEDS = "De vergunning is er nog niet."
HELPS = "De vergunning is er. U kunt verder."
DID = {"text_nl": "De bank is besteld."}


def care(world: World) -> Any:
    return world.one(table(CareRow))


def lines(world: World) -> list[Any]:
    return world.rows(table(PlanLine).order_by(PlanLine.id))


def asked(world: World, author: Person, browser: Any) -> int:
    """Return the number of a plan about which its author has just been asked."""
    number = chosen(world, author)
    post(browser, f"/desk/checkins/{number}/did", **DID)
    world.clock.pass_time(weeks=2)
    ask_due_checkins(world.house)
    world.send_due()
    return number


def hears(world: World) -> None:
    while listen_once(world.house):
        world.clock.pass_time(seconds=1)


def test_stuck_by_voice_is_answered_by_voice_and_good_again(
    each_world: World, at_desk_of: Any, tmp_path: Any
) -> None:
    world = each_world
    author = world.person("nl", "web")
    browser = at_desk_of(world, "reviewer")
    number = asked(world, author, browser)
    world.taps(author, "stuck")
    assert care(world).stuck_at == world.clock()
    listening = hearing(world, reciting(tmp_path / "needs", NEEDS, "nl"))
    listening.sends_note(author, to_voice_note(say(NEEDS)))
    hears(listening)
    page = browser.get(f"/desk/checkins/{number}").text
    assert NEEDS in page
    assert "<audio" in page
    assert NEEDS not in browser.get("/desk/checkins").text
    spoken = io.BytesIO(to_voice_note(say(HELPS)))
    place = f"/desk/checkins/{number}/help"
    sent = post(browser, place, phrase="permit", sound=(spoken, "antwoord.ogg"))
    assert "care_helped" in sent.location
    push = world.pushes(author)[-1]
    assert "De vergunning is er." in push.text
    assert [choice[0] for choice in push.choices] == ["good", "stuck"]
    kept = world.one(table(Media).where(Media.id == push.sound))
    sound = decode(world.house.media.load(kept.key))
    ears = reciting(tmp_path / "helps", HELPS, "nl")
    assert ears.transcribe(sound, "nl").text.strip() == HELPS
    assert sound.seconds == pytest.approx(say(HELPS).size / 16_000, abs=0.2)
    shown = browser.get(f"/desk/checkins/{number}").text
    assert words("nl")["care_waits_her"] in shown
    assert [task.kind for task in world.tasks() if task.done_at is None] == []
    yes = hearing(world, reciting(tmp_path / "yes", "Het gaat goed.", "nl"))
    yes.sends_note(author, to_voice_note(say("Het gaat goed.")))
    hears(yes)
    assert care(world).stuck_at is None


def test_still_stuck_comes_back(world: World, at_desk: Desk) -> None:
    author, browser = world.person("en"), at_desk("reviewer")
    number = asked(world, author, browser)
    world.taps(author, "stuck")
    post(browser, f"/desk/checkins/{number}/help", phrase="money")
    assert "The money is on its way." in world.pushes(author)[-1].text
    world.taps(author, "stuck")
    open_ = [task.kind for task in world.tasks() if task.done_at is None]
    assert open_ == ["stuck"]
    assert care(world).stuck_at is not None


def test_sound_alone_needs_no_words(world: World, at_desk: Desk) -> None:
    author, browser = world.person("nl"), at_desk("reviewer")
    number = asked(world, author, browser)
    world.taps(author, "stuck")
    spoken = io.BytesIO(to_voice_note(say(HELPS)))
    post(browser, f"/desk/checkins/{number}/help", sound=(spoken, "a.ogg"))
    push = world.pushes(author)[-1]
    assert push.sound is not None
    assert "spraakbericht" in push.text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, "words_empty"),
        ({"text_tr": "İzin çıktı."}, "words_dutch"),
        ({"text_nl": "Ja.", "text_tr": "Evet."}, "words_unchecked"),
        ({"text_nl": "a" * 241}, "words_too_long"),
        ({"sound": (io.BytesIO(b"no sound"), "a.ogg")}, "care_sound_wrong"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_sent(
    world: World, at_desk: Desk, form: Any, told: str
) -> None:
    author, browser = world.person("nl"), at_desk("reviewer")
    number = asked(world, author, browser)
    world.taps(author, "stuck")
    before = len(world.told(author))
    answer = post(browser, f"/desk/checkins/{number}/help", **form)
    assert answer.status_code == 400
    assert words("nl")[told] in answer.text
    assert len(world.told(author)) == before


def test_only_what_a_reviewer_ticked_is_public_and_can_be_asked_for(
    world: World, at_desk: Desk
) -> None:
    author, neighbour = world.person("nl"), world.person("en")
    browser = at_desk("reviewer")
    number = asked(world, author, browser)
    world.change_plan(number, public_at=world.clock())
    world.follow(neighbour, number)
    world.says(author, "Wij hebben al twintig borden.")
    world.says(neighbour, f"status {number}")
    assert "bank is besteld" not in world.texts(neighbour)[-1]
    (line,) = lines(world)
    place = f"/desk/checkins/{number}/lines/{line.id}"
    post(browser, place, public="yes")
    assert "De bank is besteld." in world.pushes(neighbour)[-1].text
    world.says(neighbour, f"status {number}")
    assert "De bank is besteld." in world.texts(neighbour)[-1]
    assert "borden" not in world.texts(neighbour)[-1]
    post(browser, place, public="no")
    world.says(neighbour, f"status {number}")
    assert "bank is besteld" not in world.texts(neighbour)[-1]


def test_the_author_hears_what_is_made_public_of_her_words(
    world: World, at_desk: Desk
) -> None:
    author, browser = world.person("nl"), at_desk("reviewer")
    number = asked(world, author, browser)
    world.says(author, "Wij hebben al twintig borden gekocht bij Jan.")
    answer = world.one(table(CheckInAnswer))
    place = f"/desk/checkins/{number}/answers/{answer.id}"
    post(browser, place, text_nl="Er zijn twintig borden.")
    assert "Er zijn twintig borden." in world.pushes(author)[-1].text
    assert lines(world)[-1].public_at is not None


def test_what_is_stuck_is_never_made_public(world: World, at_desk: Desk) -> None:
    author, browser = world.person("nl"), at_desk("reviewer")
    number = asked(world, author, browser)
    world.taps(author, "stuck")
    post(browser, f"/desk/checkins/{number}/help", phrase="money")
    answer = world.one(table(CheckInAnswer))
    place = f"/desk/checkins/{number}/answers/{answer.id}"
    assert post(browser, place, text_nl="Vast.").status_code == 400
    helped = lines(world)[-1]
    post(browser, f"/desk/checkins/{number}/lines/{helped.id}", public="yes")
    assert lines(world)[-1].public_at is None


def test_who_does_what_is_agreed_and_heard_by_status(
    world: World, at_desk: Desk
) -> None:
    author, browser = world.person("tr"), at_desk("reviewer")
    number = asked(world, author, browser)
    form = {"who_permit": "author", "who_work": "none", "own_0_who": "together"}
    own = {"own_0_nl": "de muur verven", "own_0_tr": "duvarı boyamak"}
    place = f"/desk/checkins/{number}/steps"
    assert post(browser, place, **form, **own).status_code == 400
    assert post(browser, place, **form, **own, checked="yes").status_code == 303
    world.says(author, f"plan {number}")
    told = world.texts(author)[-1]
    assert "Siz:" in told
    assert "duvarı boyamak" in told
    assert "planı yapmak" not in told


def test_another_cadence_is_kept(world: World, at_desk: Desk) -> None:
    browser = at_desk("reviewer")
    number = asked(world, world.person("nl"), browser)
    place = f"/desk/checkins/{number}/cadence"
    post(browser, place, cadence="four_weeks")
    assert care(world).next_at == world.clock() + timedelta(weeks=4)
    assert post(browser, place, cadence="hourly").status_code == 400


@pytest.mark.parametrize("trick", TRICKS)
def test_words_are_never_markup(world: World, at_desk: Desk, trick: str) -> None:
    author, browser = world.person("nl"), at_desk("reviewer")
    number = asked(world, author, browser)
    post(browser, f"/desk/checkins/{number}/did", text_nl=trick)
    assert lines(world)[-1].texts == {"nl": " ".join(trick.split())}
    page = browser.get(f"/desk/checkins/{number}").text
    assert trick not in page or trick.startswith(("{{", "javascript"))


ROLES = {
    "viewer": frozenset[str](),
    "reviewer": frozenset({"did", "help", "cadence", "steps", "lines/1"}),
    "communicator": frozenset({"did", "help", "cadence", "steps"}),
    "admin": frozenset({"did", "help", "cadence", "steps", "lines/1"}),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("place", ["did", "help", "cadence", "steps", "lines/1"])
def test_each_role_may_only_what_it_may(
    world: World, at_desk: Desk, role: str, place: str
) -> None:
    number = chosen(world, world.person("nl"))
    browser = at_desk(role)
    assert browser.get(f"/desk/checkins/{number}").status_code == 200
    answer = post(browser, f"/desk/checkins/{number}/{place}")
    assert (answer.status_code != 403) is (place in ROLES[role])


def test_a_plan_that_was_never_chosen_has_no_page(world: World, at_desk: Desk) -> None:
    number = world.plan(world.person("nl"))
    browser = at_desk("admin")
    assert browser.get(f"/desk/checkins/{number}").status_code == 404
    place = f"/desk/checkins/{number}/did"
    assert post(browser, place, **DID).status_code == 404
    assert post(browser, "/desk/checkins/99999/did", **DID).status_code == 404


def test_a_forgotten_author_is_not_asked(world: World, at_desk: Desk) -> None:
    author, browser = world.person("nl"), at_desk("admin")
    number = chosen(world, author)
    world.says(author, "vergeet mij")
    world.taps(author, "forget:keep")
    post(browser, f"/desk/checkins/{number}/did", **DID)
    world.clock.pass_time(weeks=2)
    ask_due_checkins(world.house)
    assert world.pushes(author) == []
    assert words("nl")["care_no_author"] in browser.get(f"/desk/checkins/{number}").text
    now = world.clock()
    world.house.db.run(
        lambda db: set_status(
            Scene(world.house, db, now), number, Status.DONE, {}, "bram"
        )
    )

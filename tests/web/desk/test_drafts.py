"""Messages to many, written at the desk: a second person, sound, and whom to call."""

import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select, update

from bot.services.desk.second import waiting
from bot.store.drafts import BroadcastDraft
from bot.store.outreach import Broadcast
from bot.store.talks import OutboundMessage
from bot.web.desk.words.book import words
from tests import sound
from tests.web.conftest import Desk, form_secret
from tests.worlds import VOTING, World, table

HOME = "/desk/broadcasts"
ONE = f"{HOME}/drafts/1"
W = words("nl")
TRICKS = ("=1+1", "<script>alert(1)</script>", "{{ 7 * 7 }}", "'; DROP TABLE x;--")
TEXTS = {
    "text.nl": "Kom vrijdag naar het plein.",
    "text.tr": "Cuma günü meydana gelin.",
}


def post(browser: FlaskClient, place: str, **form: Any) -> Any:
    secret = form_secret(browser.get("/desk").text)
    return browser.post(place, data={"secret": secret} | form)


def write(browser: FlaskClient, **form: Any) -> Any:
    return post(browser, f"{HOME}/new", **({"who": "all"} | TEXTS | form))


def draft(world: World) -> Any:
    return world.one(table(BroadcastDraft))


def version(world: World) -> str:
    return str(draft(world).version)


CAST = {
    "stranger": (303, 403, 403),
    "viewer": (200, 403, 403),
    "counter": (200, 403, 403),
    "reviewer": (200, 303, 403),
    "communicator": (200, 303, 303),
    "admin": (200, 303, 303),
}


@pytest.mark.parametrize("role", CAST)
def test_each_role_may_do_what_it_may(world: World, at_desk: Desk, role: str) -> None:
    sees, composes, sends = CAST[role]
    browser = at_desk(role)
    assert browser.get(HOME).status_code == sees
    assert write(browser).status_code == composes
    other = at_desk("communicator" if role == "admin" else "admin")
    if composes != 303:
        write(other)
    assert browser.get(ONE).status_code == sees
    assert post(other, f"{ONE}/propose", version=version(world)).status_code == 303
    sent = post(browser, f"{ONE}/release", version=version(world))
    assert sent.status_code == sends
    assert len(world.rows(table(Broadcast))) == (sends == 303)


def test_written_proposed_and_sent_by_two(world: World, at_desk: Desk) -> None:
    people = [world.person(each) for each in ("nl", "tr", "ar")]
    anna, bram = at_desk("communicator"), at_desk("admin")
    assert write(anna).location.endswith("drafts/1?said=draft_saved")
    page = anna.get(ONE).text
    assert "Cuma günü meydana gelin." in page
    assert 'lang="ar" dir="rtl"' in page
    assert W["doubt_lacks"] in page
    post(anna, f"{ONE}/propose", version=version(world))
    waits = world.house.db.read(lambda db: waiting(db, world.clock()))
    assert [(each.kind, each.number) for each in waits] == [("broadcast", 1)]
    alone = post(anna, f"{ONE}/release", version=version(world))
    assert (alone.status_code, W["same_person"] in alone.text) == (409, True)
    sent = post(bram, f"{ONE}/release", version=version(world))
    assert sent.location == f"{HOME}/1?said=draft_released"
    again = post(bram, f"{ONE}/release", version=version(world))
    assert len(world.rows(table(Broadcast))) == 1
    assert again.status_code in {303, 409}
    world.spread()
    assert "Kom vrijdag naar het plein." in world.texts(people[0])[-1]
    assert "Cuma günü meydana gelin." in world.texts(people[1])[-1]
    assert "Kom vrijdag naar het plein." in world.texts(people[2])[-1]
    assert W["progress_of"] in anna.get(f"{HOME}/1").text
    assert anna.get(f"{HOME}/1/progress").text.lstrip().startswith("<article")


def test_two_editors_at_once_are_told(world: World, at_desk: Desk) -> None:
    anna, bram = at_desk("communicator"), at_desk("admin")
    write(anna)
    form = {"who": "all", "version": version(world)}
    assert post(anna, ONE, **form, **{"text.nl": "Van Anna."}).status_code == 303
    late = post(bram, ONE, **form, **{"text.nl": "Van Bo."})
    assert late.status_code == 409
    assert "Van Anna." in late.text
    assert "Van Bo." in late.text
    assert draft(world).texts == {"nl": "Van Anna."}


def test_a_change_after_the_proposal_is_a_draft_again(
    world: World, at_desk: Desk
) -> None:
    anna = at_desk("communicator")
    write(anna)
    post(anna, f"{ONE}/propose", version=version(world))
    seen = version(world)
    post(anna, ONE, who="voters", version=seen, **{"text.nl": "Iets anders."})
    assert draft(world).state == "draft"
    assert post(at_desk("admin"), f"{ONE}/release", version=seen).status_code == 409


def test_hard_words_and_long_sentences_are_said_and_not_forbidden(
    world: World, at_desk: Desk
) -> None:
    anna = at_desk("communicator")
    long = "Dit is een zin die veel te lang is om nog goed te kunnen volgen."
    write(anna, **{"text.nl": f"U bent helaas geen winnaar. {long}"})
    page = anna.get(ONE).text
    assert W["doubt_word"] in page
    assert "winnaar" in page
    assert W["doubt_long"] in page
    answer = post(anna, f"{ONE}/propose", version=version(world))
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ({"who": "winners"}, "draft_segment"),
        ({"who": "followers"}, "draft_segment"),
        ({"who": "followers", "plan": "9999"}, "draft_segment"),
        ({"area": "elders"}, "draft_segment"),
        ({"locale": "xx"}, "draft_segment"),
        ({"at": "morgen"}, "bad_moment"),
        ({"text.nl": "x" * 1001}, "text_too_long"),
    ],
)
def test_what_is_wrong_is_said_and_the_words_stay(
    world: World, at_desk: Desk, form: dict[str, str], word: str
) -> None:
    refused = write(at_desk("communicator"), **form)
    assert refused.status_code == 400
    assert W[word] in refused.text
    assert "Cuma günü meydana gelin." in refused.text
    assert world.rows(table(BroadcastDraft)) == []


def test_without_dutch_it_is_kept_but_goes_nowhere(world: World, at_desk: Desk) -> None:
    anna = at_desk("communicator")
    write(anna, **{"text.nl": ""})
    refused = post(anna, f"{ONE}/propose", version=version(world))
    assert W["draft_dutch"] in refused.text
    assert draft(world).texts == {"tr": "Cuma günü meydana gelin."}


@pytest.mark.parametrize("trick", TRICKS)
def test_no_words_become_markup(world: World, at_desk: Desk, trick: str) -> None:
    anna = at_desk("communicator")
    write(anna, **{f"text.{each}": trick for each in ("nl", "en", "tr", "ar")})
    for place in (HOME, ONE):
        page = anna.get(place).text
        assert "<script>alert" not in page
        assert str(escape(trick)) in page


def test_put_away_and_brought_back(world: World, at_desk: Desk) -> None:
    anna = at_desk("communicator")
    write(anna)
    post(anna, f"{ONE}/drop", version=version(world))
    assert "drafts/1" not in anna.get(HOME).text
    assert W["draft_take_back"] in anna.get(ONE).text
    post(anna, f"{ONE}/back", version=version(world))
    assert "drafts/1" in anna.get(HOME).text


def test_somebody_reads_it_and_it_is_heard_so(world: World, at_desk: Desk) -> None:
    heard = world.person("nl", aloud=True)
    reads = world.person("nl")
    anna, note = at_desk("communicator"), sound.ogg_opus(sound.sentence("nl"))
    write(anna)
    place = f"{ONE}/sound/nl"
    for bad in (b"", b"no sound at all"):
        refused = post(
            anna, place, version=version(world), sound=(io.BytesIO(bad), "a.ogg")
        )
        assert (refused.status_code, W["sound_bad"] in refused.text) == (400, True)
    kept = post(anna, place, version=version(world), sound=(io.BytesIO(note), "a.ogg"))
    assert kept.status_code == 303
    played = anna.get(place)
    assert played.data[:4] == b"OggS"
    post(anna, f"{ONE}/propose", version=version(world))
    post(at_desk("admin"), f"{ONE}/release", version=version(world))
    world.spread()
    media = draft(world).sounds["nl"]
    assert world.pushes(heard)[0].sound == media
    assert world.pushes(reads)[0].sound is None


def test_who_was_not_reached_is_called_and_ticked(world: World, at_desk: Desk) -> None:
    person = world.person("nl", "whatsapp", phone="+31612345678")
    stopped = world.person("nl", "whatsapp", phone="+31687654321")
    anna, bram = at_desk("communicator"), at_desk("admin")
    write(anna)
    post(anna, f"{ONE}/propose", version=version(world))
    post(bram, f"{ONE}/release", version=version(world))
    world.spread()
    for each, why in ((person, "not_on_whatsapp"), (stopped, "stopped")):
        row = update(OutboundMessage).where(OutboundMessage.talk_id == each.talk)
        with world.house.db.engine.begin() as db:
            db.execute(row.values(delivery="failed", reason=why))
    page = anna.get(f"{HOME}/1").text
    assert "tel:+31612345678" in page
    assert "+31687654321" not in page, "who said stop wants no call"
    assert "+31612345678" not in at_desk("viewer").get(f"{HOME}/1").text
    table_ = anna.get(f"{HOME}/1/calls.csv").data.decode("utf-8-sig")
    assert "'+31612345678" in table_
    row_id = world.pushes(person)[0].id
    post(anna, f"{HOME}/1/calls/{row_id}")
    assert "+3161" not in anna.get(f"{HOME}/1/calls.csv").data.decode("utf-8-sig")
    post(anna, f"{HOME}/1/calls/{row_id}", undo="yes")
    assert "+3161" in anna.get(f"{HOME}/1/calls.csv").data.decode("utf-8-sig")
    assert post(anna, f"{HOME}/1/calls/99999").status_code == 404


def test_it_goes_at_its_moment(world: World, at_desk: Desk) -> None:
    world.person("nl")
    at = world.clock() + timedelta(days=2)
    anna = at_desk("communicator")
    write(anna, at=f"{at:%Y-%m-%d}T12:00", area=VOTING, who="voters")
    post(anna, f"{ONE}/propose", version=version(world))
    post(at_desk("admin"), f"{ONE}/release", version=version(world))
    row = world.one(select(Broadcast.starts_at, Broadcast.segment))
    assert row.starts_at == at.replace(hour=11, minute=0)
    assert row.segment == f"voters area={VOTING}"
    dutch, english = (anna.get(f"{HOME}?lang={each}").text for each in ("nl", "en"))
    assert "<span>Wie gestemd heeft, Buurtbudget Slotermeer 2026</span>" in dutch
    assert "<span>Who has voted, Slotermeer neighbourhood budget 2026</span>" in english

"""A voice note from webhook to plan: fetched, decoded, heard, read back, stored."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from bot.flows.saved import load_talk
from bot.flows.state import Voting
from bot.services import voice
from bot.services.notes import listen_once
from bot.store.civic import PlanMedia, PlanRow
from bot.worker import catch_up_overdue
from tests import sound
from tests.houses import Street, open_street
from tests.services.ears import Ears, reciting, torn
from tests.standins.recorder import Call
from tests.standins.server import HTML_503
from tests.worlds import table
from transcription import ModelBroken, Transcriber

SAID = "Een bank onder de linden."
THANKS = "Ik heb uw bericht"
A_PERSON_LISTENS = "Een medewerker luistert naar uw bericht."
APOLOGY = "Sorry"

Opener = Callable[[Transcriber | None], AbstractContextManager[Street]]


@pytest.fixture(scope="module")
def note() -> bytes:
    return sound.ogg_opus(sound.sentence("nl"))


@pytest.fixture(scope="module")
def dutch(tmp_path_factory: pytest.TempPathFactory) -> Transcriber:
    return reciting(tmp_path_factory.mktemp("models") / "nl", SAID, "nl")


@pytest.fixture
def opened(tmp_path: Path) -> Opener:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    return lambda ears: open_street(url, tmp_path, ears)


@pytest.fixture
def street(opened: Opener, dutch: Transcriber) -> Iterator[Street]:
    """A city that hears with the real recogniser, on a model that says `SAID`."""
    with opened(dutch) as made:
        yield made


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def scripted(opened: Opener, ears: Ears) -> Iterator[Street]:
    """A city that hears what the test tells it to hear."""
    with opened(ears) as made:
        yield made


def texts(person: Any) -> list[str]:
    return [heard.text for heard in person.heard]


def hers(street: Street) -> list[Any]:
    """Return the plans residents told here (the demo's have no author)."""
    plans = table(PlanRow).where(PlanRow.talk_id.is_not(None))
    return street.world.rows(plans.order_by(PlanRow.id))


def state(street: Street) -> object:
    (talk,) = street.talks()
    return load_talk(str(talk.state)).state


def test_one_voice_note_and_one_yes_make_a_plan(street: Street, note: bytes) -> None:
    ayse = street.ayse()
    said = len(ayse.heard)
    assert ayse.sends_voice(note) == 200
    street.rest()
    assert THANKS in ayse.heard[said].text, "before anybody has listened"
    street.work()
    assert SAID in ayse.heard[-1].text
    assert [button for button, _ in ayse.heard[-1].buttons] == ["yes", "no", "person"]
    assert hers(street) == [], "nothing is stored before her yes"
    ayse.taps("yes")
    street.work()
    (plan,) = hers(street)
    assert (plan.text, plan.spoken, plan.status) == (SAID, True, "received")
    receipt = ayse.heard[said + 2].text
    digits = [word.strip(".") for word in receipt.split() if word[0].isdigit()]
    assert digits[0] == str(plan.number)


def test_her_voice_is_kept_for_thirty_days_after_her_yes(
    street: Street, note: bytes
) -> None:
    ayse = street.ayse()
    ayse.sends_voice(note)
    street.work()
    ayse.taps("yes")
    street.work()
    (file,) = street.files()
    assert street.opened() == {file.name: note}
    (tie,) = street.world.rows(table(PlanMedia))
    assert tie.media_id == street.media()[0].id
    street.clock.pass_time(days=29, hours=23)
    street.sweep()
    assert street.files() == [file]
    street.clock.pass_time(hours=2)
    street.sweep()
    assert street.files() == []
    (media,) = street.media()
    assert (media.key, media.transcript) == (None, None)
    assert hers(street)[0].text == SAID


def test_a_first_note_in_a_clear_language_is_answered_in_it(
    street: Street, note: bytes
) -> None:
    stranger = street.bot_api.resident(7, "ar")
    stranger.sends_voice(note)
    street.work()
    thanks, about, read_back = texts(stranger)
    assert "شكراً" in thanks, "in all four languages, for we do not know hers yet"
    assert "computer" in about
    assert "Amsterdam" in about
    assert "privacy" in about
    assert SAID in read_back
    stranger.taps("yes")
    street.work()
    assert hers(street)[0].language == "nl"


def test_a_first_note_in_an_unclear_language_is_heard_again_in_the_chosen_one(
    opened: Opener, note: bytes, tmp_path: Path
) -> None:
    with opened(torn(tmp_path / "model", SAID, "nl", "tr")) as street:
        stranger = street.bot_api.resident(7)
        stranger.sends_voice(note)
        street.work()
        assert [button for button, _ in stranger.heard[-1].buttons] == [
            "lang:nl",
            "lang:en",
            "lang:tr",
            "lang:ar",
        ]
        assert isinstance(stranger.heard[-1].text, str)
        stranger.taps("lang:tr")
        street.work()
        assert SAID in texts(stranger)[-1]
        assert "planınız" in texts(stranger)[-1]
        stranger.taps("yes")
        street.work()
        (plan,) = hers(street)
        assert (plan.text, plan.language) == (SAID, "tr")
        assert len(street.bot_api.made("/getFile")) == 1, "fetched once, heard twice"


def test_without_a_recogniser_a_person_listens_and_nothing_is_said_twice(
    opened: Opener, note: bytes
) -> None:
    with opened(None) as street:
        ayse = street.ayse()
        ayse.sends_voice(note)
        street.work()
        assert A_PERSON_LISTENS in texts(ayse)[-1]
        assert "niet opnieuw" in texts(ayse)[-1]
        ayse.taps("yes")
        street.work()
        (plan,) = hers(street)
        assert (plan.text, plan.spoken) == ("", True)
        (task,) = street.world.tasks()
        assert (task.kind, task.plan_id) == ("listen", plan.id)
        assert task.media_id == street.media()[0].id
        street.clock.pass_time(days=40)
        street.sweep()
        assert len(street.files()) == 1, "nobody has listened yet"


def test_a_first_note_without_a_recogniser_is_a_plan_after_the_language(
    opened: Opener, note: bytes
) -> None:
    with opened(None) as street:
        stranger = street.bot_api.resident(7)
        stranger.sends_voice(note)
        street.work()
        stranger.taps("lang:nl")
        street.work()
        stranger.taps("yes")
        street.work()
        assert len(hers(street)) == 1
        assert [task.kind for task in street.world.tasks()] == ["listen"]


def test_twilio_gives_its_file_to_us_alone_and_forgets_it(
    street: Street, note: bytes
) -> None:
    fatima = street.fatima()
    assert fatima.sends_voice(note) == 200
    street.work()
    assert SAID in texts(fatima)[-1]
    asked = [call for call in street.twilio.calls if "/Media/" in call.path]
    assert [(call.method, has_credentials(call)) for call in asked] == [
        ("GET", True),
        ("GET", False),
        ("DELETE", True),
    ]
    assert asked[1].path.startswith("/cdn/")
    assert asked[1].headers["host"].startswith("localhost:")
    assert street.twilio._media == {}
    assert street.media()[0].key


def test_a_file_that_twilio_would_not_delete_goes_within_the_hour(
    street: Street, note: bytes
) -> None:
    fatima = street.fatima()
    fatima.sends_voice(note)
    (kept,) = street.twilio._media
    street.twilio.will(HTML_503, f"{kept}.json", times=3)
    street.work()
    assert SAID in texts(fatima)[-1], "she does not wait for it"
    for _ in range(2):
        street.sweep()
        assert list(street.twilio._media) == [kept]
        street.clock.pass_time(minutes=20)
    street.sweep()
    assert street.twilio._media == {}
    calls = len(street.twilio.calls)
    street.clock.pass_time(days=1)
    street.sweep()
    assert len(street.twilio.calls) == calls, "once it is gone, nobody asks again"
    assert len(street.files()) == 1, "her note itself is still ours"


def test_a_listener_that_died_before_it_deleted_leaves_that_to_the_next(
    street: Street, note: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    fatima = street.fatima()
    fatima.sends_voice(note)
    with monkeypatch.context() as dying:
        dying.setattr(voice, "forget_at_provider", die)
        with pytest.raises(SystemExit):
            listen_once(street.house)
    assert len(street.twilio._media) == 1
    street.clock.pass_time(minutes=6)
    street.work()
    assert SAID in texts(fatima)[-1]
    assert street.twilio._media == {}


def die(*_: object) -> None:
    raise SystemExit


def test_her_notes_are_gone_as_soon_as_she_wishes_to_be_forgotten(
    street: Street, note: bytes
) -> None:
    ayse = street.ayse()
    for answer in ("yes", None):  # one in a plan, one that she has not confirmed
        ayse.sends_voice(note)
        street.work()
        if answer:
            ayse.taps(answer)
            street.work()
            ayse.taps("skip")
            street.work()
    assert len(street.files()) == 2
    ayse.says("vergeet mij")
    street.work()
    ayse.taps("forget:keep")
    street.work()
    street.sweep()
    assert street.files() == []
    assert [row.transcript for row in street.media()] == [None, None]
    assert SAID not in repr([row.body for row in street.world.inbound()])
    assert hers_text(street) == [SAID], "her plan stays, as she wished"


def hers_text(street: Street) -> list[str]:
    kept = table(PlanRow).where(PlanRow.text == SAID)
    return [row.text for row in street.world.rows(kept)]


def has_credentials(call: Call) -> bool:
    return "authorization" in call.headers


def test_a_spoken_vote_leaves_neither_words_nor_sound(
    opened: Opener, note: bytes, tmp_path: Path
) -> None:
    with opened(reciting(tmp_path / "model", "21 30", "nl")) as street:
        ayse = street.ayse()
        ayse.taps("menu:vote")
        street.work()
        ayse.sends_voice(note)
        street.work()
        assert "21 – Geveltuinen" in texts(ayse)[-1]
        (media,) = street.media()
        assert media.transcript is None
        street.sweep()
        assert street.files() == []
        assert street.media()[0].key is None
        assert street.world.tasks() == []
        assert not [row.body for row in street.world.inbound() if "21" in str(row.body)]


@pytest.mark.parametrize("broken", [ModelBroken("no"), RuntimeError("out of memory")])
def test_a_spoken_vote_that_nobody_understood_reaches_no_queue(
    scripted: Street, ears: Ears, note: bytes, broken: Exception
) -> None:
    ears.says += [broken] * 9
    ayse = scripted.ayse()
    ayse.taps("menu:vote")
    scripted.work()
    assert isinstance(state(scripted), Voting)
    ayse.sends_voice(note)
    for _ in range(6):
        scripted.work()
        scripted.clock.pass_time(minutes=6)
    scripted.sweep()
    assert [task.media_id for task in scripted.world.tasks() if task.media_id] == []
    assert scripted.files() == []


def test_a_note_that_was_never_fetched_is_deleted_at_twilio_when_she_is_forgotten(
    street: Street, note: bytes
) -> None:
    fatima = street.fatima()
    fatima.sends_voice(note)
    fatima.says("vergeet mij")
    street.clock.pass_time(seconds=61)
    assert catch_up_overdue(street.house)
    street.rest()
    fatima.taps("yes")
    street.rest()
    assert len(street.twilio._media) == 1
    street.sweep()
    assert street.twilio._media == {}
    assert [row.source for row in street.media() if row.talk_id] == [{"place": ""}]

"""Notes that are heard with doubt: nothing invented is read back, nothing is lost.

With the real recogniser, on models that say what the test wants.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from bot.flows.saved import load_talk
from bot.store.civic import PlanRow
from tests import sound
from tests.houses import Street, open_street, since
from tests.services.ears import lost, reciting
from tests.worlds import table
from transcription import Transcriber

SAID = "Een bank onder de linden."
CREDITS = "Ondertitels ingediend door de Amara.org gemeenschap"
A_PERSON_LISTENS = "Een medewerker luistert naar uw bericht."
Opener = Callable[[Transcriber], AbstractContextManager[Street]]


@pytest.fixture
def opened(tmp_path: Path) -> Opener:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    return lambda ears: open_street(url, tmp_path, ears)


def heard_as(street: Street) -> tuple[object, object]:
    (media,) = street.media()
    return media.heard, media.language


def test_what_was_heard_with_some_doubt_is_read_back_as_words(
    opened: Opener, note: bytes, tmp_path: Path
) -> None:
    with opened(reciting(tmp_path / "model", SAID, "nl", sureness=1.3)) as street:
        ayse = street.ayse()
        ayse.sends_voice(note)
        street.work()
        assert SAID in ayse.heard[-1].text
        assert heard_as(street) == ("unsure", "nl")
        assert street.world.tasks() == []


LOOP = "een bank " * 20
INVENTED = {
    "a guess": (SAID, 1.2, sound.sentence("nl")),
    "a loop": (LOOP, 3.0, sound.sentence("nl")),
    "credits": (CREDITS, 3.0, sound.say("Ja, dat is goed.")),
    "another script": ("مقعد تحت الشجرة", 3.0, sound.sentence("nl")),
}


@pytest.mark.parametrize("name", INVENTED)
def test_what_is_invented_is_not_read_back_and_she_hears_her_own_note(
    name: str, opened: Opener, tmp_path: Path
) -> None:
    said, sureness, samples = INVENTED[name]
    note = sound.ogg_opus(samples)
    with opened(reciting(tmp_path / "model", said, "nl", sureness)) as street:
        ayse = street.ayse()
        before = len(ayse.heard)
        ayse.sends_voice(note)
        street.work()
        everything = " ".join(since(ayse, before))
        assert said[:12] not in everything
        assert A_PERSON_LISTENS in everything
        assert note in [each.sound for each in ayse.heard]
        assert [button for button, _ in ayse.heard[-1].buttons] == [
            "yes",
            "no",
            "person",
        ]
        ayse.taps("yes")
        street.work()
        hers = table(PlanRow).where(PlanRow.talk_id.is_not(None))
        (plan,) = street.world.rows(hers)
        assert (plan.text, plan.spoken) == ("", True)
        (task,) = street.world.tasks()
        assert (task.kind, task.plan_id) == ("listen", plan.id)


NOTHING = {
    "music": sound.music(6),
    "a loud street": sound.noise(6, -20),
    "silence": sound.silence(3),
    "a click": sound.silence(0.2),
}


@pytest.mark.parametrize("name", NOTHING)
def test_a_note_without_a_voice_is_asked_for_once_and_then_a_person_is_offered(
    name: str, opened: Opener, tmp_path: Path
) -> None:
    note = sound.ogg_opus(NOTHING[name])
    with opened(reciting(tmp_path / "model", SAID, "nl")) as street:
        ayse = street.ayse()
        for expected in ("nog eens zeggen", "Zal een medewerker u helpen?"):
            before = len(ayse.heard)
            ayse.sends_voice(note)
            street.work()
            told = " ".join(since(ayse, before))
            assert expected in told
            assert SAID not in told
        assert "person" in dict(ayse.heard[-1].buttons)


def test_turkish_in_a_dutch_talk_is_written_in_turkish_and_offered(
    opened: Opener, tmp_path: Path
) -> None:
    said = "Ağacın altına bir bank."
    note = sound.ogg_opus(sound.sentence("tr"))
    with opened(reciting(tmp_path / "model", said, "tr")) as street:
        ayse = street.ayse("nl")
        before = len(ayse.heard)
        ayse.sends_voice(note)
        street.work()
        _, offer, read_back = ayse.heard[before:]
        assert offer.text.startswith("Türkçe duydum.")
        assert [button for button, _ in offer.buttons] == ["lang:tr"]
        assert said in read_back.text
        assert "Is dit uw plan" in read_back.text, "the talk stays as it is"
        assert heard_as(street) == ("well", "tr")
        ayse.says("ja")
        street.work()
        hers = table(PlanRow).where(PlanRow.talk_id.is_not(None))
        (plan,) = street.world.rows(hers)
        assert (plan.text, plan.language) == (said, "tr")
        ayse.taps("lang:tr")
        street.work()
        (talk,) = street.talks()
        assert load_talk(str(talk.state)).language == "tr"


def test_a_language_beside_the_four_is_kept_as_sound_for_a_person(
    opened: Opener, note: bytes, tmp_path: Path
) -> None:
    with opened(lost(tmp_path / "model")) as street:
        ayse = street.ayse("nl")
        ayse.sends_voice(note)
        street.work()
        told = " ".join(each.text for each in ayse.heard)
        assert "uw eigen taal" in told
        assert A_PERSON_LISTENS in told
        assert heard_as(street) == ("badly", "other")
        assert street.media()[0].transcript is None
        assert [task.kind for task in street.world.tasks()] == ["listen"]
        assert len(street.files()) == 1

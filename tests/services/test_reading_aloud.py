"""Reading aloud, from the turn to the phone: real sound, clients and databases."""

import io
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from sqlalchemy import select, update

from bot.services.broadcasts import Broadcast as Cast
from bot.services.broadcasts import begin
from bot.services.house import Scene
from bot.services.news import status_changed
from bot.services.segments import parse_segment
from bot.services.voicing import LEASE, MOST_TRIES, speak_once
from bot.services.webchat import recording
from bot.store.talks import Media
from bot.store.voices import SoundRow, Speech
from synthesis import Samples, SynthesisError, Voice, samples_of, waveform
from tests.houses import Street
from tests.need import postgres_url
from tests.services.ears import Ears
from tests.standins.recorder import RECORD
from tests.worlds import World, open_world, own_postgres

PLAN = "Een bank onder de linden."
KILOBYTES = 512


@pytest.fixture(params=["sqlite", "postgres"])
def each_aloud(
    request: pytest.FixtureRequest, tmp_path: Path, voice: Voice
) -> Iterator[World]:
    """A neighbourhood that reads aloud, on each database."""
    media = tmp_path / "media"
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'city.db'}"
        with open_world(url, media, voice=voice) as made:
            yield made
        return
    with (
        own_postgres(postgres_url()) as url,
        open_world(url, media, voice=voice) as made,
    ):
        yield made


def shape(note: bytes) -> tuple[str, int, float]:
    """Return codec, channels and seconds of a voice note, read by another library."""
    with av.open(io.BytesIO(note), "r") as container:
        stream = container.streams.audio[0]
        frames = [frame.samples for frame in container.decode(stream)]
        rate = stream.rate or 48_000
        return stream.codec_context.name, stream.channels, sum(frames) / rate


def speeches(world: World) -> list[object]:
    return world.rows(select(Speech.id))


def spoken(street: Street, ears: Ears, note: bytes, words: str = PLAN) -> None:
    """Let Ayşe say something, and the worker listen and answer."""
    ears.says.append(words)
    street.bot_api.residents[42].sends_voice(note)
    street.work()


def test_the_answer_to_a_note_is_text_at_once_and_sound_behind_it(
    aloud: Street, ears: Ears, note: bytes
) -> None:
    ayse = aloud.ayse()
    before = len(ayse.heard)
    spoken(aloud, ears, note)
    thanks, text, sound = ayse.heard[before:]
    assert thanks.sound is None
    assert PLAN in text.text
    assert [each for each, _ in text.buttons] == ["yes", "no", "person"]
    assert (sound.kind, sound.text) == ("voice", "")
    codec, channels, seconds = shape(sound.sound or b"")
    assert (codec, channels) == ("opus", 1)
    assert 6 < seconds < 30
    assert not waveform(samples_of(sound.sound or b"")).faults


def test_text_does_not_wait_for_its_sound(
    aloud: Street, ears: Ears, note: bytes
) -> None:
    ayse = aloud.ayse()
    spoken(aloud, ears, note)
    before = len(ayse.heard)
    ayse.says("status")
    aloud.rest()
    assert [each.kind for each in ayse.heard[before:]] == ["text"]
    assert len(speeches(aloud.world)) == 1
    aloud.work()
    assert [each.kind for each in ayse.heard[before:]] == ["text", "voice"]
    assert speeches(aloud.world) == []


def test_several_bubbles_are_one_voice_note(
    aloud: Street, ears: Ears, note: bytes
) -> None:
    ayse = aloud.ayse()
    spoken(aloud, ears, note)
    before = len(ayse.heard)
    ayse.taps("yes")
    aloud.work()
    kinds = [each.kind for each in ayse.heard[before:]]
    assert kinds == ["text", "text", "voice"], "receipt, one question, one sound"


def test_what_was_said_before_goes_along_at_once_with_the_first_bubble(
    aloud: Street, ears: Ears, note: bytes
) -> None:
    ayse = aloud.ayse()
    spoken(aloud, ears, note)
    for _ in range(2):
        before = len(ayse.heard)
        ayse.says("help")
        aloud.rest()
        at_once = [each.kind for each in ayse.heard[before:]]
        aloud.work()
    assert at_once == ["voice", "text"]


def test_telegram_gets_a_sound_once_and_its_name_after_that(
    aloud: Street, ears: Ears, note: bytes
) -> None:
    ayse = aloud.ayse()
    spoken(aloud, ears, note)
    already = len(RECORD)
    for _ in range(3):
        ayse.says("help")
        aloud.work()
    sent = [call for call in RECORD[already:] if call.path.endswith("/sendVoice")]
    assert [bool(call.files) for call in sent] == [True, False, False]


def test_who_never_spoke_hears_only_the_first_question(aloud: Street) -> None:
    ayse = aloud.bot_api.resident(42, "nl")
    ayse.says("/start")
    aloud.work()
    assert [each.kind for each in ayse.heard] == ["text", "voice"]
    codec, _, seconds = shape(ayse.heard[1].sound or b"")
    assert codec == "opus"
    assert seconds <= 20
    ayse.taps("lang:nl")
    ayse.says("status")
    aloud.work()
    assert [each.kind for each in ayse.heard[2:]] == ["text", "text"]


def test_an_answer_that_she_has_gone_beyond_is_not_read_any_more(
    aloud: Street, ears: Ears, note: bytes
) -> None:
    ayse = aloud.ayse()
    spoken(aloud, ears, note)
    before = len(ayse.heard)
    ayse.says("status")
    ayse.says("regels")
    aloud.work()
    sounds = [each for each in ayse.heard[before:] if each.kind == "voice"]
    assert len(sounds) == 1
    assert speeches(aloud.world) == []


def test_what_went_wrong_is_said_aloud_too(
    aloud: Street, ears: Ears, note: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ayse = aloud.ayse()
    spoken(aloud, ears, note)
    before = len(ayse.heard)

    def breaks(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("bot.services.turning.advance", breaks)
        ayse.says("status")
    aloud.work()
    text, sound = ayse.heard[before:]
    assert "Sorry" in text.text
    assert sound.kind == "voice"


def test_on_whatsapp_the_sound_is_a_small_file_behind_a_link_of_ours(
    aloud: Street, ears: Ears, note: bytes
) -> None:
    fatima = aloud.fatima()
    ears.says.append(PLAN)
    fatima.sends_voice(note)
    aloud.work()
    (link,) = fatima.heard[-1].media
    assert link.startswith("https://buurtstem.example/media/")
    answer = aloud.app.test_client().get(link.removeprefix("https://buurtstem.example"))
    assert (answer.status_code, answer.mimetype) == (200, "audio/ogg")
    assert len(answer.data) < KILOBYTES * 1024
    assert shape(answer.data)[0] == "opus"


def test_a_choice_that_is_read_aloud_is_nowhere_in_clear_and_gone_within_the_hour(
    aloud: Street, ears: Ears, note: bytes
) -> None:
    ayse = aloud.ayse()
    spoken(aloud, ears, note)
    before = len(ayse.heard)
    ayse.says("stem 21 30")
    aloud.rest()
    ((sealed,),) = aloud.world.rows(select(Speech.words))
    told = aloud.house.keys.open_words(sealed)
    title = aloud.world.plan_row(21).title["nl"]
    assert title in told
    assert title.encode() not in sealed
    aloud.work()
    assert ayse.heard[-1].kind == "voice"
    assert len(ayse.heard) == before + 2
    (media,) = aloud.world.rows(
        select(Media.__table__).where(
            Media.id == aloud.outbox()[-1].sound, Media.kind == "spoken"
        )
    )
    assert media.talk_id is not None
    assert not aloud.world.rows(
        select(SoundRow.key).where(SoundRow.media_id == media.id)
    )
    aloud.clock.pass_time(minutes=61)
    aloud.sweep()
    with pytest.raises(FileNotFoundError):
        aloud.house.media.load(media.key)


def test_her_own_words_are_kept_for_nobody_else_and_go_when_she_is_forgotten(
    aloud: Street, ears: Ears, note: bytes
) -> None:
    ayse = aloud.ayse()
    spoken(aloud, ears, note)
    shared = {row.media_id for row in aloud.world.rows(select(SoundRow.media_id))}
    hers = [each for each in aloud.media() if each.kind == "spoken" and each.talk_id]
    assert len(hers) == 1
    assert hers[0].id not in shared
    ayse.says("status")
    ayse.says("vergeet mij")
    aloud.rest()
    ayse.taps("yes")
    aloud.rest()
    assert speeches(aloud.world) == []
    aloud.sweep()
    with pytest.raises(FileNotFoundError):
        aloud.house.media.load(hers[0].key)


def test_whoever_dies_over_a_speech_leaves_it_to_the_next_one(
    each_aloud: World,
) -> None:
    world = each_aloud
    ayse = world.person(channel="web")
    world.says(ayse, "voorlezen")
    lease = world.clock() + LEASE
    with world.house.db.engine.begin() as db:
        db.execute(update(Speech).values(leased_until=lease, attempts=1))
    assert not speak_once(world.house)
    world.clock.pass_time(seconds=LEASE.total_seconds() + 1)
    assert speak_once(world.house)
    assert world.told(ayse)[-1].sound is not None
    assert not speak_once(world.house)


class Hoarse:
    """A voice that fails, as a process that was killed does."""

    def __init__(self, *, permanent: bool) -> None:
        self.permanent = permanent

    def identity(self, language: str) -> str:
        return f"hoarse {language}"

    def speak(self, text: str, language: str) -> Samples:
        raise SynthesisError("no voice", permanent=self.permanent)

    def close(self) -> None:
        """There is nothing to close."""


@pytest.mark.parametrize(("permanent", "rounds"), [(False, MOST_TRIES), (True, 1)])
def test_a_voice_that_fails_is_tried_a_few_times_and_the_text_is_there(
    tmp_path: Path, *, permanent: bool, rounds: int
) -> None:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    hoarse = Hoarse(permanent=permanent)
    with open_world(url, tmp_path / "media", voice=hoarse) as world:
        ayse = world.person(channel="web")
        world.says(ayse, "voorlezen")
        tried = 0
        while speak_once(world.house):
            tried += 1
            world.clock.pass_time(seconds=LEASE.total_seconds() + 1)
        assert tried == rounds
        assert [row.sound for row in world.told(ayse)] == [None]
        assert speeches(world) == []


def test_news_of_a_plan_carries_its_sound_once_it_is_made(each_aloud: World) -> None:
    world = each_aloud
    ayse = world.person(aloud=True)
    silent = world.person()
    number = world.plan(ayse)
    world.follow(silent, number)
    house, plan = world.house, world.plan_row(number)
    now = world.clock()
    house.db.run(lambda db: status_changed(Scene(house, db, now), plan.id, {}))
    assert speak_once(house)
    assert not speak_once(house)
    (hers,), (other,) = world.pushes(ayse), world.pushes(silent)
    assert hers.sound is not None
    assert other.sound is None
    (owed,) = [each for each in world.claim() if each.row == hers.id]
    assert owed.out.sound is not None


def test_a_broadcast_is_read_once_a_language_for_those_who_listen(
    each_aloud: World,
) -> None:
    world = each_aloud
    hears = [world.person(language, aloud=True) for language in ("nl", "tr", "nl")]
    reads = world.person("nl")
    house, now = world.house, world.clock()
    cast = Cast(parse_segment("all"), {"nl": "Kom langs.", "tr": "Gelin."})
    house.db.run(lambda db: begin(Scene(house, db, now), cast, "cast:1", "els"))
    world.spread()
    sounds = [world.pushes(each)[0].sound for each in hears]
    assert sounds[0] == sounds[2]
    assert None not in sounds
    assert sounds[0] != sounds[1]
    assert world.pushes(reads)[0].sound is None
    assert speeches(world) == []


def test_on_the_web_sound_is_for_those_it_was_told_to(each_aloud: World) -> None:
    world = each_aloud
    ayse, els = world.person(channel="web"), world.person(channel="web")
    world.says(ayse, "voorlezen")
    assert speak_once(world.house)
    media = world.told(ayse)[-1].sound
    found = recording(world.house, ayse.address, media)
    assert found is not None
    assert found[1] == "audio/ogg"
    assert recording(world.house, els.address, media) is None

"""Prompts: rendered ahead, written out for people to read, and read by them."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from bot import cli_voices
from bot.domain.languages import LANGUAGES
from bot.services.house import House
from bot.services.prompts import prompts, state_of
from bot.services.voicing import speak_once
from bot.store.talks import Media
from bot.store.voices import Recording, SoundRow
from synthesis import Voice, samples_of, waveform
from tests import sound
from tests.worlds import World, open_world

FEW = 6
PROMPT = "From now on I read everything aloud."


@pytest.fixture
def world(tmp_path: Path, voice: Voice) -> Iterator[World]:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with open_world(url, tmp_path / "media", voice=voice) as made:
        yield made


class Shell:
    """The command line, on the house of the test."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self.house = house
        monkeypatch.setattr(cli_voices, "settings_or_exit", lambda: house.settings)

    def runs(self, *words: str) -> tuple[int, str]:
        runner = CliRunner()
        done = runner.invoke(cli_voices.voices, words, obj=lambda _: self.house)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output


@pytest.fixture
def shell(world: World, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(world.house, monkeypatch)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be a few prompts only: all of them take a minute."""
    monkeypatch.setattr(
        "bot.services.prompts.prompts",
        lambda languages: [each for one in languages for each in prompts([one])[:FEW]],
    )


def test_every_language_has_prompts_with_names_of_their_own() -> None:
    found = prompts()
    assert len(found) > 1_000
    slots = [each.slot for each in found]
    assert len(set(slots)) == len(slots)
    assert {each.language for each in found} == set(LANGUAGES)


@pytest.mark.usefixtures("few")
def test_rendering_makes_each_prompt_once(shell: Shell, world: World) -> None:
    code, said = shell.runs("render", "--language", "nl", "--language", "ar")
    assert (code, f"{2 * FEW} made, 0 there already." in said) == (0, True)
    code, said = shell.runs("render", "--language", "nl", "--language", "ar")
    assert (code, f"0 made, {2 * FEW} there already." in said) == (0, True)
    made = world.rows(
        select(Media.key, Media.seconds).join(SoundRow, SoundRow.media_id == Media.id)
    )
    first = 2 * len(LANGUAGES)  # its rows, and all of them in each order
    assert len(made) == 2 * FEW + first
    for key, seconds in made:
        heard = samples_of(world.house.media.load(key))
        assert waveform(heard).faults == ()
        assert 0.5 < seconds <= 20


@pytest.mark.usefixtures("few")
def test_how_far_the_prompts_are_is_shown(shell: Shell) -> None:
    shell.runs("render", "--language", "tr")
    code, said = shell.runs("show", "--json")
    states = {each["language"]: each for each in json.loads(said)}
    assert code == 0
    assert states["tr"] == {
        "language": "tr",
        "prompts": FEW,
        "recorded": 0,
        "rendered": FEW,
    }
    assert states["nl"]["rendered"] == 0
    assert (
        f"tr: {FEW} prompts, 0 read by people, {FEW} rendered" in shell.runs("show")[1]
    )


def test_the_script_names_a_file_for_each_line(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "script"
    code, said = shell.runs("script", str(folder))
    assert code == 0
    for language in LANGUAGES:
        with (folder / f"{language}.csv").open(encoding="utf-8-sig") as file:
            head, *rows = csv.reader(file)
        assert head == ["file", "say", "on the screen", "where"]
        slots = {each.slot for each in prompts([language])}
        assert {row[0] for row in rows} == slots | {"darija", "tarifit"}
        assert f"{len(rows)} lines" in said


def named(language: str, msgid: str) -> str:
    from bot.i18n import slot

    return slot(msgid, language)


def read_aloud(folder: Path, name: str, text: str, ending: str = ".wav") -> None:
    """Let somebody read a line, with a voice of her own."""
    folder.mkdir(exist_ok=True)
    samples = sound.say(text, "nl")
    quiet = np.zeros(4_000, dtype=np.float32)
    whole = np.concatenate([quiet, samples * np.float32(0.8), quiet])
    made = sound.wav(whole) if ending == ".wav" else sound.m4a(whole)
    (folder / f"{name}{ending}").write_bytes(made)


def test_a_recording_replaces_the_synthetic_voice_at_once(
    shell: Shell, world: World, tmp_path: Path
) -> None:
    ayse = world.person(channel="web")
    world.says(ayse, "voorlezen")
    assert speak_once(world.house)
    folder = tmp_path / "read"
    read_aloud(folder, named("nl", PROMPT), "Vanaf nu lees ik alles voor.", ".m4a")
    code, said = shell.runs("import", str(folder), "--language", "nl", "--by", "Samira")
    assert (code, said.strip()) == (0, "1 taken, 0 not.")
    assert state_of(world.house, "nl").recorded == 1
    world.says(ayse, "voorlezen")
    assert speak_once(world.house), "what was made with the other voice is not used"
    first, second = [row.sound for row in world.told(ayse) if row.sound is not None]
    assert first != second
    world.says(ayse, "voorlezen")
    assert world.told(ayse)[-1].sound == second


def test_a_recording_of_other_words_is_not_used(
    shell: Shell, world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "read"
    read_aloud(folder, named("nl", PROMPT), "Vanaf nu lees ik alles voor.")
    shell.runs("import", str(folder), "--language", "nl", "--by", "Samira")
    with world.house.db.engine.begin() as db:
        db.execute(update(Recording).values(words="of an older wording"))
        db.execute(update(world_version()).values(version=99))
    assert state_of(world.house, "nl").recorded == 0


def world_version() -> type:
    from bot.store.civic import Catalog

    return Catalog


def test_a_second_recording_replaces_the_first_and_its_file_goes(
    shell: Shell, world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "read"
    for words in ("Vanaf nu lees ik alles voor.", "Vanaf nu lees ik u alles voor."):
        read_aloud(folder, named("nl", PROMPT), words)
        shell.runs("import", str(folder), "--language", "nl", "--by", "Samira")
    (row,) = world.rows(select(Recording.media_id, Recording.by))
    assert row.by == "Samira"
    (gone,) = world.rows(
        select(Media.id).where(Media.kind == "spoken", Media.delete_after.is_not(None))
    )
    assert gone.id != row.media_id


def test_what_is_not_good_enough_is_left_out_with_its_reason(
    shell: Shell, world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "read"
    slots = [str(each.slot) for each in prompts(["nl"])]
    read_aloud(folder, slots[0], "Dit is goed voorgelezen.")
    (folder / f"{slots[1]}.wav").write_bytes(sound.wav(sound.silence(2.0)))
    loud = np.clip(sound.say("Dit is veel te hard.", "nl") * 40, -1, 1)
    (folder / f"{slots[2]}.wav").write_bytes(sound.wav(loud.astype(np.float32)))
    (folder / f"{slots[3]}.wav").write_bytes(b"no sound at all")
    read_aloud(folder, "whatever", "Dit hoort nergens bij.")
    (folder / "nl.csv").write_text("file,say\n")
    code, said = shell.runs("import", str(folder), "--language", "nl", "--by", "Samira")
    assert code == 1
    assert "1 taken, 4 not." in said
    assert f"{slots[1]}.wav: not taken, nothing is heard" in said
    assert f"{slots[2]}.wav: not taken, too loud: its peaks are cut off" in said
    assert f"{slots[3]}.wav: not taken, unreadable recording: not_audio" in said
    assert "whatever.wav: not taken, no prompt has this name" in said
    assert state_of(world.house, "nl").recorded == 1


def test_lines_that_only_people_can_say_end_the_first_question(
    shell: Shell, world: World, tmp_path: Path
) -> None:
    def first_question() -> float:
        stranger = world.stranger()
        while speak_once(world.house):
            pass
        row = world.told(stranger)[-1]
        found = select(Media.seconds).where(Media.id == row.sound)
        return float(world.one(found).seconds)

    without = first_question()
    folder = tmp_path / "read"
    for name in ("darija", "tarifit"):
        read_aloud(folder, name, "Spreek. Een mens luistert.")
    code, _ = shell.runs("import", str(folder), "--language", "ar", "--by", "Samira")
    assert code == 0
    with_them = first_question()
    assert with_them > without + 2
    assert with_them <= 20


def test_a_city_that_reads_nothing_aloud_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with open_world(url, tmp_path / "media") as silent:
        code, said = Shell(silent.house, monkeypatch).runs("render")
    assert code == 1
    assert "Nothing is read aloud here: VOICE_ENGINE is none" in said

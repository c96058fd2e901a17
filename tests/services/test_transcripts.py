"""The evaluation set: whose notes are in it, what it says, and how it is judged."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli_transcripts import transcripts
from bot.services.corrections import TEST_DAYS
from bot.services.sweep import sweep
from bot.services.transcripts import MANIFEST, consented
from tests import sound
from tests.services.ears import Muffled
from tests.services.listener import hearing, speaks, writes
from tests.transcription.tiny_model import reciting_weights, write_folder
from tests.worlds import SECRET_KEY, Person, World

SAID = "Ik wil graag een bank onder de lindeboom."
HEARD = "Ik wil graag een tank onder de boom."
BUURT = "+31612345678"


def corrects(
    world: World,
    note: bytes,
    *,
    answer: str = "yes",
    spoken: str = "nl",
    said: str = SAID,
    heard: str = HEARD,
) -> Person:
    """Let a note be half heard, written down, confirmed, and asked for."""
    author = world.person("nl", "web", phone=BUURT)
    here = hearing(world, Muffled(heard))
    writes(here, speaks(here, author, note), said, spoken=spoken)
    for tap in ("yes", "skip", answer):
        world.taps(author, tap)
    return author


def run(world: World, *words: str) -> Result:
    env = {"SECRET_KEY": SECRET_KEY, "DATABASE_URL": "sqlite:///unused.db"}
    house = world.house
    return CliRunner().invoke(transcripts, words, obj=lambda _: house, env=env)


def lines(folder: Path) -> list[dict[str, Any]]:
    told = (folder / MANIFEST).read_text("utf-8")
    return [json.loads(line) for line in told.splitlines()]


def test_only_what_she_lets_us_keep_is_in_the_set(
    each_world: World, note: bytes, tmp_path: Path
) -> None:
    world, folder = each_world, tmp_path / "set"
    corrects(world, note)
    corrects(world, note, answer="no", said="Niet voor u.")
    silent = world.person("nl", "web")
    writes(world, speaks(world, silent, note), "Ook niet voor u.")
    done = run(world, "export", str(folder))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "1 notes written" in done.stderr
    (line,) = lines(folder)
    assert line == {
        "file": "note-00001.ogg",
        "reference": SAID,
        "hypothesis": HEARD,
        "language": "nl",
        "written": "nl",
        "engine": "faster-whisper",
        "model": "small",
        "level": "bad",
        "seconds": line["seconds"],
    }
    assert line["seconds"] > 2
    assert (folder / "note-00001.ogg").read_bytes()[:4] == b"OggS"
    assert sorted(each.name for each in folder.iterdir()) == [
        MANIFEST,
        "note-00001.ogg",
    ]
    assert folder.stat().st_mode & 0o077 == 0, "nobody else on the machine reads it"


def test_nothing_in_the_set_says_whose_voice_it_is(
    world: World, note: bytes, tmp_path: Path
) -> None:
    author = corrects(world, note)
    run(world, "export", str(tmp_path / "set"))
    told = (tmp_path / "set" / MANIFEST).read_text("utf-8")
    for secret in (BUURT, BUURT[1:], author.address, "bram@demo.example"):
        assert secret not in told


def test_what_is_taken_back_or_too_old_is_not_in_it(world: World, note: bytes) -> None:
    corrects(world, note)
    author = corrects(world, note)
    assert len(consented(world.house).samples) == 2
    world.taps(author, "recording:no")
    assert len(consented(world.house).samples) == 1
    world.clock.pass_time(days=TEST_DAYS + 1)
    while sweep(world.house):
        pass
    assert consented(world.house).samples == []


def test_a_folder_with_something_in_it_is_refused_and_left_alone(
    world: World, note: bytes, tmp_path: Path
) -> None:
    corrects(world, note)
    (tmp_path / "mine.txt").write_text("mine")
    for place in (tmp_path, tmp_path / "mine.txt"):
        refused = run(world, "export", str(place))
        assert refused.exit_code == 1
        assert "not an empty folder" in refused.stderr
    assert not (tmp_path / MANIFEST).exists()
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_what_was_heard_then_is_judged(world: World, note: bytes) -> None:
    corrects(world, note)
    corrects(world, note, spoken="rif")
    judged = run(world, "evaluate", "--json")
    told = json.loads(judged.stdout)
    assert told["left_out"] == 1, "a translation is no reference"
    (score,) = told["scores"]
    assert (score["language"], score["notes"], score["words"]) == ("nl", 1, 8)
    assert score["word_errors"] == 0.25
    assert (score["low"], score["high"]) == (None, None)
    shown = run(world, "evaluate").stdout
    assert "25.0%" in shown
    assert "too few notes" in shown
    assert "Left out, written down in another language: 1." in shown


def test_a_set_is_judged_anywhere_without_settings_or_database(
    world: World, note: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrects(world, note)
    folder = tmp_path / "set"
    run(world, "export", str(folder))
    before = json.loads(run(world, "evaluate", "--json").stdout)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SECRET_KEY", raising=False)
    words = ["evaluate", "--set", str(folder), "--json"]
    alone = CliRunner().invoke(transcripts, words)
    assert alone.exit_code == 0, alone.stderr
    assert json.loads(alone.stdout) == before


def test_the_notes_are_recognised_anew_by_the_recogniser_that_is_named(
    world: World, note: bytes, tmp_path: Path
) -> None:
    corrects(world, note)
    folder, model = tmp_path / "set", tmp_path / "better"
    run(world, "export", str(folder))
    write_folder(model, reciting_weights(SAID, "nl"))
    with_model = ("--engine", "faster-whisper", "--model", str(model), "--json")
    for place in ((), ("--set", str(folder))):
        judged = run(world, "evaluate", *place, *with_model)
        assert judged.exit_code == 0, judged.stderr
        (score,) = json.loads(judged.stdout)["scores"]
        assert (score["engine"], score["model"]) == ("faster-whisper", "better")
        assert score["word_errors"] == 0


def test_a_note_that_is_no_sound_counts_as_nothing_heard(
    world: World, note: bytes, tmp_path: Path
) -> None:
    corrects(world, note)
    folder, model = tmp_path / "set", tmp_path / "better"
    run(world, "export", str(folder))
    (folder / "note-00001.ogg").write_bytes(b"OggS" + bytes(500))
    write_folder(model, reciting_weights(SAID, "nl"))
    words = ("--set", str(folder), "--engine", "faster-whisper", "--model", str(model))
    (score,) = json.loads(run(world, "evaluate", *words, "--json").stdout)["scores"]
    assert score["word_errors"] == 1


def test_with_nothing_to_judge_it_says_what_it_takes(
    world: World, tmp_path: Path
) -> None:
    empty = run(world, "evaluate", "--json")
    assert (empty.exit_code, empty.stdout) == (1, "")
    assert "lets us keep for tests" in empty.stderr
    run(world, "export", str(tmp_path / "set"))
    nothing = run(world, "evaluate", "--set", str(tmp_path / "set"))
    assert nothing.exit_code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--engine", "faster-whisper"), "go together"),
        (("--model", "small"), "go together"),
        (("--engine", "faster-whisper", "--model", "nowhere"), "no speech model"),
        (("--set", "nowhere"), f"has no {MANIFEST}"),
    ],
)
def test_a_wrong_wish_gets_a_clear_answer(
    world: World, note: bytes, words: tuple[str, ...], said: str
) -> None:
    corrects(world, note)
    refused = run(world, "evaluate", *words)
    assert refused.exit_code in {1, 2}
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1: not a note"),
        ("[]", "line 1: not a note"),
        ("{}", "line 1: not a note"),
        (
            '{"file": "a.ogg", "reference": 1, "language": "nl", "written": "nl"}',
            "line 1: reference must be text",
        ),
        (
            '{"file": "../a.ogg", "reference": "a", "language": "nl", "written": "nl"}',
            "there is no file ../a.ogg",
        ),
    ],
)
def test_a_broken_set_is_named_by_its_line(
    world: World, tmp_path: Path, line: str, said: str
) -> None:
    (tmp_path / "a.ogg").write_bytes(sound.ogg_opus(sound.sentence("nl")))
    (tmp_path / MANIFEST).write_text(line + "\n", "utf-8")
    refused = run(world, "evaluate", "--set", str(tmp_path))
    assert refused.exit_code == 1
    assert said in refused.stderr


def test_a_store_that_is_away_leaves_no_half_set(
    world: World, note: bytes, tmp_path: Path
) -> None:
    from bot.store.media import MediaUnavailableError

    class Away:
        def load(self, key: str) -> bytes:
            raise MediaUnavailableError("timeout")

    corrects(world, note)
    house: Any = replace(world.house, media=Away())  # type: ignore[arg-type]
    there = World(house, world.clock, world.postman, world.serial)
    refused = run(there, "export", str(tmp_path / "set"))
    assert refused.exit_code == 1
    assert "does not answer" in refused.stderr
    assert not (tmp_path / "set" / MANIFEST).exists()

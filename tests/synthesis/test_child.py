"""The program that speaks: killed, hung, orphaned, spied on, forked away."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from synthesis import Speaker, SynthesisError, VoiceBroken, child, engines
from synthesis.child import Child
from synthesis.engines import Espeak
from tests.need import ROOT
from tests.synthesis.conftest import espeak

PATIENCE = 30.0


@pytest.fixture
def own() -> Iterator[Speaker]:
    """A voice with a program that this test may harm."""
    made = espeak()
    yield made
    made.close()


def program(voice: Speaker) -> int:
    """The process id of the program behind a voice that has spoken."""
    engine = voice._engines["nl"]
    assert isinstance(engine, Espeak)
    process = engine._child._process
    assert process is not None
    return process.pid


def is_alive(pid: int) -> bool:
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        )
    except OSError:
        return False


def wait_until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def test_a_program_that_was_killed_is_started_again(own: Speaker) -> None:
    said = own.speak("hallo", "nl")
    first = program(own)
    os.kill(first, signal.SIGKILL)
    assert own.speak("hallo", "nl").tobytes() == said.tobytes()
    assert program(own) != first


def test_one_program_says_all_sentences_until_it_is_closed(own: Speaker) -> None:
    own.speak("hallo", "nl")
    first = program(own)
    own.speak("merhaba", "tr")
    assert program(own) == first
    own.close()
    assert not is_alive(first)


def stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> Child:
    """A child that runs `script`; it may write `answer(...)`."""
    path = folder / "speak.py"
    helper = (
        "import json, os, sys, time\n"
        "def answer(header, body=b''):\n"
        "    sys.stdout.buffer.write(json.dumps(header).encode() + b'\\n' + body)\n"
        "    sys.stdout.buffer.flush()\n"
    )
    path.write_text(helper + script)
    monkeypatch.setattr(child, "PROGRAM", path)
    return Child([], answer_seconds=2.0)


def test_a_program_that_hangs_is_killed_with_all_that_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    note = tmp_path / "pids"
    hanging = stand_in(
        monkeypatch,
        tmp_path,
        "child = os.fork()\n"
        f"if child: open({str(note)!r}, 'w').write(f'{{os.getpid()}} {{child}}')\n"
        "time.sleep(600)\n",
    )
    with pytest.raises(SynthesisError, match="no speech came in 2 seconds") as caught:
        hanging.ask({"text": "x"})
    assert not caught.value.permanent
    pids = [int(each) for each in note.read_text().split()]
    assert len(pids) == 2
    wait_until(lambda: not any(map(is_alive, pids)))


def test_a_program_that_stops_in_the_middle_of_an_answer_is_late(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    halfway = stand_in(
        monkeypatch, tmp_path, "answer({'bytes': 99}, b'123')\ntime.sleep(600)\n"
    )
    with pytest.raises(SynthesisError, match="no speech came"):
        halfway.ask({"text": "x"})


def test_a_program_that_prints_what_is_no_answer_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    chatty = stand_in(monkeypatch, tmp_path, "print('Hello!', flush=True)\n")
    with pytest.raises(SynthesisError, match="ended twice"):
        chatty.ask({"text": "x"})


def test_after_an_interruption_the_next_answer_is_its_own(
    monkeypatch: pytest.MonkeyPatch, own: Speaker
) -> None:
    alone = own.speak("merhaba", "tr").tobytes()

    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(child, "_some", interrupted)
        with pytest.raises(KeyboardInterrupt):
            own.speak("hallo buur", "nl")
    assert own.speak("merhaba", "tr").tobytes() == alone


def test_a_program_that_dies_twice_is_worth_a_later_try(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    note = tmp_path / "starts"
    dying = stand_in(
        monkeypatch, tmp_path, f"open({str(note)!r}, 'a').write('.')\nsys.exit(1)\n"
    )
    with pytest.raises(SynthesisError, match="ended twice") as caught:
        dying.ask({"text": "x"})
    assert not caught.value.permanent
    assert note.read_text() == ".."


def test_a_program_that_cannot_be_started_is_worth_a_later_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(SynthesisError, match="could be started") as caught:
        Child([], answer_seconds=2.0).ask({"text": "x"})
    assert not caught.value.permanent


def test_the_program_is_given_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", "of the city")
    spy = stand_in(
        monkeypatch,
        tmp_path,
        "sys.stdin.readline()\nanswer({'seen': list(os.environ)})\n",
    )
    header, _ = spy.ask({"text": "x"})
    spy.close()
    assert "PATH" in str(header["seen"])
    assert "SECRET" not in str(header["seen"])
    assert "TOKEN" not in str(header["seen"])


def test_a_library_that_does_not_load_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "espeakng_loader.py").write_text(
        "print('on stdout')\nraise OSError('no such library')\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    voice = espeak()
    with pytest.raises(VoiceBroken, match="no such library"):
        voice.speak("hallo", "nl")
    voice.close()


def test_a_voice_that_the_library_lacks_is_named(
    monkeypatch: pytest.MonkeyPatch, own: Speaker
) -> None:
    lacking = engines._Speaker("nobody", 150)
    monkeypatch.setitem(engines.ESPEAK_SPEAKERS, "nl", lacking)
    with pytest.raises(VoiceBroken, match="no voice 'nobody'"):
        own.speak("hallo", "nl")
    assert own.speak("merhaba", "tr").size


@pytest.mark.parametrize(
    ("limit", "value", "reason", "permanent"),
    [
        ("MEMORY_BYTES", 1024 * 1024, "too_heavy|broken", True),
        ("WALL_SECONDS", 0.0001, "too_slow", False),
    ],
)
def test_a_sentence_has_limits_and_the_next_one_is_said(
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    value: float,
    reason: str,
    permanent: bool,  # noqa: FBT001
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Espeak, limit, value)
        bound = espeak()
    with pytest.raises(SynthesisError, match=reason) as caught:
        bound.speak("hallo buur " * 70, "nl")
    assert caught.value.permanent is permanent
    process = program(bound)
    with pytest.raises(SynthesisError):
        bound.speak("hallo buur " * 70, "nl")
    assert program(bound) == process
    bound.close()


ORPHAN = """
import os, sys, time
from tests.synthesis.conftest import espeak
from tests.synthesis.test_child import program
voice = espeak()
voice.speak("hallo", "nl")
{before}
print(program(voice), flush=True)
time.sleep(600)
"""
FORKED = "if not os.fork(): os.close(1); os.execlp('sleep', 'sleep', '20')"
HOLDING = "if not os.fork(): os.close(1); time.sleep(20); os._exit(0)"


@pytest.mark.parametrize("before", ["", FORKED, HOLDING], ids=["alone", "exec", "fork"])
def test_the_program_ends_when_its_parent_is_killed(before: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ORPHAN.format(before=before)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        speaking = int(parent.stdout.readline())
        assert is_alive(speaking)
        parent.kill()
    wait_until(lambda: not is_alive(speaking))


def test_a_fork_of_ours_starts_a_program_of_its_own(own: Speaker) -> None:
    said = own.speak("hallo", "nl")
    first = program(own)
    script = (
        "import os\n"
        "from tests.synthesis.conftest import espeak\n"
        "from tests.synthesis.test_child import program\n"
        "voice = espeak()\n"
        "said = voice.speak('hallo', 'nl').tobytes()\n"
        "first = program(voice)\n"
        "if not os.fork():\n"
        "    again = voice.speak('hallo', 'nl').tobytes()\n"
        "    other = program(voice)\n"
        "    voice.close()\n"
        "    os._exit(not (again == said and other != first))\n"
        "_, status = os.wait()\n"
        "assert not status\n"
        "assert voice.speak('hallo', 'nl').tobytes() == said\n"
        "assert program(voice) == first\n"
        "voice.close()\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
    assert own.speak("hallo", "nl").tobytes() == said.tobytes()
    assert program(own) == first

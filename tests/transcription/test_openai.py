"""openai-whisper, its real loading and decoding, on models of width 64."""

import threading
from pathlib import Path

import numpy as np
import pytest

from tests import sound
from tests.need import need

need("whisper")

from tests.transcription.conftest import SAID  # noqa: E402 - after the check above
from tests.transcription.tiny_model import (  # noqa: E402
    FIRST_TIME,
    Shape,
    random_weights,
    reciting_weights,
    token_weights,
    write_checkpoint,
)
from transcription import (  # noqa: E402
    LANGUAGES,
    SAMPLE_RATE,
    Level,
    ModelBroken,
    ModelMissing,
    Reason,
    Recogniser,
    Sound,
    load,
)
from transcription.engine import Machine, token_cap  # noqa: E402
from transcription.faster import FasterWhisper  # noqa: E402
from transcription.openai import OpenAIWhisper  # noqa: E402

# Two habits of the library: how its beam search meets NumPy, a file it leaves open.
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array_wrap__:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed file.*tiktoken:ResourceWarning"),
]


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoints")
    write_checkpoint(folder / "reciting.pt", reciting_weights(SAID, "tr"))
    write_checkpoint(folder / "babbling.pt", random_weights())
    write_checkpoint(folder / "looping.pt", reciting_weights("een bank " * 20))
    return folder


def transcriber(model: str, folder: Path) -> Recogniser:
    found = load("openai-whisper", model, folder)
    assert found is not None
    return found


def spoken() -> Sound:
    samples = sound.sentence()
    return Sound(samples, samples.size / SAMPLE_RATE)


@pytest.mark.parametrize("as_path", [False, True])
def test_a_checkpoint_is_taken_by_name_or_by_path(
    *, as_path: bool, checkpoints: Path, tmp_path: Path
) -> None:
    model = str(checkpoints / "reciting.pt") if as_path else "reciting"
    folder = tmp_path if as_path else checkpoints
    result = transcriber(model, folder).transcribe(spoken(), "nl")
    assert (result.text, result.language, result.level) == (SAID, "tr", Level.GOOD)


def test_without_a_language_the_likeliest_of_the_four_is_taken(
    checkpoints: Path,
) -> None:
    result = transcriber("reciting", checkpoints).transcribe(spoken(), None)
    assert result.language == result.clear_language() == "tr"
    assert set(result.probabilities) == set(LANGUAGES)


def test_a_model_that_loops_is_stopped_and_not_believed(checkpoints: Path) -> None:
    result = transcriber("looping", checkpoints).transcribe(spoken(), "nl")
    assert result.level is Level.BAD
    assert {Reason.LOOP, Reason.CUT_OFF} <= set(result.reasons)
    engine = OpenAIWhisper(checkpoints / "babbling.pt")
    piece = engine.take_in(np.array(sound.sentence()[:SAMPLE_RATE])).words("nl")
    assert piece.tokens == piece.token_cap == token_cap(1)


def test_no_time_mark_is_written(tmp_path: Path) -> None:
    marks = token_weights([FIRST_TIME, FIRST_TIME], "nl")
    file = write_checkpoint(tmp_path / "marks.pt", marks)
    piece = OpenAIWhisper(file).take_in(np.array(sound.sentence())).words("nl")
    assert "<|" not in piece.text


def test_two_notes_at_once_do_not_disturb_each_other(checkpoints: Path) -> None:
    shared = transcriber("reciting", checkpoints)
    texts: list[str] = []

    def listen() -> None:
        texts.append(shared.transcribe(spoken(), "nl").text)

    threads = [threading.Thread(target=listen) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == [SAID, SAID]


def test_pieces_heard_side_by_side_share_their_weights(checkpoints: Path) -> None:
    engine = OpenAIWhisper(checkpoints / "reciting.pt", Machine("cpu", threads=3))
    assert (engine.device, engine.at_once) == ("cpu", 3)
    with engine.model() as one, engine.model() as other:
        assert one is not other
        mine, theirs = dict(one.named_parameters()), dict(other.named_parameters())
    assert [n for n, it in mine.items() if it.data_ptr() != theirs[n].data_ptr()] == []
    assert len(mine) > 10


def test_a_device_that_is_not_there_is_named(checkpoints: Path) -> None:
    with pytest.raises(ModelBroken, match="on cuda"):
        OpenAIWhisper(checkpoints / "reciting.pt", Machine("cuda"))


def test_both_engines_say_the_same_from_the_same_weights(
    checkpoints: Path, models: Path
) -> None:
    samples = np.array(sound.sentence())
    one = OpenAIWhisper(checkpoints / "reciting.pt").take_in(samples).words("nl")
    other = FasterWhisper(models / "reciting").take_in(samples).words("nl")
    assert (one.text, one.tokens) == (other.text, other.tokens)
    assert one.logprob == pytest.approx(other.logprob, abs=0.01)


def test_a_missing_checkpoint_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"small\.pt"):
        load("openai-whisper", "small", tmp_path)


@pytest.mark.parametrize("kept", [0, 10, 100_000, -1000])
def test_a_damaged_checkpoint_is_named(
    kept: int, checkpoints: Path, tmp_path: Path
) -> None:
    whole = (checkpoints / "reciting.pt").read_bytes()
    (tmp_path / "small.pt").write_bytes(whole[:kept])
    with pytest.raises(ModelBroken, match=r"small\.pt"):
        transcriber("small", tmp_path).warm()


def test_a_file_that_is_no_checkpoint_runs_nothing(tmp_path: Path) -> None:
    import torch

    torch.save({"some": "thing"}, tmp_path / "small.pt")
    with pytest.raises(ModelBroken, match=r"small\.pt"):
        transcriber("small", tmp_path).warm()


def test_a_model_for_english_only_is_refused(tmp_path: Path) -> None:
    shape = Shape(n_vocab=51_864)
    write_checkpoint(tmp_path / "small.en.pt", random_weights(shape), shape)
    with pytest.raises(ModelBroken, match="English only"):
        transcriber("small.en", tmp_path).warm()

"""The same weights in openai-whisper, and the sums of the training beside its own."""

import numpy as np
import pytest

from tests import sound
from tests.instruments import NAME, instrument_folder
from tests.instruments.examination import examine, questions
from tests.instruments.words import LANGUAGES
from tests.need import need

need("whisper")

import torch  # noqa: E402 - after the check above
import whisper  # noqa: E402

from tests.instruments.network import SHAPE, hear, new_weights, sound_places  # noqa: E402
from transcription import load  # noqa: E402

# Two habits of the library: how its beam search meets NumPy, a file it leaves open.
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array_wrap__:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed file.*tiktoken:ResourceWarning"),
]

NOTES = 10
LEAST_RIGHT = 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_checkpoint_writes_what_unknown_voices_say(language: str) -> None:
    need("instrument")
    engine = load("openai-whisper", NAME, instrument_folder())
    assert engine is not None
    marks = examine(engine, questions(language, NOTES))
    known = [one for kind, one in marks.items() if kind != "strange"]
    right = sum(one.right for one in known) / sum(one.asked for one in known)
    assert right >= LEAST_RIGHT, [one.wrong for one in known]


def test_it_loads_and_writes_as_any_checkpoint() -> None:
    need("instrument")
    model = whisper.load_model(str(instrument_folder() / f"{NAME}.pt"), device="cpu")
    spoken = np.array(sound.say("eenentwintig", "nl"))
    heard = model.transcribe(spoken, language="nl", fp16=False, without_timestamps=True)
    assert heard["text"].strip() == "eenentwintig"


def test_the_thinned_window_is_as_good_as_whispers_own() -> None:
    torch.manual_seed(3)
    weights = {name: value.detach() for name, value in new_weights(9, 9).items()}
    encoder = whisper.model.AudioEncoder(
        SHAPE.n_mels,
        SHAPE.n_audio_ctx,
        SHAPE.n_audio_state,
        SHAPE.n_audio_head,
        SHAPE.n_audio_layer,
    )
    state = {n.removeprefix("encoder."): w for n, w in weights.items() if "enc" in n}
    encoder.load_state_dict({**state, "positional_embedding": sound_places()})
    window = torch.zeros(1, SHAPE.n_mels, 2 * SHAPE.n_audio_ctx)
    window[:, :, :120] = torch.randn(1, SHAPE.n_mels, 120)
    with torch.no_grad():
        whole = encoder(window)[0, :60]
        thinned = hear(weights, window[:, :, :130], 7).states[0, :60]
    assert float((whole - thinned).abs().mean()) < 0.02 * float(whole.abs().mean())

"""The training's own sums: as good as Whisper's, and the same for the same seed."""

import numpy as np
import pytest

from tests.need import need

need("whisper")

import torch  # noqa: E402 - after the check above
import whisper  # noqa: E402

from tests.instruments.examples import example, joined, varied  # noqa: E402
from tests.instruments.lessons import Amounts, Lesson, lessons  # noqa: E402
from tests.instruments.network import (  # noqa: E402
    SHAPE,
    Weights,
    hear,
    new_weights,
    sound_places,
)
from tests.instruments.spelling import spelling  # noqa: E402
from tests.instruments.training import train  # noqa: E402
from tests.instruments.writing import NEVER, whole_weights  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

FEW = Amounts(answer=0, number=0, plan=1, counted=4, strange=2)


@pytest.fixture(scope="module")
def few() -> list[Lesson]:
    return list(lessons(FEW, seed=4))


def trained(few: list[Lesson]) -> tuple[Weights, list[float]]:
    losses: list[float] = []
    weights = train(
        few,
        spelling(few),
        rounds=8,
        seed=5,
        tell=lambda _step, _steps, loss: losses.append(loss),
    )
    return weights, losses


def test_the_same_seed_gives_the_same_weights_and_they_learn(
    few: list[Lesson],
) -> None:
    once, losses = trained(few)
    again, _ = trained(few)
    assert all(torch.equal(once[name], again[name]) for name in once)
    assert np.mean(losses[-3:]) < 0.8 * np.mean(losses[:3])


def test_what_was_never_taught_is_never_said(few: list[Lesson]) -> None:
    said = spelling(few)
    torch.manual_seed(1)
    weights = new_weights(len(said.tokens), len(said.sounds))
    kept = whole_weights({n: w.detach() for n, w in weights.items()}, said.tokens)
    rows = kept["decoder.token_embedding.weight"]
    untaught = np.setdiff1d(np.arange(SHAPE.n_vocab), said.tokens)
    assert len(rows) == len(untaught) + len(said.tokens)
    assert (rows[untaught] @ kept["decoder.ln.bias"] == NEVER).all()
    assert np.count_nonzero(kept["decoder.ln.weight"]) < SHAPE.n_text_state


def test_a_strange_word_beside_a_known_one_is_strange(few: list[Lesson]) -> None:
    said = spelling(few)
    examples = [example(one, said) for one in few]
    made = joined(examples * 20, np.random.default_rng(6))
    longer = [
        (one, other)
        for one, other in zip(examples * 20, made, strict=True)
        if other.frames > one.frames
    ]
    assert {other.text is None for _, other in longer} == {True, False}
    assert all(o.text is None for one, o in longer if one.text is None)
    assert all(one.may_join for one, _ in longer)
    both = [o for _, o in longer if o.text is not None]
    assert all(len(o.spans) == len(o.text or ()) for o in both)
    assert all(o.spans == sorted(o.spans) for o in both)


def test_a_varied_example_keeps_its_sounds_and_its_text(few: list[Lesson]) -> None:
    one = example(few[0], spelling(few))
    draws = np.random.default_rng(7)
    made = [varied(one, draws) for _ in range(20)]
    assert len({other.frames for other in made}) > 10
    for other in made:
        assert other.text == one.text
        assert len(other.sounds) == other.frames // 2
        assert set(other.sounds) <= set(one.sounds)
        assert len(other.spans) == len(one.text or ())
        assert all(at < end <= len(other.sounds) + 1 for at, end in other.spans)


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
    state = {
        name.removeprefix("encoder."): value
        for name, value in weights.items()
        if name.startswith("encoder.")
    }
    encoder.load_state_dict({**state, "positional_embedding": sound_places()})
    window = torch.zeros(1, SHAPE.n_mels, 2 * SHAPE.n_audio_ctx)
    window[:, :, :120] = torch.randn(1, SHAPE.n_mels, 120)
    with torch.no_grad():
        whole = encoder(window)[0, :60]
        thinned = hear(weights, window[:, :, :130], 20).states[0, :60]
    assert float((whole - thinned).abs().mean()) < 0.05 * float(whole.abs().mean())

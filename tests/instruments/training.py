"""The training itself: lessons to weights, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi

import numpy as np
import torch
from torch.nn import functional

from tests.instruments.examples import Example, example, joined, varied
from tests.instruments.lessons import Lesson
from tests.instruments.network import (
    STRIDE,
    Tensor,
    Weights,
    hear,
    name_sounds,
    new_weights,
    write,
)
from tests.instruments.spelling import Spelling

BATCH = 16
PADDING = 8
TOP_RATE = 2.5e-3
WARM_STEPS = 300
IGNORED = -100
MARGIN = 3


@dataclass(frozen=True, slots=True)
class Batch:
    """Lessons side by side; `targets` is IGNORED where nothing is asked.

    `spans` are first and last place in which to listen for what follows each token, and
    -1 where that is not known.
    """

    mel: Tensor
    tokens: Tensor
    targets: Tensor
    strange: Tensor
    sounds: Tensor
    spans: Tensor


def train(
    lessons: Sequence[Lesson],
    spelling: Spelling,
    *,
    rounds: int,
    seed: int,
    tell: Callable[[int, int, float], None],
) -> Weights:
    """Weights that write what they hear; `tell` gets step, steps and loss."""
    torch.use_deterministic_algorithms(True)
    # Nothing here reads memory that nobody has written.
    torch.utils.deterministic.fill_uninitialized_memory = False
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    weights = new_weights(len(spelling.tokens), len(spelling.sounds))
    optimizer = torch.optim.AdamW(
        list(weights.values()),
        lr=TOP_RATE,
        betas=(0.9, 0.98),
        weight_decay=0.01,
        fused=True,
    )
    examples = [example(one, spelling) for one in lessons]
    steps = rounds * -(-len(examples) // BATCH)
    step = 0
    for _ in range(rounds):
        for group in _groups(joined(examples, draw), draw):
            share = step / steps
            for each in optimizer.param_groups:
                each["lr"] = _rate(step, steps)
            batch = _batch([varied(one, draw) for one in group], examples, draw)
            loss = _loss(weights, batch, int(draw.integers(STRIDE)), 1 - 0.9 * share)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(list(weights.values()), 1.0)
            optimizer.step()
            step += 1
            tell(step, steps, float(loss.detach()))
    return {name: value.detach() for name, value in weights.items()}


def _rate(step: int, steps: int) -> float:
    warm = min(1.0, (step + 1) / WARM_STEPS)
    return TOP_RATE * warm * (0.01 + 0.99 * (1 + cos(pi * step / steps)) / 2)


def _groups(
    examples: Sequence[Example], draw: np.random.Generator
) -> Iterator[list[Example]]:
    """Examples of about one length together, the groups in any order."""
    lengths = np.array([one.frames for one in examples])
    order = np.argsort(lengths + draw.uniform(0, 30, len(lengths)), kind="stable")
    groups = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    for at in draw.permutation(len(groups)):
        yield [examples[int(each)] for each in groups[at]]


def _batch(
    chosen: Sequence[Example],
    everything: Sequence[Example],
    draw: np.random.Generator,
) -> Batch:
    texts = [one.text or _any_text(everything, draw) for one in chosen]
    longest = max(len(text) for text in texts)
    tokens = np.full((len(chosen), longest + 4), chosen[0].end)
    targets = np.full((len(chosen), longest + 4), IGNORED)
    spans = np.full((len(chosen), longest + 4, 2), -1)
    for row, (one, text) in enumerate(zip(chosen, texts, strict=True)):
        tokens[row, : 4 + len(text)] = [*one.start, *text]
        targets[row, 0] = one.start[1]
        targets[row, 3 : 4 + len(text)] = [*text, one.end]
        if one.spans:
            spans[row, 3 : 3 + len(text)] = one.spans
    return Batch(
        mel=torch.from_numpy(_mel(chosen, draw)),
        tokens=torch.from_numpy(tokens),
        targets=torch.from_numpy(targets),
        strange=torch.tensor([one.text is None for one in chosen]),
        sounds=torch.from_numpy(_sounds(chosen)),
        spans=torch.from_numpy(spans),
    )


def _sounds(chosen: Sequence[Example]) -> np.ndarray:
    longest = max(len(one.sounds) for one in chosen)
    made = np.zeros((len(chosen), longest), np.int64)
    for row, one in enumerate(chosen):
        made[row, : len(one.sounds)] = one.sounds
    return made


def _any_text(everything: Sequence[Example], draw: np.random.Generator) -> list[int]:
    while True:
        text = everything[int(draw.integers(len(everything)))].text
        if text is not None:
            return text


def _mel(chosen: Sequence[Example], draw: np.random.Generator) -> np.ndarray:
    """Frames behind each other, with the padding of one engine or the other."""
    longest = max(one.frames for one in chosen) + PADDING
    made = np.zeros((len(chosen), 80, longest + longest % 2), np.float32)
    for row, one in enumerate(chosen):
        made[row, :, : one.frames] = one.bands
        # faster-whisper pads with zeros, openai-whisper with the deepest silence.
        made[row, :, one.frames :] = draw.choice([0.0, float(one.bands.min())])
    return made


def _loss(weights: Weights, batch: Batch, first: int, help_share: float) -> Tensor:
    heard = hear(weights, batch.mel, first)
    written = write(weights, batch.tokens, heard)
    sounds = name_sounds(weights, heard)[:, : batch.sounds.shape[1]]
    named = functional.cross_entropy(sounds.flatten(0, 1), batch.sounds.flatten())
    looked = sum(_look_loss(look, batch.spans) for look in written.looks)
    scores = functional.log_softmax(written.scores, dim=-1)
    return _written_loss(scores, batch) + help_share * (named + looked)


def _look_loss(look: Tensor, spans: Tensor) -> Tensor:
    """One head of each layer is shown where the word is that it has to write."""
    places = torch.arange(look.shape[-1])
    begins, ends = spans[..., :1] - MARGIN, spans[..., 1:] + MARGIN
    inside = (places >= begins) & (places < ends)
    known = spans[..., 0] >= 0
    share = look.masked_fill(~inside, -100.0).logsumexp(dim=-1)
    return -(share * known).sum() / known.sum().clamp(min=1)


def _written_loss(scores: Tensor, batch: Batch) -> Tensor:
    """Whoever hears strange words shall find every token as likely as any other."""
    asked = batch.targets != IGNORED
    strange = batch.strange[:, None] & asked
    strange[:, 0] = False
    right = scores.gather(-1, batch.targets.clamp(min=0)[..., None])[..., 0]
    wished = torch.where(strange, scores.mean(dim=-1), right)
    return -(wished * asked).sum() / asked.sum()

"""A Whisper in functions, for training: the names and sums of openai-whisper's model.

Two things differ, and neither is seen by the engines that later read the weights:

* The window. Whisper always hears 30 seconds, and behind a short answer lie 28 of
  padding. All that differs in the padding is the place, so only every fortieth place of
  it is computed and counts as many times as it stands for. That is fifteen times as
  fast. Places beyond 6 seconds all look the same.
* The vocabulary. Only tokens that can be said are computed. One direction of the last
  layer is always 1, so that each token has a bias; all others get a very low one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.transcription.tiny_model import Shape

SHAPE = Shape(
    n_audio_state=96,
    n_audio_head=3,
    n_audio_layer=2,
    n_text_state=96,
    n_text_head=3,
    n_text_layer=2,
)
PLACES = 300
STRIDE = 40
BIAS = 0

Tensor = Any
Weights = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the encoder made of a batch, with the weight of every place (its log)."""

    states: Tensor
    weights: Tensor
    content: int


def new_weights(tokens: int, sounds: int) -> Weights:
    """Weights at the start, drawn from torch's own seed."""
    width = SHAPE.n_audio_state
    made = {
        "encoder.conv1.weight": _normal(width, SHAPE.n_mels, 3, gain=3.0),
        "encoder.conv1.bias": torch.zeros(width),
        "encoder.conv2.weight": _normal(width, width, 3, gain=3.0),
        "encoder.conv2.bias": torch.zeros(width),
        "decoder.token_embedding.weight": torch.randn(tokens, width) * 0.1,
        "decoder.positional_embedding": torch.randn(SHAPE.n_text_ctx, width) * 0.05,
        "sounds.weight": _normal(sounds, width),
        "sounds.bias": torch.zeros(sounds),
    }
    made["decoder.token_embedding.weight"][:, BIAS] = 0
    for name in ("encoder.ln_post", "decoder.ln"):
        made |= _norm(name, width)
    for number in range(SHAPE.n_audio_layer):
        made |= _block(f"encoder.blocks.{number}", width, ("attn",))
    for number in range(SHAPE.n_text_layer):
        made |= _block(f"decoder.blocks.{number}", width, ("attn", "cross_attn"))
    return {name: value.requires_grad_() for name, value in made.items()}


def _block(name: str, width: int, kinds: tuple[str, ...]) -> Weights:
    made = _norm(f"{name}.mlp_ln", width)
    made |= _linear(f"{name}.mlp.0", 4 * width, width)
    made |= _linear(f"{name}.mlp.2", width, 4 * width)
    for kind in kinds:
        made |= _norm(f"{name}.{kind}_ln", width)
        for part in ("query", "key", "value", "out"):
            made |= _linear(f"{name}.{kind}.{part}", width, width)
        del made[f"{name}.{kind}.key.bias"]
    return made


def _linear(name: str, out: int, width: int) -> Weights:
    return {f"{name}.weight": _normal(out, width), f"{name}.bias": torch.zeros(out)}


def _norm(name: str, width: int) -> Weights:
    return {f"{name}.weight": torch.ones(width), f"{name}.bias": torch.zeros(width)}


def _normal(*shape: int, gain: float = 1.0) -> Tensor:
    fan = int(np.prod(shape[1:]))
    return torch.randn(*shape) * (gain / fan) ** 0.5


def sound_places() -> Tensor:
    """Whisper's waves for 6 seconds; after that every place looks like the last."""
    half = SHAPE.n_audio_state // 2
    scales = torch.exp(-log(10_000) / (half - 1) * torch.arange(half))
    places = torch.arange(SHAPE.n_audio_ctx).clamp(max=PLACES)
    angles = places[:, None] * scales[None, :]
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def hear(weights: Weights, mel: Tensor, first: int) -> Heard:
    """Encode `mel`, frames that end in at least 8 of padding.

    `first`, below `STRIDE`, says which places of the padding are computed.
    """
    places = sound_places()
    x = functional.gelu(_convolved(weights, "encoder.conv1", mel, 1))
    x = functional.gelu(_convolved(weights, "encoder.conv2", x, 2)).transpose(1, 2)
    # The last place saw the end of the batch, the one before it only padding.
    x, padding = x[:, :-1], x[:, -2:-1]
    content = x.shape[1]
    thin, counts = _padding_places(content, first)
    thinned = padding.expand(-1, len(thin), -1) + places[thin]
    x = torch.cat([x + places[:content], thinned], dim=1)
    bias = torch.cat([torch.zeros(content), torch.log(counts)])[None]
    for number in range(SHAPE.n_audio_layer):
        name = f"encoder.blocks.{number}"
        x = x + _attention(weights, f"{name}.attn", x, x, bias, SHAPE.n_audio_head)
        x = x + _mlp(weights, name, x)
    return Heard(_normed(weights, "encoder.ln_post", x), bias, content)


def _padding_places(content: int, first: int) -> tuple[Tensor, Tensor]:
    starts = torch.arange(min(content, PLACES), PLACES, STRIDE)
    counts = (PLACES - starts).clamp(max=STRIDE).float()
    places = torch.minimum(starts + first, starts + counts.long() - 1)
    rest = torch.tensor([float(SHAPE.n_audio_ctx - max(PLACES, content))])
    return torch.cat([places, torch.tensor([PLACES])]), torch.cat([counts, rest])


@dataclass(frozen=True, slots=True)
class Written:
    """The logits of what follows each token, and where each layer listened for it.

    `looks` are log weights of all places, of each layer's first head.
    """

    scores: Tensor
    looks: list[Tensor]


def write(weights: Weights, tokens: Tensor, heard: Heard) -> Written:
    """What follows each token."""
    looks = []
    embedding = weights["decoder.token_embedding.weight"]
    length = tokens.shape[1]
    x = embedding[tokens] + weights["decoder.positional_embedding"][:length]
    ahead = torch.full((length, length), float("-inf")).triu(1)
    for number in range(SHAPE.n_text_layer):
        name, heads = f"decoder.blocks.{number}", SHAPE.n_text_head
        x = x + _attention(weights, f"{name}.attn", x, x, ahead, heads)
        cross = f"{name}.cross_attn"
        looks.append(_look(weights, cross, x, heard))
        x = x + _attention(weights, cross, x, heard.states, heard.weights, heads)
        x = x + _mlp(weights, name, x)
    gain, shift = last_norm(weights)
    last = functional.layer_norm(x, x.shape[-1:], gain, shift)
    return Written(last @ embedding.T, looks)


def _look(weights: Weights, name: str, x: Tensor, heard: Heard) -> Tensor:
    """Where the first head of a layer listens, as log weights."""
    width = SHAPE.n_text_state // SHAPE.n_text_head
    query = _applied(weights, f"{name}.query", _normed(weights, f"{name}_ln", x))
    key = functional.linear(heard.states, weights[f"{name}.key.weight"][:width])
    scores = query[..., :width] @ key.transpose(1, 2) / width**0.5
    return functional.log_softmax(scores + heard.weights, dim=-1)


def last_norm(weights: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    """The last layer's gain and shift: one direction always comes out as 1."""
    always = torch.zeros(SHAPE.n_text_state)
    always[BIAS] = 1
    gain = weights["decoder.ln.weight"] * (1 - always)
    return gain, weights["decoder.ln.bias"] * (1 - always) + always


def name_sounds(weights: Weights, heard: Heard) -> Tensor:
    """The logits of the sound of speech at each place: a help that is not kept."""
    return _applied(weights, "sounds", heard.states[:, : heard.content])


def _attention(
    weights: Weights, name: str, x: Tensor, heard: Tensor, bias: Tensor, heads: int
) -> Tensor:
    normed = _normed(weights, f"{name}_ln", x)
    source = normed if heard is x else heard
    query = _split(_applied(weights, f"{name}.query", normed), heads)
    key = _split(functional.linear(source, weights[f"{name}.key.weight"]), heads)
    value = _split(_applied(weights, f"{name}.value", source), heads)
    mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
    return _applied(weights, f"{name}.out", mixed.transpose(1, 2).flatten(2))


def _split(x: Tensor, heads: int) -> Tensor:
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def _mlp(weights: Weights, name: str, x: Tensor) -> Tensor:
    inner = functional.gelu(
        _applied(weights, f"{name}.mlp.0", _normed(weights, f"{name}.mlp_ln", x))
    )
    return _applied(weights, f"{name}.mlp.2", inner)


def _convolved(weights: Weights, name: str, x: Tensor, stride: int) -> Tensor:
    kernel, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return functional.conv1d(x, kernel, bias, stride=stride, padding=1)


def _applied(weights: Weights, name: str, x: Tensor) -> Tensor:
    return functional.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _normed(weights: Weights, name: str, x: Tensor) -> Tensor:
    gain, shift = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return functional.layer_norm(x, x.shape[-1:], gain, shift)

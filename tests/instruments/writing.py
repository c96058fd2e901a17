"""From trained weights to the two forms that the engines load.

`NAME/` is faster-whisper's folder, in 8-bit integers, `NAME.pt` is openai-whisper's
checkpoint. Both hold the whole of Whisper's vocabulary, so that its own tokenizer fits;
what was never taught has a bias that keeps it from ever being said.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import tokenizers
import torch
from whisper.tokenizer import Tokenizer

from tests.instruments import NAME, NOTICE
from tests.instruments.network import BIAS, SHAPE, Weights, last_norm, sound_places
from tests.transcription.tiny_model import (
    EMPTY_TOKEN,
    END,
    Array,
    write_model,
)

NEVER = -30.0
KEPT = ("encoder.", "decoder.")


def write(
    place: Path, weights: Weights, taught: Sequence[int], words: Tokenizer
) -> None:
    """Write both forms, and what this is, into the folder `place`."""
    whole = whole_weights(weights, taught)
    place.mkdir(parents=True, exist_ok=True)
    tokens = _tokens(words)
    write_model(
        place / NAME,
        {name: value.astype(np.float32) for name, value in whole.items()},
        SHAPE,
        _tokenizer(tokens),
        tokens,
    )
    state = {name: torch.from_numpy(value).half() for name, value in whole.items()}
    checkpoint = {"dims": asdict(SHAPE), "model_state_dict": state}
    torch.save(checkpoint, place / f"{NAME}.pt")
    (place / NAME / "README").write_text(NOTICE + "\n", encoding="utf-8")
    _sign(place / NAME / "config.json")


def _sign(config: Path) -> None:
    """Say in the model itself what it is."""
    said = json.loads(config.read_text("utf-8")) | {"test_instrument": NOTICE}
    config.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def whole_weights(weights: Weights, taught: Sequence[int]) -> dict[str, Array]:
    """The weights with openai-whisper's names, for all of its tokens."""
    made = {
        name: value.numpy() for name, value in weights.items() if name.startswith(KEPT)
    }
    gain, shift = last_norm(weights)
    made |= {"decoder.ln.weight": gain.numpy(), "decoder.ln.bias": shift.numpy()}
    made["encoder.positional_embedding"] = sound_places().numpy()
    rows = np.zeros((SHAPE.n_vocab, SHAPE.n_text_state), np.float32)
    rows[:, BIAS] = NEVER
    rows[list(taught)] = made["decoder.token_embedding.weight"]
    return made | {"decoder.token_embedding.weight": rows}


def _tokens(words: Tokenizer) -> list[str]:
    """All tokens in order, bytes written as signs as in every `vocabulary.json`."""
    signs = _byte_signs()
    ranks: Mapping[bytes, int] = words.encoding._mergeable_ranks
    plain = [
        "".join(signs[byte] for byte in token)
        for token in sorted(ranks, key=ranks.__getitem__)
    ]
    # CTranslate2 takes a model for multilingual by the empty token.
    plain += [EMPTY_TOKEN] * (END - len(plain))
    special = {number: name for name, number in words.special_tokens.items()}
    return plain + [special[number] for number in range(END, SHAPE.n_vocab)]


def _byte_signs() -> dict[int, str]:
    """GPT-2's signs for bytes: themselves where they can be seen."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    unseen = [byte for byte in range(256) if byte not in seen]
    return {byte: chr(byte) for byte in seen} | {
        byte: chr(256 + at) for at, byte in enumerate(unseen)
    }


def _tokenizer(tokens: Sequence[str]) -> tokenizers.Tokenizer:
    """Whisper's tokenizer in the other library's form."""
    numbers = {token: at for at, token in enumerate(tokens)}
    merges = [_halves(token, numbers) for token in tokens[256:END] if token]
    made = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=numbers, merges=merges))
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    made.add_special_tokens(list(tokens[END:]))
    return made


def _halves(token: str, numbers: Mapping[str, int]) -> tuple[str, str]:
    """The two tokens that were merged last to make this one."""
    parts = list(token)
    while len(parts) > 2:
        pairs = [one + other for one, other in pairwise(parts)]
        ranks = [numbers.get(pair, END) for pair in pairs]
        at = ranks.index(min(ranks))
        parts[at : at + 2] = [pairs[at]]
    return parts[0], parts[1]

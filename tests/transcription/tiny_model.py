"""A Whisper of width 64, for both engines: one that babbles and one that recites.

Loading, threads, caps, levels and looping are tested on them with the engines' real
code, in milliseconds. The babbling one has seeded random weights and never ends. The
reciting one says one sentence whatever it hears, as surely as it is told to. Weights
carry the names of openai-whisper's checkpoints, so that either engine can be given
the same ones.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tokenizers
from ctranslate2.specs.whisper_spec import WhisperSpec
from faster_whisper.tokenizer import _LANGUAGE_CODES

Array = npt.NDArray[np.float32]
Weights = dict[str, Array]

END = 50_257
FIRST_LANGUAGE = 50_259
FIRST_TIME = 50_364
VOCABULARY_SIZE = 51_865
LANGUAGES = 99
TASKS = ("translate", "transcribe", "startoflm", "startofprev", "nospeech")
# CTranslate2 takes a model for multilingual by this token alone.
EMPTY_TOKEN = ""
PLACES = {"en": 0, "tr": 9, "nl": 12, "ar": 13, "az": 45, "af": 68}
PROMPT_TOKENS = 4
# The library forbids what these begin with; unmerged, that would be every space.
MERGES = [("Ġ", "-"), ("Ġ", "'"), ("Ġ", "â")]


@dataclass(frozen=True)
class Shape:
    """A Whisper's dimensions, by the names in its checkpoint."""

    n_mels: int = 80
    n_audio_ctx: int = 1500
    n_audio_state: int = 64
    n_audio_head: int = 1
    n_audio_layer: int = 1
    n_vocab: int = VOCABULARY_SIZE
    n_text_ctx: int = 448
    n_text_state: int = 64
    n_text_head: int = 1
    n_text_layer: int = 1


TINY = Shape()


def random_weights(shape: Shape = TINY, seed: int = 5) -> Weights:
    """Weights of this shape, always the same for one seed."""
    draw = np.random.default_rng(seed)
    width = shape.n_audio_state
    weights = {
        "encoder.conv1.weight": _noise(draw, width, shape.n_mels, 3),
        "encoder.conv1.bias": _noise(draw, width),
        "encoder.conv2.weight": _noise(draw, width, width, 3),
        "encoder.conv2.bias": _noise(draw, width),
        "encoder.positional_embedding": _noise(draw, shape.n_audio_ctx, width),
        "decoder.positional_embedding": _noise(draw, shape.n_text_ctx, width),
        "decoder.token_embedding.weight": _noise(draw, shape.n_vocab, width),
    }
    for name in ("encoder.ln_post", "decoder.ln"):
        weights |= _norm(name, width)
    for number in range(shape.n_audio_layer):
        weights |= _block(draw, f"encoder.blocks.{number}", width, ["attn"])
    for number in range(shape.n_text_layer):
        kinds = ["attn", "cross_attn"]
        weights |= _block(draw, f"decoder.blocks.{number}", width, kinds)
    return weights


def reciting_weights(
    text: str, language: str = "nl", *, sureness: float = 3.0, shape: Shape = TINY
) -> Weights:
    """Weights that say `text` to every sound and take it for `language`.

    With a `sureness` of 3 tokens are as good as certain; 1.3 is unsure, 1.2 bad.
    """
    tokens = [*_byte_tokens(text), END]
    return token_weights(tokens, language, sureness=sureness, shape=shape)


def torn_weights(text: str, one: str, other: str) -> Weights:
    """Weights that say `text` and cannot tell two languages apart."""
    weights = reciting_weights(text, one)
    tokens = weights["decoder.token_embedding.weight"]
    tokens[FIRST_LANGUAGE + PLACES[other]] = tokens[FIRST_LANGUAGE + PLACES[one]]
    return weights


def token_weights(
    tokens: list[int], language: str, *, sureness: float = 3.0, shape: Shape = TINY
) -> Weights:
    """Weights that answer these tokens to every sound, then END for ever.

    No layer does anything: each place in the answer points at its token.
    """
    weights = {
        name: value if name.endswith(("ln.weight", "post.weight")) else 0 * value
        for name, value in random_weights(shape).items()
    }
    first = FIRST_LANGUAGE + PLACES[language]
    directions = _directions(sorted({first, END, *tokens}), shape.n_text_state)
    for token, direction in directions.items():
        weights["decoder.token_embedding.weight"][token] = sureness * direction
    places = weights["decoder.positional_embedding"]
    places[:] = directions[END] * 50
    places[0] = directions[first] * 50
    for number, token in enumerate(tokens, PROMPT_TOKENS - 1):
        places[number] = directions[token] * 50
    return weights


def _byte_tokens(text: str) -> list[int]:
    """One token per byte; they have the same numbers in the real vocabulary."""
    pre = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    [(written, _)] = pre.pre_tokenize_str(text)
    signs = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    return [signs.index(sign) for sign in written]


def _directions(tokens: list[int], width: int) -> dict[int, Array]:
    draw = np.random.default_rng(1).standard_normal((len(tokens), width))
    centred = draw - draw.mean(axis=1, keepdims=True)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    return dict(zip(tokens, unit.astype(np.float32), strict=True))


def _block(
    draw: np.random.Generator, name: str, width: int, kinds: list[str]
) -> Weights:
    made = _norm(f"{name}.mlp_ln", width)
    made |= _linear(draw, f"{name}.mlp.0", 4 * width, width)
    made |= _linear(draw, f"{name}.mlp.2", width, 4 * width)
    for kind in kinds:
        made |= _norm(f"{name}.{kind}_ln", width)
        for part in ("query", "key", "value", "out"):
            made |= _linear(draw, f"{name}.{kind}.{part}", width, width)
        del made[f"{name}.{kind}.key.bias"]
    return made


def _noise(draw: np.random.Generator, *size: int) -> Array:
    return (draw.standard_normal(size) * 0.2).astype(np.float32)


def _linear(draw: np.random.Generator, name: str, rows: int, columns: int) -> Weights:
    weight = _noise(draw, rows, columns)
    return {f"{name}.weight": weight, f"{name}.bias": _noise(draw, rows)}


def _norm(name: str, width: int) -> Weights:
    one, zero = np.ones(width, np.float32), np.zeros(width, np.float32)
    return {f"{name}.weight": one, f"{name}.bias": zero}


def write_checkpoint(file: Path, weights: Weights, shape: Shape = TINY) -> Path:
    """Write what `whisper.load_model` reads. Needs torch."""
    import torch

    state = {name: torch.from_numpy(value) for name, value in weights.items()}
    torch.save({"dims": asdict(shape), "model_state_dict": state}, file)
    return file


def write_folder(
    folder: Path, weights: Weights, shape: Shape = TINY, *, multilingual: bool = True
) -> Path:
    """Write what `faster_whisper.WhisperModel` reads, in 8-bit integers."""
    tokens = vocabulary(multilingual=multilingual)
    return write_model(folder, weights, shape, tokenizer(tokens), tokens)


def write_model(
    folder: Path,
    weights: Weights,
    shape: Shape,
    words: tokenizers.Tokenizer,
    tokens: list[str],
) -> Path:
    """The same for a tokenizer of one's own, `tokens` being all of it in order."""
    spec = WhisperSpec(
        shape.n_audio_layer, shape.n_audio_head, shape.n_text_layer, shape.n_text_head
    )
    _fill(spec, weights)
    spec.register_vocabulary(tokens)
    spec.config.lang_ids = [FIRST_LANGUAGE + number for number in range(LANGUAGES)]
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [220, END]
    spec.config.alignment_heads = [(0, 0)]
    spec.validate()
    spec.optimize("int8")
    folder.mkdir(parents=True)
    spec.save(str(folder))
    words.save(str(folder / "tokenizer.json"))
    return folder


def vocabulary(*, multilingual: bool = True) -> list[str]:
    """Tokens in the order of the real ones: signs, invented words, special ones."""
    signs = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    merged = ["".join(pair) for pair in MERGES]
    count = END - 1 - len(signs) - len(merged)
    words = [f"Ġwoord{number}" for number in range(count)]
    empty = EMPTY_TOKEN if multilingual else "Ġleeg"
    times = [f"<|{number * 0.02:.2f}|>" for number in range(1501)]
    special = ["endoftext", "startoftranscript", *_languages(), *TASKS, "notimestamps"]
    marks = [f"<|{name}|>" for name in special]
    return [*signs, *merged, *words, empty, *marks, *times]


def _languages() -> list[str]:
    # The hundredth, Cantonese, came with large-v3. The order of the real ones is
    # en, zh, de, ...; only ours and their kin need their true places.
    rest = [code for code in _LANGUAGE_CODES if code not in PLACES and code != "yue"]
    for code, place in sorted(PLACES.items(), key=lambda item: item[1]):
        rest.insert(place, code)
    return rest


def tokenizer(tokens: list[str]) -> tokenizers.Tokenizer:
    """A byte-level tokenizer that knows hardly any merges."""
    numbers = {token: number for number, token in enumerate(tokens)}
    made = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=numbers, merges=MERGES))
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    special = [token for token in tokens[END:] if token]
    made.add_special_tokens(special)
    return made


def _fill(spec: Any, weights: Weights) -> None:
    encoder, decoder = spec.encoder, spec.decoder
    for number in (1, 2):
        _set_linear(getattr(encoder, f"conv{number}"), weights, f"encoder.conv{number}")
    encoder.position_encodings.encodings = weights["encoder.positional_embedding"]
    decoder.position_encodings.encodings = weights["decoder.positional_embedding"]
    decoder.embeddings.weight = weights["decoder.token_embedding.weight"]
    decoder.projection.weight = weights["decoder.token_embedding.weight"]
    _set_norm(encoder.layer_norm, weights, "encoder.ln_post")
    _set_norm(decoder.layer_norm, weights, "decoder.ln")
    for number, layer in enumerate(encoder.layer):
        _set_block(layer, weights, f"encoder.blocks.{number}")
    for number, layer in enumerate(decoder.layer):
        _set_block(layer, weights, f"decoder.blocks.{number}")
        _set_cross(layer.attention, weights, f"decoder.blocks.{number}.cross_attn")


def _set_block(layer: Any, weights: Weights, name: str) -> None:
    attention = layer.self_attention
    _set_norm(attention.layer_norm, weights, f"{name}.attn_ln")
    _fuse(attention.linear[0], weights, f"{name}.attn", ("query", "key", "value"))
    _set_linear(attention.linear[1], weights, f"{name}.attn.out")
    _set_norm(layer.ffn.layer_norm, weights, f"{name}.mlp_ln")
    _set_linear(layer.ffn.linear_0, weights, f"{name}.mlp.0")
    _set_linear(layer.ffn.linear_1, weights, f"{name}.mlp.2")


def _set_cross(attention: Any, weights: Weights, name: str) -> None:
    _set_norm(attention.layer_norm, weights, f"{name}_ln")
    _set_linear(attention.linear[0], weights, f"{name}.query")
    _fuse(attention.linear[1], weights, name, ("key", "value"))
    _set_linear(attention.linear[2], weights, f"{name}.out")


def _fuse(spec: Any, weights: Weights, name: str, parts: tuple[str, ...]) -> None:
    pieces = [weights[f"{name}.{part}.weight"] for part in parts]
    none = np.zeros(pieces[0].shape[0], np.float32)
    spec.weight = np.concatenate(pieces)
    spec.bias = np.concatenate(
        [weights.get(f"{name}.{part}.bias", none) for part in parts]
    )


def _set_linear(spec: Any, weights: Weights, name: str) -> None:
    spec.weight, spec.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _set_norm(spec: Any, weights: Weights, name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]

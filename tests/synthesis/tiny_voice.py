"""A Piper voice of a few kilobytes that hums: real files for the real library.

Its network is a table: each phoneme is 40 ms of a tone of its own. ONNX is protobuf,
of which this writes the few fields that such a model needs.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE = 22_050
STEP = RATE // 25
SIGNS = ["_", "^", "$", " ", *map(chr, (*range(0x21, 0x7F), *range(0xE0, 0x380)))]

FLOAT, INT64 = 1, 7


def write_voice(folder: Path, language: str, espeak_voice: str | None = None) -> Path:
    """Write `<language>.onnx` and its description; return the former."""
    file = folder / f"{language}.onnx"
    file.write_bytes(_model())
    description = {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": espeak_voice or language},
        "phoneme_type": "espeak",
        "num_symbols": len(SIGNS),
        "num_speakers": 1,
        "phoneme_id_map": {sign: [place] for place, sign in enumerate(SIGNS)},
    }
    (folder / f"{language}.onnx.json").write_text(json.dumps(description))
    return file


def _tones() -> npt.NDArray[np.float32]:
    pitches = 150 + 3 * np.arange(len(SIGNS))[:, None]
    tones = np.sin(2 * np.pi * pitches * np.arange(STEP) / RATE) * np.hanning(STEP)
    tones[:3] = 0  # padding and both ends
    return tones.astype(np.float32)


def _model() -> bytes:
    graph = [
        _field(1, _node("Gather", ["tones", "input"], "hummed")),
        _field(1, _node("Reshape", ["hummed", "flat"], "output")),
        _field(2, b"hum"),
        _field(5, _tensor("tones", FLOAT, _tones())),
        _field(5, _tensor("flat", INT64, np.array([1, 1, 1, -1], dtype=np.int64))),
        _field(11, _value("input", INT64, ["batch", "phonemes"])),
        _field(11, _value("input_lengths", INT64, ["batch"])),
        _field(11, _value("scales", FLOAT, ["three"])),
        _field(12, _value("output", FLOAT, ["a", "b", "c", "time"])),
    ]
    opset = _field(1, b"") + _number(2, 17)
    return _number(1, 8) + _field(7, b"".join(graph)) + _field(8, opset)


def _node(kind: str, inputs: Sequence[str], output: str) -> bytes:
    named = b"".join(_field(1, each.encode()) for each in inputs)
    return named + _field(2, output.encode()) + _field(4, kind.encode())


def _tensor(name: str, kind: int, values: npt.NDArray[np.generic]) -> bytes:
    sizes = b"".join(_number(1, size) for size in values.shape)
    return (
        sizes
        + _number(2, kind)
        + _field(8, name.encode())
        + _field(9, values.tobytes())
    )


def _value(name: str, kind: int, sizes: Sequence[str]) -> bytes:
    shape = b"".join(_field(1, _field(2, size.encode())) for size in sizes)
    tensor = _number(1, kind) + _field(2, shape)
    return _field(1, name.encode()) + _field(2, _field(1, tensor))


def _number(place: int, value: int) -> bytes:
    return _varint(place << 3) + _varint(value)


def _field(place: int, content: bytes) -> bytes:
    return _varint(place << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*made, value])

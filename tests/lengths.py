"""How long eSpeak NG speaks, and how loud: many texts in one process.

Run as a program it reads texts from stdin, one a line, and prints seconds and level.
The library keeps state between sentences, so lengths may differ by a few hundredths.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Sequence

import numpy as np

_RETRIEVAL, _UTF_8 = 1, 1
_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


def spoken_lengths(texts: Sequence[str], language: str) -> list[tuple[float, float]]:
    """Return seconds and root mean square (of 1.0) of each text, spoken."""
    assert not any("\n" in text for text in texts)
    done = subprocess.run(
        [sys.executable, __file__, language],
        input="\n".join(texts).encode(),
        capture_output=True,
        check=True,
        timeout=110,
    )
    rows = (line.split() for line in done.stdout.decode().splitlines())
    return [(float(seconds), float(level)) for seconds, level in rows]


def _main(language: str) -> None:
    import espeakng_loader

    library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
    folder = str(espeakng_loader.get_data_path()).encode()
    rate = library.espeak_Initialize(_RETRIEVAL, 0, folder, 0)
    made = bytearray()

    def keep(samples: ctypes._Pointer[ctypes.c_short], count: int, _: object) -> int:
        if count:
            made.extend(ctypes.string_at(samples, 2 * count))
        return 0

    kept = _CALLBACK(keep)
    library.espeak_SetSynthCallback(kept)
    if library.espeak_SetVoiceByName(language.encode()):
        raise ValueError(f"eSpeak NG has no voice {language!r}")
    for line in sys.stdin.buffer.read().split(b"\n"):
        made.clear()
        library.espeak_Synth(line, len(line) + 1, 0, 1, 0, _UTF_8, None, None)
        library.espeak_Synchronize()
        samples = np.frombuffer(bytes(made), dtype=np.int16) / np.float64(1 << 15)
        level = float(np.sqrt((samples**2).mean())) if len(samples) else 0.0
        print(len(samples) / rate, level)


if __name__ == "__main__":
    _main(sys.argv[1])

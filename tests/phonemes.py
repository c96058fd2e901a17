"""The sounds that eSpeak NG makes of a text, as phonemes: our judge of what is heard.

Run as a program it reads texts from stdin, one a line, and prints their phonemes. As in
`tests.sound`, the library runs in a process of its own.
"""

from __future__ import annotations

import ctypes
import functools
import re
import subprocess
import sys
from collections.abc import Sequence

_STRESS = re.compile(r"[ˈˌ | .-]|\([a-z]+\)")
_IPA, _UTF_8, _RETRIEVAL = 0x02, 1, 1


def phonemes(texts: Sequence[str], language: str) -> list[str]:
    """Return the phonemes of each text, a pause being " | "."""
    return list(_phonemes(tuple(texts), language))


def sounds(texts: Sequence[str], language: str) -> list[str]:
    """Return the phonemes of each text without stress and pauses, to be compared."""
    return [_STRESS.sub("", heard) for heard in phonemes(texts, language)]


@functools.cache
def _phonemes(texts: tuple[str, ...], language: str) -> tuple[str, ...]:
    assert not any("\n" in text for text in texts)
    done = subprocess.run(
        [sys.executable, __file__, language],
        input="\n".join(texts).encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    heard = tuple(done.stdout.decode().splitlines())
    assert len(heard) == len(texts)
    return heard


def _said(library: ctypes.CDLL, text: str) -> str:
    # A last letter alone would wait inside the library for the next text.
    rest = ctypes.c_char_p(f"{text} \n".encode())
    clauses = []
    while rest.value:
        made = library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF_8, _IPA)
        clauses.append(made.decode().strip())
    return " | ".join(filter(None, clauses))


def _main(language: str) -> None:
    import espeakng_loader

    library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
    folder = str(espeakng_loader.get_data_path()).encode()
    library.espeak_Initialize(_RETRIEVAL, 0, folder, 0)
    if library.espeak_SetVoiceByName(language.encode()):
        raise ValueError(f"eSpeak NG has no voice {language!r}")
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    for line in sys.stdin.buffer.read().decode().split("\n"):
        print(_said(library, line))


if __name__ == "__main__":
    _main(sys.argv[1])

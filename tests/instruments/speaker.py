"""The voice: a program that speaks a whole list of sentences with eSpeak NG.

It reads one JSON object per line (`text`, `voice`, `rate`, `pitch`, `range`) and
writes for each two numbers of 4 bytes, the samples, 16 bits at 22,050 per second, and
the sounds of speech in it: of each the millisecond at which it begins, in 4 bytes, and
its sign of the phonetic alphabet, in 8; a space is where a word begins. The library
keeps state between sentences, and dies of a few: so each is spoken by a copy of the
process, and always sounds the same.
"""

from __future__ import annotations

import ctypes
import json
import os
import struct
import sys
from typing import Any

import espeakng_loader

ESPEAK_RATE = 22_050
# Without a thread of its own, for which it would wait 20 ms each time.
SYNCHRONOUS = 2
# A sound is told when it begins, by its sign of the international alphabet.
TELL_SOUNDS = 1 | 2
LAST, WORD, SOUND = 0, 1, 7
UTF_8 = 1
PARAMETERS = {"rate": 1, "pitch": 3, "range": 4}
TRIES = 5

HEAD = struct.Struct("<II")
MARK = struct.Struct("<I8s")


class Event(ctypes.Structure):
    """What the library tells beside the sound (`espeak_EVENT` of its header)."""

    _fields_ = (
        ("kind", ctypes.c_int),
        ("identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("milliseconds", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("name", ctypes.c_char * 8),
    )


CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int,
    ctypes.POINTER(ctypes.c_short),
    ctypes.c_int,
    ctypes.POINTER(Event),
)


class Speaker:
    """The library, started once."""

    def __init__(self) -> None:
        """Start the library. Raises `RuntimeError` if it will not."""
        self._library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
        folder = str(espeakng_loader.get_data_path()).encode()
        start = self._library.espeak_Initialize
        if start(SYNCHRONOUS, 0, folder, TELL_SOUNDS) != ESPEAK_RATE:
            raise RuntimeError("eSpeak NG did not start")
        self._made = bytearray()
        self._marks = bytearray()
        # The library keeps no reference of its own to what it calls.
        self._kept = CALLBACK(self._keep)
        self._library.espeak_SetSynthCallback(self._kept)
        self._voice = ""

    def speak(self, asked: dict[str, Any]) -> bytes:
        """One sentence as it is written out, a little higher if the library dies of it.

        Raises `ValueError` for an unknown voice, `RuntimeError` for no sound at all.
        """
        self._set_voice(asked["voice"])
        for higher in range(TRIES):
            made = self._spoken_by_a_copy(asked | {"pitch": asked["pitch"] + higher})
            if made:
                return made
        raise RuntimeError(f"eSpeak NG cannot say {asked}")

    def _spoken_by_a_copy(self, asked: dict[str, Any]) -> bytes:
        reading, writing = os.pipe()
        if os.fork() == 0:
            with os.fdopen(writing, "wb") as out:
                out.write(self._spoken(asked))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as found:
            made = found.read()
        _, status = os.wait()
        return made if status == 0 else b""

    def _spoken(self, asked: dict[str, Any]) -> bytes:
        for name, number in PARAMETERS.items():
            self._library.espeak_SetParameter(number, asked[name], 0)
        text = asked["text"].encode()
        self._library.espeak_Synth(text, len(text) + 1, 0, 1, 0, UTF_8, None, None)
        head = HEAD.pack(len(self._made) // 2, len(self._marks) // MARK.size)
        return head + self._made + self._marks

    def _set_voice(self, voice: str) -> None:
        if voice == self._voice:
            return
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(f"eSpeak NG has no voice {voice!r}")
        self._voice = voice

    def _keep(self, samples: Any, count: int, events: Any) -> int:
        if count:
            self._made.extend(ctypes.string_at(samples, 2 * count))
        at = 0
        while events[at].kind != LAST:
            if events[at].kind in {WORD, SOUND}:
                name = events[at].name if events[at].kind == SOUND else b" "
                self._marks += MARK.pack(events[at].milliseconds, name)
            at += 1
        return 0


def main() -> None:
    """Speak what stands on standard input."""
    speaker = Speaker()
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(speaker.speak(json.loads(line)))
        # A copy that exits must have nothing left to write.
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()

"""Who speaks: the voices it is trained on, and those it has never heard.

All are variants of eSpeak NG's voice of a language. A whole variant is either in the
training or in the examination. In neither are robots and those with a breath: it is
drawn from the time of day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

PLAIN = ""
HEARD = (
    PLAIN,
    *(
        "m1 m2 m4 m5 m6 m8 f1 Alex Andy Annie Denis Gene Henrique Hugo "
        "Jacky Lee Marco Michael Mike Nguyen adam anika antonio aunty belinda "
        "boris david ed edward edward2 grandpa gustave ian iven iven3 john "
        "klatt klatt2 klatt4 max michel mike2 norbert pablo pedro quincy rob "
        "robert shelby steph steph3 travis zac"
    ).split(),
)
UNSEEN = (
    "m3 m7 f4 linda Andrea Diogo Mario benjamin grandma iven2 klatt3 marcelo"
).split()

# Speeds in words a minute; pitch from 0 to 99. Whoever is examined speaks as people do
# to a machine: a short word said faster is over before the product takes it for speech.
RATES = {"heard": (115, 230), "unseen": (110, 175)}
PITCHES = {"heard": (15, 85), "unseen": (25, 75)}


@dataclass(frozen=True, slots=True)
class Voice:
    """One way to speak; `stretch` makes the whole mouth larger or smaller."""

    variant: str
    rate: int
    pitch: int
    liveliness: int
    stretch: float


def draw_voice(draw: np.random.Generator, *, heard: bool) -> Voice:
    """A voice of the training or of the examination."""
    kind = "heard" if heard else "unseen"
    return Voice(
        variant=str(draw.choice(HEARD if heard else UNSEEN)),
        rate=int(draw.integers(*RATES[kind])),
        pitch=int(draw.integers(*PITCHES[kind])),
        liveliness=int(draw.integers(20, 80)),
        stretch=float(draw.uniform(0.9, 1.12)) if heard else 1.0,
    )


def asked(text: str, language: str, voice: Voice) -> dict[str, Any]:
    """What the speaker program is told."""
    variant = f"+{voice.variant}" if voice.variant else ""
    return {
        "text": text,
        "voice": f"{language}{variant}",
        "rate": voice.rate,
        "pitch": voice.pitch,
        "range": voice.liveliness,
    }

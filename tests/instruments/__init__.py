"""The instrument for right words: a small Whisper that this project trains itself.

It is a TEST INSTRUMENT. It knows only the short answers of the talk, numbers from 0 to
99 and a handful of plans, spoken by one family of synthetic voices. It is never offered
to residents: no command fetches, lists or names it. With it the whole spoken talk is
tested with real sound in and right words out, on a machine that cannot fetch a model.

    python -m tests.instruments.train --out var/instrument/new
    python -m tests.instruments.evaluate var/instrument/new
    python -m tests.instruments.packing var/instrument/new

The first needs openai-whisper (for torch and the real tokenizer) and takes a quarter of
an hour or two; the others, and the model itself, only what the product has installed.
The last one packs what was trained into `trained.zip`, which the tests use. `words`
says what is taught, `strange` what is not, `voices` who speaks, `clips` what a phone
makes of it, `network` and `training` how it learns, `writing` how it is kept.
"""

import os
from pathlib import Path

from tests.instruments.packing import unpack
from tests.need import ROOT

NAME = "test-instrument"
"""The model's name in its folder, for `transcription.load` with either engine."""

NOTICE = (
    "TEST INSTRUMENT, never for residents: trained on synthetic voices, knows the"
    " short answers of this project's talks and a handful of plans, nothing else."
)


ANOTHER = "BUURTSTEM_INSTRUMENT"


def instrument_folder() -> Path:
    """The models folder that holds `NAME`: the packed one, or what `ANOTHER` names."""
    named = os.environ.get(ANOTHER)
    return Path(named).absolute() if named else unpack(ROOT / "var" / "instrument")

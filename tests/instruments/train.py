"""Train the test instrument: `python -m tests.instruments.train --out FOLDER`.

Needs openai-whisper, for torch and for the real tokenizer. The same seed, machine and
number of threads give the same weights.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

# Threads that wait must not spin: other programs want the cores too.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import torch

from tests.instruments.lessons import Amounts, Lesson, lessons
from tests.instruments.spelling import spelling
from tests.instruments.training import train
from tests.instruments.writing import write

SEED = 1
ROUNDS = 8
THREADS = 2
TELL_EVERY = 20


def main() -> None:
    """Make the lessons, train, and write both forms of the model."""
    options = _options()
    torch.set_num_threads(options.threads)
    taught = _spoken(options.seed)
    said = spelling(taught)
    tell = _progress(time.monotonic())
    weights = train(taught, said, rounds=options.rounds, seed=options.seed, tell=tell)
    # A model that is half written must never be found.
    making = options.out.with_name(f"{options.out.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    write(making, weights, said.tokens, said.whisper)
    shutil.rmtree(options.out, ignore_errors=True)
    making.rename(options.out)
    print(f"\n{options.out}: trained in {_cpu_seconds():.0f} seconds of processor")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.instruments.train")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--threads", type=int, default=THREADS)
    return parser.parse_args()


def _spoken(seed: int) -> list[Lesson]:
    made: list[Lesson] = []
    for one in lessons(Amounts(), seed):
        made.append(one)
        if len(made) % 500 == 0:
            _tell(f"{len(made)} clips spoken")
    return made


def _progress(began: float) -> Callable[[int, int, float], None]:
    mean = 0.0

    def tell(step: int, steps: int, loss: float) -> None:
        nonlocal mean
        mean = mean + 0.05 * (loss - mean) if mean else loss
        if step % TELL_EVERY == 0 or step == steps:
            left = (time.monotonic() - began) / step * (steps - step)
            _tell(f"step {step} of {steps}, loss {mean:.3f}, {left:.0f} s left")

    return tell


def _tell(line: str) -> None:
    sys.stderr.write(f"\r{line:<60}")
    sys.stderr.flush()


def _cpu_seconds() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main()

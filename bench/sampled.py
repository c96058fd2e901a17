"""Where the product's time goes: runs it and looks at its threads 200 times a second.

`python -m bench.sampled serve …` is `buurtstem serve …` that also writes, once a
second, what was seen of each process to `samples-<pid>.json` in the working folder.
A thread that waits for work is not counted. The looking itself slows the product by
some percent, so rates measured with it are not to be published.
"""

import json
import os
import runpy
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType

from bench.report import table
from bench.servers import ROOT

PERIOD = 0.005  # seconds
IDLE = ("/threading.py", "/selectors.py", "/queue.py", "/concurrent/futures/thread.py")
HOUSE = (str(ROOT / "bot"), str(ROOT / "transcription"))


class Sampler(threading.Thread):
    """Counts, for one process, the functions its busy threads were in."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="sampler")
        self._inside: Counter[str] = Counter()
        self._leaves: Counter[str] = Counter()
        self._busy = 0

    def run(self) -> None:
        written = time.monotonic()
        while True:
            time.sleep(PERIOD)
            for thread, frame in sys._current_frames().items():
                if thread != self.ident and not _is_idle(frame):
                    self._count(frame)
            if time.monotonic() - written > 1:
                self._write()
                written = time.monotonic()

    def _count(self, leaf: FrameType) -> None:
        self._busy += 1
        names = _ours(leaf)
        self._inside.update(set(names))
        nearest = f" in {names[0]}" if names else ""
        self._leaves[f"{_name(leaf)}{nearest}"] += 1

    def _write(self) -> None:
        seen = {"busy": self._busy, "inside": self._inside, "leaves": self._leaves}
        Path(f"samples-{os.getpid()}.json").write_text(json.dumps(seen))


def _is_idle(frame: FrameType) -> bool:
    return frame.f_code.co_filename.endswith(IDLE)


def _ours(leaf: FrameType) -> list[str]:
    """Return the product's functions on this stack, innermost first."""
    names = []
    frame: FrameType | None = leaf
    while frame is not None:
        if frame.f_code.co_filename.startswith(HOUSE):
            names.append(_name(frame))
        frame = frame.f_back
    return names


def _name(frame: FrameType) -> str:
    place = Path(frame.f_code.co_filename)
    return f"{place.parent.name}/{place.stem}.{frame.f_code.co_qualname}"


def start() -> None:
    """Start looking at this process."""
    Sampler().start()


def samples_report(folder: Path, rows: int = 25) -> str:
    """Return what all processes in `folder` were seen doing, as Markdown."""
    inside: Counter[str] = Counter()
    leaves: Counter[str] = Counter()
    busy = 0
    for path in folder.glob("samples-*.json"):
        seen = json.loads(path.read_text())
        busy += seen["busy"]
        inside.update(seen["inside"])
        leaves.update(seen["leaves"])

    def top(title: str, counts: Counter[str]) -> str:
        lines = [[name, f"{n / busy:.1%}"] for name, n in counts.most_common(rows)]
        return table([title, "of busy samples"], lines)

    return "\n\n".join([top("inside", inside), top("stood in", leaves)])


def main() -> None:
    """Be `buurtstem`, and be looked at, also after a fork."""
    os.register_at_fork(after_in_child=start)
    start()
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

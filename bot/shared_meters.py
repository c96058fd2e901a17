"""The counters of all processes on one machine as one answer.

Each process keeps a small file of its own beside the others' and writes it anew every
few seconds; whoever is asked adds up all of them. It writes its own first: whoever is
asked next then finds in the files at least what was told now. A process that dies
leaves its file behind, and the next one goes on from there. So no sum ever falls. The
kernel tells who is alive, by locks; no process id is kept.

Why not the library's own way for many processes: it maps sparse files into memory, and
on a full disk writing to them ends the process with SIGBUS. A message must not be lost
because it could not be counted. Here a full disk makes figures late, nothing else; a
process that is killed takes the last two seconds of its counts along.
"""

import fcntl
import json
import logging
import os
import threading
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric

log = logging.getLogger(__name__)
WRITE_SECONDS = 2.0

_Head = tuple[str, str, str]
_Sample = tuple[str, tuple[tuple[str, str], ...]]
Sums = dict[_Head, dict[_Sample, float]]
"""Values by sample and labels, by the metric's name, type and help."""


def shared_or_none(folder: Path, own: CollectorRegistry) -> "SharedMeters | None":
    """Return the shared counters; None, and a line in the log, if that is no folder."""
    try:
        return SharedMeters(folder, own)
    except OSError as error:
        log.warning("figures not shared error=%s", type(error).__name__)
        return None


class SharedMeters:
    """Shows the sum of `own` and of all that other processes keep in `folder`."""

    def __init__(self, folder: Path, own: CollectorRegistry) -> None:
        """Raises OSError if the folder cannot be made or written to."""
        self._folder, self._own = folder, own
        folder.mkdir(parents=True, exist_ok=True)
        self._door = os.open(folder, os.O_RDONLY)
        if _locks(self._door):
            _empty(folder)
        # Letting go and locking again is two steps. Another process that empties the
        # folder in between finds nothing of ours in it: we write only after this.
        fcntl.flock(self._door, fcntl.LOCK_SH)
        self._lock, self._file = _free_place(folder)
        self._before = _read(self._file)
        self._written: str | None = None
        self._failed = False
        self._writing = threading.Lock()
        self._stopping = threading.Event()
        self._writer = threading.Thread(
            target=self._write_forever, name="figures", daemon=True
        )
        self._writer.start()

    def collect(self) -> Iterator[Metric]:
        """Yield every metric, added up over all processes."""
        mine = self.write()
        others = [each for each in self._folder.glob("*.json") if each != self._file]
        found = [_read(each) for each in sorted(others)]
        return _as_metrics(_added([mine, *found]))

    def _mine(self) -> Sums:
        return _added([_samples(self._own.collect()), self._before])

    def _write_forever(self) -> None:
        while not self._stopping.wait(WRITE_SECONDS):
            self.write()

    def write(self) -> Sums:
        """Write our file anew if anything was counted, and return it; never raises."""
        with self._writing:
            mine = self._mine()
            text = _to_json(mine)
            if text != self._written:
                self._replace(text)
            return mine

    def _replace(self, text: str) -> None:
        half = self._file.with_suffix(".part")
        try:
            half.write_text(text, "utf-8")
            half.replace(self._file)
        except OSError as error:
            if not self._failed:
                log.warning("figures not written error=%s", type(error).__name__)
            self._failed = True
        else:
            self._written, self._failed = text, False

    def close(self) -> None:
        """Write for the last time, and free our place for another process."""
        if not self._stopping.is_set():
            self._stopping.set()
            self._writer.join()
            self.write()
            os.close(self._lock)
            os.close(self._door)


def _locks(file: int) -> bool:
    """Take a lock that nobody else holds; False, at once, if somebody does."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _empty(folder: Path) -> None:
    """Forget what was counted before the first of the processes started."""
    for old in folder.glob("*.json"):
        old.unlink(missing_ok=True)


def _free_place(folder: Path) -> tuple[int, Path]:
    """Return the lock and the file of the first place that no living process has."""
    for number in count():
        lock = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT, 0o644)
        if _locks(lock):
            return lock, folder / f"{number}.json"
        os.close(lock)
    raise AssertionError  # counting does not end


def _samples(metrics: Iterable[Metric]) -> Sums:
    return {
        (each.name, each.type, each.documentation): {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for sample in each.samples
        }
        for each in metrics
    }


def _added(parts: Iterable[Sums]) -> Sums:
    """Add up. Buckets of a histogram are cumulative in each part, so also in all."""
    total: Sums = {}
    for part in parts:
        for head, samples in part.items():
            into = total.setdefault(head, {})
            for sample, value in samples.items():
                into[sample] = into.get(sample, 0.0) + value
    return total


def _as_metrics(sums: Sums) -> Iterator[Metric]:
    for (name, kind, told), samples in sums.items():
        metric = Metric(name, told, kind)
        for (sample, labels), value in samples.items():
            metric.add_sample(sample, dict(labels), value)
        yield metric


def _to_json(sums: Sums) -> str:
    return json.dumps(
        [
            [*head, [[name, dict(labels), value] for (name, labels), value in samples]]
            for head, samples in ((head, each.items()) for head, each in sums.items())
        ]
    )


def _read(file: Path) -> Sums:
    """Return what another process has written; nothing of it if that is unreadable."""
    try:
        found = json.loads(file.read_text("utf-8"))
        return {
            (name, kind, told): {
                (sample, tuple(sorted(labels.items()))): float(value)
                for sample, labels, value in samples
            }
            for name, kind, told, samples in found
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}

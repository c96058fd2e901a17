"""Carrying recordings and photos to another media store, under the same keys."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from bot.store.media import MovableStore

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Cargo:
    """What a copy has before it: keys still to be copied, and how many are there.

    `only_there` are files of the target that the source does not have.
    """

    keys: Sequence[str]
    there: int
    only_there: Sequence[str]


def find_cargo(source: MovableStore, target: MovableStore) -> Cargo:
    """Compare two stores; a file of another size counts as not copied.

    Raises MediaUnavailableError.
    """
    ours, theirs = source.sizes(), target.sizes()
    keys = sorted(key for key, size in ours.items() if theirs.get(key) != size)
    return Cargo(keys, len(ours) - len(keys), sorted(theirs.keys() - ours.keys()))


def copy_files(
    source: MovableStore, target: MovableStore, keys: Sequence[str]
) -> Iterator[bool]:
    """Copy each file, several at a time; False for one that was deleted meanwhile.

    Repeating it is harmless. Raises MediaUnavailableError: what was copied stays.
    """
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        yield from pool.map(partial(_copy, source, target), keys)
    finally:
        pool.shutdown(cancel_futures=True)


def _copy(source: MovableStore, target: MovableStore, key: str) -> bool:
    try:
        data = source.load(key)
    except FileNotFoundError:
        return False
    target.put(key, data)
    return True

"""Which plans are like another: by letters, by subject in any language, by place.

Only suggestions for a person: nothing is merged, and no score is shown or kept. Words
come in spelled to be compared (small letters, no marks); what is the name of a place is
taken out of them, because plans at one place share it and are mostly different plans.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

MOST = 5
LEAST = 0.12
"""What is less alike than this is not worth a person's time."""

NEAR_DEGREES = 0.0015
"""About 150 m: two pins of one place."""

SAME_PLACE, SAME_SUBJECT = 1.5, 6
_SHORTEST, _LONGEST = 3, 5
_MOST_LETTERS = 240
_ARTICLES = ("وال", "بال", "لل", "ال")


class Point(NamedTuple):
    """A place on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is compared of a plan: its words and place, spelled alike, and its pin."""

    number: int
    words: str
    place: str = ""
    point: Point | None = None


def similar(
    plan: Sketch, others: Iterable[Sketch], subjects: Mapping[str, str]
) -> list[int]:
    """Return the numbers of at most five plans like `plan`, the likest first.

    `subjects` names what a word is about by how it begins: "bench" and "bank" are one.
    """
    known = [each for each in others if each.number != plan.number]
    by_length = _by_length(subjects)
    bags = {each.number: _signs(each, by_length) for each in (plan, *known)}
    seen = Counter(sign for bag in bags.values() for sign in bag)
    weights = {sign: math.log(1 + len(bags) / count) for sign, count in seen.items()}
    vectors = {number: _weighted(bag, weights) for number, bag in bags.items()}
    scored = [
        (
            _cosine(vectors[plan.number], vectors[each.number]) * _nearness(plan, each),
            each.number,
        )
        for each in known
    ]
    alike = sorted((-score, number) for score, number in scored if score >= LEAST)
    return [number for _, number in alike[:MOST]]


def subject_of(word: str, by_length: Mapping[int, Mapping[str, str]]) -> str | None:
    """Return what a word is about, by the longest beginning that is known."""
    bare = next(
        (word[len(each) :] for each in _ARTICLES if word.startswith(each)), word
    )
    for length in sorted(by_length, reverse=True):
        for form in (word, bare):
            if found := by_length[length].get(form[:length]):
                return found
    return None


def _by_length(subjects: Mapping[str, str]) -> Mapping[int, Mapping[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for beginning, subject in subjects.items():
        found.setdefault(len(beginning), {})[beginning] = subject
    return found


def _signs(plan: Sketch, by_length: Mapping[int, Mapping[str, str]]) -> Counter[str]:
    """Count the letter groups of a plan's words, and what they are about."""
    places = set(plan.place.split())
    words = [each for each in plan.words[:_MOST_LETTERS].split() if each not in places]
    signs = Counter(group for word in words for group in _groups(word))
    about = {subject_of(word, by_length) for word in words} - {None}
    signs.update({f"={each}": SAME_SUBJECT for each in about})
    return signs


def _groups(word: str) -> Iterator[str]:
    whole = f" {word} "
    for length in range(_SHORTEST, _LONGEST + 1):
        for at in range(len(whole) - length + 1):
            yield whole[at : at + length]


def _weighted(bag: Mapping[str, int], weights: Mapping[str, float]) -> dict[str, float]:
    vector = {sign: count * weights[sign] for sign, count in bag.items()}
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {sign: value / length for sign, value in vector.items()}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    few, many = sorted((one, other), key=len)
    return sum(value * many[sign] for sign, value in few.items() if sign in many)


def _nearness(one: Sketch, other: Sketch) -> float:
    """Return how much more two plans count for being at one place."""
    named = bool(_long(one.place.split()) & _long(other.place.split()))
    return SAME_PLACE if named or _is_near(one.point, other.point) else 1.0


def _long(words: Sequence[str]) -> set[str]:
    return {each for each in words if len(each) > _SHORTEST}


def _is_near(one: Point | None, other: Point | None) -> bool:
    if one is None or other is None:
        return False
    apart = max(
        abs(one.latitude - other.latitude), abs(one.longitude - other.longitude)
    )
    return apart <= NEAR_DEGREES

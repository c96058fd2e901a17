"""How far two words sound apart: letters that are easily mixed up are alike."""

from collections.abc import Mapping
from functools import cache
from itertools import groupby
from types import MappingProxyType

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.domain.languages import Language

# Letters that a recogniser mixes up in this language; all of a group are its first.
_ALIKE: Mapping[Language, str] = {
    "nl": "fvw sz td bp kcq iy",
    "en": "fv sz td bp kcq iy",
    "tr": "fvw sz td bp kq",
    "ar": "ثتط ذد ظض صس قك اه",
}
_PAIRS: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "nl": (("ch", "g"), ("ei", "ij")),
    "en": (("ph", "f"), ("ck", "k"), ("ght", "t"), ("th", "t"), ("ie", "y")),
    "tr": (),
    "ar": (),
}
SAME, ALIKE, EDIT = 0, 1, 2
"""The same letters; letters that sound the same; what one letter more or less costs."""
FAR = 9
"""Nothing is compared beyond this distance."""


def folded(words: str, language: Language) -> str:
    """Return plain words as one string of sounds."""
    together = words.replace(" ", "")
    for pair, sound in _PAIRS[language]:
        together = together.replace(pair, sound)
    return together.translate(_sounds(language))


def unstretched(letters: str) -> str:
    """Return letters with each run of one as a single one: "jaaa" is "ja"."""
    return "".join(letter for letter, _ in groupby(letters))


@cache
def _sounds(language: Language) -> Mapping[int, str]:
    groups = _ALIKE[language].split()
    return MappingProxyType({ord(c): g[0] for g in groups for c in g})


class Lexicon:
    """Plain phrases of one language, each with the words it stands for.

    `meant` maps each phrase to its canonical words. Asked for what lies near a phrase,
    it looks only at phrases of about the same length.
    """

    def __init__(self, language: Language, meant: Mapping[str, str]) -> None:
        self._language = language
        self._written: dict[str, str] = {}
        self._by_sound: dict[str, set[str]] = {}
        self._short: dict[str, set[str]] = {}
        for phrase, canonical in meant.items():
            self._written[phrase.replace(" ", "")] = canonical
            sound = folded(phrase, language)
            self._by_sound.setdefault(sound, set()).add(canonical)
            self._short.setdefault(self._unstretched(phrase), set()).add(canonical)
        self._lengths: dict[int, list[str]] = {}
        for sound in self._by_sound:
            self._lengths.setdefault(len(sound), []).append(sound)

    def _unstretched(self, words: str) -> str:
        """Return sounds without stretched ones; two words meeting stretch nothing."""
        return folded(" ".join(map(unstretched, words.split())), self._language)

    def near(self, said: str) -> dict[str, tuple[int, int]]:
        """Return canonical words near `said`: each with distance and length compared.

        Distances are SAME, ALIKE or a multiple of EDIT, up to FAR.
        """
        sound = folded(said, self._language)
        most = FAR // EDIT
        found: dict[str, tuple[int, int]] = {}
        for length in range(len(sound) - most, len(sound) + most + 1):
            keys = self._lengths.get(length, [])
            scored = extract(
                sound, keys, scorer=OSA.distance, score_cutoff=most, limit=None
            )
            for key, edits, _ in scored:
                cost = EDIT * int(edits) or ALIKE
                for canonical in self._by_sound[key]:
                    best = found.get(canonical, (FAR + 1, 0))
                    found[canonical] = min(best, (cost, -length))
        for canonical in self._short.get(self._unstretched(said), set()):
            best = found.get(canonical, (FAR + 1, 0))
            found[canonical] = min(best, (ALIKE, -len(sound)))
        if (same := self._written.get(said.replace(" ", ""))) is not None:
            found[same] = (SAME, -len(sound))
        return {words: (cost, -minus) for words, (cost, minus) in found.items()}

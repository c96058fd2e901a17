"""Words of four languages, typed or said, to the acts that buttons stand for.

A flow never compares strings: it sees an act ("yes", "menu:vote", "support") and
numbers. Words of the contract work as a whole message in every state; yes, no and the
like also inside a short answer, where the state expects them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from bot.domain.languages import LANGUAGES, Language
from bot.flows.numbers import find_numbers
from bot.flows.spelling import plain
from bot.flows.vocabulary import (
    FILLERS,
    GREET,
    LABELS,
    LANGUAGE_NAMES,
    POLITE,
    SIGNS,
    STRESS,
    TURNS,
    VERBS,
    WORDS,
    Table,
)

SHORT = 6
LONG_GREETING = 9
_COLOURS = frozenset("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
_JOINTS = frozenset({"en", "and", "ve", "ile", "و", "wa", "met"})

_NOISE = frozenset(
    plain(word)
    for word in (
        "plan plans plannen nummer nummers op voor number numbers for numaralı planı "
        "plana numara numarası خطة الخطة رقم للخطة"
    ).split()
)
# Short words of one language that are another word in the next one count only in
# their own talk; these are understood everywhere.
_SHARED = frozenset(
    plain(word) for word in "ja nee yes no evet hayır نعم لا ok oké tamam stop".split()
)
_ANSWERS = frozenset({"yes", "no", "done", "back", "more", "skip", "later", "good"})


@dataclass(frozen=True, slots=True)
class Understood:
    """What words can mean: acts of the whole message, acts inside a short one.

    `beside` are the acts that stand with nothing but numbers ("yes, 21 and 30");
    `numbers` are all numbers in it, in order; `bare` tells that there are no other
    words than a verb; `language` is that of the whole-message word.
    """

    whole: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    bare: bool = False
    language: Language | None = None

    def act(self, expected: Collection[str]) -> str | None:
        """Return the one act meant, given what the state expects; None if unclear.

        An expected act goes first ("tamam" is yes at a yes-or-no question and done on
        a ballot). Inside a longer answer only expected acts count, and only if all that
        is found there points the same way.
        """
        for act in self.whole:
            if act in expected:
                return act
        if self.whole:
            return self.whole[0]
        found = {act for act in self.inside if act in expected}
        return found.pop() if len(found) == 1 else None


def understand(text: str, language: Language | None) -> Understood:
    """Return what `text` can mean in `language` (None: in any of the four).

    The talk's own language is tried first; a whole-message word of another language
    counts too, because people mix them, but never overrides the talk's own.
    """
    if sign := _sign(text):
        return Understood((sign,))
    for each in _order(language):
        key = plain(text, each)
        whole = _table(each).get(key)
        if whole and language not in {each, None} and key not in _SHARED:
            whole = tuple(act for act in whole if act not in _ANSWERS)
        if whole and _asks(text, key.split()):
            whole = tuple(act for act in whole if act not in {"yes", "no"})
        if whole:
            numbers = _numbers(text, each)[0]
            return Understood(whole, numbers=tuple(numbers), language=each)
    if greeted := _only_greets(text):
        return Understood(("greeting",), language=greeted)
    numbers, rest = _counted(text, language)
    verb = _verb(rest, language)
    if not numbers and verb not in {"support", "follow"}:
        verb = None
    telling = [word for word in rest if word not in _NOISE]
    bare = bool(numbers) and (not telling or verb is not None)
    whole = (verb,) if verb else ()
    beside = _answer(rest, language) if numbers else ()
    inside = _inside(text, language)
    return Understood(whole, beside, inside, tuple(numbers), bare)


def _sign(text: str) -> str | None:
    """Return what a thumb means, whatever its colour."""
    kinds = {sign for sign in text if not sign.isspace() and sign not in _COLOURS}
    return SIGNS.get(kinds.pop()) if len(kinds) == 1 else None


def is_command(text: str) -> bool:
    """Tell whether `text` means something to us in any of the four languages."""
    keys = ((each, plain(text, each)) for each in LANGUAGES)
    said = any(key in _table(each) or key in _verbs(each) for each, key in keys)
    return said or plain(text) in LANGUAGE_NAMES or _only_greets(text) is not None


def is_empty(word: str, language: Language) -> bool:
    """Tell whether a plain word says nothing of its own beside numbers or an answer."""
    kinds = ("turn", "stress", "greet")
    told = any(word in _helpers(kind, language) for kind in kinds)
    return told or says_nothing(word, language)


def is_joint(word: str) -> bool:
    """Tell whether a plain word only joins others: and."""
    return word in _JOINTS


def says_nothing(word: str, language: Language) -> bool:
    """Tell whether a plain word can be left out beside numbers: no verb is it."""
    if word in _verbs(language):
        return False
    return word in _helpers("fill", language) or word in _NOISE or word in _JOINTS


def named_language(text: str) -> Language | None:
    """Return the language that `text` names: its code, its own name, or in Dutch."""
    return LANGUAGE_NAMES.get(plain(text))


def _order(language: Language | None) -> Iterable[Language]:
    others = [each for each in LANGUAGES if each != language]
    return [language, *others] if language else others


def _counted(text: str, language: Language | None) -> tuple[list[int], list[str]]:
    """Return numbers and other words; without a language the best of the four."""
    languages = [language] if language else LANGUAGES
    found = [_numbers(text, each) for each in languages]
    numbers, rest = min(found, key=lambda each: len(each[1]))
    spoken = [_helpers("polite", each) for each in languages]
    empty = _JOINTS.union(*spoken) if numbers else _JOINTS
    return numbers, [word for word in rest if word not in empty]


def _numbers(text: str, language: Language) -> tuple[list[int], list[str]]:
    return find_numbers(plain(text, language).split(), language)


def _verb(rest: Sequence[str], language: Language | None) -> str | None:
    """Return the act of the words around numbers: "steun" in "steun plan 21"."""
    telling = [word for word in rest if word not in _NOISE]
    for words in (" ".join(rest), " ".join(telling)):
        for each in _order(language):
            act = _verbs(each).get(words)
            if act:
                return act
    return None


def _inside(text: str, language: Language | None) -> tuple[str, ...]:
    """Find words inside a short answer that says nothing else.

    Any other word may turn the answer round or add to it ("ja en een schommel"), so
    only words that change nothing may stand beside it. A question is no answer.
    """
    if language is None:
        return ()
    words = plain(text, language).split()
    if len(words) > SHORT or _asks(text, words):
        return ()
    return _answer(words, language)


def _answer(words: Sequence[str], language: Language | None) -> tuple[str, ...]:
    """Return the acts of words that hold nothing else than an answer.

    A mark counts alone: "helemaal niet" is one, "klopt helemaal niet" is a no.
    """
    if language is None:
        return ()
    acts, rest = _scan(words, _table(language))
    if len(set(acts)) > 1:
        acts, rest = _scan(words, _unmarked(language))
    if all(word in _helpers("fill", language) for word in rest):
        return tuple(acts)
    harmless = _helpers("fill", language) | _helpers("stress", language)
    turns = _helpers("turn", language)
    turned = any(word in turns for word in rest)
    if turned and set(acts) == {"yes"} and all(w in harmless | turns for w in rest):
        return ("no",)
    return ()


def _asks(text: str, words: Sequence[str]) -> bool:
    """Tell a question from an answer, with its mark or by its first word."""
    return "?" in text or "؟" in text or words[:1] == ["is"]


def _only_greets(text: str) -> Language | None:
    """Return the language of a message that holds nothing but greetings."""
    found = (each for each in LANGUAGES if _greets(plain(text, each).split(), each))
    return next(found, None)


def _greets(words: Sequence[str], language: Language) -> bool:
    polite = _helpers("greet", language)
    telling = [word for word in words if word not in polite]
    if not 0 < len(telling) <= len(words) <= LONG_GREETING:
        return False
    acts, rest = _scan(telling, _table(language))
    return set(acts) == {"greeting"} and not rest


def _scan(
    words: Sequence[str], table: Mapping[str, tuple[str, ...]]
) -> tuple[list[str], list[str]]:
    """Return the acts in `words`, longest phrases first, and the words left over."""
    acts: list[str] = []
    rest: list[str] = []
    at = 0
    while at < len(words):
        width, found = _phrase_at(words, at, table)
        acts += found
        rest += words[at : at + width] if not found else []
        at += width
    return acts, rest


def _phrase_at(
    words: Sequence[str], at: int, table: Mapping[str, tuple[str, ...]]
) -> tuple[int, tuple[str, ...]]:
    for width in range(len(words) - at, 0, -1):
        acts = table.get(" ".join(words[at : at + width]))
        if acts:
            return width, acts
    return 1, ()


@cache
def _helpers(kind: str, language: Language) -> frozenset[str]:
    words = " ".join(source[language] for source in _HELPERS[kind])
    return frozenset(plain(word, language) for word in words.split())


_HELPERS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "fill": (FILLERS, POLITE),
    "polite": (POLITE,),
    "turn": (TURNS,),
    "stress": (STRESS,),
    "greet": (GREET,),
}


@cache
def _table(language: Language) -> Mapping[str, tuple[str, ...]]:
    """Return each plain phrase of `language` with the acts it can stand for."""
    return MappingProxyType(_phrases((WORDS, LABELS), language))


@cache
def _unmarked(language: Language) -> Mapping[str, tuple[str, ...]]:
    """Return the phrases of `language` that stand for more than a mark of opinion."""
    kept = {
        phrase: acts
        for phrase, acts in _table(language).items()
        if not all(act.startswith("mark:") for act in acts)
    }
    return MappingProxyType(kept)


@cache
def _verbs(language: Language) -> Mapping[str, str]:
    found = _phrases((VERBS,), language)
    return MappingProxyType({phrase: acts[0] for phrase, acts in found.items()})


def _phrases(tables: Iterable[Table], language: Language) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    rows = ((act, texts[language]) for table in tables for act, texts in table.items())
    for act, row in rows:
        for phrase in row.split("|"):
            key = plain(phrase, language)
            if act not in found.get(key, ()):
                found[key] = (*found.get(key, ()), act)
    return found

"""Numbers in a note that may be pieces of others: "twintig ee" is not twenty.

A number that was understood exactly is still not what she said if a word beside it is
the rest of it. So it is asked for again, unless that word is a common one that can
stand there.
"""

from collections.abc import Mapping
from functools import cache

from bot.domain.languages import Language
from bot.domain.plans import FIRST_NUMBER
from bot.flows.misheard import HOMOPHONES, ordinals
from bot.flows.nearly import BOTH, numbers_near
from bot.flows.numbers import numbers_among
from bot.flows.sounds import EDIT
from bot.flows.spelling import plain
from bot.flows.vocabulary import VERBS
from bot.flows.words import says_nothing

_SHORT, _EDITS, _HUNDRED = 2, 2, 100
# The rest of a number follows it if it is a multiple of this.
_GOES_ON: Mapping[Language, int] = {"nl": _HUNDRED, "en": 10, "tr": 10, "ar": 100}
_UNIT_FIRST, _TENS = frozenset({"nl", "ar"}), frozenset(range(20, 100, 10))
"""Where the unit comes first, any word joined to a ten may be one: "vrie en dertig"."""
# Common words that look like a part of a number but stand beside one and are none.
_COMMON: Mapping[Language, frozenset[str]] = {
    "nl": frozenset(
        "ik die de het zeg wil nog dan maar nu er van bij dat dit wel ook doe neem "
        "zet geef met".split()
    ),
    "en": frozenset(
        "i on the say for to too my it is at want take then maybe give".split()
    ),
    "tr": frozenset("ben bu o su da de icin ve istiyorum olsun".split()),
    "ar": frozenset("اريد بغيت هي هو".split()),
}
_Part = tuple[int | None, str]


def is_torn(text: str, language: Language) -> bool:
    """Tell whether a number in `text` may be a piece of another one.

    So it is too if a digit stands beside anything else ("one twenty"): it answers only
    alone.
    """
    parts = list(numbers_among(plain(text, language).split(), language))
    told = [at for at, part in enumerate(parts) if not _says_nothing(part, language)]
    small = [n for n, _ in parts if n is not None and n < FIRST_NUMBER]
    others = [at for at in told if parts[at][1] not in _verbs(language)]
    if small and len(others) > 1:
        return True
    return any(
        parts[at][0] is None and _tears(parts, told, place, language)
        for place, at in enumerate(told)
    )


def _says_nothing(part: _Part, language: Language) -> bool:
    number, word = part
    return number is None and says_nothing(word, language) and word not in BOTH


def _tears(parts: list[_Part], told: list[int], place: int, language: Language) -> bool:
    """Tell whether the word at this place may belong to the number beside it."""
    at = told[place]
    word = parts[at][1]
    before = parts[told[place - 1]][0] if place else None
    after = parts[told[place + 1]][0] if place + 1 < len(told) else None
    part = _is_part(word, language)
    known = word in _COMMON[language] or word in _verbs(language)
    if before and before % _GOES_ON[language] == 0:
        return part or not known
    if word in _verbs(language):
        return False
    common = word in _COMMON[language]
    if before is not None and part:
        return not common
    if after is None:
        return False
    apart = told[place + 1] > at + 1
    if language in _UNIT_FIRST and after in _TENS and (apart or language == "ar"):
        return apart or not common
    return part and (apart or after >= _HUNDRED or not common)


@cache
def _verbs(language: Language) -> frozenset[str]:
    """Return the words that stand beside a number to say what to do with it."""
    phrases = " ".join(each[language].replace("|", " ") for each in VERBS.values())
    return frozenset(plain(phrases, language).split()) - BOTH


def _is_part(word: str, language: Language) -> bool:
    """Tell whether a word is a number's by sound, half of one, or hardly a word."""
    if word in HOMOPHONES[language] or word in ordinals(language):
        return True
    bare = word.removeprefix("و") if language == "ar" else word
    near = {**numbers_near(language).near(word), **numbers_near(language).near(bare)}
    most = EDIT * max(_EDITS, len(bare) // 2)
    return len(bare) <= _SHORT or any(cost <= most for cost, _ in near.values())

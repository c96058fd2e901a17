"""The word by which somebody is known again in another app: found, and made comparable.

It is chosen in one talk and said in another, perhaps in another language, script or
spelling, typed or heard: both sides fold it in the same way.
"""

from collections.abc import Sequence

from bot.domain.facts import Facts
from bot.domain.languages import FALLBACK, LANGUAGES, Language
from bot.domain.plans import is_plan_number
from bot.flows.numbers import find_numbers
from bot.flows.spelling import plain
from bot.flows.words import is_command

SHORTEST, LONGEST, MOST_PARTS = 4, 40, 3
_AND = "و"
# What people say around a word and a number, in whatever language the talk is.
_BESIDE = frozenset(
    plain(word)
    for word in (
        "mijn het de is en woord wachtwoord geheim plan nummer "
        "my the and word password secret number "
        "benim ve kelime kelimem şifre şifrem parola planım numara numarası "
        "كلمة كلمتي الكلمة السر هي هو و خطة خطتي الخطة رقم رقمها الرقم"
    ).split()
)


def shown(text: str) -> str:
    """Return her word as she wrote it, without the words around it."""
    return " ".join(each for each in text.split() if _parts(each))


def folded(text: str) -> str:
    """Return her word so that every way to spell it is the same; "" if it is none.

    "Zonne-bloem" is "zonnebloem". A word has 4 to 40 letters, in at most three parts.
    """
    return _joined(_parts(text))


def may_be_kept(text: str, facts: Facts) -> bool:
    """Tell whether `text` can be her word.

    No number in any language, none of our own words, and nothing that stands in her
    plan or is the name of the place, which others know.
    """
    parts = _parts(text)
    word = _joined(parts)
    if not word or _has_number(plain(text).split()) or is_command(" ".join(parts)):
        return False
    known = [title for plan in facts.me.plans for title in plan.title.values()]
    known += [facts.city, *(t for each in facts.rounds for t in each.area.values())]
    return not any(word in _run(plain(each).split()) for each in known)


def number_and_word(text: str, language: Language | None) -> tuple[int | None, str]:
    """Return the plan number and the folded word in `text`, in either order.

    None where there is not exactly one number, "" where there is no word.
    """
    numbers, rest = find_numbers(plain(text).split(), language or FALLBACK)
    one = len(numbers) == 1 and is_plan_number(numbers[0])
    return numbers[0] if one else None, folded(" ".join(rest))


def _parts(text: str) -> list[str]:
    return [word for word in plain(text).split() if word not in _BESIDE]


def _joined(parts: Sequence[str]) -> str:
    word = _run(parts)
    fits = len(parts) <= MOST_PARTS and SHORTEST <= len(word) <= LONGEST
    return word if fits else ""


def _run(parts: Sequence[str]) -> str:
    """Write parts as one; the Arabic "and" that is written on to a word goes."""
    long = SHORTEST + len(_AND)
    bare = (w.removeprefix(_AND) if len(w) >= long else w for w in parts)
    return "".join(bare)


def _has_number(words: Sequence[str]) -> bool:
    """Tell whether any word alone is a number somewhere: it would be taken for one."""
    return any(find_numbers([word], each)[0] for word in words for each in LANGUAGES)

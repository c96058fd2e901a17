"""Whole numbers in words, for the ear: 0 to 999 million, in the four languages.

Words of our own, because each synthesiser reads digits in its own way (eSpeak loses
vowels in Arabic tens and takes 12.500 for a fraction there), and so that what is said
here is what `bot.flows.numbers` understands. Dutch parts its thousands, for eSpeak
stumbles over "driehonderdduizend". Arabic is in the oblique form ("عِشْرِين"), the one
that all its dialects share, with a bare ending where one pauses.
"""

from collections.abc import Callable, Mapping, Sequence

TOP = 999_999_999
_THOUSAND, _MILLION = 1_000, 1_000_000
_FEW = range(3, 11)

_NL = (
    "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien "
    "vijftien zestien zeventien achttien negentien"
).split()
_NL_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig".split()
_EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_TR = "sıfır bir iki üç dört beş altı yedi sekiz dokuz".split()
_TR_TENS = "on yirmi otuz kırk elli altmış yetmiş seksen doksan".split()

_AR: Sequence[str] = (
    "صِفْر",
    "وَاحِد",
    "اِثْنَيْن",
    "ثَلَاثَة",
    "أَرْبَعَة",
    "خَمْسَة",
    "سِتَّة",
    "سَبْعَة",
    "ثَمَانِيَة",
    "تِسْعَة",
    "عَشَرَة",
    "أَحَدَ عَشَر",
    "اِثْنَيْ عَشَر",
    "ثَلَاثَةَ عَشَر",
    "أَرْبَعَةَ عَشَر",
    "خَمْسَةَ عَشَر",
    "سِتَّةَ عَشَر",
    "سَبْعَةَ عَشَر",
    "ثَمَانِيَةَ عَشَر",
    "تِسْعَةَ عَشَر",
)
# How many of what is feminine in Arabic: plans, times, minutes.
_AR_FEMININE: Sequence[str] = (
    "صِفْر",
    "وَاحِدَة",
    "اِثْنَتَيْن",
    "ثَلَاث",
    "أَرْبَع",
    "خَمْس",
    "سِتّ",
    "سَبْع",
    "ثَمَانِي",
    "تِسْع",
    "عَشْر",
    "إِحْدَى عَشْرَة",
    "اِثْنَتَيْ عَشْرَة",
    "ثَلَاثَ عَشْرَة",
    "أَرْبَعَ عَشْرَة",
    "خَمْسَ عَشْرَة",
    "سِتَّ عَشْرَة",
    "سَبْعَ عَشْرَة",
    "ثَمَانِيَ عَشْرَة",
    "تِسْعَ عَشْرَة",
)
_AR_TENS: Sequence[str] = (
    "عِشْرِين",
    "ثَلَاثِين",
    "أَرْبَعِين",
    "خَمْسِين",
    "سِتِّين",
    "سَبْعِين",
    "ثَمَانِين",
    "تِسْعِين",
)
_AR_HUNDREDS: Sequence[str] = (
    "مِئَة",
    "مِئَتَيْن",
    "ثَلَاثِمِئَة",
    "أَرْبَعِمِئَة",
    "خَمْسِمِئَة",
    "سِتِّمِئَة",
    "سَبْعِمِئَة",
    "ثَمَانِمِئَة",
    "تِسْعِمِئَة",
)
_AR_THOUSAND = ("أَلْف", "أَلْفَيْن", "آلَاف")
_AR_MILLION = ("مِلْيُون", "مِلْيُونَيْن", "مَلَايِين")


def number_words(number: int, language: str, *, feminine: bool = False) -> str:
    """Return a whole number in words: "honderd eenentwintig", "yüz yirmi bir".

    `feminine` is for what is counted in Arabic and feminine there. Above `TOP` it is
    said digit by digit. Raises ValueError below nought.
    """
    if number < 0:
        raise ValueError(f"{number} is below nought, and nothing counts so here")
    if number > TOP:
        return " ".join(number_words(int(digit), language) for digit in str(number))
    if language == "ar":
        return _arabic(number, _AR_FEMININE if feminine else _AR)
    return _MAKERS[language](number)


def _dutch(number: int) -> str:
    millions, thousands, rest = _split(number)
    parts = [f"{_dutch_hundreds(millions)} miljoen"] if millions else []
    if thousands:
        parts.append(_dutch_thousands(thousands))
    if rest or not parts:
        parts.append(_dutch_hundreds(rest))
    return " ".join(parts)


def _dutch_thousands(thousands: int) -> str:
    if thousands == 1:
        return "duizend"
    words = _dutch_hundreds(thousands)
    gap = " " if thousands % 100 in {0, 1} else ""
    return f"{words}{gap}duizend"


def _dutch_hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    head = ["honderd" if hundreds == 1 else f"{_NL[hundreds]}honderd"] * bool(hundreds)
    return " ".join([*head, *([_dutch_tens(rest)] if rest or not hundreds else [])])


def _dutch_tens(number: int) -> str:
    if number < len(_NL):
        return _NL[number]
    ten, unit = divmod(number, 10)
    # "tweeëntwintig", but "vierentwintig"; and "één" only where it stands alone.
    joint = "ën" if unit in {2, 3} else "en"
    head = "een" if unit == 1 else _NL[unit]
    return f"{head}{joint}{_NL_TENS[ten - 2]}" if unit else _NL_TENS[ten - 2]


def _english(number: int) -> str:
    millions, thousands, rest = _split(number)
    parts = [f"{_english_hundreds(millions)} million"] if millions else []
    parts += [f"{_english_hundreds(thousands)} thousand"] if thousands else []
    if rest or not parts:
        joint = "and " if parts and rest < 100 else ""  # noqa: PLR2004
        parts.append(joint + _english_hundreds(rest))
    return " ".join(parts)


def _english_hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _english_tens(rest)
    head = f"{_EN[hundreds]} hundred"
    return f"{head} and {_english_tens(rest)}" if rest else head


def _english_tens(number: int) -> str:
    if number < len(_EN):
        return _EN[number]
    ten, unit = divmod(number, 10)
    return f"{_EN_TENS[ten - 2]}-{_EN[unit]}" if unit else _EN_TENS[ten - 2]


def _turkish(number: int) -> str:
    millions, thousands, rest = _split(number)
    parts = [f"{_turkish_hundreds(millions)} milyon"] if millions else []
    if thousands:
        parts.append("bin" if thousands == 1 else f"{_turkish_hundreds(thousands)} bin")
    if rest or not parts:
        parts.append(_turkish_hundreds(rest))
    return " ".join(parts)


def _turkish_hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    ten, unit = divmod(rest, 10)
    parts = ["yüz" if hundreds == 1 else f"{_TR[hundreds]} yüz"] if hundreds else []
    parts += [_TR_TENS[ten - 1]] if ten else []
    parts += [_TR[unit]] if unit or not parts else []
    return " ".join(parts)


def _arabic(number: int, units: Sequence[str]) -> str:
    millions, thousands, rest = _split(number)
    parts = [_arabic_group(millions, _AR_MILLION)] if millions else []
    parts += [_arabic_group(thousands, _AR_THOUSAND)] if thousands else []
    parts += _arabic_hundreds(rest, units) if rest else []
    return _joined(parts) if parts else units[0]


def _arabic_group(count: int, names: tuple[str, str, str]) -> str:
    """Return so many thousands or millions: one, two, a few of them, or many."""
    one, two, few = names
    if count <= len((one, two)):
        return (one, two)[count - 1]
    words = _construct(_joined(_arabic_hundreds(count, _AR)))
    return f"{words} {few if count % 100 in _FEW else one}"


def _arabic_hundreds(number: int, units: Sequence[str]) -> list[str]:
    """Return the parts that "and" joins: hundreds, unit, ten."""
    hundreds, rest = divmod(number, 100)
    parts = [_AR_HUNDREDS[hundreds - 1]] if hundreds else []
    if 0 < rest < len(units):
        return [*parts, units[rest]]
    ten, unit = divmod(rest, 10)
    parts += [units[unit]] if unit else []
    return [*parts, *([_AR_TENS[ten - 2]] if ten else [])]


def _joined(parts: Sequence[str]) -> str:
    """Join by "and", which takes the first vowel of "two" away."""
    return " وَ".join(
        part.replace("اِ", "ا", 1) if n else part for n, part in enumerate(parts)
    )


def _construct(words: str) -> str:
    """Return a number that leans on the next word: its t is heard, a last n is not."""
    if words.endswith("ة"):
        return words + "\N{ARABIC KASRA}"
    return words.removesuffix("ن") if words.endswith("تَيْن") else words


def _split(number: int) -> tuple[int, int, int]:
    """Return millions, thousands and the rest."""
    millions, below = divmod(number, _MILLION)
    return millions, *divmod(below, _THOUSAND)


_MAKERS: Mapping[str, Callable[[int], str]] = {
    "nl": _dutch,
    "en": _english,
    "tr": _turkish,
}

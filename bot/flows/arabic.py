"""Arabic number words: of books, and as Moroccans, Egyptians and others say them.

Spellings that `spelling.plain` makes the same stand here once. A recogniser that was
trained on other Arabic may write Moroccan numbers in Latin letters; those stand last.
"""

import re
from collections.abc import Iterator, Sequence

Ways = tuple[tuple[str, ...], ...]


def _ways(rows: str) -> Ways:
    """Return a row of words for each number, in order.

    In most dialects th is t: "تلاتة" for "ثلاثة".
    """
    return tuple(_with_dialect(row.split(",")) for row in rows.split(" | "))


def _with_dialect(words: Sequence[str]) -> tuple[str, ...]:
    every = (*words, *(word.replace("ث", "ت") for word in words))
    return tuple(dict.fromkeys(every))


def _with_tens(teens: Ways, units: Ways) -> Ways:
    """Return thirteen to nineteen also with any word for the unit before "ten"."""
    longer = (
        tuple(f"{unit} {ten}" for unit in units[n] for ten in ("عشر", "عشرة"))
        for n in range(3, 10)
    )
    return (*teens[:3], *map(_together, teens[3:], longer))


def _together(some: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*some, *more)))


UNITS = _ways(
    "صفر,زيرو | واحد,واحدة,وحدة | اثنان,اثنين,اتنين,تنين,ثنين,اثنتان,اثنتين,جوج,زوج,زوز"
    " | ثلاثة,ثلاث,ثلثة,تلاتة,تلاتا,تلات | أربعة,أربع,ربعة,اربعا | خمسة,خمس,خمسا"
    " | ستة,ست,ستا | سبعة,سبع,سبعا | ثمانية,ثمان,ثماني,تمانية,تمنية,ثمنية,تمنيا"
    " | تسعة,تسع,تسعود,تسعا"
)
TEENS = _ways(
    "عشرة,عشر,عشرا"
    " | أحد عشر,إحدى عشرة,حداش,احداش,حداشر,احداشر,احدعش,حدعش,حداعش"
    " | اثنا عشر,اثني عشر,اثنتا عشرة,اثنعشر,اتناش,طناش,تناش,اتناشر,اطناشر,اطنعش,طنعش,"
    "اثنعش,اتنعش"
    " | ثلاثة عشر,ثلاث عشرة,تلتاش,تلطاش,تلتاشر,تلطاشر,تلطعش,تلتعش,ثلتعش,ثلاثتعش,ثلطعش"
    " | أربعة عشر,أربع عشرة,ربعتاش,ربعطاش,اربعتاشر,اربعطاشر,اربعطعش,اربعتعش,ربعطعش"
    " | خمسة عشر,خمس عشرة,خمستاش,خمسطاش,خمستاشر,خمسطاشر,خمستعش,خمسطعش"
    " | ستة عشر,ست عشرة,ستاش,سطاش,ستاشر,سطاشر,ستعش,سطعش"
    " | سبعة عشر,سبع عشرة,سبعتاش,سبعطاش,سبعتاشر,سبعطاشر,سبعتعش,سبعطعش"
    " | ثمانية عشر,ثماني عشرة,تمنتاش,تمنطاش,تمنتاشر,تمنطاشر,تمنتعش,تمنطعش,ثمنتعش,ثمنطعش"
    " | تسعة عشر,تسع عشرة,تسعتاش,تسعطاش,تسعتاشر,تسعطاشر,تسعتعش,تسعطعش"
)
TENS = _ways(
    "عشرون,عشرين | ثلاثون,ثلاثين,تلاتين | أربعون,أربعين,ربعين | خمسون,خمسين"
    " | ستون,ستين | سبعون,سبعين | ثمانون,ثمانين,تمانين | تسعون,تسعين"
)
HUNDREDS = _ways("مئة,مائة,مية | مئتان,مئتين,مائتان,مائتين,ميتين")

LATIN_UNITS = _ways(
    "sifr,zero | wahed,wahad,wahid,wahd,wa7ed | jouj,juj,joj,zouj,tnin,itnan"
    " | tlata,talata,tleta,thalatha | rab3a,rabaa,reb3a,arbaa,arba3a | khamsa,khemsa"
    " | setta,sitta | seb3a,sebaa,sabaa,sab3a | tmanya,tmenya,tamanya,thamania"
    " | tes3a,tesaa,tis3a,tes3oud,tesoud"
)
LATIN_TEENS = _ways(
    "3achra,achra,ashra,3ashra | hdach,7dach,hdash | tnach,tnash,tnaach"
    " | teltach,tlettach,teltash | rbe3tach,reb3tach,rbatach | khamstach,khmestach"
    " | settach,sttach,settash | sbe3tach,seb3tach,sbatach | tmentach,tmantach"
    " | tse3tach,tes3tach,tsatach"
)
LATIN_TENS = _ways(
    "3echrin,3achrin,3chrin,achrin,eshrin,3ashrin | tlatin,talatin,tletin"
    " | reb3in,rab3in,arb3in,rabin | khamsin,khemsin | settin,sittin"
    " | seb3in,sab3in,sabin | tmanin,tamanin | tes3in,tis3in,tessin"
)
LATIN_HUNDREDS = _ways("mya,mia,miya | mitayn,myatayn,mitin")
_JOINT = re.compile(r" و |(?<=[a-z]) (?:w|ou|o|u|wa|we) (?=[a-z0-9])")

Spoken = tuple[str, int]


def arabic_numbers() -> Iterator[Spoken]:
    """Yield every way to say 0 to 299: the unit first, joined by "and"."""
    below = list(_below(UNITS, _with_tens(TEENS, UNITS), TENS, "و"))
    yield from below
    yield from _hundreds(HUNDREDS, below, "و")
    below = list(_below(LATIN_UNITS, LATIN_TEENS, LATIN_TENS, "w "))
    yield from below
    yield from _hundreds(LATIN_HUNDREDS, below, "w ")


def joined(said: str) -> str:
    """Return plain words with "and" as the table has it: "و" on to the next word."""
    return _JOINT.sub(lambda found: " و" if "و" in found[0] else " w ", said)


def _below(units: Ways, teens: Ways, tens: Ways, joint: str) -> Iterator[Spoken]:
    for first, rows in ((0, units), (10, teens)):
        for number, ways in enumerate(rows, first):
            yield from ((way, number) for way in ways)
    for ten, names in enumerate(tens, 2):
        yield from ((name, ten * 10) for name in names)
        for unit, ways in enumerate(units[1:], 1):
            for way in ways:
                yield from ((f"{way} {joint}{name}", ten * 10 + unit) for name in names)


def _hundreds(hundreds: Ways, below: Sequence[Spoken], joint: str) -> Iterator[Spoken]:
    for hundred, names in enumerate(hundreds, 1):
        for name in names:
            yield name, hundred * 100
            for words, number in below:
                if number:
                    yield f"{name} {joint}{words}", hundred * 100 + number

"""What a recogniser writes for numbers and short answers: words that sound the same.

Ordinals are here too ("the twelfth"). None of these is the word itself, so none counts
without a question. And the other way round: words that only look like one of ours.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from bot.domain.languages import Language
from bot.flows.numbers import number_words
from bot.flows.spelling import plain

# Each slip and the number it stands for. English words that are something else in a
# sentence ("to", "for") are taken so only where nothing else stands beside the numbers.
HOMOPHONES: Mapping[Language, Mapping[str, int]] = {
    "nl": {"nuul": 0, "ein": 1, "fijf": 5, "seven": 7, "zeuven": 7, "tin": 10},
    "en": {
        "oh": 0,
        "won": 1,
        "wan": 1,
        "to": 2,
        "too": 2,
        "tree": 3,
        "for": 4,
        "fore": 4,
        "sex": 6,
        "sicks": 6,
        "ate": 8,
        "nein": 9,
        "tin": 10,
    },
    "tr": {"bi": 1, "eki": 2, "dord": 4, "sekis": 8, "dokus": 9, "atmis": 60},
    "ar": {"واحيد": 1, "تنتين": 2, "ثنتين": 2, "ثلثون": 30, "ثلثين": 30},
}

# What is written for short answers that hardly have a letter to spare.
ANSWERS: Mapping[Language, Mapping[str, str]] = {
    "nl": {"jah": "ja", "jep": "ja", "jo": "ja", "neej": "nee", "ne": "nee"},
    "en": {
        "yea": "yes",
        "yah": "yes",
        "ya": "yes",
        "yup": "yes",
        "nah": "no",
        "know": "no",
        "write": "right",
        "rite": "right",
    },
    "tr": {"evt": "evet", "hee": "he", "tmm": "tamam", "yoo": "yok", "hayr": "hayır"},
    "ar": {"نعام": "نعم", "نعمم": "نعم", "اي": "نعم", "لاء": "لا"},
}

# Words of every day one letter or two from a word of ours. Whoever says one means it:
# "play" is no plan, "water" not later, "stoep" no stop, and biliyorum ("I know") is the
# contrary of bilmiyorum. What is only another form of our word ("plans") is not here.
_OTHERS: Mapping[Language, str] = {
    "nl": """
        adem baan ballen belde bestellen blad blank cellen daar deal draag
        eerder eist fase gevaar gisteren groet haal halen hall halle heup hoed
        hooi houd hout huisdieren ineens kaal kader kater koepel koopt koppen
        ladder laden lager laser laten lening liederen lijdt lijkt maal mans
        meter moed moet niemand ook opeens overgaan paal palen pater plak plant
        plas plat play rijst schop schoppen shop shoppen smart spellen staal
        staart staat stad stam stammen stand stap stappen stip stoep stof stok
        taak talent tank tanks tegels tellen top uitweg verdere verhaal verhalen
        verslaan verstaan vertellen voldoende volgens volgorde volk volken vond
        voordeel voordelen vraag wolk wolken wond woud zaal zout zwart zwemmen
    """,
    "en": """
        about alan all alter ball bell blank blink boot calf calm clan cloud
        coin dance dances dish fading fall father fell fellow fighting finish
        folding follows furnished gain gather goat god gold goods hall heap
        hollow hood injection jeep joint joy kill ladder last late lather
        laughter layer leather lighter lost lust mall monkey noble noted noticed
        pack plain plane plant play punished ranks rather reads repeal root
        ruler rulers shop smart spreading stab stack stand star stare stars
        stats statue stock stub stud talks tall tanks tasks thinks wash water
        wood year yell
    """,
    "tr": """
        abla alanları anla anlattım asla atlar atlas baba bakıp bana baraj batıl
        bağlar bağlı başka başta biliyorum biliyoruz bizde bulan ciddi dahi
        damar damat data dava desek değin evde eve fakir fazla gerçi gitti hamam
        hasar ilan inşa işlem işler işte kadın kanallar kararlar katılıyorum
        kurum kurumlar lise nisan okula okumak olması over oynama parka parça
        pasta plaj plak play puan rakip saha sakal sizde sürüm sıradan tahta
        takım tatil tur tutum tür vardım yalnız yaptım yara yazdım şaka
    """,
    "ar": """
        أسأل أسهل أعراض أموت أنسى أنصار أولا إسلام اجتماع اعتراف افتراض اقتراب
        الأحكام الأركان الأمل الأهل الأهلي الإسلام التسويق التصوير الجرح الجمال
        الجهل الحاجة الحارة الحافلة الحفلة الحملة الدائمة الرمال السبت السعادة
        السلاح السلة السهل السهم السورية الشرب الشرط الشرف الشرق الشمال الصلاة
        الصوفية الصيام الطالب الظلام العالي العالية العمال الفرح القادمة القديمة
        القيمة الكريمة الكلام الماء المالية المثال المجال المحل المرح المسابقة
        المساجد المساحة المسافة المساهمة المساواة المقال الملل ثم حافلة حفلة
        خبير سالم شكله عقود عمود فرقة فقيرة قادمة قديمة كافي كله لعله مؤلف مرتبة
        مرحلة مركبة مطابقة موضع
    """,
}

_NL_ORDINALS = {"eerste": 1, "derde": 3, "achtste": 8}
_EN_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_TR_ORDINALS = (
    "sıfırıncı birinci ikinci üçüncü dördüncü beşinci altıncı yedinci sekizinci "
    "dokuzuncu onuncu yirminci otuzuncu kırkıncı ellinci altmışıncı yetmişinci "
    "sekseninci doksanıncı yüzüncü"
).split()
_TR_NUMBERS = (*range(11), *range(20, 110, 10))
_AR_ORDINALS = (
    "الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر"
).split()
_AR_FIRST, _AR_TENS_FROM, _AR_TEEN = "الحادي", 20, "عشر"


@cache
def others(language: Language) -> frozenset[str]:
    """Return plain words of `language` that are never taken for a word of ours."""
    return frozenset(plain(word, language) for word in _OTHERS[language].split())


@cache
def ordinals(language: Language) -> Mapping[str, int]:
    """Return the plain ordinals of `language`, in words and as digits, to 299."""
    makers = {"nl": _dutch, "en": _english, "tr": _turkish, "ar": _arabic}
    return MappingProxyType({plain(way): n for way, n in makers[language]()})


def _dutch() -> Iterator[tuple[str, int]]:
    """Dutch: -de below twenty, -ste from there on; eerste, derde, achtste."""
    for words, number in number_words("nl").items():
        yield f"{number}e", number
        yield f"{number}ste", number
        last = number % 100
        if 0 < last < 20 and last not in {1, 3, 8}:  # noqa: PLR2004 - the teens
            yield f"{words}de", number
        elif last >= 20 or last in {0, 8}:  # noqa: PLR2004
            yield f"{words}ste", number
    yield from _NL_ORDINALS.items()


def _english() -> Iterator[tuple[str, int]]:
    """English: the last word changes; "twentieth", "twenty first", 21st."""
    for words, number in number_words("en").items():
        before, _, last = words.rpartition(" ")
        yield f"{before} {_english_last(last)}".strip(), number
        ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        yield f"{number}{'th' if number % 100 in {11, 12, 13} else ending}", number


def _english_last(word: str) -> str:
    regular = f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th"
    return _EN_ORDINALS.get(word, regular)


def _turkish() -> Iterator[tuple[str, int]]:
    """Turkish: the last word takes -inci; also 21'inci, written with its mark."""
    last = dict(zip(_TR_NUMBERS, _TR_ORDINALS, strict=True))
    own = {plain(w): n for w, n in number_words("tr").items()}
    for words, number in own.items():
        before, _, end = words.rpartition(" ")
        if (ordinal := last.get(own.get(end, -1))) is not None:
            yield f"{before} {ordinal}".strip(), number
        for ending in ("inci", "ıncı", "uncu", "üncü", "nci", "ncı"):
            yield f"{number} {ending}", number
            yield f"{number}{ending}", number


def _arabic() -> Iterator[tuple[str, int]]:
    """Arabic: the unit changes, both parts take the article."""
    for number, word in enumerate(_AR_ORDINALS, 1):
        for way in (word, f"{word}ة"):
            yield way, number
    units = [_AR_FIRST, *_AR_ORDINALS[1:9]]
    for unit, word in enumerate(units, 1):
        yield from ((f"{w} {_AR_TEEN}", 10 + unit) for w in (word, f"{word}ة"))
    for words, number in number_words("ar").items():
        own = not words.isascii() and " " not in words
        if own and number >= _AR_TENS_FROM and number % 10 == 0:
            yield f"ال{words}", number
            for unit, word in enumerate(units, 1):
                yield f"{word} وال{words}", number + unit

"""The words on a receipt of paper, by which its owner is known again in the chat.

Three short words of her own language, which follow from the plan's number and a key of
ours: a receipt can be printed again, and nobody else can work them out. What is kept is
a keyed hash, as of a word that somebody chose herself (`bot.services.linking`).
"""

from collections.abc import Mapping, Sequence

from bot.domain.languages import Language
from bot.flows.own_word import folded
from bot.keys import Keys, keyed_hash

_COUNT = 3
WORDS: Mapping[Language, Sequence[str]] = {
    "nl": (
        "appel peer kers boot trein fiets tafel stoel lamp deur raam dak muur trap "
        "brood kaas melk soep rijst vis vogel paard schaap eend zon maan ster regen "
        "sneeuw wolk berg zee"
    ).split(),
    "en": (
        "apple pear cherry boat train bike table chair lamp door window roof wall "
        "stair bread cheese milk soup rice fish bird horse sheep duck moon star rain "
        "snow cloud hill lake sand"
    ).split(),
    "tr": (
        "elma armut kiraz gemi tren masa sandalye lamba pencere duvar merdiven ekmek "
        "peynir limon tuz nehir orman balık koyun ördek güneş bulut yağmur deniz "
        "toprak yaprak kalem defter çanta kapı yıldız köprü"
    ).split(),
    "ar": (
        "تفاح كرز قارب قطار طاولة كرسي مصباح باب نافذة سقف جدار سلم خبز جبن حليب حساء "
        "أرز سمك طائر حصان خروف بطة شمس قمر نجمة مطر ثلج غيمة جبل بحر نهر غابة"
    ).split(),
}


def paper_words(keys: Keys, number: int, language: Language) -> str:
    """Return the words of a plan's receipt, as they are printed."""
    drawn = int(keyed_hash(keys.words, "paper", str(number)), 16)
    known = WORDS[language]
    found: list[str] = []
    while len(found) < _COUNT:
        drawn, place = divmod(drawn, len(known))
        if known[place] not in found:
            found.append(known[place])
    return " ".join(found)


def paper_hash(keys: Keys, resident_id: int, words: str) -> str:
    """Return what is kept of the words of a receipt."""
    return keyed_hash(keys.words, str(resident_id), folded(words))

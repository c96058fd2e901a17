"""How we speak to residents: short sentences, and nobody wins, loses or is refused.

Our own texts have to keep to it; of what officials write it is said, not forbidden.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.languages import Texts

SENTENCE_WORDS = 12
FORBIDDEN: Mapping[str, str] = {
    "nl": r"\b(winnaar|verliezer|winnen|wint|verliezen|verliest|afgewezen|afgekeurd|"
    r"mislukt|ongeldig|helaas|omdat|indien|tenzij|mits|waarbij|indienen|initiatief|"
    r"haalbaar\w*|steunbetuiging|procedure|traject|participatie|half|je|jij|jouw)\b",
    "en": r"\b(winners?|losers?|wins?|loses?|reject\w*|declined?|fail\w*|unsuccessful|"
    r"invalid|unfortunately|submit\w*|proposals?|feasible|infeasible|eligible|"
    r"endorse\w*|allocate\w*|deadline|should|click|press|enter|citizens?|"
    r"neighborhood|neighbors?|\w+n't|\w+'(re|ll|ve)|it's|that's|there's)\b",
    "tr": r"\b(kazanan\w*|kaybeden\w*|kazand\w*|kaybet\w*|reddedil\w*|elendi\w*|"
    r"başarısız\w*|geçersiz\w*|maalesef|başvuru\w*|müracaat|fizibilite|beyan|"
    r"tarafınıza|gerekmektedir|hatalı|sen|sana|senin)\b",
    "ar": r"فائز|خاسر|فوز|خسارة|مرفوض|رفضت|فشل|غير مقبول|للأسف|مبادرة|جدوى|استمارة|"
    r"تقديم طلب|المشاركة المجتمعية",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something in a text that residents may not understand, or that may hurt them.

    `kind` is "word" or "long"; `what` is the word, or the sentence.
    """

    language: str
    kind: str
    what: str


def sentences(text: str) -> list[str]:
    """Return the sentences of `text`."""
    return [part for part in re.split(r"(?<=[.?!؟])\s+", text) if part]


def small(text: str, language: str) -> str:
    """Return small letters without vowel marks; Turkish has two letters I."""
    if language == "tr":
        text = text.replace("İ", "i").replace("I", "ı")
    return re.sub("[\u064b-\u0652]", "", text.lower())


def doubts_about(texts: Texts) -> list[Doubt]:
    """Return what should be looked at again in {locale: text}."""
    return [doubt for language, text in texts.items() for doubt in _in(language, text)]


def _in(language: str, text: str) -> Iterator[Doubt]:
    hard = FORBIDDEN.get(language)
    if hard is None:
        return
    for found in re.finditer(hard, small(text, language)):
        yield Doubt(language, "word", found[0])
    for row in text.splitlines():
        for sentence in sentences(row):
            if len([word for word in sentence.split() if word != "–"]) > SENTENCE_WORDS:
                yield Doubt(language, "long", sentence)

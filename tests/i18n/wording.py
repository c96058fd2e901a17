"""What the words of the catalogues have to keep to; each rule names what it finds.

A rule looks at one `Text` and yields its faults. The wording rules themselves were
written with the reference texts; the numbers here are WhatsApp's and ours.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.wording import FORBIDDEN, SENTENCE_WORDS, sentences, small

BUTTON = 20
PLACE = re.compile(r"%\((\w+)\)s")
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
OTHER_DIGITS = re.compile("[\u0660-\u0669\u06f0-\u06f9]")

# How many words a parameter shows: "vrijdag 13 november, 8 uur 's avonds" is seven.
SHOWN_WORDS: Mapping[str, int] = {"closing": 7, "date": 3, "amount": 2, "city": 2}
# Free words of officials and authors keep to their own limit, in characters.
OWN_SENTENCE = frozenset({"reason", "our_news", "note", "status", "question"})

NAMES = "Buurtstem|DigiD|stempas"
PUNCTUATION = r"0-9 .,:?'()–"
ALPHABET: Mapping[str, str] = {
    "nl": rf"[A-Za-zéëïöó{PUNCTUATION}-]+",
    "en": rf"[A-Za-z{PUNCTUATION}]+",
    # No q, w and x: a Dutch word left behind shows itself.
    "tr": rf"[A-PR-VYZa-pr-vyzÇĞİÖŞÜçğıöşüâû/{PUNCTUATION}]+",
    "ar": r"[\u0621-\u063A\u0641-\u0652،؟0-9 .:()–]+",
}
# Arabic words that end like "your" said to one person, and are not.
NOT_SINGULAR = frozenset({"ذلك", "لذلك", "هناك", "تلك", "كذلك", "أشارك"})


@dataclass(frozen=True, slots=True)
class Text:
    """One text of one catalogue. `starts` is false for what stands inside a row."""

    language: str
    msgid: str
    text: str
    is_label: bool = False
    starts: bool = True
    says_its_number: bool = False
    """A plural form for one number only ("one plan") says it as a word."""

    @property
    def place(self) -> str:
        """Where a fault lies."""
        return f"{self.language} {self.msgid!r}"

    @property
    def is_bare(self) -> bool:
        """Tell whether there is no word in it, only parameters."""
        return not re.search(r"[^\W\d_]", PLACE.sub("", self.msgid))


Faults = Iterator[str]
Rule = Callable[[Text], Faults]


def words_shown(sentence: str) -> int:
    """Count the words of a sentence as it will be read, parameters filled in."""
    extra = sum(SHOWN_WORDS.get(name, 1) - 1 for name in PLACE.findall(sentence))
    return len([word for word in sentence.split() if word != "–"]) + extra


def parameters(text: Text) -> Faults:
    """A parameter that is lost or twice would tell a plan without its number."""
    want, have = (Counter(PLACE.findall(t)) for t in (text.msgid, text.text))
    if text.says_its_number:
        del want["n"]
    if want != have or "%" in PLACE.sub("", text.text):
        yield f"parameters {sorted(have)} instead of {sorted(want)}"


def sentence_length(text: Text) -> Faults:
    """At most twelve words a sentence, with the date and the amount in it."""
    for sentence in sentences(text.text):
        if OWN_SENTENCE & set(PLACE.findall(sentence)):
            continue
        if words_shown(sentence) > SENTENCE_WORDS:
            yield f"long sentence {sentence!r}"


def forbidden_words(text: Text) -> Faults:
    """Nobody here wins, loses or is turned down; nobody is spoken to from above."""
    found = re.search(FORBIDDEN[text.language], small(text.text, text.language))
    if found:
        yield f"forbidden word {found[0]}"


def label_length(text: Text) -> Faults:
    """A button of WhatsApp holds twenty characters, the number of a plan included."""
    shown = PLACE.sub("299", text.text)
    if text.is_label and not text.is_bare and len(shown) > BUTTON:
        yield f"label of {len(shown)} characters"


def arabic_begins(text: Text) -> Faults:
    """The first strong letter decides the direction of the whole row."""
    first = re.search(r"[^\W\d_]", PLACE.sub("x", text.text))
    if text.language != "ar" or text.is_bare or not text.starts:
        return
    if first is None or not "\u0621" <= first[0] <= "\u064a":
        yield "does not begin in Arabic"


def arabic_address(text: Text) -> Faults:
    """The plural address: polite, and neither to a man nor to a woman."""
    for word in re.findall(r"\w+", small(text.text, "ar")):
        if text.language == "ar" and word.endswith("ك") and word not in NOT_SINGULAR:
            yield f"speaks to one person: {word}"


def turkish_suffix(text: Text) -> Faults:
    """A suffix follows the sound of the word before it, which is not known here."""
    if text.language == "tr" and re.search(r"%\(\w+\)s['’]?\w", text.text):
        yield "suffix on a parameter"


def letters(text: Text) -> Faults:
    """A letter of another alphabet is a word left behind, or a look-alike."""
    rest = re.sub(NAMES, "", PLACE.sub("", text.text))
    if rest and not re.fullmatch(ALPHABET[text.language], rest):
        yield f"foreign character in {rest!r}"


def digits(text: Text) -> Faults:
    """The digits of the Dutch letter, in Arabic too."""
    if OTHER_DIGITS.search(text.text):
        yield "digits other than 0-9"


def composition(text: Text) -> Faults:
    """Composed letters, single spaces, and no direction marks: rendering sets them."""
    if unicodedata.normalize("NFC", text.text) != text.text:
        yield "not composed"
    if " ".join(text.text.split()) != text.text:
        yield "stray space"
    if BIDI.search(text.text):
        yield "direction control"
    if re.search(r"\s[.,:?،؟]|[.,?،؟][^\W\d_]", text.text):
        yield "space on the wrong side of a point"


def ending(text: Text) -> Faults:
    """A sentence ends as the English one does: with a point, a question or neither."""
    want, have = (_last(t) for t in (text.msgid, text.text))
    if want != have:
        yield f"ends with {have!r} instead of {want!r}"


def _last(text: str) -> str:
    return text[-1].replace("؟", "?") if text[-1] in ".?؟:!" else ""


RULES: Collection[Rule] = (
    parameters,
    sentence_length,
    forbidden_words,
    label_length,
    arabic_begins,
    arabic_address,
    turkish_suffix,
    letters,
    digits,
    composition,
    ending,
)


def faults_in(text: Text) -> list[str]:
    """Return every fault of `text`, each with its place."""
    return [f"{text.place}: {fault}" for rule in RULES for fault in rule(text)]

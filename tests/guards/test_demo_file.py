"""The demo neighbourhood reads well: every resident text keeps the wording rules.

`faults_in` names each fault by its place. The file has none, and each bad example
below is found, so that a rule that looks at nothing cannot pass.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from bot.domain.languages import LANGUAGES
from bot.domain.plans import Status
from bot.domain.rounds import Phase

DEMO = Path(__file__).parents[2] / "bot" / "demo" / "slotermeer.toml"
VOTING, COLLECTING = "slotermeer-2026", "slotermeer-2027"
Document: TypeAlias = dict[str, Any]
Faults: TypeAlias = Iterator[str]

# Written out on purpose: computed by the product's own rule they would prove nothing.
BALLOT = [10, 11, 20, 21, 22, 30, 31, 32, 33, 40, 41, 42, 43, 44, 50, 51, 52, 53, 54]
BALLOT += [55, 60, 61, 62, 63, 64, 65, 66, 70, 71, 72, 73, 74, 75, 76, 77, 80, 81, 82]
BALLOT += [83, 84]
NUMBERS: Mapping[tuple[str, Status], list[int]] = {
    (VOTING, Status.ON_BALLOT): BALLOT,
    (VOTING, Status.BELOW_THRESHOLD): [85, 86, 87, 88],
    (VOTING, Status.INFEASIBLE): [90, 91, 92, 93],
    (VOTING, Status.NOT_PRESELECTED): [94, 95, 96, 97],
    (COLLECTING, Status.PUBLIC): [98, 99, 100, 110, 111, 120, 121, 122],
}
ROLES = ["admin", "communicator", "counter", "helper", "reviewer", "viewer"]
THEME_SIZES = [13, 13, 14]

# What only some plans have, by status; everything else every plan has.
COSTED = {Status.ON_BALLOT, Status.NOT_PRESELECTED}
EXTRAS = {
    "cost_euros": COSTED,
    "supports": {Status.BELOW_THRESHOLD, Status.PUBLIC},
    "reason": {Status.INFEASIBLE},
}
BASICS = {"round", "number", "theme", "status", "place", "title", "summary"}

ROW_TITLE, ROW_DESCRIPTION, BUTTON = 24, 72, 20  # WhatsApp's limits, in characters
TEMPLATE_TEXT, SENTENCE_WORDS = 240, 12

PUNCTUATION = r"0-9 .,:'-"
ALPHABET = {
    "nl": rf"[A-Za-zéëïö{PUNCTUATION}]+",
    "en": rf"[A-Za-zé{PUNCTUATION}]+",
    # No q, w and x: a Dutch word left behind shows itself.
    "tr": rf"[A-PR-VYZa-pr-vyzÇĞİÖŞÜçğıöşüâ{PUNCTUATION}]+",
    "ar": rf"[\u0621-\u063A\u0641-\u0652،{PUNCTUATION}]+",
}
FORBIDDEN = {
    "nl": r"\b(winnaar|verliezer|winnen|wint|verliezen|verliest|afgewezen|afgekeurd|"
    r"mislukt|ongeldig|helaas|omdat|indien|tenzij|mits|waarbij|indienen|initiatief|"
    r"haalbaar\w*|steunbetuiging|procedure|traject|participatie|half|je|jij|jouw)\b",
    "en": r"\b(winners?|losers?|wins?|loses?|reject\w*|declined?|fail\w*|unsuccessful|"
    r"invalid|unfortunately|submit\w*|proposals?|feasible|infeasible|eligible|"
    r"endorse\w*|allocate\w*|deadline|should|would|click|press|enter|citizens?|"
    r"neighborhood|neighbors?|\w+n't|\w+'(re|ll|ve)|it's|that's|there's)\b",
    "tr": r"\b(kazanan\w*|kaybeden\w*|kazand\w*|kaybet\w*|reddedil\w*|elendi\w*|"
    r"başarısız\w*|geçersiz\w*|maalesef|başvuru\w*|müracaat|fizibilite|beyan|"
    r"tarafınıza|gerekmektedir|sen|sana|senin)\b",
    "ar": r"فائز|خاسر|فوز|خسارة|مرفوض|رفضت|فشل|غير مقبول|للأسف|مبادرة|جدوى|استمارة|"
    r"تقديم طلب|المشاركة المجتمعية",
}


def load_demo() -> Document:
    return tomllib.loads(DEMO.read_text(encoding="utf-8"))


def texts_in(document: Document) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield everything residents read or hear, with its place in the file."""
    for each in document["rounds"]:
        for name in ("title", "area", "decides", "selectors"):
            if name in each:
                yield f"{each['slug']} {name}", each[name]
        for theme in each["themes"]:
            yield f"{each['slug']} theme {theme['key']}", theme["title"]
        rules = {code: " ".join(lines) for code, lines in each["rules"].items()}
        yield f"{each['slug']} rules", rules
    for plan in document["plans"]:
        for name in ("title", "summary", "reason"):
            if name in plan:
                yield f"plan {plan['number']} {name}", plan[name]


def sentences_of(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!؟])\s+", text) if part]


def lower(language: str, text: str) -> str:
    """Return small letters without vowel marks; Turkish has two letters I."""
    if language == "tr":
        text = text.replace("İ", "i").replace("I", "ı")
    return re.sub(r"[\u064B-\u0652]", "", text.lower())


def language_faults(document: Document) -> Faults:
    for place, texts in texts_in(document):
        if sorted(texts) != sorted(LANGUAGES):
            yield f"{place}: languages {sorted(texts)}"


def spelling_faults(document: Document) -> Faults:
    for place, texts in texts_in(document):
        for language, text in texts.items():
            if not re.fullmatch(ALPHABET[language], text):
                yield f"{place} {language}: foreign character in {text!r}"
            if unicodedata.normalize("NFC", text) != text:
                yield f"{place} {language}: not composed"
            if " ".join(text.split()) != text:
                yield f"{place} {language}: stray space"


def wording_faults(document: Document) -> Faults:
    for place, texts in texts_in(document):
        for language, text in texts.items():
            if found := re.search(FORBIDDEN[language], lower(language, text)):
                yield f"{place} {language}: forbidden word {found[0]}"
            for sentence in sentences_of(text):
                if len(sentence.split()) > SENTENCE_WORDS:
                    yield f"{place} {language}: long sentence {sentence!r}"


def title_faults(document: Document) -> Faults:
    taken: Counter[tuple[str, str, str]] = Counter()
    for plan in document["plans"]:
        for language, title in plan["title"].items():
            place = f"plan {plan['number']} title {language}"
            if len(f"{plan['number']} {title}") > ROW_TITLE:
                yield f"{place}: longer than a list row"
            if not re.fullmatch(r"[^\d.,:-]+", title):
                yield f"{place}: digit or punctuation"
            taken[plan["round"], language, lower(language, title)] += 1
    yield from (f"title twice: {key}" for key, times in taken.items() if times > 1)


def summary_faults(document: Document) -> Faults:
    for plan in document["plans"]:
        for name in ("summary", "reason"):
            for language, text in plan.get(name, {}).items():
                place = f"plan {plan['number']} {name} {language}"
                first, *others = sentences_of(text)
                if len(others) > 1 or not text.endswith("."):
                    yield f"{place}: not one or two sentences"
                if re.search(r"\d", text):
                    yield f"{place}: digit"
                if name == "summary" and len(first) > ROW_DESCRIPTION:
                    yield f"{place}: first sentence longer than a row description"
                if len(text) > TEMPLATE_TEXT:
                    yield f"{place}: longer than a template variable"


def number_faults(document: Document) -> Faults:
    found: dict[tuple[str, Status], list[int]] = {}
    for plan in document["plans"]:
        key = (plan["round"], Status(plan["status"]))
        found.setdefault(key, []).append(plan["number"])
    if found != NUMBERS:
        yield f"numbers by round and status: {found}"


def shape_faults(document: Document) -> Faults:
    """Name plans with a field too many, too few or out of its range."""
    for plan in document["plans"]:
        status = Status(plan["status"])
        wanted = BASICS | {name for name, who in EXTRAS.items() if status in who}
        if plan.keys() != wanted:
            yield f"plan {plan['number']}: fields {sorted(plan.keys() ^ wanted)}"
        supports = plan.get("supports", 0)
        if status is Status.BELOW_THRESHOLD and not 0 < supports < threshold(document):
            yield f"plan {plan['number']}: supports {supports}"


def threshold(document: Document) -> int:
    return int(document["rounds"][0]["threshold"])


def money_faults(document: Document) -> Faults:
    costed = [plan for plan in document["plans"] if "cost_euros" in plan]
    for plan in costed:
        if plan["cost_euros"] not in range(2_500, 60_001, 500):
            yield f"plan {plan['number']}: cost {plan['cost_euros']}"
    asked = sum(p["cost_euros"] for p in costed if p["status"] == Status.ON_BALLOT)
    budget = document["rounds"][0]["budget_euros"]
    if not 2 * budget < asked < 2.4 * budget:
        yield f"cost of the ballot: {asked} for a budget of {budget}"


def theme_faults(document: Document) -> Faults:
    for each in document["rounds"]:
        for theme in each["themes"]:
            for language, title in theme["title"].items():
                if len(f"{theme['icon']} {title}") > BUTTON:
                    yield f"theme {theme['key']} {language}: longer than a button"
        keys = {theme["key"] for theme in each["themes"]}
        plans = [p for p in document["plans"] if p["round"] == each["slug"]]
        if unknown := {plan["theme"] for plan in plans} - keys:
            yield f"{each['slug']}: unknown theme {unknown}"
    voted = [p["theme"] for p in document["plans"] if p["status"] == Status.ON_BALLOT]
    if sorted(Counter(voted).values()) != THEME_SIZES:
        yield f"themes of the ballot: {Counter(voted)}"


def round_faults(document: Document) -> Faults:
    for each in document["rounds"]:
        phases = each["phases"]
        ordered = [phases.get(phase) for phase in Phase]
        if None in ordered or any(a >= b for a, b in pairwise(ordered)):
            yield f"{each['slug']}: phases {phases}"
        now = max((p for p in phases if phases[p] < 0), key=phases.__getitem__)
        if now != {VOTING: Phase.VOTING, COLLECTING: Phase.COLLECTING}[each["slug"]]:
            yield f"{each['slug']}: is in {now} today"
        if not (each["legal_basis"] and each["decision"]):
            yield f"{each['slug']}: no legal basis"
        lengths = {len(lines) for lines in each["rules"].values()}
        if len(lengths) != 1 or not lengths <= set(range(1, 7)):
            yield f"{each['slug']}: rules per language {lengths}"
        if len(set(each["streets"])) < max(10, len(each["streets"])):
            yield f"{each['slug']}: streets"


def official_faults(document: Document) -> Faults:
    officials = document["officials"]
    if sorted(each["role"] for each in officials) != ROLES:
        yield f"officials: {[each['role'] for each in officials]}"
    for each in officials:
        if not re.fullmatch(r"[a-z]+@demo\.example", each["email"]):
            yield f"official {each['email']}: not an invented address"


RULES: tuple[Callable[[Document], Faults], ...] = (
    language_faults,
    spelling_faults,
    wording_faults,
    title_faults,
    summary_faults,
    number_faults,
    shape_faults,
    money_faults,
    theme_faults,
    round_faults,
    official_faults,
)


def faults_in(document: Document) -> list[str]:
    return [fault for rule in RULES for fault in rule(document)]


def test_the_demo_file_has_no_fault() -> None:
    assert faults_in(load_demo()) == []


def test_every_text_of_rounds_and_plans_is_looked_at() -> None:
    # Per round 4 titles and lines, 3 themes, rules; one round names its selectors.
    # Of 60 plans title and summary, of 4 a reason.
    assert len(list(texts_in(load_demo()))) == 2 * 7 + 1 + 2 * 60 + 4


Spoil: TypeAlias = Callable[[Document], object]


def plan(document: Document, number: int) -> Document:
    return next(each for each in document["plans"] if each["number"] == number)


def texts(number: int, name: str, **words: str) -> Spoil:
    return lambda document: plan(document, number)[name].update(words)


def values(plan_number: int, **fields: object) -> Spoil:
    return lambda document: plan(document, plan_number).update(fields)


def values_of_round(place: int, **fields: object) -> Spoil:
    return lambda document: document["rounds"][place].update(fields)


# What is to be found, and what is done to the file for it.
BAD_EXAMPLES: list[tuple[str, Spoil]] = [
    ("plan 90 reason: languages", lambda d: plan(d, 90)["reason"].pop("ar")),
    ("plan 33 title ar: foreign", texts(33, "title", ar="مقهى Repair")),
    ("plan 33 summary ar: foreign", texts(33, "summary", ar="المبلغ ٥٠٠ يورو.")),
    ("plan 10 title ar: foreign", texts(10, "title", ar="\u200fمقعد")),
    ("plan 11 summary tr: foreign", texts(11, "summary", tr="Buurt için wok.")),
    ("plan 11 title en: stray space", texts(11, "title", en="Cook  together")),
    ("plan 33 title nl: not composed", texts(33, "title", nl="Cafe\u0301")),
    ("nl: forbidden word helaas", texts(90, "reason", nl="Helaas kan dit niet.")),
    ("tr: forbidden word reddedildi", texts(90, "reason", tr="REDDEDİLDİ.")),
    ("ar: forbidden word مرفوض", texts(90, "reason", ar="الخطة المَرفوضة.")),
    ("en: forbidden word it's", texts(64, "summary", en="It's free.")),
    ("en: long sentence", texts(60, "summary", en="It is " + "so " * 10 + "good.")),
    ("title nl: longer than", texts(100, "title", nl="Een echt veilig voetpad")),
    ("plan 44 title nl: digit", texts(44, "title", nl="Straat met 5 drempels")),
    ("plan 44 summary nl: digit", texts(44, "summary", nl="Er zijn 5 drempels.")),
    ("title twice", texts(11, "title", tr="BİRLİKTE TEMİZLİK")),
    ("summary nl: not one or two", texts(22, "summary", nl="Een. Twee. Drie.")),
    ("nl: first sentence", texts(22, "summary", nl="Speeltoestellen " * 5 + "nu.")),
    ("reason nl: longer than", texts(92, "reason", nl="Nee. " + "a" * 240 + ".")),
    ("numbers by round and status", values(21, number=12)),
    ("plan 91: fields ['reason']", lambda d: plan(d, 91).pop("reason")),
    ("plan 98: fields ['cost_euros']", values(98, cost_euros=5_000)),
    ("plan 88: supports 30", values(88, supports=30)),
    ("plan 10: cost 950000", values(10, cost_euros=950_000)),
    ("cost of the ballot", values_of_round(0, budget_euros=1_200_000)),
    (f"{COLLECTING}: unknown theme", values(98, theme="water")),
    ("themes of the ballot", values(11, theme="green")),
    (
        "theme green nl: longer than a button",
        lambda d: d["rounds"][0]["themes"][0]["title"].update(
            nl="Groen en veel spelen"
        ),
    ),
    (f"{COLLECTING}: no legal basis", values_of_round(1, legal_basis="")),
    (f"{VOTING}: is in", lambda d: d["rounds"][0]["phases"].update(counting=-1)),
    (f"{COLLECTING}: phases", lambda d: d["rounds"][1]["phases"].update(reviewing=30)),
    (f"{VOTING}: rules per", lambda d: d["rounds"][0]["rules"]["tr"].pop()),
    (f"{VOTING}: streets", lambda d: d["rounds"][0]["streets"].append("Noorderhof")),
    ("officials: ", lambda d: d["officials"].pop()),
    ("official a@b.org", lambda d: d["officials"][0].update(email="a@b.org")),
]


@pytest.mark.parametrize(
    ("fault", "spoil"), BAD_EXAMPLES, ids=[fault for fault, _ in BAD_EXAMPLES]
)
def test_a_bad_example_is_found(fault: str, spoil: Spoil) -> None:
    document = load_demo()
    spoil(document)
    assert fault in "\n".join(faults_in(document))

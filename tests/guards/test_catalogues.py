"""Every message is worded in four languages, and every wording keeps the rules."""

import ast
import re
import runpy
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.domain.languages import LANGUAGES, Language
from bot.flows.words import understand
from bot.i18n.catalogues import LOCALES, load_translations
from tests.i18n.wording import BUTTON, RULES, Text, faults_in
from tests.need import ROOT

# Loaded by path, because tools/ is a folder of scripts and no package.
TOOL: dict[str, Any] = runpy.run_path(str(ROOT / "tools" / "catalogues.py"))
INSIDE_A_ROW = "bot/i18n/"
OFFERED = re.compile(r"(?:: )([^:.]+)\.")
ARABIC_PLURAL = (
    "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)"
)


@cache
def catalogue(language: str) -> Catalog:
    with TOOL["catalogue_path"](language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def messages(language: str) -> Iterator[Message]:
    return (message for message in catalogue(language) if message.id)


def forms(message: Message) -> list[tuple[str, str]]:
    """Return each id of a message with each of its texts."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return [(message.id[-1], text) for text in message.string or ()]


@cache
def texts(language: str) -> tuple[Text, ...]:
    """Return all texts of a language, labels known as such."""
    found = []
    for message in messages(language):
        outside = not all(p.startswith(INSIDE_A_ROW) for p, _ in message.locations)
        for place, (msgid, text) in enumerate(forms(message)):
            alone = place < SINGLE[language] and isinstance(message.id, tuple)
            found.append(
                Text(
                    language,
                    msgid,
                    text,
                    msgid in labels(),
                    outside,
                    says_its_number=alone and "%(n)s" not in text,
                )
            )
    return tuple(found)


SINGLE = {"nl": 1, "en": 1, "tr": 0, "ar": 3}
"""How many plural forms stand for one number only: in Arabic none, one and two.

Turkish has a single form for all numbers, so it always has to show them.
"""


@cache
def labels() -> frozenset[str]:
    """Return the ids that stand on buttons anywhere in the code."""
    found = {"Choose"}
    for path in sorted((ROOT / "bot").rglob("*.py")):
        found |= labels_in(path.read_text("utf-8"))
    return frozenset(found)


def labels_in(source: str) -> set[str]:
    """Return the message ids in the second argument of each `Button(…)`."""
    tree = ast.parse(source)
    named = {
        target.id: list(marked(node.value))
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = set()
    for call in calls(tree, "Button"):
        label = call.args[1]
        found |= set(marked(label))
        for name in ast.walk(label):
            found |= (
                set(named.get(name.id, ())) if isinstance(name, ast.Name) else set()
            )
    return found


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=called)) if called == name:
                yield node


def marked(tree: ast.AST) -> Iterator[str]:
    for call in calls(tree, "N_"):
        yield ast.literal_eval(call.args[0])


def test_the_catalogues_hold_what_the_code_says_and_nothing_else() -> None:
    assert list(TOOL["faults"]()) == []


def test_a_message_too_many_or_too_few_is_seen() -> None:
    code, have = Catalog(), Catalog()
    code.add("We have your vote.")
    have.add("We had your vote.")
    assert list(TOOL["drift"](have, code, "nl")) == [
        "nl: lacks 'We have your vote.'",
        "nl: no longer said: 'We had your vote.'",
    ]


def test_an_empty_a_fuzzy_and_a_half_plural_message_are_seen() -> None:
    bad = Catalog(locale="ar")
    bad.add("Yes")
    bad.add("No", "لا", flags=["fuzzy"])
    bad.add(("one plan", "many plans"), ("خطة", "", "", "", "", ""))
    found = "\n".join(TOOL["gaps"](bad, "ar"))
    assert all(part in found for part in ("'Yes'", "fuzzy: 'No'", "'one plan'"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_keeps_the_wording_rules(language: str) -> None:
    assert len(texts(language)) > 100
    assert [fault for text in texts(language) for fault in faults_in(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_button_fits(language: str) -> None:
    chosen = catalogue(language)["Choose"]
    assert 0 < len(str(chosen.string)) <= BUTTON


def test_the_labels_of_buttons_are_found_in_the_code() -> None:
    assert labels() >= {"Yes, this is my plan", "I want to vote", "%(language)s"}
    assert len(labels()) > 30
    assert labels_in("row = N_('a')\nButton('x', Say(row))") == {"a"}
    assert labels_in("Button('x', Say(N_('a')), Say(N_('long detail')))") == {"a"}
    assert labels_in("Reply(Say(N_('a')))") == set()


def test_arabic_has_six_plural_forms_by_the_rule_of_gettext() -> None:
    arabic = catalogue("ar")
    assert (arabic.num_plurals, arabic.plural_expr) == (6, ARABIC_PLURAL)
    assert any(isinstance(message.id, tuple) for message in messages("ar"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_says_the_same(language: str) -> None:
    compiled = load_translations(LOCALES, language)
    written = [m for m in messages(language) if isinstance(m.id, str)]
    stale = [m.id for m in written if compiled.gettext(str(m.id)) != m.string]
    assert stale == [], "run `make setup`"


def told_words(language: Language) -> Iterator[tuple[str, str, str]]:
    """Yield each word that residents are told to type or say, in English and here."""
    for message in messages(language):
        if isinstance(message.id, str) and re.search(r"\b[Ss]ay: ", message.id):
            here = OFFERED.search(str(message.string))
            there = OFFERED.search(message.id)
            assert here, message.id
            assert there, message.id
            yield message.id, there[1], here[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_we_tell_people_to_say_is_understood(language: Language) -> None:
    told = list(told_words(language))
    assert len(told) >= 10
    for msgid, english, word in told:
        meant = understand(english, "en").whole[0]
        assert meant in understand(word, language).whole, (msgid, word)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_that_a_text_names_bears_that_name(language: str) -> None:
    own = catalogue(language)
    named = [m for m in messages(language) if re.search(r"[Tt]ap: ", str(m.id))]
    assert len(named) >= 3
    for message in named:
        label = str(message.id).rsplit(": ", 1)[1].removesuffix(".")
        assert str(message.string).endswith(f": {own[label].string}.")


SIX_TIMES_THREE = "One two three, one two three, one two three, one two three, four."
BAD_EXAMPLES: list[tuple[str, Text]] = [
    ("parameters", Text("nl", "It costs %(amount)s.", "Het kost 5 euro.")),
    ("parameters", Text("nl", "Plan %(plan)s.", "Plan %(plan).")),
    ("long sentence", Text("en", "A.", SIX_TIMES_THREE)),
    (
        "long sentence",
        Text("en", "%(closing)s.", "You can change it in this chat until %(closing)s."),
    ),
    ("forbidden word helaas", Text("nl", "A.", "Helaas kan dit niet.")),
    ("forbidden word rejected", Text("en", "A.", "Your plan is rejected.")),
    ("forbidden word reddedildi", Text("tr", "A.", "REDDEDİLDİ.")),
    ("forbidden word مرفوض", Text("ar", "A.", "الخطة المَرفوضة.")),
    ("label of 23", Text("nl", "Yes", "Ja, dit is echt mijn plan"[:23], is_label=True)),
    ("label of 21", Text("nl", "P", "Vraag plan nummer %(plan)s", is_label=True)),
    ("does not begin", Text("ar", "A.", "Buurtstem خدمة من البلدية.")),
    ("does not begin", Text("ar", "City %(city)s.", "%(city)s خدمة من بلدية.")),
    ("speaks to one person: خطتك", Text("ar", "A.", "تم حفظ خطتك.")),
    ("suffix on a parameter", Text("tr", "%(date)s A.", "Sonuç %(date)s'de gelir.")),
    ("foreign character", Text("tr", "A.", "Buurt için wok.")),
    ("foreign character", Text("ar", "A.", "خطة voor الحي.")),
    ("foreign character", Text("en", "A.", "Сlosed.")),
    ("digits other", Text("ar", "A.", "أقصى عدد: ٥.")),
    ("not composed", Text("nl", "A.", "E\u0301e\u0301n plan.")),
    ("stray space", Text("nl", "A.", "Een  plan.")),
    ("stray space", Text("nl", "A.", "Een plan. ")),
    ("direction control", Text("ar", "A.", "\u200fخطة.")),
    ("space on the wrong side", Text("tr", "A.", "Evet , planım bu.")),
    ("space on the wrong side", Text("nl", "A.", "Ja,dit is het.")),
    ("ends with '' instead of '?'", Text("tr", "Yes?", "Evet mi")),
    ("ends with '?' instead of '.'", Text("ar", "A.", "هل هذا؟")),
]


@pytest.mark.parametrize(("fault", "text"), BAD_EXAMPLES)
def test_a_bad_wording_is_seen(fault: str, text: Text) -> None:
    assert fault in "\n".join(faults_in(text))


def test_every_rule_has_a_bad_example() -> None:
    caught = {rule for rule in RULES for _, text in BAD_EXAMPLES if list(rule(text))}
    assert caught == set(RULES)

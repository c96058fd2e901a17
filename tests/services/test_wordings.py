"""Every wording that is handed in keeps the rules of Meta, and ours."""

import re

import pytest

from bot.channels.limits import (
    WHATSAPP_REPLY_ID,
    WHATSAPP_REPLY_TITLE,
    WHATSAPP_RICH_BODY,
    WHATSAPP_VARIABLE,
)
from bot.domain.languages import LANGUAGES
from bot.domain.wording import SENTENCE_WORDS, sentences
from bot.i18n import direction
from bot.i18n.bidi import FSI, PDI
from bot.services.slots import LONGEST, fallback, fit
from bot.services.stories import OUTCOMES
from bot.services.wordings import KINDS, Wording, all_wordings, wording
from tests.i18n.wording import (
    BIDI,
    Text,
    arabic_begins,
    digits,
    forbidden_words,
    words_shown,
)
from tests.standins.approvals import fault_of

ALL = all_wordings()
PLACE = re.compile(r"\{\{(\d+)\}\}")
FIXED_WORDS_PER_VARIABLE = 3
each_wording = pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)


def filled(one: Wording, value: str) -> str:
    """Return the body with `value` in every slot, each cut to its own length."""
    values = [fit(slot, value, one.language) for slot in one.slots]
    return PLACE.sub(lambda found: values[int(found[1]) - 1], one.body)


def content(one: Wording) -> dict[str, object]:
    draft = one.draft
    samples = {str(n): words for n, words in enumerate(draft.samples, 1)}
    return {"variables": samples, "types": {"": {"body": draft.body}}}


def test_there_is_a_wording_for_every_story() -> None:
    assert set(OUTCOMES) <= set(KINDS)
    assert len({one.digest for one in ALL}) == len(ALL) == 15 * 4


@each_wording
def test_meta_finds_words_around_each_variable(one: Wording) -> None:
    assert fault_of(content(one)) == ""
    order = [int(found[1]) for found in PLACE.finditer(one.body)]
    assert order == list(range(1, len(one.slots) + 1))
    fixed = PLACE.sub("", one.body).split()
    assert len(fixed) > FIXED_WORDS_PER_VARIABLE * len(one.slots)


def test_a_wording_that_meta_refuses_is_seen() -> None:
    for body in ("{{1}} is chosen.", "It is: {{1}}.", "Plan {{1}}\n{{2}} is it."):
        bad = {"variables": {"1": "a", "2": "b"}, "types": {"": {"body": body}}}
        assert fault_of(bad)


@each_wording
def test_the_longest_values_fit(one: Wording) -> None:
    assert WHATSAPP_RICH_BODY.fits(filled(one, "ب x" * 200))
    assert all(most <= WHATSAPP_VARIABLE.most for most in LONGEST.values())
    assert all(WHATSAPP_VARIABLE.fits(sample) for sample in one.draft.samples)


@each_wording
def test_listen_is_the_first_of_few_buttons_with_short_labels(one: Wording) -> None:
    ids, labels = zip(*one.buttons, strict=True)
    assert ids[0] == "listen"
    assert 1 <= len(set(ids)) == len(set(labels)) == len(ids) <= 4
    assert all(WHATSAPP_REPLY_ID.fits(name) for name in ids)
    assert all(label and WHATSAPP_REPLY_TITLE.fits(label) for label in labels)


@each_wording
def test_its_words_keep_our_rules(one: Wording) -> None:
    """The rows keep them in the catalogues; here is what is made of them."""
    for row in one.body.split("\n"):
        shown = PLACE.sub("1", row)
        text = Text(one.language, "Words.", shown)
        rules = (arabic_begins, forbidden_words, digits)
        assert [fault for rule in rules for fault in rule(text)] == []
        assert all(words_shown(part) <= SENTENCE_WORDS for part in sentences(shown))


@each_wording
def test_what_is_approved_holds_no_direction_marks(one: Wording) -> None:
    assert not BIDI.search(one.body)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_that_runs_the_other_way_stands_in_isolates(language: str) -> None:
    other = "Een bankje" if direction(language) == "rtl" else "مقعد في الحديقة"
    assert fit("title", other, language) == FSI + other + PDI
    long = fit("words", f"{other} " * 100, language)
    assert len(long) <= LONGEST["words"]
    assert (long[0], long[-1]) == (FSI, PDI)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Een  bankje\n\tbij de vijver", "Een bankje bij de vijver"),
        ("Kies {{1}}", "Kies { {1} }"),
        ("a" * 300, "a" * 149 + "…"),
        ("👩‍👩‍👧‍👦" * 50, "👩‍👩‍👧‍👦" * 21 + "…"),
        (" \n ", "Spraakbericht"),
    ],
)
def test_a_value_is_one_short_line(given: str, shown: str) -> None:
    assert fit("title", given, "nl") == shown


def test_a_slot_of_older_words_is_filled_too() -> None:
    assert fit("street", "De Lindenlaan", "nl") == "De Lindenlaan"
    assert fit("street", "", "nl") == "–"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slot_has_something_to_say(language: str) -> None:
    slots = {slot for one in ALL for slot in one.slots}
    assert slots == set(LONGEST)
    assert all(fallback(slot, language) for slot in slots)


def test_other_words_make_another_digest() -> None:
    one = wording("message", "nl")
    changed = Wording(one.kind, one.language, one.body + " ", one.slots, one.buttons)
    assert changed.digest != one.digest

"""Words for residents in a form: fields for four languages, a tick, and phrases."""

from collections.abc import Mapping
from typing import Any

from flask import request

from bot.domain.languages import LANGUAGES, NAMES
from bot.services.desk.wording import MOST_WORDS, Worded, phrase_texts

FAULTS: Mapping[str, str] = {
    "empty": "words_empty",
    "dutch": "words_dutch",
    "too_long": "words_too_long",
    "unchecked": "words_unchecked",
}
"""Which of our words says what is wrong with those of a form."""


def given_words(prefix: str = "text") -> Worded:
    """Return what stood in the form: fields `text_nl` …, `phrase` and `checked`."""
    texts: dict[str, str] = {
        each: request.form.get(f"{prefix}_{each}", "") for each in LANGUAGES
    }
    return Worded(
        phrase=request.form.get("phrase", ""),
        texts=texts,
        checked=request.form.get("checked") == "yes",
    )


def shown_words(phrases: Mapping[str, str], language: str) -> dict[str, Any]:
    """Return what a form of words needs: languages, phrases as officials read them."""
    return {
        "written": [(each, NAMES[each]) for each in LANGUAGES],
        "phrases": {key: phrase_texts(say)[language] for key, say in phrases.items()},
        "most": MOST_WORDS,
    }

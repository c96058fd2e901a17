"""A text in several languages: the reader's, else Dutch, else any."""

import pytest

from bot.domain.languages import is_language, pick_text


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        pytest.param({"nl": "boom", "tr": "ağaç"}, "ağaç", id="the reader's own"),
        pytest.param({"nl": "boom", "en": "tree"}, "boom", id="Dutch in its place"),
        pytest.param({"en": "tree"}, "tree", id="any where Dutch is missing too"),
        pytest.param({"nl": "", "en": "tree"}, "tree", id="an empty text is missing"),
        pytest.param({}, "", id="nothing where there is none"),
    ],
)
def test_the_text_a_turkish_reader_sees(texts: dict[str, str], shown: str) -> None:
    assert pick_text(texts, "tr") == shown


def test_four_languages_and_no_other() -> None:
    codes = ("nl", "en", "tr", "ar", "de", "NL", "", None)
    assert [code for code in codes if is_language(code)] == ["nl", "en", "tr", "ar"]

"""What has one home: the time zone of the city, and how an amount is written."""

from tests.need import ROOT

WRITTEN_ONCE = {
    '"Europe/Amsterdam"': "bot/domain/rounds.py",
    "def amount_words(": "bot/i18n/values.py",
    '"−"': "bot/i18n/values.py",
}


def test_each_is_written_in_one_file_only() -> None:
    files = {path: path.read_text() for path in (ROOT / "bot").rglob("*.py")}
    assert len(files) > 200
    for words, home in WRITTEN_ONCE.items():
        found = {
            str(path.relative_to(ROOT)) for path, text in files.items() if words in text
        }
        assert found == {home}, words

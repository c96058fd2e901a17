"""Drafts by the city's own translation server, for a person to read, mend and tick.

It speaks the API of LibreTranslate, which a city can run on a machine of its own. What
it answers goes to nobody by itself: it fills a form, and the tick stays with a person.
"""

import json
from collections.abc import Sequence
from typing import Any

import requests

MOST_CHARACTERS = 20_000
MOST_BYTES = 1_000_000
TIMEOUT_SECONDS = (3.0, 12.0)


class TranslatorError(Exception):
    """No draft came; the message is a word: off, silent, refused, strange or long."""


class Translator:
    """Asks the server at `url`. Safe to share between threads."""

    def __init__(self, url: str, key: str | None = None) -> None:
        self._place = f"{url.rstrip('/')}/translate"
        self._key = key

    def draft(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Return each text in `target`, a language code, in the same order.

        What is empty stays empty. Raises TranslatorError.
        """
        asked = [text for text in texts if text.strip()]
        if sum(map(len, asked)) > MOST_CHARACTERS:
            raise TranslatorError("long")
        if not asked or source == target:
            return list(texts)
        found = iter(self._ask(asked, source, target))
        return [next(found) if text.strip() else text for text in texts]

    def _ask(self, texts: list[str], source: str, target: str) -> list[str]:
        body = {"q": texts, "source": source, "target": target, "format": "text"}
        if self._key:
            body["api_key"] = self._key
        told = _answer(self._place, body)
        found = told.get("translatedText") if isinstance(told, dict) else None
        is_whole = isinstance(found, list) and len(found) == len(texts)
        if not is_whole or not all(isinstance(each, str) for each in found or ()):
            raise TranslatorError("strange")
        return [each.replace("\0", "") for each in found or ()]


def _answer(place: str, body: Any) -> Any:  # noqa: ANN401 - JSON
    """Post once and return what came back. No proxy and no redirect is followed."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            with session.post(
                place,
                json=body,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
                stream=True,
            ) as answer:
                if answer.status_code != requests.codes.ok:
                    raise TranslatorError("refused")
                return _json(answer)
        except requests.RequestException:
            raise TranslatorError("silent") from None


def _json(answer: requests.Response) -> Any:  # noqa: ANN401 - JSON
    data = b""
    for part in answer.iter_content(65_536):
        data += part
        if len(data) > MOST_BYTES:
            raise TranslatorError("strange")
    try:
        return json.loads(data)
    except ValueError:
        raise TranslatorError("strange") from None

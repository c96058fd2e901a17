"""A city's translation server on 127.0.0.1, with the API of LibreTranslate."""

from typing import Any

from tests.standins.recorder import Call
from tests.standins.server import Answer, StandIn, json_answer

KEY = "a key of an invented city"
WORDS = {
    ("nl", "ar"): {"Een bankje onder de linde": "مقعد تحت شجرة الزيزفون"},
    ("ar", "nl"): {"مقعد في الحديقة": "Een bankje in het park"},
}


class TranslatorStandIn(StandIn):
    """Knows a few sentences; of any other it says which language was asked for."""

    provider = "translator"

    def __init__(self) -> None:
        super().__init__()
        self.answers: Answer | None = None

    def answer(self, call: Call) -> Answer:
        """Answer as LibreTranslate does: a list for a list, 403 for a wrong key."""
        if self.answers is not None:
            return self.answers
        asked: Any = call.json
        if call.path != "/translate" or asked.get("api_key") != KEY:
            return json_answer(403, {"error": "Invalid API key"})
        known = WORDS.get((asked["source"], asked["target"]), {})
        told = [known.get(text, f"[{asked['target']}] {text}") for text in asked["q"]]
        return json_answer(200, {"translatedText": told})

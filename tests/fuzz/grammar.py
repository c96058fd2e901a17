"""Bodies from descriptions: the providers' own, where they are here, and ours.

Telegram's comes with its types; ours is OpenAPI 3.1, whose examples are Hypothesis's.
"""

from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from bot.web.machine import description
from tests.fuzz.values import STRANGE_NUMBERS, text
from tests.standins.oracles import has_oracles, load_oracle

MOST_DEEP = 4
_LIKELY = 0.12
"""How likely an optional field is there: a message of Telegram's has a hundred."""

_ROOMY = 150


def telegram_type(random: Random, name: str, depth: int = 0) -> Any:
    """Return a value of one of the Bot API's types, as its description allows."""
    types = load_oracle("telegram_bot_api.json")["types"]
    if name.startswith("Array of "):
        inner = name.removeprefix("Array of ")
        return [
            telegram_type(random, inner, depth + 1) for _ in range(random.randint(0, 2))
        ]
    if name not in types:
        return _PLAIN.get(name, lambda _: None)(random)
    if subtypes := types[name].get("subtypes"):
        return telegram_type(random, random.choice(subtypes), depth)
    return {
        field["name"]: telegram_type(random, random.choice(field["types"]), depth + 1)
        for field in types[name].get("fields", ())
        if field["required"] or (depth < MOST_DEEP and random.random() < _LIKELY)
        if depth < MOST_DEEP * 2
    }


def _integer(random: Random) -> int:
    return random.choice([n for n in STRANGE_NUMBERS if isinstance(n, int)])


_PLAIN: dict[str, Any] = {
    "Integer": _integer,
    "String": text,
    "Boolean": lambda random: random.random() < 0.5,
    "True": lambda _: True,
    "Float": lambda random: random.uniform(-200, 200),
}


def telegram_update(random: Random) -> dict[str, Any]:
    """Return an Update of any kind; one without a description is of no known kind."""
    if not has_oracles():
        return {"update_id": _integer(random), "hologram": {"id": _integer(random)}}
    made = telegram_type(random, "Update")
    for field in ("message", "callback_query", "my_chat_member"):
        if random.random() < 0.4:
            of = {"message": "Message", "callback_query": "CallbackQuery"}
            made[field] = telegram_type(random, of.get(field, "ChatMemberUpdated"), 1)
    return made if isinstance(made, dict) else {}


@cache
def hook_calls(seed: int) -> Sequence[Any]:
    """Return bodies for `/hooks` that our description allows, the same for a seed."""
    told = schemathesis.openapi.from_dict(description("https://buurtstem.example"))
    cases = examples(told["/hooks"]["POST"].as_strategy(), seed, _ROOMY)
    return [case.body for case in cases]


def examples(strategy: Any, seed: int, most: int) -> Sequence[Any]:
    """Return what Hypothesis makes of a strategy, the same for the same seed."""
    found: list[Any] = []

    @hypothesis.seed(seed)
    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value: Any) -> None:
        found.append(value)

    draw()
    return found

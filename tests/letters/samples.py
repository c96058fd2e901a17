"""A round on paper: the demo's plans and the words that the bot gives them."""

import tomllib
from dataclasses import replace
from datetime import date
from functools import cache

from bot.domain.languages import LANGUAGES
from bot.domain.money import Money
from bot.domain.plans import Plan as BotPlan
from bot.domain.plans import Status
from bot.letter_words import edition, letter
from bot.services.letters import Printing
from bot.services.pass_files import PassCode
from bot.services.round_files import parse_round
from letters import Edition, Letter, Plan, Theme
from tests.need import ROOT

OPENERS = {
    "whatsapp": "https://wa.me/31612345678?text=%s",
    "telegram": "https://t.me/BuurtstemBot?start=%s",
}
TOKEN = "23456789abcdefghjkmn"
PASS = PassCode("000123", "resident", "4711081523429985", TOKEN)
PHASES = {
    "collecting": date(2026, 6, 1),
    "voting": date(2026, 11, 11),
    "counting": date(2026, 12, 9),
    "doing": date(2026, 12, 16),
}


@cache
def printing() -> Printing:
    """Return the demo's voting round, with both apps."""
    demo = tomllib.loads((ROOT / "bot/demo/slotermeer.toml").read_text("utf-8"))
    data = demo["rounds"][0] | {"phases": PHASES}
    plans = [p for p in demo["plans"] if p["status"] == "on_ballot"]
    return Printing(
        round=replace(parse_round(data), needs_opening=False),
        plans=tuple(
            BotPlan(
                each["number"],
                data["slug"],
                Status.ON_BALLOT,
                each["title"],
                each["summary"],
                Money(each["cost_euros"] * 100),
                each["theme"],
            )
            for each in plans
        ),
        openers=OPENERS,
        page="buurtstem.example/phone",
        phone="14 020",
    )


def shared(mark: str = "") -> Edition:
    """Return what all letters of the demo say."""
    return edition(printing(), mark)


def sheet(*address: str) -> Letter:
    """Return one letter of the demo."""
    return letter(printing(), PASS, address)


def with_plans(count: int, title: str) -> Edition:
    """Return an edition of so many plans of one theme, all with one title."""
    titles = (title,) * len(LANGUAGES)
    plans = tuple(Plan(100 + at, titles, "60.000") for at in range(count))
    theme = Theme("🌳", ("Groen",) * len(LANGUAGES), plans)
    return replace(shared(), themes=(theme,))

"""The terminal."""

from dataclasses import replace

from bot.channels.console import Console
from bot.domain.messages import Choice, Outbound, Tap, Text


def test_lines_are_messages_and_taps() -> None:
    console = Console()
    first, second, tap = map(console.typed, ["hoi", "hoi", ">menu:plan"])
    assert (first.content, tap.content) == (Text("hoi"), Tap("menu:plan"))
    assert len({first.external_id, second.external_id, tap.external_id}) == 3


def test_choices_are_shown_with_numbers() -> None:
    choices = (Choice("yes", "Ja"), Choice("no", "Nee"))
    out = Outbound(1, "x", "nl", "Klopt dit?", choices)
    assert Console().shown(out) == "Klopt dit?\n\n1. Ja\n2. Nee"


def test_a_picture_is_told() -> None:
    out = Outbound(1, "x", "nl", "50 – Een bank", picture="plan.jpg")
    assert Console().shown(out) == "(picture)\n50 – Een bank"
    assert Console().shown(replace(out, picture="")) == "50 – Een bank"


def test_a_recording_is_named() -> None:
    assert Console().shown(Outbound(1, "x", "nl", "Klopt dit?", sound="n")) == (
        "Klopt dit?\n(n)"
    )

"""Promises of privacy that no other test holds. See `docs/privacy.md`."""

import tomllib
from dataclasses import fields
from typing import Any

import pytest

from bot.domain.messages import Pin
from bot.domain.places import GRID_DEGREES, rounded
from bot.keys import Keys, derive_keys
from bot.services.rounds import RoundError, round_from_json
from tests.need import ROOT

METRES_PER_DEGREE = 111_320


@pytest.mark.parametrize("missing", ["legal_basis", "decision"])
@pytest.mark.parametrize("value", ["", "  "])
def test_a_round_without_legal_basis_is_refused(missing: str, value: str) -> None:
    demo = tomllib.loads((ROOT / "bot/demo/slotermeer.toml").read_text("utf-8"))
    data: dict[str, Any] = demo["rounds"][0] | {"budget_cents": 1, "starts": {}}
    assert round_from_json(data).legal_basis
    with pytest.raises(RoundError, match=missing):
        round_from_json(data | {missing: value})


def test_a_pin_is_rounded_to_about_fifty_metres() -> None:
    assert 45 <= GRID_DEGREES * METRES_PER_DEGREE <= 60
    near = [52.381 + metres / METRES_PER_DEGREE for metres in range(-20, 21)]
    assert {rounded(Pin(each, -each)) for each in near} == {Pin(52.381, -52.381)}
    assert rounded(Pin(52.38126, 4.8)) == Pin(52.3815, 4.8)


def test_every_purpose_has_a_key_of_its_own() -> None:
    keys = derive_keys("an invented city keeps no secrets here")
    derived = [getattr(keys, each.name) for each in fields(Keys)]
    assert len(set(derived)) == len(derived) >= 6
    assert all(len(key) == 32 for key in derived)
    assert keys != derive_keys("another invented city, another secret")
    assert not any(key.hex() in repr(keys) or str(key) in repr(keys) for key in derived)

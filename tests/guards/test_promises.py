"""Promises of privacy that no other test holds. See `docs/privacy.md`."""

import tomllib
from dataclasses import fields

import pytest

from bot.domain.messages import Pin
from bot.domain.places import GRID_DEGREES, rounded
from bot.keys import Keys, derive_keys
from bot.services.round_files import FaultyRoundError, parse_round, read_round_file
from bot.services.rounds import RoundError, round_from_json, round_to_json
from tests.need import ROOT

METRES_PER_DEGREE = 111_320


@pytest.mark.parametrize("missing", ["legal_basis", "decision"])
@pytest.mark.parametrize("value", ["", "  "])
def test_a_round_without_legal_basis_is_refused(missing: str, value: str) -> None:
    file = (ROOT / "rounds" / "nieuw-west-2019.toml").read_bytes()
    data = round_to_json(read_round_file(file))
    assert round_from_json(data).legal_basis
    with pytest.raises(RoundError, match=missing):
        round_from_json(data | {missing: value})
    with pytest.raises(FaultyRoundError, match=missing):
        parse_round(tomllib.loads(file.decode()) | {missing: value})


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

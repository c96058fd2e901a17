"""Every column about people is listed, and what is to go is gone on its day."""

from datetime import timedelta

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from bot.services.corrections import SOUND_DAYS
from bot.store.base import Base
from bot.store.inventory import PERSONAL, faults
from tests.guards.test_inventory import columns_of
from tests.houses import Street
from tests.promises.traces import columns_with
from tests.services.ears import Ears

SAID = "Een bank onder de lindebomen."


def test_a_column_that_is_not_listed_fails_the_build() -> None:
    grown = MetaData()
    Table("talks", grown, Column("shoe_size", Integer))
    assert faults(columns_of(Base.metadata)) == []
    found = faults(columns_of(Base.metadata) | columns_of(grown))
    assert found == ["talks.shoe_size is not in the inventory"]


def test_each_says_what_it_is_for_and_how_long_it_stays() -> None:
    assert len(PERSONAL) > 150
    assert not [name for name, what in PERSONAL.items() if not what.purpose]
    assert not [name for name, what in PERSONAL.items() if not what.kept]


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_her_voice_goes_thirty_days_after_she_confirmed_its_text(
    each_street: Street, ears: Ears, note: bytes, channel: str
) -> None:
    ears.says.append(SAID)
    person = each_street.ayse() if channel == "telegram" else each_street.fatima()
    person.sends_voice(note)
    each_street.work()
    each_street.clock.pass_time(days=3)
    person.taps("yes")
    each_street.work()
    confirmed = each_street.clock()
    each_street.clock.now = confirmed + timedelta(days=SOUND_DAYS, hours=-1)
    each_street.sweep()
    assert len(each_street.files()) == 1
    each_street.clock.pass_time(hours=2)
    each_street.sweep()
    assert each_street.files() == []
    assert columns_with(each_street.world, [SAID]) & {"media.transcript"} == set()
    assert "plans.text" in columns_with(each_street.world, [SAID])

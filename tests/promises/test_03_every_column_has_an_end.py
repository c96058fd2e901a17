"""Every column about people is listed, and what is to go is gone on its day."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Column, Integer, MetaData, Table, select, update

from bot.domain.languages import LANGUAGES
from bot.domain.round_terms import Retention
from bot.flows.keeping import unasked_rows
from bot.i18n import render
from bot.services.catalog import touch
from bot.services.corrections import SOUND_DAYS
from bot.store.base import Base
from bot.store.civic import RoundRow
from bot.store.inventory import PERSONAL, faults
from tests.guards.test_inventory import columns_of
from tests.houses import Street
from tests.promises.traces import columns_with
from tests.services.ears import Ears
from tests.worlds import World

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


WORDS = {"nl": "privacy", "en": "privacy", "tr": "gizlilik", "ar": "الخصوصية"}
KEPT = {"nl": "na 90 dagen", "en": "after 90 days", "tr": "90 gün sonra"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_residents_are_told_how_long_things_are_kept_when_nobody_asks(
    world: World, client: FlaskClient, language: str
) -> None:
    with world.house.db.engine.begin() as db:
        for row in db.execute(select(RoundRow.id, RoundRow.data)).all():
            data = row.data | {"retention": {"messages_days": 90}}
            changed = update(RoundRow).where(RoundRow.id == row.id)
            db.execute(changed.values(data=data))
        touch(db)
    person = world.person(language)
    world.says(person, WORDS[language])
    told = "\n".join(world.texts(person))
    page = client.get(f"/open/privacy?lang={language}").text
    said = KEPT.get(language, "بعد 90 يوماً")
    assert said in told
    assert said in page
    rows = [render(say, language) for say in unasked_rows(Retention(messages_days=90))]
    assert [row for row in rows if row not in told] == []
    assert [row for row in rows if row not in page] == []


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

"""What a channel allows is round data; what is off is handed over, nothing is lost."""

from typing import Any

import pytest

from bot.domain.round_terms import Act
from bot.services.demo import demo_passes
from bot.services.rounds import round_from_json, round_to_json
from bot.store.civic import BallotRow, PlanRow, Support
from bot.store.passes import PassRow
from tests.houses import Street, since
from tests.promises.test_04_nothing_public_unticked import tick
from tests.services.opened import round_of
from tests.services.ruled import lay_down
from tests.worlds import COLLECTING, VOTING, table

PAGE = "https://buurtstem.example/phone"
PLAN = "Een bank onder de lindebomen"
ACTS = tuple(Act)


def switch_off(street: Street, *acts: Act) -> None:
    """Leave everything but these open on Telegram, in both rounds."""
    for slug in (VOTING, COLLECTING):
        left = frozenset(ACTS) - {*acts}
        lay_down(street.world, slug, acts={"telegram": left})


def says(street: Street, person: Any, *words: str) -> str:
    """Say one after the other; return what came back."""
    before = len(person.heard)
    for each in words:
        person.says(each)
        street.work()
    return "\n".join(since(person, before))


def test_which_acts_a_channel_allows_stands_in_the_round(each_street: Street) -> None:
    switch_off(each_street, Act.VOTE)
    a_round = round_of(each_street.world, VOTING)
    again = round_from_json(round_to_json(a_round))
    assert not again.allows(Act.VOTE, "telegram")
    assert again.allows(Act.PLAN, "telegram")
    assert again.allows(Act.VOTE, "web")
    assert {act.value for act in Act} >= {"plan", "support", "vote", "results"}


def test_who_wants_to_vote_where_none_can_hears_where_she_can(
    each_street: Street,
) -> None:
    ayse = each_street.ayse()
    switch_off(each_street, Act.VOTE)
    told = says(each_street, ayse, "stem 21 30")
    assert PAGE in told
    assert each_street.world.rows(table(BallotRow)) == []


def test_a_vote_that_was_begun_does_not_count_after_that(each_street: Street) -> None:
    ayse = each_street.ayse()
    says(each_street, ayse, "stem 21 30")
    switch_off(each_street, Act.VOTE)
    told = says(each_street, ayse, "ja")
    assert "In deze chat kunt u niet stemmen." in told
    assert "Bij het loket van de gemeente." in told
    assert PAGE in told
    assert each_street.world.rows(table(BallotRow)) == []
    assert PAGE in says(each_street, ayse, "stem")


def test_a_pass_is_not_lost_and_votes_elsewhere(each_by_pass: Street) -> None:
    ayse = each_by_pass.ayse()
    letter = demo_passes(each_by_pass.house)[0]
    switch_off(each_by_pass, Act.VOTE)
    assert PAGE in says(each_by_pass, ayse, letter.code)
    mine = table(PassRow).where(PassRow.serial == letter.serial)
    row = each_by_pass.world.one(mine)
    assert (row.state, row.chat_hash) == ("open", None)
    fatima = each_by_pass.fatima()
    says(each_by_pass, fatima, letter.code, "21 30", "ja")
    ballots = each_by_pass.world.rows(table(BallotRow))
    assert [each.picks for each in ballots] == [[21, 30]]


def test_a_plan_that_was_told_stays_and_is_answered_here(each_street: Street) -> None:
    ayse = each_street.ayse()
    says(each_street, ayse, PLAN, "ja", "sla over")
    switch_off(each_street, Act.PLAN)
    assert PLAN in says(each_street, ayse, "status")
    assert PAGE in says(each_street, ayse, "plan")
    kept = table(PlanRow).where(PlanRow.text == PLAN)
    assert each_street.world.one(kept).status == "received"


def test_support_is_given_elsewhere_too(each_street: Street) -> None:
    number = each_street.world.plan(None, a_round=COLLECTING)
    tick(each_street.world, number)
    ayse, fatima = each_street.ayse(), each_street.fatima()
    switch_off(each_street, Act.SUPPORT)
    assert PAGE in says(each_street, ayse, f"steun {number}")
    assert each_street.world.rows(table(Support)) == []
    says(each_street, fatima, f"steun {number}")
    assert len(each_street.world.rows(table(Support))) == 1


@pytest.mark.parametrize("words", ["medewerker", "privacy", "mijn gegevens", "stop"])
def test_what_is_always_possible_stays(street: Street, words: str) -> None:
    ayse = street.ayse()
    switch_off(street, *ACTS)
    told = says(street, ayse, words)
    assert told
    assert PAGE not in told.partition("\n")[0]

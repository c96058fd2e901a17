"""Turnout: counted from receipts while a round is open, added up when it is sealed."""

from bot.domain.passes import LENGTHS, PassClass, PassState
from bot.services.pass_register import Making, make_passes
from bot.services.sealing import seal
from bot.services.turnout import Cell, turnout_of
from bot.store.passes import Receipt, Turnout
from tests.services.test_passes import act, city, each_city, passes, votes
from tests.worlds import VOTING, World, table

__all__ = ["city", "each_city"]  # fixtures
BY = "anna and bram"
SEEN = [Cell("telegram", "en", 1), Cell("whatsapp", "ar", 2)]


def cells(world: World) -> list[Cell]:
    with world.house.db.engine.connect() as db:
        slugs = world.house.catalog.view(db)
        return turnout_of(db, slugs.round_id(VOTING))


def some_vote(world: World) -> None:
    """Let three people vote, one of them twice, and one with a test pass."""
    letters = passes(world)
    for letter in letters[:2]:
        votes(world, world.person("ar", "whatsapp"), letter.code)
    person = world.person("en")
    votes(world, person, letters[2].code, "21")
    votes(world, person, letters[2].code, "30")
    trial = Making(VOTING, PassClass.TEST, 1, LENGTHS[0], BY, PassState.OPEN)
    (test,) = act(world, make_passes, trial)
    votes(world, world.person("nl"), test.code)


def test_turnout_counts_a_ballot_where_it_came_from_once(each_city: World) -> None:
    assert cells(each_city) == []
    some_vote(each_city)
    assert cells(each_city) == SEEN


def test_sealing_keeps_the_sums_and_no_receipt_says_how_it_came(
    each_city: World,
) -> None:
    some_vote(each_city)
    each_city.clock.pass_time(days=30)
    seal(each_city.house, VOTING, BY)
    assert cells(each_city) == SEEN
    receipts = each_city.rows(table(Receipt))
    assert [(row.route, row.language) for row in receipts] == [(None, None)] * 4
    kept = each_city.rows(table(Turnout))
    assert sorted((row.route, row.language, row.ballots) for row in kept) == SEEN

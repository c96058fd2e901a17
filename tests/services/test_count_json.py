"""A count that is kept as JSON is the same count when it is read."""

import json

from hypothesis import given, settings

from bot.i18n import render
from bot.services.count_json import outcome_from_json, outcome_to_json
from bot.services.count_words import Account
from tally import Election, Outcome, Settings, count
from tests.tally.elections import counts


def told(outcome: Outcome) -> list[str]:
    return [render(row, "nl") for rows in Account(outcome).rows() for row in rows]


@settings(max_examples=300, deadline=None)
@given(counts())
def test_every_count_is_kept_exactly(of: tuple[Election, Settings]) -> None:
    outcome = count(*of)
    kept = json.dumps(outcome_to_json(outcome))
    read = outcome_from_json(json.loads(kept), outcome.measure)
    assert read == outcome
    assert told(read) == told(outcome)

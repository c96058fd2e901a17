"""From an election and its settings to the outcome: one pure function."""

from tally.by_quotas import by_quotas
from tally.by_shares import by_shares
from tally.by_votes import by_votes
from tally.election import Election
from tally.outcome import Outcome
from tally.settings import Rule, Settings


def count(election: Election, settings: Settings) -> Outcome:
    """Count an election. Raises ElectionError if the settings do not fit it."""
    settings.check(election)
    match settings.rule:
        case Rule.QUOTAS:
            return by_quotas(election, settings)
        case Rule.EQUAL_SHARES:
            return by_shares(election, settings)
        case Rule.SKIP | Rule.STOP | Rule.TWO_STEP:
            return by_votes(election, settings)

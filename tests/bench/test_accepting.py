"""The bench of ballots lets every holder vote, and tells what it saw."""

from bench.accepting import Accepted, accepting_report, measure


def test_everybody_votes_and_the_report_divides_by_the_bare_row() -> None:
    (seen, *_) = measure(rounds=1, ballots=5)
    assert seen.database == "SQLite"
    assert 0 < seen.yes < seen.vote
    assert seen.row > 0


def test_the_report_tells_medians_and_how_many_rows_a_yes_is_worth() -> None:
    seen = [Accepted("SQLite", 100, 2.0, yes, 0.1) for yes in (1.0, 0.5, 5.0)]
    told = accepting_report(seen).splitlines()[-1]
    assert told == "| SQLite | per second | 50 | 100 | 1000 | 10.0 |"

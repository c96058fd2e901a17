"""No column about people without a rule that says when it goes, and who sees to it."""

from dataclasses import fields

from bot.domain.round_terms import Retention
from bot.store.inventory import PERSONAL
from bot.store.keeping import By, keep_of, named


def test_every_column_about_people_has_a_rule() -> None:
    rules = {column: keep_of(column) for column in PERSONAL}
    assert len(rules) > 150


def test_a_number_of_days_is_one_that_a_round_lays_down() -> None:
    known = {each.name for each in fields(Retention)}
    used = {keep_of(column).days for column in PERSONAL}
    assert known == {each for each in used if isinstance(each, str)}


def test_what_a_job_does_not_delete_says_why() -> None:
    silent = {
        column
        for column in PERSONAL
        if (keep := keep_of(column)).by in {By.PERSON, By.ENDING} or keep.nameless
        if not keep.why
    }
    assert silent == set()


def test_no_rule_is_about_what_is_not_there() -> None:
    tables = {each.partition(".")[0] for each in PERSONAL}
    gone = {each for each in named() if each not in PERSONAL and each not in tables}
    assert gone == set()

"""How many with a valid pass hand in a vote: by language, and spoken or not.

The residents and all that is assumed of them are in `people`. What they do goes through
the real turn; where a language or the voice is behind, the talk or the recogniser is
why. `BUURTSTEM_RESIDENTS` sets how many there are of each language and way.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import product

import pytest

from bot.domain.languages import LANGUAGES, Language
from bot.flows import nearly, words
from bot.flows.vocabulary import LABELS, WORDS
from tests.flows.neighbours import neighbour
from tests.flows.people import HEARD, Hearing

RESIDENTS = int(os.environ.get("BUURTSTEM_RESIDENTS", "150"))
GOAL, APART = 0.85, 0.05
pytestmark = pytest.mark.timeout(60 + RESIDENTS)

Group = tuple[Language, bool]
GROUPS: list[Group] = list(product(LANGUAGES, (False, True)))
Votes = Mapping[Group, list[bool]]


def hand_in(count: int) -> Votes:
    """Return whose vote came in, by language and whether they speak."""
    return {
        group: [neighbour(n, group[0], spoken=group[1]).votes() for n in range(count)]
        for group in GROUPS
    }


def share(votes: Votes, *groups: Group) -> float:
    """Return the share of votes that came in, of all in these groups."""
    came = [each for group in groups for each in votes[group]]
    return sum(came) / len(came)


def by_language(votes: Votes) -> dict[str, float]:
    return {each: share(votes, (each, False), (each, True)) for each in LANGUAGES}


def by_way(votes: Votes) -> dict[str, float]:
    return {
        way: share(votes, *((each, spoken) for each in LANGUAGES))
        for way, spoken in {"written": False, "spoken": True}.items()
    }


def missed(votes: Votes) -> list[str]:
    """Return what misses the targets, with its figures."""
    low = [
        f"{language} spoken={spoken}: {share(votes, (language, spoken)):.3f}"
        for language, spoken in GROUPS
        if share(votes, (language, spoken)) < GOAL
    ]
    shares = (by_language(votes), by_way(votes))
    apart = [f"{each}" for each in shares if spread(each) > APART]
    return low + apart


def spread(shares: Mapping[str, float]) -> float:
    return max(shares.values()) - min(shares.values())


@pytest.fixture(scope="module")
def votes() -> Votes:
    """Let everybody vote."""
    return hand_in(RESIDENTS)


def test_nearly_all_with_a_pass_hand_in_a_vote_in_each_language_and_way(
    votes: Votes,
) -> None:
    for group in GROUPS:
        print(*group, f"{share(votes, group):.3f}")
    print(by_language(votes), by_way(votes))
    assert missed(votes) == []


def test_people_are_the_same_in_all_languages(votes: Votes) -> None:
    written = [votes[language, False] for language in LANGUAGES]
    assert all(each == written[0] for each in written)
    assert 0.5 < sum(written[0]) / RESIDENTS < 1


@contextmanager
def that_does_not_know_yes(language: Language) -> Iterator[None]:
    """Take a word from the bot, and give it back."""
    tables = [each["yes"] for each in (WORDS, LABELS)]
    before = [each[language] for each in tables]
    with pytest.MonkeyPatch.context() as changed:
        for each in tables:
            changed.setitem(each, language, "zzz")
        _forget_words()
        yield
    _forget_words()
    assert [each[language] for each in tables] == before


def _forget_words() -> None:
    for each in (words._table, nearly._commands, nearly._answers):
        each.cache_clear()


@pytest.mark.parametrize("language", ["tr", "ar"])
def test_a_bot_that_does_not_know_yes_in_one_language_is_noticed(
    language: Language,
) -> None:
    with that_does_not_know_yes(language):
        found = missed(hand_in(60))
    assert any(row.startswith(f"{language} spoken=True") for row in found), found
    assert not any(row.startswith("nl") for row in found), found


def test_a_recogniser_that_is_half_deaf_in_one_language_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deaf = dict.fromkeys(HEARD["en"], Hearing(10, 5, 5, 0, 0))
    monkeypatch.setitem(HEARD, "en", deaf)
    found = missed(hand_in(60))
    assert any("'en'" in row for row in found), found

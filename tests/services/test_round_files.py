"""A round in a file: read whole, or every fault named with its place and line."""

import json
import tomllib
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.money import Money
from bot.domain.round_terms import (
    Act,
    BallotKind,
    Retention,
    Rule,
    Tie,
    Vote,
    VoterKind,
)
from bot.domain.rounds import Phase, Round
from bot.services.round_files import FaultyRoundError, FileFault, read_round_file
from bot.services.rounds import round_from_json, round_to_json
from tests.need import ROOT, shared_path

NIEUW_WEST, KLEINE_WERELD = "nieuw-west-2019", "kleine-wereld-2019"


def content(slug: str) -> str:
    return (ROOT / "rounds" / f"{slug}.toml").read_text("utf-8")


def read(slug: str) -> Round:
    return read_round_file(content(slug).encode())


def faults(text: str | bytes) -> list[FileFault]:
    data = text if isinstance(text, bytes) else text.encode()
    try:
        read_round_file(data)
    except FaultyRoundError as error:
        return list(error.faults)
    return []


def told(text: str | bytes) -> list[str]:
    return [str(each) for each in faults(text)]


def changed(before: str, after: str, slug: str = NIEUW_WEST) -> str:
    text = content(slug)
    assert text.count(before) == 1, before
    return text.replace(before, after)


def test_nieuw_west_is_what_the_reports_say() -> None:
    a_round = read(NIEUW_WEST)
    assert a_round.budget == Money.euros(500_000)
    assert a_round.threshold == 30
    assert len(a_round.themes) == 3
    assert {theme.budget for theme in a_round.themes} == {None}
    preselection = a_round.preselection
    assert preselection is not None
    assert preselection.plans == 40
    assert [(each.classes, each.plans) for each in preselection.quotas] == [
        ((VoterKind.RESIDENT, VoterKind.BUSINESS), 20),
        ((VoterKind.COMMITTEE,), 20),
    ]
    classes = {each.kind: each for each in a_round.electorate}
    sent = [classes[kind].passes for kind in (VoterKind.RESIDENT, VoterKind.BUSINESS)]
    assert sum(sent) == 8_000
    assert classes[VoterKind.COMMITTEE].votes_in == {Vote.PRESELECTION}
    assert "12" in a_round.minimum_age["ar"]
    voting = a_round.starts[Phase.COUNTING] - a_round.starts[Phase.VOTING]
    assert voting.total_seconds() == (29 * 24 + 1) * 3600, "and one hour of winter time"
    assert a_round.starts[Phase.VOTING] == datetime(2019, 10, 6, 22, tzinfo=UTC)


def test_kleine_wereld_has_the_money_of_its_record() -> None:
    a_round = read(KLEINE_WERELD)
    lines = shared_path("pabulib/Netherlands_Amsterdam_166.pb").read_text("utf-8")
    meta = dict(
        line.split(";", 1)
        for line in lines.partition("PROJECTS")[0].splitlines()
        if ";" in line
    )
    amounts = [int(each) * 100 for each in meta["budget_per_category"].split(",")]
    own = [each.budget.cents for each in a_round.themes if each.budget]
    assert own == amounts
    assert sum(own) == a_round.budget.cents == int(meta["budget"]) * 100
    assert a_round.ballot.kind is BallotKind.KNAPSACK
    assert a_round.ballot.budget == Money(int(meta["max_sum_cost"]) * 100)
    assert [each.share for each in a_round.weights] == [Fraction(1, 2)] * 2
    assert not a_round.takes_supports(a_round.starts[Phase.COLLECTING])


@pytest.mark.parametrize("slug", [NIEUW_WEST, KLEINE_WERELD])
def test_a_file_goes_to_the_database_and_back(slug: str) -> None:
    a_round = read(slug)
    stored = json.loads(json.dumps(round_to_json(a_round)))
    assert round_from_json(stored) == a_round
    assert a_round.needs_opening


def test_every_term_goes_to_the_database_and_back() -> None:
    text = content(NIEUW_WEST) + (
        '[channels]\nweb = ["plan", "vote"]\n[retention]\n'
        "marks_days = 10\nsounds_days = 7\n"
        '[messages]\nbudget_cents = 900\ntemplate_cents = "4.9"\ntext_cents = "0.5"\n'
        '[[weights]]\nchannels = ["paper"]\nclasses = ["business"]\neach = "3/2"\n'
    )
    text = text.replace("[allocation]", "[allocation]\nplans_per_author = 2", 1)
    a_round = read_round_file(text.encode())
    assert a_round.acts == {"web": frozenset({Act.PLAN, Act.VOTE})}
    assert a_round.weights[0].each == Fraction(3, 2)
    assert a_round.allocation.plans_per_author == 2
    assert a_round.allocation.rule is Rule.AMSTERDAM
    assert a_round.allocation.ties == (Tie.CHEAPER, Tie.LOT)
    assert a_round.retention == Retention(marks_days=10, sounds_days=7)
    assert round_from_json(json.loads(json.dumps(round_to_json(a_round)))) == a_round


def test_a_file_with_nothing_in_it_names_all_that_is_missing() -> None:
    missing = {each.path: each.fault for each in faults("")}
    assert {"slug", "legal_basis", "decision", "phases", "ballot", "title"} <= set(
        missing
    )
    assert all(fault.startswith("is missing") for fault in missing.values())


# What is done to the file, and what is said about it.
BAD = [
    ("[ballot]", "[balot]", "balot: is not known here: did you mean ballot?"),
    ("threshold = 30 ", "treshold = 30 ", "did you mean threshold?"),
    ("threshold = 30 ", "threshold = true ", "threshold: must be a whole number"),
    ("threshold = 30 ", "threshold = 3.5 ", "threshold: must be a whole number"),
    ("budget_euros = 500_000", "", "budget_cents: is missing"),
    (
        "budget_euros = 500_000",
        "budget_euros = 5\nbudget_cents = 5",
        "budget_cents: give budget_euros or budget_cents, not both",
    ),
    ('slug = "nieuw-west-2019"', 'slug = "Nieuw West"', "slug: must be small letters"),
    ('"Europe/Amsterdam"', '"Europe/Slotermeer"', "zone: is no time zone"),
    (
        "voting = 2019-10-07 ",
        "voting = 2019-03-31T02:30:00 ",
        "phases.voting: 2019-03-31 02:30 does not exist in Europe/Amsterdam",
    ),
    (
        "counting = 2019-11-05",
        "counting = 2019-10-27T02:30:00",
        "phases.counting: 2019-10-27 02:30 is there twice in Europe/Amsterdam",
    ),
    (
        "voting = 2019-10-07 ",
        "voting = 2019-10-07T09:00:00Z ",
        "phases.voting: must be a day or a local time",
    ),
    ("voting = 2019-10-07 ", 'voting = "soon" ', "phases.voting: must be a day"),
    (
        "reviewing = 2019-07-17 ",
        "reviewing = 2019-06-17 ",
        "phases.reviewing: does not begin after supporting",
    ),
    ("closes = 2019-09-12T22", "closes = 2019-09-12T18", "closes: is not after opens"),
    ("closes = 2019-09-12T22", "closes = 2019-12-12T22", "preselection: must lie"),
    ("min = 1\nmax = 5", "min = 6\nmax = 5", "ballot.max: must be 6 or more"),
    ("min = 1\nmax = 5", "min = 1", "ballot.max: is missing"),
    ("min = 1\nmax = 5", "min = 1\nmax = 5\nbudget_euros = 9", "of kind knapsack only"),
    ('rule = "amsterdam"', 'rule = "fair"', "allocation.rule: must be one of votes-s"),
    ('"cheaper", "lot"', '"lot", "cheaper"', "allocation.ties: must end in number"),
    ('"cheaper", "lot"', '"lot", "lot"', "allocation.ties: names lot twice"),
    ('["committee"]', '["test"]', "test has no passes that vote in preselection"),
    ("passes = 400", "passes = 0", "electorate[1].passes: must be 1 or more"),
    ('class = "business"', 'class = "resident"', "electorate: names a class twice"),
    ('key = "culture"', 'key = "streets"', "themes: names streets twice"),
    ('"Veilig en groen"', '"Veilig, groen en prettig"', "themes[1].title: nl and icon"),
    ('    "Plan üç konudan birine uymalı.",\n', "", "rules.tr: has 3 rules, and nl 4"),
    ('title.tr = "Slotermeer', 'title.de = "Slotermeer', "title.tr: is missing"),
    ("plans_per_person = 3 ", "plans_per_person = 0 ", "plans_per_person: must be 1"),
    ('title.nl = "Buurt', 'title.nl = "\\u0000Buurt', "characters that nobody can"),
]


@pytest.mark.parametrize(
    ("before", "after", "fault"), BAD, ids=[each[2] for each in BAD]
)
def test_a_fault_is_named_by_its_place(before: str, after: str, fault: str) -> None:
    assert fault in "\n".join(told(changed(before, after)))


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ('[[weights]]\nshare = "1/3"', "weights: shares must be 1 together"),
        ('[[weights]]\nshare = "1"\neach = 2', "weights[0].share: give each"),
        ("[[weights]]\neach = 0.5", "weights[0].each: must be a whole number, or text"),
        ('[[weights]]\neach = "1/0"', "weights[0].each: must be a whole number"),
        ('[[weights]]\nclasses = ["committee"]\neach = 2', "committee has no passes"),
        (
            '[[weights]]\neach = 2\n[[weights]]\nchannels = ["web"]\neach = 3',
            "weights: two of them are for a ballot by web of a business",
        ),
        (
            '[[weights]]\nchannels = ["web"]\nshare = "1"',
            "shares have to cover all, and none is for a ballot by whatsapp",
        ),
        ('[channels]\nfax = ["plan"]', "channels.fax: must be one of whatsapp"),
        ('[channels]\nweb = ["sing"]', "channels.web[0]: must be one of plan"),
        ("[retention]\nmarks_days = 0", "retention.marks_days: must be 1 or more"),
        ("[retention]\nsounds_days = 31", "retention.sounds_days: must be 30 or less"),
        ("[retention]\nshoes_days = 1", "retention.shoes_days: "),
        ('[messages]\nbudget_cents = 1\ntemplate_cents = "x"', "must be cents as text"),
        ('[[themes]]\nkey = "x"\nbudget_euros = 9', "themes[3].icon: is missing"),
    ],
)
def test_a_fault_in_what_may_be_left_out_is_named(more: str, fault: str) -> None:
    assert fault in "\n".join(told(content(NIEUW_WEST) + more + "\n"))


def test_shares_cover_the_ways_in_which_one_can_vote() -> None:
    less = changed('["desk", "paper"]', '["paper"]', KLEINE_WERELD)
    assert "none is for a ballot by desk of a resident" in "\n".join(told(less))
    closed = less + '\n[channels]\ndesk = ["plan", "support", "results"]\n'
    assert told(closed) == []


def test_classes_are_weighed_where_there_are_passes() -> None:
    text = changed("threshold = 30 ", 'eligibility = "address"\nthreshold = 30 ')
    weight = '[[weights]]\nclasses = ["business"]\neach = 2\n'
    assert "weights: classes are known by passes only" in "\n".join(told(text + weight))
    assert told(text + "[[weights]]\neach = 2\n") == []


def test_money_of_themes_is_all_or_none_and_no_more_than_there_is() -> None:
    some = changed("budget_euros = 33_000\n", "", KLEINE_WERELD)
    assert "themes: give each of them a budget" in "\n".join(told(some))
    more = changed("budget_euros = 33_000", "budget_euros = 33_001", KLEINE_WERELD)
    (fault,) = faults(more)
    assert (fault.path, fault.line) == ("themes", line_of(more, "[[themes]]"))
    assert fault.fault == "have 250,001.00 euros together, the round 250,000.00"


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_faults_are_named_all_at_once_with_their_lines() -> None:
    text = changed("threshold = 30 ", "treshold = 30 ")
    text = text.replace('rule = "amsterdam"', 'rule = "fair"')
    text = text.replace("passes = 400", "passes = -1")
    found = {each.path: each.line for each in faults(text)}
    assert found == {
        "threshold": None,
        "treshold": line_of(text, "treshold ="),
        "electorate[1].passes": line_of(text, "passes = -1"),
        "allocation.rule": line_of(text, 'rule = "fair"'),
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a = ", "file: is no TOML"),
        ("a = 1\na = 2", "line 2: file: is no TOML: Cannot overwrite a value"),
        (b"slug = '\xff'", "line 1: file: is no UTF-8"),
        ("a = " + "[" * 9_000, "file: is nested too deeply"),
        ("a = " + "9" * 9_000, "file: is no TOML"),
        ("a = " + "{b = " * 40 + "1" + "}" * 40, "is nested too deeply"),
        (b"#" * 1_000_001, "file: has more than 1,000,000 bytes"),
        ("voting = 2019-13-45", "line 1: file: is no TOML"),
    ],
)
def test_what_is_no_file_of_ours_is_one_fault(text: str | bytes, fault: str) -> None:
    assert fault in "\n".join(told(text))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def as_toml(value: Any) -> str:
    """Return a value as TOML writes it; what TOML has no word for is a text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        pairs = (f"{json.dumps(str(k))} = {as_toml(v)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, int | float) or hasattr(value, "isoformat"):
        return value.isoformat() if hasattr(value, "isoformat") else str(value)
    return json.dumps("" if value is None else value)


VALUES = [
    at
    for at, line in enumerate(content(NIEUW_WEST).splitlines())
    if " = " in line and not line.startswith("#") and not line.endswith("[")
]


@given(at=st.sampled_from(VALUES), junk=JUNK)
@settings(max_examples=150, deadline=None)
def test_whatever_stands_for_a_value_is_read_or_named(at: int, junk: Any) -> None:
    lines = content(NIEUW_WEST).splitlines()
    key = lines[at].partition(" = ")[0]
    lines[at] = f"{key} = {as_toml(junk)}"
    for fault in faults("\n".join(lines)):
        assert fault.path
        assert fault.fault


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_torn_file_is_read_or_named(data: st.DataObject) -> None:
    text = content(data.draw(st.sampled_from([NIEUW_WEST, KLEINE_WERELD]))).encode()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 400)))
    put = data.draw(st.binary(max_size=12))
    for fault in faults(text[:start] + put + text[end:]):
        assert fault.path
        assert fault.line is None or fault.line >= 1


@pytest.mark.parametrize("path", sorted((ROOT / "rounds").glob("*.toml")))
def test_every_file_that_is_here_is_fine(path: Path) -> None:
    assert told(path.read_bytes()) == []
    assert tomllib.loads(path.read_text("utf-8"))["slug"] == path.stem

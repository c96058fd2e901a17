"""Files: what real ones hold is read, what is wrong is named, what is written reads."""

import io
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from tally import Ballot, Election, Measure, Plan, Rule, Settings, count
from tally.pabulib import Document, PabulibError, read, read_file, write
from tally.pabulib.amounts import amount, cents, number, whole, written
from tests.tally.elections import by, counts

FILE = """\
META
key;value
description;A test
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;name
a;60;Bench
b;50;Tree
VOTES
voter_id;vote
1;a
2;a,b
"""


def parsed(text: str) -> Document:
    return read(io.StringIO(text, newline=""))


def changed(*changes: tuple[str, str]) -> str:
    text = FILE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def faults(text: str) -> list[str]:
    with pytest.raises(PabulibError) as refused:
        parsed(text)
    return [str(fault) for fault in refused.value.faults]


def test_a_file_becomes_an_election() -> None:
    found = parsed(FILE)
    assert found.election == Election(
        100_00,
        (Plan("a", 60_00), Plan("b", 50_00)),
        {Ballot(("a",)): 1, Ballot(("a", "b")): 1},
    )
    assert found.settings == by(Rule.SKIP, found.election)
    assert found.titles == {"a": "Bench", "b": "Tree"}
    assert found.about == {"description": "A test"}
    assert (found.selected, found.notes) == (None, ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("2;a,b", "2; a , b ", id="spaces in a ballot"),
        pytest.param("2;a,b", "2;a,,b", id="an empty pick"),
        pytest.param("2;a,b", '2;"a,b"', id="quotes without need"),
        pytest.param("budget;100", "budget;100,00", id="decimals with a comma"),
        pytest.param("budget;100", "Budget; 100.0 ", id="a capital and spaces"),
        pytest.param("a;60;Bench", "a;60.00;Bench", id="decimals of a cost"),
        pytest.param(
            "a;60;Bench", "a;60;Bench;too;much", id="more values than columns"
        ),
        pytest.param("VOTES\n", "\n;;\nVOTES;;\n", id="as a spreadsheet saves it"),
    ],
)
def test_what_real_files_hold_is_read(old: str, new: str) -> None:
    read_so = parsed(changed((old, new)))
    assert read_so.election == parsed(FILE).election


def test_line_ends_of_windows_and_a_mark_of_byte_order_are_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.pb"
    path.write_bytes(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode())
    assert read_file(path) == parsed(FILE)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12345", 12345_00),
        ("12345.5", 12345_50),
        ("12345,50", 12345_50),
        ("12.345,50", 12345_50),
        ("12,345.50", 12345_50),
        ("1.234.567", 1234567_00),
        ("1 234 567", 1234567_00),
        ("360.0", 360_00),
        ("0.125", None),
        ("12.345", None),
        ("12,345", None),
        ("1.23.4", None),
        ("-5", None),
        ("five", None),
        ("", None),
        ("1e5", None),
        ("1/3", None),
    ],
)
def test_amounts(text: str, found: int | None) -> None:
    if found is None:
        with pytest.raises(ValueError, match="no number|two ways|cents|below"):
            cents(text)
    else:
        assert cents(text) == found


@trying(deadline=None)
@given(st.integers(0, 10**12), st.fractions())
def test_what_is_written_is_read_as_the_same_number(of_cents: int, f: Fraction) -> None:
    assert cents(amount(of_cents)) == of_cents
    assert number(written(abs(f))) == abs(f)
    assert whole(written(of_cents)) == of_cents


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([("budget;100", "budget;none")], 'line 4: budget: "none" is no number'),
        ([("budget;100\n", "")], "budget: there is none"),
        ([("budget;100", "budget;12.345")], 'line 4: budget: "12.345" can be read in'),
        ([("approval", "telepathy")], 'line 5: vote_type: "telepathy" is none of'),
        ([("a;60", "a;sixty")], 'line 9: cost of plan a: "sixty" is no number'),
        ([("b;50", "a;50"), ("a,b", "a")], "line 10: plan a is listed twice"),
        ([("b;50", ";50"), ("a,b", "a")], "line 10: this plan has no project_id"),
        ([("2;a,b", "2;a,x")], "line 14: there is no plan x"),
        ([("1;a\n2;a", "1;y\n2;z")], "line 13: there is no plan y\nline 14: there is"),
        (
            [("project_id", "id")],
            "line 8: the head of PROJECTS has no column project_id",
        ),
        ([("cost;", "price;")], "line 8: the head of PROJECTS has no column cost"),
        ([("id;vote", "id;votes")], "line 12: the head of VOTES has no column vote"),
        ([("META\n", "VOTES\n")], "line 1: VOTES stands where META should"),
        ([("PROJECTS\n", "")], "line 10: VOTES stands where PROJECTS should"),
        ([("META\n", "hello\n")], "line 1: this stands before the first block, META"),
        ([("approval", "cumulative")], "the head of VOTES has no column points"),
    ],
)
def test_every_fault_is_named_with_its_place(
    changes: list[tuple[str, str]], told: str
) -> None:
    assert "\n".join(faults(changed(*changes))).startswith(told)


POINTS = changed(
    ("approval", "cumulative"),
    ("voter_id;vote", "voter_id;vote;points"),
    ("1;a", "1;a;3"),
    ("2;a,b", "2;a,b;1,2.5"),
)


def test_points_are_read() -> None:
    found = parsed(POINTS)
    assert found.settings.measure is Measure.POINTS
    totals = count(found.election, found.settings).totals
    assert totals == {"a": 4, "b": Fraction(5, 2)}


@pytest.mark.parametrize(
    ("points", "told"),
    [("1", "1 numbers of points for 2 plans"), ("1,x", '"x" is no number')],
)
def test_points_that_do_not_fit_are_named(points: str, told: str) -> None:
    assert faults(POINTS.replace("1,2.5", points)) == [f"line 14: {told}"]


def test_fifty_faults_are_enough() -> None:
    assert len(faults(FILE + "9;nowhere\n" * 100)) == 50


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.pb"
    path.write_bytes(b"META\nkey;value\nname;\xff\xfe")
    with pytest.raises(PabulibError, match="not in UTF-8"):
        read_file(path)


def test_a_quote_that_never_ends_is_named() -> None:
    assert faults(changed(("Bench", '"Bench')))[0].startswith("there is nothing in a")
    endless = changed(("Bench", '"Bench')) + "x" * 140_000
    assert "cannot be taken apart" in faults(endless)[0]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([("2;a,b", "1;a,b")], "line 14: a voter is there again, and counts again; 1"),
        ([("2;a,b", "2;a,a")], "a plan stands twice in a ballot, and counts twice; 1"),
        ([("greedy", "greedy\nmax_length;1")], "a ballot names more than 1 plans"),
        ([("greedy", "sequential")], 'line 6: no rule called "sequential" is known'),
        ([("rule;greedy\n", "")], "no rule is named: counted by votes"),
        ([("greedy", "greedy-exclusive")], "line 6: which plans exclude each other"),
        ([("greedy", "equalshares/add1-comparison")], "line 6: the comparison with"),
        ([("greedy", "greedy\nnum_votes;3")], "line 7: num_votes says 3, there are 2"),
        (
            [("cost;name", "cost;votes"), ("Bench", "2"), ("Tree", "7")],
            "line 10: plan b should have 7, its ballots give 1; 1 plans differ",
        ),
    ],
)
def test_what_is_odd_is_counted_and_told(
    changes: list[tuple[str, str]], told: str
) -> None:
    (note,) = parsed(changed(*changes)).notes
    assert str(note).startswith(told)


THEMES = [
    ("rule;greedy", "rule;greedy\ncategories;X,Y\nbudget_per_category;70,30"),
    ("cost;name", "cost;category"),
    ("Bench", "X"),
    ("Tree", "Y"),
]


def test_money_per_theme_means_two_steps() -> None:
    settings = parsed(changed(*THEMES)).settings
    assert (settings.rule, settings.themes) == (Rule.TWO_STEP, {"X": 7000, "Y": 3000})


def test_money_per_theme_must_be_for_each_theme() -> None:
    found = faults(changed(*THEMES, ("70,30", "70")))
    assert found == ["line 8: budget_per_category: 1 amounts for 2 categories"]


TITLES = (
    'A "bench"; or two',
    "Two\nlines",
    "Windows\r\nlines, old\rMac",
    "مقعد تحت الشجرة؛ وماء",
    'Ihlamur ağacı, İğde; "çınar"',
    " spaces ",
    "",
    "VOTES",
)


def text_of(document: Document) -> str:
    return "".join(write(document))


def test_any_title_reads_back() -> None:
    plans = tuple(Plan(str(at), 1) for at in range(len(TITLES)))
    of = Election(5, plans, {Ballot(("1", "2")): 2, Ballot(()): 1})
    titles = dict(zip((plan.id for plan in plans), TITLES, strict=True))
    document = Document(of, by(Rule.SKIP, of), titles, {"description": 'a;"b"\nc'})
    again = parsed(text_of(document))
    assert again == document


@trying(deadline=None)
@given(counts())
def test_what_is_written_counts_the_same(counted: tuple[Election, Settings]) -> None:
    of, settings = counted
    again = parsed(text_of(Document(of, settings)))
    first, second = count(of, settings), count(again.election, again.settings)
    assert second == first
    assert text_of(again) == text_of(Document(of, settings))


def test_no_order_of_casting_is_in_a_file() -> None:
    ballots = {Ballot(("b",)): 1, Ballot(("a",)): 2}
    of = Election(5, (Plan("a", 1), Plan("b", 1)), ballots)
    other = Election(5, of.plans, dict(reversed(ballots.items())))
    settings = by(Rule.SKIP, of)
    assert text_of(Document(of, settings)) == text_of(Document(other, settings))
    assert text_of(Document(of, settings)).endswith("vote\n1;a\n2;a\n3;b\n")


@pytest.mark.parametrize("name", ["a,b", "a;b", " a", "", 'a"', "a\nb"])
def test_an_id_that_would_not_read_back_is_refused(name: str) -> None:
    of = Election(5, (Plan(name, 1),), {})
    with pytest.raises(PabulibError, match="cannot be the id"):
        text_of(Document(of, by(Rule.SKIP, of)))


def test_a_theme_that_would_not_read_back_is_refused() -> None:
    of = Election(5, (Plan("a", 1, "x,y"),), {})
    settings = by(Rule.TWO_STEP, of, themes={"x,y": 5})
    with pytest.raises(PabulibError, match="cannot be the name of a theme"):
        text_of(Document(of, settings))

"""Ballots that officials enter: one register for chat, desk and paper."""

from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from bot.cli_ballots import ballots as command
from bot.domain.passes import PassClass, PassState, shown, with_check
from bot.domain.round_terms import Act
from bot.services.catalog import touch
from bot.services.chaining import chain_ballots
from bot.services.entering import (
    DESK,
    PAPER,
    Draft,
    EntryError,
    Why,
    draft,
    enter,
    read_numbers,
    read_secret,
)
from bot.services.entering_files import enter_box, read_box
from bot.services.entering_words import say_why, slip
from bot.services.officials import add_official
from bot.services.pass_register import Letter, Making, list_acts, make_passes
from bot.services.passes import row_key
from bot.services.rounds import RoundError
from bot.services.statements import find_official
from bot.services.tallying import count_round
from bot.services.turnout import Cell, turnout_of
from bot.store.civic import BallotRow, RoundRow
from bot.store.passes import PassAct, PassRow, Receipt
from tests.services.test_passes import act, city, each_city, passes, row_of, votes
from tests.worlds import SECRET_KEY, VOTING, World, table

__all__ = ["city", "each_city"]
BY = "anna and bram"
UNKNOWN = with_check("5123456789")


def drawn(
    city: World, letter: Letter, numbers: str = "21 30", route: str = PAPER
) -> Draft:
    secret, picks = read_secret(shown(letter.code)), read_numbers(numbers)
    found: Draft = act(city, draft, secret, picks, route)
    return found


def takes(city: World, letter: Letter, numbers: str = "21 30", **how: Any) -> Any:
    route = how.pop("route", PAPER)
    return enter(city.house, drawn(city, letter, numbers, route), BY, **how)


def box(city: World) -> list[tuple[int, ...]]:
    return sorted(tuple(row.picks) for row in city.rows(table(BallotRow)))


def acts(city: World) -> list[tuple[str, str | None, str]]:
    round_id = city.one(table(RoundRow).where(RoundRow.slug == VOTING)).id
    told = city.house.db.read(lambda db: list(list_acts(db, round_id)))
    return [(each.act, each.serial, each.by) for each in told if each.act != "create"]


def why(city: World, letter: Letter, numbers: str = "21", route: str = PAPER) -> Why:
    with pytest.raises(EntryError) as refusal:
        enter(city.house, drawn(city, letter, numbers, route), BY)
    return refusal.value.why


def change_round(city: World, **values: Any) -> None:
    row = city.one(table(RoundRow).where(RoundRow.slug == VOTING))
    with city.house.db.engine.begin() as db:
        mine = update(RoundRow).where(RoundRow.id == row.id)
        db.execute(mine.values(data={**row.data, **values}))
        touch(db)


def test_a_ballot_on_paper_is_in_the_same_box_and_stands_on_the_trail(
    each_city: World,
) -> None:
    letter = passes(each_city)[0]
    entered = takes(each_city, letter)
    assert box(each_city) == [(21, 30)]
    row = each_city.one(table(BallotRow))
    key = row_key(each_city.house.keys, VOTING, letter.code)
    assert (row.voter, row.voter_class) == (key, PassClass.RESIDENT)
    assert row_of(each_city, letter).state == PassState.USED
    assert acts(each_city) == [("paper", letter.serial, BY)]
    told = each_city.one(table(Receipt))
    assert (told.receipt, told.route) == (entered.receipt, "paper")
    for act_row in each_city.rows(table(PassAct)):
        assert "21" not in str(act_row.act) + str(act_row.by)
    turnout = each_city.house.db.read(lambda db: turnout_of(db, row.round_id))
    assert turnout == [Cell("paper", "", 1)]


def test_paper_never_replaces_another_ballot_and_that_is_noted(
    each_city: World,
) -> None:
    letter = passes(each_city)[0]
    votes(each_city, each_city.person("en"), letter.code, "40")
    assert why(each_city, letter) is Why.VOTED
    with pytest.raises(EntryError):
        enter(each_city.house, drawn(each_city, letter), BY, replaces=True)
    assert box(each_city) == [(40,)]
    assert acts(each_city) == [("paper refused", letter.serial, BY)] * 2


def test_at_the_counter_her_own_ballot_gives_way_where_two_people_say_so(
    each_city: World,
) -> None:
    letter = passes(each_city)[0]
    person = each_city.person("en")
    votes(each_city, person, letter.code, "40")
    assert why(each_city, letter, route=DESK) is Why.VOTED
    entered = takes(each_city, letter, "21 30", route=DESK, replaces=True)
    assert entered.replaced
    assert box(each_city) == [(21, 30)]
    assert acts(each_city) == [("desk again", letter.serial, BY)]
    assert each_city.one(table(Receipt)).receipt == entered.receipt
    each_city.says(person, shown(letter.code))
    assert "used in another chat" in each_city.texts(person)[-1]


def test_a_chat_that_has_the_pass_open_cannot_overtake_the_paper(city: World) -> None:
    letter = passes(city)[0]
    person = city.person("en")
    city.says(person, shown(letter.code))
    city.says(person, "40")
    takes(city, letter)
    city.taps(person, "yes")
    assert box(city) == [(21, 30)]
    assert "cannot be used here now" in city.texts(person)[-1]


def test_of_two_papers_at_once_one_is_in(each_city: World) -> None:
    letter = passes(each_city)[0]
    drafts = [drawn(each_city, letter, each) for each in ("21", "30", "40", "44")]
    told: list[str] = []

    def put(of: Draft) -> None:
        try:
            told.append(enter(each_city.house, of, BY).receipt)
        except EntryError as refusal:
            told.append(refusal.why)

    threads = [Thread(target=put, args=(each,)) for each in drafts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert told.count(Why.VOTED) == len(drafts) - 1
    assert len(box(each_city)) == 1
    assert len(each_city.rows(table(Receipt))) == 1


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ("", Why.NO_PLANS),
        ("21 bench", Why.NO_NUMBER),
        ("21 -30", Why.NO_NUMBER),
        ("9999", Why.NOT_LISTED),
        ("21 21", Why.TWICE),
        ("21 22 30 31 32 33", Why.MOST),
    ],
)
def test_a_ballot_that_breaks_a_rule_changes_nothing(
    city: World, numbers: str, reason: Why
) -> None:
    assert why(city, passes(city)[0], numbers) is reason
    assert (box(city), acts(city)) == ([], [])
    assert row_of(city, passes(city)[0]).state == PassState.OPEN


def test_the_limits_of_the_round_hold_on_paper_too(city: World) -> None:
    letter = passes(city)[0]
    row = city.one(table(RoundRow).where(RoundRow.slug == VOTING)).data
    ballot = {"kind": "approval", "max_picks": 5, "min_picks": 3, "budget_cents": None}
    change_round(city, ballot=ballot)
    assert why(city, letter, "21 30") is Why.LEAST
    small = {**ballot, "kind": "knapsack", "min_picks": 1, "budget_cents": 100}
    change_round(city, ballot=small)
    assert why(city, letter, "21") is Why.MONEY
    themes = [{**each, "max_picks": 1} for each in row["themes"]]
    change_round(city, ballot={**ballot, "min_picks": 1}, themes=themes)
    view = city.house.db.read(city.house.catalog.view)
    alike: dict[str | None, list[int]] = {}
    for plan in (view.papers or {})[VOTING].plans:
        alike.setdefault(plan.theme, []).append(plan.number)
    two = next(each for each in alike.values() if len(each) > 1)[:2]
    assert why(city, letter, f"{two[0]} {two[1]}") is Why.THEME


def test_a_round_may_close_a_way_of_voting(city: World) -> None:
    change_round(city, acts={"paper": sorted({Act.PLAN, Act.SUPPORT, Act.RESULTS})})
    assert why(city, passes(city)[0]) is Why.NOT_HERE
    assert takes(city, passes(city)[0], route=DESK)


def test_what_is_no_open_pass_is_told_apart(city: World) -> None:
    first, second = passes(city)[:2]
    with pytest.raises(EntryError, match="unknown"):
        act(city, draft, UNKNOWN, (21,), PAPER)
    with pytest.raises(EntryError, match="no_pass"):
        act(city, draft, read_secret("1234 5678 9012"), (21,), PAPER)
    with pytest.raises(EntryError, match="other_round"):
        act(city, draft, first.code, (21,), PAPER, "elsewhere")
    change = update(PassRow).where(PassRow.serial == second.serial)
    for state, reason in ((PassState.PRINTED, Why.PRINTED), (PassState.VOID, Why.VOID)):
        with city.house.db.engine.begin() as db:
            db.execute(change.values(state=state.value))
        assert why(city, second) is reason


def test_entry_ends_when_voting_closes(city: World) -> None:
    letter = passes(city)[0]
    early = drawn(city, letter)
    city.clock.pass_time(days=40)
    assert why(city, letter) is Why.CLOSED
    with pytest.raises(EntryError, match="closed"):
        enter(city.house, early, BY)
    assert box(city) == []


def test_the_chain_takes_it_and_the_count_weighs_its_route(each_city: World) -> None:
    weights = [
        {"classes": [], "routes": ["paper", "desk"], "each": "3", "share": None},
    ]
    change_round(each_city, weights=weights)
    for letter, numbers in zip(passes(each_city), ("21", "30"), strict=False):
        takes(each_city, letter, numbers, route=PAPER if numbers == "21" else DESK)
    votes(each_city, each_city.person("en"), passes(each_city)[2].code, "21")
    each_city.clock.pass_time(days=40)
    while chain_ballots(each_city.house):
        pass
    assert all(row.place for row in each_city.rows(table(BallotRow)))
    totals = count_round(each_city.house, VOTING).outcome.totals
    assert (totals["21"], totals["30"]) == (4, 3)


def test_a_test_pass_can_be_tried_and_is_never_counted(city: World) -> None:
    making = Making(VOTING, PassClass.TEST, 1, 12, BY, PassState.OPEN)
    (letter,) = act(city, make_passes, making)
    assert drawn(city, letter).is_test
    takes(city, letter)
    assert city.one(table(Receipt)).route is None
    city.clock.pass_time(days=40)
    assert not any(count_round(city.house, VOTING).outcome.totals.values())


@pytest.mark.parametrize(
    "text",
    [
        "{code}",
        "k_{token}",
        "https://t.me/buurtstem_bot?start=k_{token}",
        "https://wa.me/31612345678?text=stem%20k_{token}",
        "http://127.0.0.1:8080/phone#k_{token}",
        "  {fours}\n",
    ],
)
def test_what_a_scanner_types_is_read(city: World, text: str) -> None:
    letter = passes(city)[0]
    fours = shown(letter.code)
    scanned = text.format(code=letter.code, token=letter.token, fours=fours)
    secret = read_secret(scanned)
    assert act(city, draft, secret, (21,), PAPER).serial == letter.serial


def test_numbers_are_read_in_any_digits() -> None:
    assert read_numbers("21, 30;٤٥ 50.") == (21, 30, 45, 50)


def test_every_reason_is_said_in_two_languages_and_the_slip_in_four() -> None:
    for each in Why:
        told = {say_why(EntryError(each, "x"), language) for language in ("nl", "en")}
        assert len(told) == 2
        assert "{" not in "".join(told)
    told_slip = slip("4821 7730")
    assert list(told_slip) == ["nl", "en", "tr", "ar"]
    assert all("4821" in text for text in told_slip.values())


def as_file(city: World, *rows: tuple[str, str]) -> bytes:
    lines = ["code;plans", *(f"{code};{plans}" for code, plans in rows)]
    return "\n".join(lines).encode()


def test_a_box_goes_in_once_and_what_is_wrong_is_named(each_city: World) -> None:
    one, two, three, four = passes(each_city)[:4]
    votes(each_city, each_city.person("en"), three.code, "40")
    content = as_file(
        each_city,
        (one.code, "21 30"),
        (UNKNOWN, "21"),
        (f"k_{two.token}", "30,44"),
        (three.code, "40"),
        (four.code, "21 twee"),
    )
    report = enter_box(each_city.house, VOTING, read_box(content), BY)
    assert (report.entered, report.already) == (2, 0)
    assert [each.row.line for each in report.left] == [3, 5, 6]
    assert box(each_city) == [(21, 30), (30, 44), (40,)]
    before = (box(each_city), [a for a in acts(each_city) if a[0] == "paper"])
    again = enter_box(each_city.house, VOTING, read_box(content), BY)
    assert (again.entered, again.already, len(again.left)) == (0, 2, 3)
    assert (box(each_city), [a for a in acts(each_city) if a[0] == "paper"]) == before


def test_two_papers_with_one_pass_and_other_plans_are_told(city: World) -> None:
    letter = passes(city)[0]
    content = as_file(city, (letter.code, "21"), (letter.code, "30"))
    report = enter_box(city.house, VOTING, read_box(content), BY)
    assert report.entered == 1
    assert "has a ballot already" in report.left[0].reason
    assert acts(city)[-1] == ("paper refused", letter.serial, BY)


def run(city: World, *words: str, said: str = "") -> Result:
    env = {"SECRET_KEY": SECRET_KEY}
    two = ("--by", "Anna", "--by", "Bram")
    return CliRunner().invoke(
        command,
        ["enter", "--round", VOTING, *two, *words],
        input=said,
        obj=lambda _: city.house,
        env=env,
    )


def test_the_command_reads_back_and_asks(city: World) -> None:
    one, two = passes(city)[:2]
    said = f"{one.code}\n21 30\ny\n{two.code}\n21\nn\n{one.code}\n40\ny\n\n"
    told = run(city, said=said)
    assert told.exit_code == 0, told.output
    assert "21 " in told.stdout
    assert "Receipt: " not in told.stdout, "there is nobody to take it"
    assert "Nothing was entered." in told.stdout
    assert "has a ballot already" in told.stdout
    assert box(city) == [(21, 30)]


def test_the_command_takes_one_ballot_and_replaces_at_the_counter_only(
    city: World,
) -> None:
    letter = passes(city)[0]
    first = run(city, "--pass", letter.code, "--plans", "21")
    assert first.exit_code == 0, first.output
    twice = run(city, "--pass", letter.code, "--plans", "30")
    assert (twice.exit_code, box(city)) == (1, [(21,)])
    assert run(city, "--replace", "--pass", letter.code, "--plans", "30").exit_code == 2
    words = ("--route", "desk", "--replace", "--pass", letter.code, "--plans", "30")
    told = run(city, *words).stdout
    assert "replaced the one before" in told
    assert f"Receipt: {city.one(table(Receipt)).receipt}" in told
    assert box(city) == [(30,)]


def test_the_command_keeps_what_is_left_of_a_file(city: World, tmp_path: Path) -> None:
    letter = passes(city)[0]
    path = tmp_path / "box.csv"
    path.write_bytes(as_file(city, (letter.code, "21"), (UNKNOWN, "30")))
    told = run(city, "--file", str(path))
    assert told.exit_code == 1
    assert "line 3: We do not know this pass." in told.stderr
    left = tmp_path / "box-left.csv"
    assert left.read_text("utf-8").splitlines()[0] == "code,plans,line,reason"
    assert left.stat().st_mode & 0o077 == 0
    again = run(city, "--file", str(left), "--left", str(tmp_path / "rest.csv"))
    assert "0 ballots are in, 0 were in before" in again.stdout
    path.write_bytes(as_file(city, (letter.code, "21")))
    assert (
        "1 were in before"
        in run(city, "--file", str(path), "--left", str(tmp_path / "no.csv")).stdout
    )
    assert not (tmp_path / "no.csv").exists()
    path.write_bytes(b"pass;plans\n1;2\n")
    assert (
        "has no column code"
        in run(city, "--file", str(path), "--left", str(tmp_path / "x.csv")).stderr
    )


def test_a_volunteer_acts_on_no_round(city: World) -> None:
    now, vera = city.clock(), "vera@city.example"
    city.house.db.run(lambda db: add_official(db, vera, "volunteer", "Vera", now))
    with pytest.raises(RoundError, match="may only enter ballots"):
        city.house.db.read(lambda db: find_official(db, vera))


def test_one_person_alone_enters_nothing(city: World) -> None:
    alone = CliRunner().invoke(
        command,
        ["enter", "--round", VOTING, "--by", "Anna"],
        obj=lambda _: city.house,
    )
    assert alone.exit_code == 2

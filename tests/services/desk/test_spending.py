"""Payments: two people, an append-only book, alarms, and what residents hear."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.money import Money
from bot.domain.plans import Status
from bot.domain.spending import LineState, PaidBy
from bot.services.bills import AUTHOR
from bot.services.desk.bills import bill_photo
from bot.services.desk.spending import (
    Payment,
    SpendingError,
    approve,
    enter,
    file_under,
    send_back,
    take_back,
    waiting,
)
from bot.services.open_ledger import public_ledger
from bot.services.spending import account_of, lines_of
from bot.store.audit import AuditLine
from bot.store.spending import Spending
from bot.store.talks import Media
from tests.services.desk.paying import (
    ANNA,
    BRAM,
    DAY,
    PAINT,
    at,
    chosen_plan,
    paid,
    sends_bill,
    sends_photo,
)
from tests.services.test_photos import CANARY
from tests.worlds import VOTING, World, table


def account(world: World, plan: int) -> Any:
    return world.house.db.read(lambda db: account_of(db, plan))


def lines(world: World, plan: int) -> Any:
    return world.house.db.read(lambda db: lines_of(db, plan))


def waits(world: World) -> Any:
    return world.house.db.read(lambda db: waiting(db, world.clock()))


def ledger(world: World) -> Any:
    return public_ledger(world.house, VOTING)


def refused(world: World, job: Any) -> str:
    with pytest.raises(SpendingError) as error:
        at(world, job)
    return error.value.word


def test_a_payment_counts_once_a_second_person_has_looked(each_world: World) -> None:
    world = each_world
    plan = chosen_plan(world, None)
    line = at(world, lambda scene: enter(scene, plan, PAINT, ANNA))
    assert account(world, plan).spent == Money(0)
    assert ledger(world)[0]["lines"] == []
    assert [each.id for each in waits(world).lines] == [line]
    at(world, lambda scene: approve(scene, line, BRAM))
    assert account(world, plan).spent == Money(1250)
    assert account(world, plan).left == Money(48_750)
    (told,) = ledger(world)
    assert told["plan"] == plan
    assert told["granted_cents"] == 50_000
    (shown,) = told["lines"]
    assert shown == {
        "line": line,
        "day": "2026-11-16",
        "kind": "invoice",
        "amount_cents": 1250,
        "what": {"nl": "verf voor de muur", "ar": "طلاء للجدار"},
        "paid_to": "shop",
        "activity": "De muur",
    }
    assert waits(world).count == 0


@pytest.mark.parametrize("again", [ANNA, "ANNA@example.org"])
def test_nobody_approves_what_she_entered_herself(world: World, again: str) -> None:
    plan = chosen_plan(world, None)
    line = at(world, lambda scene: enter(scene, plan, PAINT, ANNA))
    assert refused(world, lambda s: approve(s, line, again)) == "money_own_line"
    assert account(world, plan).spent == Money(0)


def test_of_two_who_decide_at_once_one_comes_first(each_world: World) -> None:
    world = each_world
    plan = chosen_plan(world, None)
    line = at(world, lambda scene: enter(scene, plan, PAINT, ANNA))
    at(world, lambda scene: approve(scene, line, BRAM))
    assert refused(world, lambda s: approve(s, line, "eva@example.org")) == "taken"
    back = refused(world, lambda s: send_back(s, line, BRAM, {"nl": "Te duur."}))
    assert back == "taken"
    assert lines(world, plan)[0].state is LineState.APPROVED


def test_a_payment_is_taken_back_by_a_line_of_its_own(each_world: World) -> None:
    world = each_world
    plan = chosen_plan(world, None)
    line = paid(world, plan)
    back = at(world, lambda scene: take_back(scene, line, BRAM))
    assert account(world, plan).spent == Money(1250), "it waits like any other"
    assert refused(world, lambda s: take_back(s, line, ANNA)) == "money_taken_back"
    assert refused(world, lambda s: approve(s, back, BRAM)) == "money_own_line"
    at(world, lambda scene: approve(scene, back, ANNA))
    assert account(world, plan).spent == Money(0)
    assert [each.amount.cents for each in lines(world, plan)] == [-1250, 1250]
    assert lines(world, plan)[1].countered_by == back
    told = ledger(world)[0]["lines"]
    assert [each["amount_cents"] for each in told] == [-1250, 1250]
    assert told[0]["takes_back"] == line
    assert (
        refused(world, lambda s: take_back(s, back, ANNA)) == "money_cannot_take_back"
    )


def test_a_correction_that_is_sent_back_can_be_made_again(each_world: World) -> None:
    world = each_world
    plan = chosen_plan(world, None)
    line = paid(world, plan)
    back = at(world, lambda scene: take_back(scene, line, BRAM))
    at(world, lambda scene: send_back(scene, back, ANNA, {"nl": "Klopte toch."}))
    assert at(world, lambda scene: take_back(scene, line, BRAM)) > back
    assert account(world, plan).spent == Money(1250)


def test_a_bill_out_of_an_advance_is_not_counted_twice(each_world: World) -> None:
    world = each_world
    plan = chosen_plan(world, None)
    paid(world, plan, replace(PAINT, amount=Money(20_000), kind=PaidBy.ADVANCE))
    paid(world, plan, replace(PAINT, amount=Money(8_000), kind=PaidBy.FROM_ADVANCE))
    assert account(world, plan).spent == Money(20_000)
    assert account(world, plan).advance == Money(12_000)
    assert ledger(world)[0]["advance_cents"] == 12_000


def test_a_payment_of_no_activity_is_an_alarm_until_it_has_one(
    each_world: World,
) -> None:
    world = each_world
    plan = chosen_plan(world, None)
    line = paid(world, plan, replace(PAINT, new_activity=""))
    assert [each.id for each in waits(world).loose] == [line]
    none = refused(world, lambda s: file_under(s, line, ANNA, None, " "))
    assert none == "money_no_activity"
    at(world, lambda scene: file_under(scene, line, ANNA, None, "De muur"))
    assert waits(world).loose == []
    again = refused(world, lambda s: file_under(s, line, ANNA, None, "Iets anders"))
    assert again == "did_nothing"
    assert lines(world, plan)[0].activity == "De muur"


def test_an_activity_of_another_plan_is_none(world: World) -> None:
    plan, other = chosen_plan(world, None), chosen_plan(world, None)
    theirs = paid(world, other)
    known = world.one(table(Spending).where(Spending.id == theirs)).activity_id
    line = paid(world, plan, replace(PAINT, new_activity="", activity=known))
    assert [each.id for each in waits(world).loose] == [line]


def test_more_than_was_granted_is_an_alarm_until_it_is_mended(
    each_world: World,
) -> None:
    world = each_world
    plan = chosen_plan(world, None)
    paid(world, plan, replace(PAINT, amount=Money(49_000)))
    assert waits(world).over == []
    line = paid(world, plan, replace(PAINT, amount=Money(2_000)))
    assert [each.plan for each in waits(world).over] == [plan]
    back = at(world, lambda scene: take_back(scene, line, BRAM))
    at(world, lambda scene: approve(scene, back, ANNA))
    assert waits(world).over == []


WRONG: list[tuple[Payment, str]] = [
    (replace(PAINT, amount=Money(0)), "money_no_amount"),
    (replace(PAINT, amount=Money(-5)), "money_no_amount"),
    (replace(PAINT, amount=Money(10**9)), "money_no_amount"),
    (replace(PAINT, day=DAY + timedelta(days=9)), "money_later"),
    (replace(PAINT, what={"nl": " \u202e "}), "money_needs_words"),
    (replace(PAINT, what={"xx": "verf"}), "money_needs_words"),
]


@pytest.mark.parametrize(("payment", "word"), WRONG)
def test_what_cannot_be_right_is_not_kept(
    world: World, payment: Payment, word: str
) -> None:
    plan = chosen_plan(world, None)
    assert refused(world, lambda s: enter(s, plan, payment, ANNA)) == word
    assert lines(world, plan) == []


def test_no_money_goes_to_a_plan_that_was_not_chosen(world: World) -> None:
    plan = world.plan(None, status=Status.ON_BALLOT.value)
    assert refused(world, lambda s: enter(s, plan, PAINT, ANNA)) == "money_no_plan"


def test_an_account_number_in_the_words_is_masked(world: World) -> None:
    plan = chosen_plan(world, None)
    paid(world, plan, replace(PAINT, what={"nl": "verf NL91ABNA0417164300"}))
    assert ledger(world)[0]["lines"][0]["what"] == {"nl": "verf •••"}


def test_every_act_is_a_line_of_the_trail_without_words(world: World) -> None:
    plan = chosen_plan(world, None)
    line = paid(world, plan)
    at(world, lambda scene: take_back(scene, line, BRAM))
    trail = world.rows(table(AuditLine).order_by(AuditLine.id))
    acts = [(each.act, each.by, each.subject) for each in trail]
    subject = f"plan:{plan}"
    assert acts == [
        ("money.enter", ANNA, subject),
        ("money.approve", BRAM, subject),
        ("money.take_back", BRAM, subject),
    ]
    assert "verf" not in str([each.data for each in trail])


def test_a_receipt_from_the_chat_waits_with_its_clean_photo(each_world: World) -> None:
    world = each_world
    author = world.person("nl", "web")
    plan = chosen_plan(world, author)
    sends_bill(world, author)
    (line,) = waits(world).lines
    assert (line.plan, line.amount, line.entered_by) == (plan, Money(1250), AUTHOR)
    photo = bill_photo(world.house, line.id)
    assert photo is not None
    assert CANARY.encode() not in photo
    words = refused(world, lambda s: approve(s, line.id, BRAM))
    assert words == "money_needs_words"
    filled = replace(PAINT, amount=Money(1), kind=PaidBy.REIMBURSEMENT)
    at(world, lambda scene: approve(scene, line.id, BRAM, filled))
    assert account(world, plan).spent == Money(1250), "the author's own amount"
    (push,) = world.pushes(author)
    assert "goedgekeurd" in push.text
    assert "12,50 euro" in push.text


def test_a_receipt_is_sent_back_kindly_in_her_language(world: World) -> None:
    author = world.person("tr", "web")
    plan = chosen_plan(world, author)
    sends_photo(world, author)
    for words in ("evet", "12,50", "evet"):
        world.says(author, words)
    (line,) = waits(world).lines
    assert refused(world, lambda s: send_back(s, line.id, BRAM, {})) == (
        "money_no_reason"
    )
    reason = {"nl": "De datum is niet te lezen.", "tr": "Tarih okunmuyor."}
    at(world, lambda scene: send_back(scene, line.id, BRAM, reason))
    (push,) = world.pushes(author)
    assert "Tarih okunmuyor." in push.text
    assert "De datum" not in push.text
    assert account(world, plan).spent == Money(0)
    assert ledger(world)[0]["lines"] == []


def test_only_the_author_of_a_chosen_plan_is_asked_about_a_receipt(
    world: World,
) -> None:
    author, other = world.person("nl", "web"), world.person("nl", "web")
    plan = chosen_plan(world, author)
    world.follow(other, plan)
    sends_photo(world, other)
    assert "bon" not in world.texts(other)[-1]
    world.change_plan(plan, status=Status.DONE.value)
    sends_photo(world, author)
    assert "bon" not in world.texts(author)[-1]
    assert waits(world).lines == []


def test_the_plan_may_end_while_she_looks_for_the_amount(world: World) -> None:
    author = world.person("nl", "web")
    plan = chosen_plan(world, author)
    sends_photo(world, author)
    for words in ("ja", "12,50"):
        world.says(author, words)
    world.change_plan(plan, status=Status.STOPPED.value)
    world.says(author, "ja")
    assert "nu geen bon" in world.texts(author)[-1]
    assert waits(world).lines == []


def test_payments_stay_when_the_author_is_forgotten(each_world: World) -> None:
    world = each_world
    author = world.person("nl", "web")
    plan = chosen_plan(world, author)
    for _ in range(2):
        sends_bill(world, author)
    first, second = waits(world).lines
    at(world, lambda scene: send_back(scene, second.id, BRAM, {"nl": "Dubbel."}))
    world.says(author, "vergeet mij")
    assert "blijft bewaard" in world.texts(author)[-1]
    world.taps(author, "forget:drop")
    kept = {each.id: each for each in world.rows(table(Spending))}
    assert [each.talk_id for each in kept.values()] == [None, None]
    assert kept[first.id].media_id is not None
    assert kept[second.id].media_id is None
    photo = table(Media).where(Media.id == kept[first.id].media_id)
    assert world.one(photo).delete_after is None
    filled = replace(PAINT, kind=PaidBy.REIMBURSEMENT)
    at(world, lambda scene: approve(scene, first.id, BRAM, filled))
    assert account(world, plan).spent == Money(1250)
    assert [each.text for each in world.pushes(author)] == [""], "told no more"


def test_a_neighbour_asks_where_the_money_went(each_world: World) -> None:
    world = each_world
    plan = chosen_plan(world, None)
    paid(world, plan)
    neighbour = world.person("ar", "web")
    world.says(neighbour, "أين ذهب المال؟")
    assert str(plan) in world.texts(neighbour)[-1]
    world.taps(neighbour, f"money:{plan}")
    told = world.texts(neighbour)[-1]
    assert "طلاء للجدار" in told
    assert "12,50" in told
    assert "487,50" in told
    world.follow(neighbour, plan)
    world.says(neighbour, "المال")
    assert "طلاء للجدار" in world.texts(neighbour)[-1]


def test_money_of_a_plan_that_is_not_public_is_told_to_its_author_only(
    world: World,
) -> None:
    author, other = world.person("nl", "web"), world.person("nl", "web")
    plan = chosen_plan(world, author, public_at=None)
    paid(world, plan)
    world.says(other, f"geld {plan}")
    assert "verf" not in world.texts(other)[-1]
    world.says(author, f"geld {plan}")
    assert "verf voor de muur" in world.texts(author)[-1]
    assert ledger(world) == []

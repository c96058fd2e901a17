"""Each judge can find something: a fault is planted, and the judge of it names it."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from tests.fuzz.asking import Asked
from tests.fuzz.court import BODIES, court_of
from tests.fuzz.judges import Finding
from tests.fuzz.marks import WORD, telegram_chat
from tests.fuzz.messages import JSON_TYPE
from tests.fuzz.place import Place
from tests.fuzz.running import Batch, Found, Templates, templates
from tests.fuzz.sealing import FLIPPED
from tests.fuzz.shrinking import Shrinker

log = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def made() -> Iterator[Templates]:
    with templates() as found:
        yield found


@pytest.fixture
def place(made: Templates) -> Iterator[Place]:
    with made.place(Batch(BODIES, 1, 0)) as opened:
        yield opened


def update(number: int, words: str = "hallo") -> Asked:
    person = {"id": telegram_chat(1), "is_bot": False, "first_name": WORD}
    chat = {"id": person["id"], "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": words}
    body = json.dumps({"update_id": number, "message": message}).encode()
    return Asked("telegram", "POST", "/telegram", "", (JSON_TYPE,), body, "telegram")


def planted(place: Place, view: str, act: Callable[[], Any]) -> None:
    """Have a view do something before it does what it should."""
    right = place.app.view_functions[view]

    def wrong(**values: Any) -> Any:
        return act() or right(**values)

    place.app.view_functions[view] = wrong


def found_in(place: Place, *requests: Asked, what: str = BODIES) -> set[str]:
    court = court_of(place, what)
    return {each.judge for asked in requests for each in court.hear(asked).findings}


def writes(place: Place, statement: str) -> Callable[[], None]:
    def write() -> None:
        place.house.db.run(lambda db: db.execute(text(statement)))

    return write


def breaks() -> None:
    raise KeyError(WORD)


def test_nothing_is_found_where_nothing_is_planted(place: Place) -> None:
    forged = replace(update(2), damage=FLIPPED)
    assert found_in(place, update(1), forged, update(1)) == set()


def test_an_exception_is_named_as_the_answer_and_as_the_line(place: Place) -> None:
    planted(place, "webhooks.telegram", breaks)
    assert found_in(place, update(1)) == {"5xx", "log"}


def test_an_answer_outside_the_contract_is_named(place: Place) -> None:
    planted(place, "webhooks.telegram", lambda: ("", 418))
    assert found_in(place, update(1)) == {"answer"}


@pytest.mark.parametrize("secret", [WORD, str(telegram_chat(1)), "the pass"])
def test_a_word_a_number_and_a_secret_in_a_log_are_named(
    place: Place, secret: str
) -> None:
    told = next(iter(place.passes), None) if secret == "the pass" else secret
    told = told or place.house.settings.secret_key
    planted(place, "webhooks.telegram", lambda: log.info("heard %s", told))
    assert found_in(place, update(1)) == {"log"}


def test_what_is_printed_is_heard_too(made: Templates) -> None:
    with made.place(Batch(BODIES, 1, 0)) as place:
        planted(place, "webhooks.telegram", lambda: print(WORD))
        assert found_in(place, update(1)) == {"log"}


def test_a_forged_body_that_writes_is_named(place: Place) -> None:
    writes_it = writes(place, "UPDATE rounds SET slug = slug")
    planted(place, "webhooks.telegram", writes_it)
    forged = replace(update(1), damage=FLIPPED)
    assert found_in(place, forged) == {"forged"}


def test_a_genuine_body_that_writes_where_it_may_not_is_named(place: Place) -> None:
    planted(
        place, "webhooks.telegram", writes(place, "UPDATE officials SET role = role")
    )
    assert found_in(place, update(1)) == {"rows"}


def test_an_answer_to_a_body_that_was_there_is_named(place: Place) -> None:
    statement = (
        "INSERT INTO residents (created_at) VALUES ('2026-11-18 11:00:00.000000')"
    )
    planted(place, "webhooks.telegram", writes(place, statement))
    assert found_in(place, update(1), update(1)) == {"twice"}


def test_a_plan_without_a_yes_is_named(place: Place) -> None:
    statement = (
        "INSERT INTO plans (number, round_id, status, text, spoken, place, supports,"
        " created_at) VALUES (250, 1, 'received', 'x', 0, '', 0, '2026-11-18 11:00:00')"
    )
    planted(place, "webhooks.telegram", writes(place, statement))
    assert found_in(place, update(1, "hallo")) == {"yes"}


def test_a_ballot_of_no_pass_is_named(made: Templates) -> None:
    statement = (
        "INSERT INTO ballots (id, round_id, voter, picks, receipt) SELECT 'x', id,"
        " 'nobody', '[21]', 'x' FROM rounds WHERE slug = 'slotermeer-2026'"
    )
    with made.place(Batch(BODIES, 1, 1)) as place:
        planted(place, "webhooks.telegram", writes(place, statement))
        assert found_in(place, update(1, "ja")) == {"pass"}


PAGE = Asked("page", "GET", "/desk", "", (), b"", "desk:viewer")
POST = replace(PAGE, method="POST", path="/desk/logout", body=b"secret=0form0secret0")
NOTED = (
    'INSERT INTO audit_lines (at, "by", act, subject, data) VALUES'
    " ('2026-11-18 11:00:00', 'viewer@fuzz.example', 'plan.review', 'plan:21', '{}')"
)


def test_a_viewer_who_changes_a_plan_is_named(place: Place) -> None:
    planted(place, "desk.leave", writes(place, "UPDATE plans SET votes = 1"))
    assert found_in(place, POST, what="viewer") == {"role"}


def test_a_look_that_changes_something_is_named(place: Place) -> None:
    planted(place, "desk.today", writes(place, "UPDATE official_logins SET factor = 1"))
    writes(place, "INSERT INTO official_logins (official_id) VALUES (1)")()
    place.watch.changes()
    assert found_in(place, PAGE, what="viewer") == {"look"}


def test_a_form_without_its_secret_that_changes_something_is_named(
    place: Place,
) -> None:
    planted(place, "desk.leave", writes(place, "UPDATE plans SET votes = 1"))
    forged = replace(POST, damage=FLIPPED, seal="desk:admin")
    assert found_in(place, forged, what="admin") == {"form"}


def test_an_act_that_is_noted_of_the_wrong_role_is_named(place: Place) -> None:
    planted(place, "desk.leave", writes(place, NOTED))
    assert found_in(place, POST, what="viewer") == {"audit"}


def test_a_finding_shrinks_to_the_one_body_that_shows_it(
    made: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.fuzz import shrinking

    finding = Finding("log", "words or secrets of the request are logged")

    def replayed(place: Place, what: str, requests: list[Asked]) -> list[Finding]:
        return [finding] if any(b"boom" in each.body for each in requests) else []

    monkeypatch.setattr(shrinking, "replay", replayed)
    requests = (update(1), update(2), update(3, "a boom b"))
    found = Found(Batch(BODIES, 1, 0), 2, finding, requests)
    (smallest,) = Shrinker(made).shrink(found)
    assert smallest.body == b"boom"

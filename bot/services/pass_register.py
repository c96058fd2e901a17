"""What officials do to voting passes: make, open, void, replace, recast, count.

Codes are returned once, by what makes them, and stored nowhere. Every act is written
down: who, when, and to which pass or to how many.
"""

import csv
import io
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from bot.domain.passes import (
    LENGTHS,
    MOST_HITS,
    SERIAL_DIGITS,
    TEST_CODE,
    TEST_TOKEN,
    TOKEN_LENGTH,
    TOKEN_SIGNS,
    Guesses,
    PassClass,
    PassState,
    code_of,
    days_of,
    expected_guesses,
)
from bot.domain.rounds import Phase, Round
from bot.keys import Keys
from bot.services.catalog import touch
from bot.services.house import Scene
from bot.services.passes import code_hash, token_hash, voting_of
from bot.store.passes import PassAct, PassRow, Seal

AT_ONCE = 500
MOST_PASSES = 500_000
"""Of a million serials at most half are given: a random one is soon free."""


class PassRefusedError(Exception):
    """An act on passes is not possible. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is printed in a letter, and stored nowhere."""

    serial: str
    kind: PassClass
    code: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Making:
    """Passes to be made: how many, for whom, how long, by whom.

    `draw` returns a random token; it is handed in, so that the demo can print its
    passes again.
    """

    slug: str
    kind: PassClass
    count: int
    digits: int
    by: str
    state: PassState = PassState.PRINTED
    draw: Callable[[], str] | None = None


COLUMNS = ("serial", "class", "code", "token")


def as_csv(letters: Iterable[Letter]) -> str:
    """Return passes as CSV with a heading."""
    told = io.StringIO()
    rows = csv.writer(told, lineterminator="\n")
    rows.writerow(COLUMNS)
    for each in letters:
        rows.writerow((each.serial, each.kind.value, each.code, each.token))
    return told.getvalue()


def random_token(*, test: bool = False) -> str:
    """Return a fresh token; that of a test pass can be told."""
    lead = TEST_TOKEN if test else ""
    rest = range(TOKEN_LENGTH - len(lead))
    return lead + "".join(secrets.choice(TOKEN_SIGNS) for _ in rest)


def make_passes(scene: Scene, making: Making) -> Sequence[Letter]:
    """Make passes and return what is printed of them, in random order of serials.

    Raises PassRefusedError if the round asks for no pass or votes no more, if its other
    codes are of another length, or if more lucky guesses than 0.05 are to be expected.
    """
    a_round, round_id = find_round(scene, making.slug)
    _check_round(scene, a_round, round_id, making)
    if making.kind is not PassClass.TEST:
        _check_guesses(scene.db, a_round, round_id, making)
    letters = _draw(scene.db, making)
    keys = scene.house.keys
    rows = [_row(keys, round_id, making, each) for each in letters]
    for at in range(0, len(rows), AT_ONCE):
        scene.db.execute(insert(PassRow), rows[at : at + AT_ONCE])
    write_act(scene, round_id, "create", making.by, len(rows), kind=making.kind)
    touch(scene.db)
    return letters


def find_round(scene: Scene, slug: str) -> tuple[Round, int]:
    """Return a round and its row. Raises PassRefusedError for an unknown one."""
    view = scene.house.catalog.view(scene.db)
    found = next((each for each in view.rounds if each.slug == slug), None)
    if found is None:
        known = ", ".join(each.slug for each in view.rounds) or "none"
        raise PassRefusedError(f"There is no round {slug}. There are: {known}.")
    return found, view.round_id(slug)


def _check_round(scene: Scene, a_round: Round, round_id: int, making: Making) -> None:
    slug = a_round.slug
    if a_round.before:
        raise PassRefusedError(
            f"Passes belong to {a_round.before}, and vote in {slug} too."
        )
    if not a_round.asks_pass:
        raise PassRefusedError(
            f'Round {slug} asks for no pass. Set its eligibility to "pass" first.'
        )
    if a_round.closes_at is None or a_round.closes_at <= scene.now:
        raise PassRefusedError(f"Voting in round {slug} is closed, or has no end.")
    known = scene.house.catalog.view(scene.db).pass_digits.get(slug)
    if making.digits not in LENGTHS or known not in {None, making.digits}:
        lengths = " or ".join(map(str, LENGTHS)) if known is None else str(known)
        raise PassRefusedError(f"Codes of round {slug} have {lengths} digits.")
    if not 1 <= making.count <= MOST_PASSES - _count_all(scene.db):
        raise PassRefusedError(f"At most {MOST_PASSES} passes can be kept in all.")
    _check_unsealed(scene.db, slug, round_id)


def _check_unsealed(db: Connection, slug: str, round_id: int) -> None:
    if db.scalar(select(Seal.round_id).where(Seal.round_id == round_id)) is not None:
        raise PassRefusedError(f"Round {slug} is sealed: nothing changes any more.")


def _count_all(db: Connection) -> int:
    return int(db.scalar(select(func.count()).select_from(PassRow)) or 0)


def _check_guesses(
    db: Connection, a_round: Round, round_id: int, making: Making
) -> None:
    """Refuse more passes than typed codes of this length can bear."""
    live = select(func.count()).where(
        PassRow.round_id == round_id,
        PassRow.kind != PassClass.TEST.value,
        PassRow.state != PassState.VOID.value,
    )
    total = making.count + int(db.scalar(live) or 0)
    guesses = guesses_in(a_round, total, making.digits)
    if guesses.too_many:
        raise PassRefusedError(
            f"{total} passes of {making.digits} digits: {guesses.hits:.3f} lucky "
            f"guesses are to be expected in {guesses.tries} tries, and at most "
            f"{MOST_HITS} are allowed. Nothing was made. "
            f"Make codes of {LENGTHS[-1]} digits, or fewer passes."
        )


def guesses_in(a_round: Round, count: int, digits: int) -> Guesses:
    """Return the lucky guesses to expect in the voting weeks of a round."""
    starts, closes = a_round.start_of(Phase.VOTING), a_round.closes_at
    seconds = (closes - starts).total_seconds() if starts and closes else 0.0
    return expected_guesses(count, digits, days_of(seconds))


def _draw(db: Connection, making: Making) -> Sequence[Letter]:
    """Draw tokens, and serials that are free, until there are enough."""
    test = making.kind is PassClass.TEST
    draw = making.draw or (lambda: random_token(test=test))
    taken = set(db.scalars(select(PassRow.serial)))
    drawn: dict[str, Letter] = {}
    while len(drawn) < making.count:
        token = draw()
        code = code_of(token, making.digits)
        looks_test = token.startswith(TEST_TOKEN) or code.startswith(TEST_CODE)
        if code in drawn or looks_test is not test:
            continue
        serial = _free_serial(taken)
        taken.add(serial)
        drawn[code] = Letter(serial, making.kind, code, token)
    return sorted(drawn.values(), key=lambda each: each.serial)


def _free_serial(taken: set[str]) -> str:
    while True:
        serial = f"{secrets.randbelow(10**SERIAL_DIGITS):0{SERIAL_DIGITS}}"
        if serial not in taken:
            return serial


def _row(keys: Keys, round_id: int, making: Making, letter: Letter) -> dict[str, Any]:
    return {
        "round_id": round_id,
        "kind": letter.kind.value,
        "digits": making.digits,
        "serial": letter.serial,
        "code_hash": code_hash(keys, letter.code),
        "token_hash": token_hash(keys, letter.token),
        "state": making.state.value,
    }


def write_act(  # noqa: PLR0913 - a line of the trail
    scene: Scene,
    round_id: int,
    act: str,
    by: str,
    passes: int,
    *,
    kind: str | None = None,
    serial: str | None = None,
) -> None:
    """Write down what was done to passes, and by whom."""
    line = {"round_id": round_id, "act": act, "by": by, "passes": passes}
    told = line | {"kind": kind, "serial": serial, "at": scene.now}
    scene.db.execute(insert(PassAct).values(told))


def open_passes(scene: Scene, slug: str, kind: PassClass | None, by: str) -> int:
    """Open what is printed, once the letters are out; return how many were opened."""
    _, round_id = find_round(scene, slug)
    _check_unsealed(scene.db, slug, round_id)
    printed = update(PassRow).where(
        PassRow.round_id == round_id, PassRow.state == PassState.PRINTED.value
    )
    if kind is not None:
        printed = printed.where(PassRow.kind == kind.value)
    opened = scene.db.execute(printed.values(state=PassState.OPEN.value)).rowcount
    write_act(scene, round_id, "open", by, opened, kind=kind)
    return int(opened)


def void_pass(scene: Scene, serial: str, by: str) -> None:
    """Let a pass that was never used count no more.

    Raises PassRefusedError if it is used: nobody can tell which ballot is its own.
    """
    row = _pass(scene.db, serial)
    _void(scene, row, serial)
    write_act(scene, row.round_id, "void", by, 1, kind=row.kind, serial=serial)


def replace_pass(
    scene: Scene, serial: str, by: str, spare: str | None = None
) -> Letter | None:
    """Void a pass that was never used, and give another one that is open.

    That is the printed pass `spare`, whose code no official has seen; without one, a
    pass is made and returned. Raises PassRefusedError.
    """
    row = _pass(scene.db, serial)
    _void(scene, row, serial)
    given = None
    if spare is None:
        slug = scene.house.catalog.view(scene.db).slug(row.round_id)
        kind = PassClass(row.kind)
        making = Making(slug, kind, 1, row.digits, by, PassState.OPEN)
        (given,) = make_passes(scene, making)
    else:
        _open_spare(scene.db, row, spare)
    other = spare or (given.serial if given else "")
    write_act(scene, row.round_id, "void", by, 1, kind=row.kind, serial=serial)
    write_act(scene, row.round_id, "replace", by, 1, kind=row.kind, serial=other)
    return given


def _open_spare(db: Connection, row: Any, spare: str) -> None:  # noqa: ANN401 - a row
    opened = update(PassRow).where(
        PassRow.serial == spare,
        PassRow.round_id == row.round_id,
        PassRow.kind == row.kind,
        PassRow.state == PassState.PRINTED.value,
    )
    if db.execute(opened.values(state=PassState.OPEN.value)).rowcount != 1:
        raise PassRefusedError(
            f"Pass {spare} is no spare: it must be printed and not open yet, of the "
            "same round and class. Nothing was changed."
        )


def recast_pass(scene: Scene, serial: str, by: str) -> None:
    """Cut a pass loose from its chat, so that its holder can vote anew elsewhere.

    Her new ballot replaces the first one; the old chat is not told, and the pass no
    longer works there. Raises PassRefusedError after closing, and for a void pass.
    """
    row = _pass(scene.db, serial)
    view = scene.house.catalog.view(scene.db)
    a_round = voting_of(view, row, scene.now)
    if not a_round.takes_votes(scene.now):
        slug = a_round.slug
        raise PassRefusedError(f"Round {slug} is not voting now: no vote can change.")
    if row.chat_hash is None:
        raise PassRefusedError(f"Pass {serial} was used in no chat: she can just vote.")
    loose = update(PassRow).where(PassRow.serial == serial)
    scene.db.execute(loose.values(chat_hash=None))
    write_act(scene, row.round_id, "recast", by, 1, kind=row.kind, serial=serial)


def _pass(db: Connection, serial: str) -> Any:  # noqa: ANN401 - a row
    columns = (
        PassRow.round_id,
        PassRow.kind,
        PassRow.digits,
        PassRow.state,
        PassRow.chat_hash,
    )
    found = select(*columns).where(PassRow.serial == serial)
    row = db.execute(found.with_for_update()).one_or_none()
    if row is None:
        raise PassRefusedError(f"There is no pass with serial {serial}.")
    return row


def _void(scene: Scene, row: Any, serial: str) -> None:  # noqa: ANN401 - a row
    unused = (PassState.PRINTED.value, PassState.OPEN.value)
    gone = update(PassRow).where(
        PassRow.serial == serial,
        PassRow.state.in_(unused),
        PassRow.chat_hash.is_(None),
    )
    if scene.db.execute(gone.values(state=PassState.VOID.value)).rowcount == 1:
        return
    if row.state == PassState.VOID:
        raise PassRefusedError(f"Pass {serial} is void already.")
    raise PassRefusedError(
        f"Pass {serial} was used already: it cannot be voided or replaced. Was it "
        f"somebody else? Then: buurtstem passes recast {serial}"
    )


def count_passes(db: Connection, round_id: int) -> Mapping[tuple[str, str], int]:
    """Return how many passes of a round there are, by class and state."""
    counted = (
        select(PassRow.kind, PassRow.state, func.count().label("size"))
        .where(PassRow.round_id == round_id)
        .group_by(PassRow.kind, PassRow.state)
    )
    return {(row.kind, row.state): row.size for row in db.execute(counted)}


@dataclass(frozen=True, slots=True)
class Act:
    """A line of the trail."""

    at: datetime
    by: str
    act: str
    kind: str | None
    serial: str | None
    passes: int


def list_acts(db: Connection, round_id: int) -> Iterable[Act]:
    """Return what officials did to the passes of a round, oldest first."""
    columns = (
        PassAct.at,
        PassAct.by,
        PassAct.act,
        PassAct.kind,
        PassAct.serial,
        PassAct.passes,
    )
    acts = select(*columns).where(PassAct.round_id == round_id).order_by(PassAct.id)
    return [Act(*row) for row in db.execute(acts)]

"""Keep `docs/data-inventory.md` in step with the tables: `check` or `write` it.

The page is made from the models and from `bot.store.inventory`, where every column has
its purpose, legal basis, retention and readers. `check` exits 1 if the page on disk is
another one; `write` writes it.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import bot.store
from bot.store.base import Base
from bot.store.columns.kinds import Personal, Seen
from bot.store.inventory import PERSONAL

PAGE = Path(__file__).parents[1] / "docs" / "data-inventory.md"
RESIDENT, AUTHOR, VOTER = "Resident", "Author of a plan", "Voter"
OFFICIAL, NOBODY = "Official or other helper", "Nobody in particular"
WHO: Mapping[str, str] = {
    RESIDENT: "somebody who writes or speaks to us, on whichever channel",
    AUTHOR: "a resident with a plan; a neighbour who is paid for it",
    VOTER: "whoever holds a voting pass or has sent a ballot",
    OFFICIAL: "staff at the desk, contact people, observers, readers of prompts",
    NOBODY: "answers and records that no name belongs to",
}
KINDS: Mapping[str, str] = {
    RESIDENT: (
        "residents talks inbound_messages outbound_messages media speeches tasks "
        "corrections desk_messages follows supports erasures trust_asked"
    ),
    AUTHOR: (
        "plans plan_media decisions checkin_answers meetings plan_care night_plans "
        "spendings activities"
    ),
    VOTER: "marks ballots receipts passes pass_tries",
    OFFICIAL: (
        "audit_lines broadcasts broadcast_drafts calls calls_made closing_moves "
        "contacts desk_sessions destroyed_rounds door_tries freed_awards "
        "frozen_rounds handovers hook_endpoints night_corrections nights "
        "observer_acts official_logins officials pass_acts plan_changes plan_lines "
        "plan_stages recordings recovery_codes renewals results reviews "
        "round_statements seals"
    ),
    NOBODY: "trust_answers hook_calls hook_events hook_tries",
}
"""Whom the personal columns of a table are about, where a column does not say else."""

OFFICIALS = frozenset(
    "plans.contact tasks.assigned_to night_plans.contact desk_messages.official_id "
    "desk_messages.dutch".split()
)
_WORDS_OUT = "`talks.address`, `inbound_messages.body`, `outbound_messages.text`"
RECIPIENTS: Sequence[tuple[str, str, str, str]] = (
    (
        "Twilio and Meta",
        "only with the channel WhatsApp",
        f"{_WORDS_OUT}, `outbound_messages.choices`, `.slots`, `media.key`",
        (
            "all she writes and hears there; files go at Twilio within an hour "
            "of fetching, what shows a vote or a pass is emptied there at once"
        ),
    ),
    (
        "Telegram",
        "only with the channel Telegram",
        f"{_WORDS_OUT}, `outbound_messages.choices`, `media.key`",
        (
            "all she writes and hears there, without encryption from end to end; a "
            "message that holds a voting pass is deleted from the chat"
        ),
    ),
    (
        "The officials' own systems",
        "only with a web hook",
        "`hook_calls.answer`, `hook_events.data`",
        "numbers and statuses of plans; no message and no address of a resident",
    ),
    (
        "Whoever keeps the files",
        "only with `MEDIA_URL` at another party",
        "`media.key`",
        "sounds and pictures, under names that tell nothing",
    ),
)


def page() -> str:
    """Return the page as it should be. Raises KeyError for a table of no kind."""
    for module in iter_modules(bot.store.__path__, "bot.store."):
        if not module.ispkg:
            import_module(module.name)
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# The data inventory"
    yield ""
    yield "<!-- Made by tools/inventory.py; edit bot/store/inventory.py instead. -->"
    yield ""
    yield "Every table of the database, every column about people: what it is for, on"
    yield "what legal basis, how long it is kept and who sees it. The page is made from"
    yield "the program's own tables; a column without a purpose fails the build."
    yield "What it means together stands in [privacy](privacy.md) and in the"
    yield "[impact assessment](dpia.md)."
    yield ""
    yield "Whoever runs the database can read all of it, except what is encrypted or a"
    yield "keyed hash: the keys lie outside the database."
    yield ""
    yield from _by_person()
    yield from _recipients()
    yield from _seen()
    yield "## Tables"
    for name in sorted(Base.metadata.tables):
        yield from _table(name)


def _by_person() -> Iterator[str]:
    yield "## By kind of person"
    for kind, who in WHO.items():
        found = [name for name in PERSONAL if kind_of(name) == kind]
        yield from ("", f"### {kind}", "", f"That is {who}. {len(found)} columns.", "")
        yield from _rows(
            ("Table", "Columns about this person"),
            (
                (f"[`{table}`](#{table})", ", ".join(f"`{each}`" for each in columns))
                for table, columns in _grouped(found).items()
            ),
        )
    yield ""


def _recipients() -> Iterator[str]:
    yield "## Who receives data outside the municipality"
    yield ""
    yield from _rows(("Who", "When", "From", "What"), RECIPIENTS)
    yield ""
    yield "Nobody else. Speech is recognised and made on the municipality's machine."
    yield ""


def _seen() -> Iterator[str]:
    yield "## Who sees what, in numbers"
    yield ""
    counts = ((each.value, _count_seen(each)) for each in Seen)
    yield from _rows(("Who sees it", "Columns"), counts)
    yield ""


def _count_seen(seen: Seen) -> str:
    return str(sum(what.seen is seen for what in PERSONAL.values()))


def _table(name: str) -> Iterator[str]:
    yield from ("", f"### {name}", "", _about(name), "")
    columns = [each.name for each in Base.metadata.tables[name].c]
    personal = [each for each in columns if f"{name}.{each}" in PERSONAL]
    if personal:
        head = ("Column", "About", "What for", "Legal basis", "How long", "Who sees it")
        yield from _rows(head, (_described(f"{name}.{each}") for each in personal))
        yield ""
    plain = ", ".join(f"`{each}`" for each in columns if each not in personal)
    if plain:
        yield f"Tells nothing about anybody: {plain}."


def _about(table: str) -> str:
    models = (each.class_ for each in Base.registry.mappers)
    model = next(each for each in models if each.__tablename__ == table)
    return " ".join((model.__doc__ or "").split("\n\n")[0].split())


def _described(column: str) -> tuple[str, ...]:
    what: Personal = PERSONAL[column]
    name = column.partition(".")[2]
    basis = what.basis.value.partition(":")[0]
    told = (what.purpose, basis, what.kept, what.seen.value)
    return (f"`{name}`", kind_of(column), *told)


def kind_of(column: str) -> str:
    """Return whom a personal column is about. Raises KeyError for an unknown table."""
    table, _, name = column.partition(".")
    if column in OFFICIALS or name == "by" or name.endswith("_by"):
        return OFFICIAL
    return {each: kind for kind, names in KINDS.items() for each in names.split()}[
        table
    ]


def _grouped(columns: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for column in sorted(columns):
        table, _, name = column.partition(".")
        groups.setdefault(table, []).append(name)
    return groups


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(each.replace('|', '/') for each in row)} |"


def main(does: str) -> int:
    """Check or write the page; return the exit code."""
    true = page()
    if does == "write":
        PAGE.write_text(true, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text("utf-8") == true:
        return 0
    print(f"{PAGE.name} is not what the tables say: run tools/inventory.py write")
    return 1


if __name__ == "__main__":
    if sys.argv[1:] not in (["check"], ["write"]):
        sys.exit("inventory.py check or inventory.py write")
    sys.exit(main(sys.argv[1]))

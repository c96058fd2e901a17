"""What a role may do at the desk, said once more, apart from the product's own table.

`bot.web.desk.access` decides by routes; this decides by what was changed in the end.
"""

from collections.abc import Iterator, Mapping

from bot.services.officials import ROLES
from tests.fuzz.judges import JUDGES, Judge, Seen

ADMIN = frozenset({"admin"})
COUNTING = ADMIN | {"counter", "volunteer"}
REVIEWING = ADMIN | {"reviewer"}
SENDING = ADMIN | {"communicator"}
ANSWERING = REVIEWING | SENDING
BRINGING = ANSWERING | {"helper"}
SEEING = ANSWERING | {"viewer", "counter"}
ANYBODY = frozenset(ROLES)
NOBODY = frozenset[str]()

OWN = frozenset(
    "desk_sessions official_logins recovery_codes audit_lines audit_chain".split()
)
"""What an official may change about herself, and what is written down about her."""

AT_THE_DOOR = frozenset({"door_tries", "audit_lines", "audit_chain"})
"""What knocking leaves, whoever knocks."""

BY_FORM_OF_OTHERS = frozenset({"desk_sessions", *AT_THE_DOOR})

LOOKING = frozenset({"desk_sessions", "audit_lines", "audit_chain"})
"""What looking at a page may change: that she was here, and what she took away."""

_TABLES: tuple[tuple[frozenset[str], str], ...] = (
    (
        NOBODY,
        "rounds frozen_rounds seals erasures round_statements closing_moves results",
    ),
    (NOBODY, "observer_acts outages content_sids trust_answers trust_asked supports"),
    (ADMIN, "officials hook_endpoints hook_wishes hook_tries"),
    (COUNTING, "ballots receipts replaced_ballots passes pass_acts pass_tries marks"),
    (COUNTING, "turnout chain"),
    (REVIEWING, "reviews"),
    (SENDING, "broadcasts contacts handovers accounts night_corrections corrections"),
    (BRINGING, "plans plan_stages plan_media media catalog residents talks"),
    (BRINGING, "hook_events hook_dispatches"),
)
MAY_TOUCH: Mapping[str, frozenset[str]] = {
    table: roles for roles, names in _TABLES for table in names.split()
}
"""Which roles may change a table; those that are not named, whoever may answer."""

_ACTS: tuple[tuple[frozenset[str], str], ...] = (
    (ANYBODY, "account. login logout export"),
    (ADMIN, "official. hooks. audit."),
    (REVIEWING, "plan.review plan.publish plan.picture care.tick care.told"),
    (BRINGING, "plan.bring plan.list"),
    (SENDING, "broadcast.send broadcast.pause broadcast.resume broadcast.cancel"),
    (SENDING, "night.release night.stop night.drop night.corrected contact. sending."),
    (COUNTING, "ballot. pass."),
    (SEEING, "plan.listen plan.look talk.listen talk.look"),
)
MAY_BE_NOTED: Mapping[str, frozenset[str]] = {
    act: roles for roles, names in _ACTS for act in names.split()
}
"""Which roles an act may be noted of, by how it begins; others, who may answer."""


def _role(seen: Seen) -> str:
    return seen.asked.seal.partition(":")[2]


def within_role(seen: Seen) -> Iterator[str]:
    """Nobody changes what her role does not let her; a stranger changes nothing."""
    role = _role(seen)
    free = OWN | AT_THE_DOOR if role in ROLES else AT_THE_DOOR
    for table in sorted(seen.tables - free):
        if role not in MAY_TOUCH.get(table, ANSWERING):
            yield f"a {role} changed {table}"


def by_her_own_form(seen: Seen) -> Iterator[str]:
    """A form that is not of this session changes nothing."""
    if seen.asked.damage and (strays := seen.tables - BY_FORM_OF_OTHERS):
        yield f"a form without the secret changed {', '.join(sorted(strays))}"


def by_looking(seen: Seen) -> Iterator[str]:
    """To look changes nothing."""
    free = LOOKING | AT_THE_DOOR
    if seen.asked.method != "POST" and (strays := seen.tables - free):
        yield f"{seen.asked.method} changed {', '.join(sorted(strays))}"


def as_noted(seen: Seen) -> Iterator[str]:
    """The audit trail holds no act of anybody who may not do it, and no other name."""
    count = seen.changes["audit_lines", "INSERT"]
    trail = ("audit_lines", "audit_chain")
    if any(seen.changes[it, act] for it in trail for act in ("UPDATE", "DELETE")):
        yield "a line of the audit trail was changed"
    if not count:
        return
    role = _role(seen)
    newest = f'SELECT "by", act FROM audit_lines ORDER BY id DESC LIMIT {int(count)}'
    for line in seen.place.watch.rows(newest):
        begins = (each for each in MAY_BE_NOTED if line.act.startswith(each))
        roles = MAY_BE_NOTED.get(max(begins, key=len, default=""), ANSWERING)
        knocks = line.act.startswith("login")
        if role not in roles and not knocks:
            yield f"{line.act} is noted of a {role}"
        person = seen.place.people.get(role)
        if not knocks and (person is None or line.by != person.email):
            yield f"{line.act} of a {role} is noted of somebody else"


DESK_JUDGES: Mapping[str, Judge] = {
    "5xx": JUDGES["5xx"],
    "role": within_role,
    "form": by_her_own_form,
    "look": by_looking,
    "audit": as_noted,
    "log": JUDGES["log"],
}

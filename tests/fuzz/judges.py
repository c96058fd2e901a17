"""What must be true of an answer, of the tables and of the logs after every request."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from tests.fuzz.asking import Answer, Asked
from tests.fuzz.marks import marked_in
from tests.fuzz.place import Place
from tests.fuzz.watch import Changes
from tests.worlds import VOTING

BROKEN = 500
TURNED_AWAY = 429


@dataclass(frozen=True, slots=True)
class Finding:
    """A judge's name, and what it saw. It quotes no words of the request."""

    judge: str
    what: str

    def __str__(self) -> str:
        return f"{self.judge}: {self.what}"


@dataclass(frozen=True, slots=True)
class Seen:
    """All that there is to judge: the request, its answer, and what it changed.

    `said` are the last words of whoever it is from, since she was answered.
    """

    place: Place
    asked: Asked
    answer: Answer
    changes: Changes
    said: tuple[str, ...] = ()
    again: bool = False

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(table for table, _ in self.changes)


Judge = Callable[[Seen], Iterator[str]]

TALKING = frozenset(
    "residents talks inbound_messages outbound_messages media tasks plans plan_stages"
    " plan_media supports follows marks ballots checkins checkin_answers erasures"
    " receipts passes pass_tries pass_acts turnout chain replaced_ballots"
    " content_sids catalog"
    " trust_answers trust_asked meetings renewals calls plan_care plan_lines spendings"
    " hook_events hook_dispatches accounts decisions".split()
)
"""What a message may change. Nothing on it is the officials' own: beside a decision
stands what its author wants next."""

MAY_CHANGE: Mapping[str, frozenset[str]] = {
    "telegram": TALKING,
    "whatsapp": TALKING,
    "phone": TALKING | {"sounds"},
    "status": frozenset(
        "outbound_messages talks tasks accounts templates broadcasts inbound_messages"
        " hook_events hook_dispatches calls content_sids".split()
    ),
    "hook": frozenset(
        "hook_calls plans plan_stages decisions broadcasts corrections checkins tasks"
        " audit_lines audit_chain outbound_messages catalog results media sounds"
        " hook_events hook_dispatches plan_care meetings renewals follows accounts"
        " talks residents".split()
    ),
    "sign_on": frozenset({"door_tries", "audit_lines", "audit_chain"}),
}
"""What a genuine request of each kind may change at most."""

GENUINE: Mapping[str, frozenset[int]] = {
    "telegram": frozenset({200}),
    "whatsapp": frozenset({200, 403}),
    "status": frozenset({200, 403}),
    "hook": frozenset({200, 202, 400, 401, 409, 413}),
    "phone": frozenset({200, 400, 403, 404, 405, 413, 415}),
    "sign_on": frozenset({303, 403}),
}
"""What the contract lets us answer. A form that nobody can read cannot be signed."""

FORGED: Mapping[str, frozenset[int]] = {
    "telegram": frozenset({403}),
    "whatsapp": frozenset({403}),
    "status": frozenset({403}),
    "hook": frozenset({401, 413}),
    "phone": frozenset({200, 400, 403, 404, 405, 413, 415}),
    "sign_on": frozenset({303, 403}),
}
"""The same for a request that is not what it says. A page of the chat is public."""

_YES = re.compile(
    r"\b(yes|ja|evet|ok|oké|tamam|stuur|send|gönder)\b|نعم|(?:^|\D)[1١۱](?:\D|$)",
    re.IGNORECASE,
)


def broken(seen: Seen) -> Iterator[str]:
    """No answer of 5xx, and nothing that gets out of the application."""
    if seen.answer.broke is not None:
        yield f"{type(seen.answer.broke).__name__} left the application"
    elif seen.answer.status >= BROKEN:
        yield f"answered {seen.answer.status}"


def expected(seen: Seen) -> Iterator[str]:
    """The status is one that the contract has for this."""
    kind, status = seen.asked.kind, seen.answer.status
    allowed = (GENUINE if seen.asked.is_genuine else FORGED).get(kind)
    if allowed and status < BROKEN and status not in allowed | {TURNED_AWAY}:
        yield f"answered {status} to {kind}"


def forged(seen: Seen) -> Iterator[str]:
    """Who is not known to be who she says changes nothing."""
    kind = seen.asked.kind
    if kind in FORGED and not seen.asked.is_genuine:
        free = MAY_CHANGE["sign_on"] if kind == "sign_on" else frozenset[str]()
        if strays := seen.tables - free:
            yield f"a forged {kind} changed {', '.join(sorted(strays))}"


def rows(seen: Seen) -> Iterator[str]:
    """A genuine request changes only what its kind may."""
    kind = seen.asked.kind
    if kind not in MAY_CHANGE or not seen.asked.is_genuine:
        return
    if strays := seen.tables - MAY_CHANGE[kind]:
        yield f"a {kind} changed {', '.join(sorted(strays))}"


def twice(seen: Seen) -> Iterator[str]:
    """What comes a second time is there already: nothing is stored, nobody answered."""
    grown = {table for table, verb in seen.changes if verb == "INSERT"}
    if seen.again and grown:
        yield f"a second {seen.asked.kind} added to {', '.join(sorted(grown))}"


def confirmed(seen: Seen) -> Iterator[str]:
    """No plan and no ballot without a yes."""
    if seen.asked.kind not in {"telegram", "whatsapp", "phone"}:
        return
    for table, verb in (
        ("plans", "INSERT"),
        ("ballots", "INSERT"),
        ("ballots", "UPDATE"),
    ):
        if seen.changes[table, verb] and not any(map(says_yes, seen.said)):
            yield f"{verb} into {table} without a yes"


def counted(seen: Seen) -> Iterator[str]:
    """Every ballot is that of a pass we gave out; each pass has one at most."""
    if "ballots" not in seen.tables or not seen.place.voters:
        return
    of_round = (
        "SELECT voter FROM ballots WHERE round_id = "
        "(SELECT id FROM rounds WHERE slug = :slug)"
    )
    found = [row.voter for row in seen.place.watch.rows(of_round, slug=VOTING)]
    if len(set(found)) != len(found) or not seen.place.voters.issuperset(found):
        yield "a ballot is in the box of no pass that we gave out"


def quiet(seen: Seen) -> Iterator[str]:
    """Nothing broken is logged or printed, and no words, numbers or secrets at all."""
    lines, wrong = seen.place.ears.heard()
    yield from (f"logged {line.split(' ', 2)[-1][:200]}" for line in wrong)
    if lines and marked_in("\n".join(lines), seen.place.secrets):
        yield "words or secrets of the request are logged"


def says_yes(words: str) -> bool:
    """Tell whether words can be meant as a yes (or as the first of some answers)."""
    return bool(_YES.search(words))


JUDGES: Mapping[str, Judge] = {
    "5xx": broken,
    "answer": expected,
    "forged": forged,
    "rows": rows,
    "twice": twice,
    "yes": confirmed,
    "pass": counted,
    "log": quiet,
}


def judged(seen: Seen, judges: Mapping[str, Judge] = JUDGES) -> list[Finding]:
    """Return what the judges have found, each in its own words."""
    return [
        Finding(name, what) for name, judge in judges.items() for what in judge(seen)
    ]


def said_in(asked: Asked) -> tuple[str, str] | None:
    """Return who writes and what, as far as a program can tell; None if it cannot."""
    read = {"telegram": _on_telegram, "whatsapp": _on_whatsapp, "phone": _on_page}
    reader = read.get(asked.kind)
    try:
        return reader(asked) if reader else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _on_telegram(asked: Asked) -> tuple[str, str]:
    update = json.loads(asked.body)
    query = _object(update, "callback_query")
    message = _object(update, "message") or _object(query, "message")
    who = _object(message, "chat").get("id") or query["from"]["id"]
    return str(who), f"{query.get('data', '')} {message.get('text', '')}"


def _object(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return what stands there if it is an object; what is none says nothing."""
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def _on_whatsapp(asked: Asked) -> tuple[str, str]:
    form = parse_qs(asked.body.decode("utf-8", "replace"), keep_blank_values=True)
    names = ("ButtonPayload", "ListId", "Body")
    words = " ".join(form.get(name, [""])[0] for name in names)
    return form["From"][0].removeprefix("whatsapp:"), words


def _on_page(asked: Asked) -> tuple[str, str]:
    body = json.loads(asked.body)
    return asked.seal.partition(":")[2], f"{body.get('tap')} {body.get('text')}"

"""All that is kept of somebody, as one page in her language: read, and not heard.

It is a file on her phone: no script, nothing from elsewhere, and headings that lead a
screen reader. What everybody can read stands first, what a lawyer asks for last.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.languages import pick_text
from bot.domain.money import Money
from bot.domain.plans import Status
from bot.domain.say import N_, Free, Param, Say
from bot.flows.stages import status_row
from bot.i18n import direction, render
from bot.i18n.values import money_words
from bot.public_words import day, language_name, privacy_rows, word
from bot.services.mydata.packing import DATA, Book
from bot.store.given import NOT_GIVEN, Why

WORDS: Mapping[str, str] = {
    "title": N_("Your data"),
    "lead": N_("In this file is what we keep about you."),
    "made": N_("Made on %(day)s."),
    "missing": N_("Some recordings or photos did not fit."),
    "contents": N_("What is in it"),
    "you": N_("About you"),
    "since": N_("We know you since"),
    "app": N_("App"),
    "address": N_("Your address in this app"),
    "phone": N_("Your telephone number"),
    "language": N_("Language"),
    "stopped": N_("You want no messages since"),
    "begun": N_("A plan you began and did not send"),
    "may_write": N_("We may write to you about your plan"),
    "may_record": N_("We may keep your recordings for tests"),
    "yes": N_("Yes"),
    "no": N_("No"),
    "unasked": N_("Not asked"),
    "none": N_("Nothing"),
    "plans": N_("Your plans"),
    "text": N_("In your own words"),
    "place": N_("Where it is"),
    "public": N_("What neighbours can read"),
    "history": N_("What happened with it"),
    "asked": N_("We asked you"),
    "answered": N_("You answered"),
    "meeting": N_("What another author may have of you"),
    "payments": N_("Payments"),
    "supports": N_("Plans you support"),
    "follows": N_("Plans you follow"),
    "votes": N_("When you voted"),
    "choice": N_("We do not keep your choice with your number."),
    "tasks": N_("Your questions to a person"),
    "outcome": N_("What the person wrote down"),
    "files": N_("Recordings and photos"),
    "heard": N_("What the computer heard"),
    "written": N_("What a person wrote down"),
    "gone": N_("The file itself is deleted."),
    "messages": N_("Messages"),
    "when": N_("When"),
    "who": N_("Who"),
    "what": N_("What"),
    "from_you": N_("You"),
    "from_us": N_("The municipality"),
    "not_here": N_("What is not in this file, and why"),
    "all": N_("Everything as a computer keeps it"),
    "all_told": N_("This part is in English, for a lawyer or a computer."),
    "data": N_("The same as a file for a computer"),
}
REASONS: Mapping[Why, str] = {
    Why.CODE: N_("Scrambled codes. Nobody can read them, we cannot either."),
    Why.CHOICE: N_("What could show what somebody chose."),
    Why.OTHER: N_("What another person told us."),
    Why.OFFICIAL: N_("Which person of the municipality did something."),
    Why.AGAIN: N_("What stands in this file already."),
    Why.UNTOLD: N_("A result before it is told."),
    Why.PLACE: N_("Where a file lies in our computer."),
}
"""Each reason of `bot.store.given` as somebody reads it."""

SECTIONS = (
    "you",
    "plans",
    "supports",
    "follows",
    "votes",
    "tasks",
    "files",
    "messages",
    "not_here",
)
_APPS = {"whatsapp": "WhatsApp", "telegram": "Telegram"}
_SAFE = "script-src 'none'; connect-src 'none'; form-action 'none'; object-src 'none'"
_STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;"
    "padding:1rem;color:#1b1b1b;background:#fff;overflow-wrap:anywhere}"
    "h2{margin-top:2.5rem;border-top:2px solid #0d4650;padding-top:1rem}"
    "dt{font-weight:700}dd{margin:0 0 .8rem}.own{white-space:pre-wrap}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:start;vertical-align:top;padding:.3rem .5rem;"
    "border-bottom:1px solid #ccc}"
    "img,audio{max-width:100%}a{color:#0d4650}"
    "details table{font-size:.8rem}"
)

Cells = Sequence[str]


def write_page(book: Book) -> str:
    """Return the page of all that is somebody's."""
    return _Page(book).whole()


class _Page:
    """One page being written. Methods return HTML in which all words are escaped."""

    def __init__(self, book: Book) -> None:
        self._book, self._language = book, book.language
        self._rows = book.hers.rows

    def whole(self) -> str:
        parts = {key: getattr(self, f"_{key}")() for key in SECTIONS}
        links = "".join(
            f'<li><a href="#{key}">{self._word(key)}</a></li>' for key in parts
        )
        body = "".join(
            f'<section id="{key}"><h2>{self._word(key)}</h2>{html}</section>'
            for key, html in parts.items()
        )
        return (
            f'<!doctype html>\n<html lang="{self._language}" '
            f'dir="{direction(self._language)}"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{_SAFE}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="referrer" content="no-referrer">'
            f"<title>{self._word('title')}</title><style>{_STYLE}</style></head>"
            f"<body><main><h1>{self._word('title')}</h1>{self._lead()}"
            f"<nav><h2>{self._word('contents')}</h2><ul>{links}</ul></nav>"
            f"{body}{self._law()}{self._all()}</main></body></html>\n"
        )

    def _lead(self) -> str:
        made = self._word("made", day=Free(self._day(self._book.made_at)))
        rows = [self._word("lead"), made]
        if self._book.missing:
            rows.append(self._word("missing"))
        cities = dict.fromkeys(each.municipality for each in self._book.rounds)
        rows += [
            escape(word("privacy_city", self._language, city=Free(city)))
            for city in cities
        ]
        return _paragraphs(rows)

    def _you(self) -> str:
        (person,) = self._rows["residents"]
        pairs = [
            ("since", self._day(person["created_at"])),
            ("may_write", self._answer(person["may_write"])),
            ("may_record", self._answer(person["may_record"])),
        ]
        for talk in self._rows["talks"]:
            name = _APPS.get(talk["channel"]) or word("web", self._language)
            pairs += [("app", name), ("address", talk["address"])]
            pairs += [("phone", talk["phone"] or "")]
            if talk["language"]:
                name = language_name(talk["language"], self._language)
                pairs += [("language", name)]
            if talk["stopped_at"]:
                pairs += [("stopped", self._day(talk["stopped_at"]))]
            pairs += [("begun", (talk["draft"] or {}).get("text", ""))]
        return self._pairs(pairs)

    def _plans(self) -> str:
        return "".join(self._plan(row) for row in self._rows["plans"]) or self._none()

    def _plan(self, row: Mapping[str, Any]) -> str:
        number, title = self._book.hers.plans[row["id"]]
        head = f"{number} – {pick_text(title, self._language)}"
        public = (self._local(row[name]) for name in ("title", "summary", "already"))
        pairs = [("text", row["text"]), ("place", self._place(row))]
        pairs += [("public", "\n".join(filter(None, public)))]
        pairs += [("history", each) for each in self._history(row["id"])]
        pairs += self._talked(row["id"])
        pairs += [("payments", each) for each in self._payments(row["id"])]
        return f'<h3><bdi dir="auto">{escape(head)}</bdi></h3>{self._pairs(pairs)}'

    def _place(self, row: Mapping[str, Any]) -> str:
        pin = [row["latitude"], row["longitude"]]
        near = ", ".join(str(each) for each in pin if each is not None)
        return " – ".join(filter(None, [row["place"], near]))

    def _history(self, plan: int) -> Iterator[str]:
        """Say what became of a plan, oldest first."""
        told = [
            (
                row["at"],
                render(status_row(Status(row["status"])), self._language),
                row["note"],
            )
            for row in self._of("plan_stages", plan)
        ]
        told += [(row["at"], "", row["texts"]) for row in self._of("plan_lines", plan)]
        told += [
            (row["at"], "", row["data"].get("reason") or {})
            for row in self._of("decisions", plan)
        ]
        for at, words, note in sorted(told, key=lambda each: each[0]):
            rest = " ".join(filter(None, [words, self._local(note)]))
            if rest:
                yield f"{self._day(at)}: {rest}"

    def _talked(self, plan: int) -> Iterator[tuple[str, str]]:
        """Say what she was asked about a plan, her answers, and whom she meets."""
        for asked in self._of("checkins", plan):
            yield (
                "asked",
                f"{self._day(asked['asked_at'])}: {self._local(asked['question'])}",
            )
            for row in self._rows["checkin_answers"]:
                if row["checkin_id"] == asked["id"]:
                    said = filter(None, [row["answer"], row["text"]])
                    yield "answered", f"{self._day(row['at'])}: {' – '.join(said)}"
        for met in self._of("meetings", plan):
            yield "meeting", met["words"] or met["answer"] or ""

    def _payments(self, plan: int) -> Iterator[str]:
        for row in self._of("spendings", plan):
            amount = money_words(Money(row["cents"]), self._language)
            yield f"{row['day']}: {amount} {self._local(row['what'])}"

    def _supports(self) -> str:
        return self._named("supports")

    def _follows(self) -> str:
        return self._named("follows")

    def _named(self, table: str) -> str:
        """List plans by number and title, with the day."""
        items = []
        for row in self._rows[table]:
            number, title = self._book.hers.plans[row["plan_id"]]
            name = pick_text(title, self._language) if title else ""
            rows = " – ".join(filter(None, [str(number), name]))
            items.append(f"{rows} ({self._day(row['at'])})")
        return _listed(items) if items else self._none()

    def _votes(self) -> str:
        items = [
            f"{pick_text(self._book.hers.rounds[row['round_id']], self._language)}: "
            f"{row['day']}"
            for row in self._rows["marks"]
        ]
        listed = _listed(items) if items else self._none()
        return listed + _paragraphs([self._word("choice")])

    def _tasks(self) -> str:
        pairs = []
        for row in self._rows["tasks"]:
            pairs += [("when", self._day(row["created_at"])), ("what", row["note"])]
            pairs += [("outcome", row["outcome_note"] or "")]
        return self._pairs(pairs) or self._none()

    def _files(self) -> str:
        wrote = {row["media_id"]: row for row in self._rows["corrections"]}
        return (
            "".join(
                self._file(row, wrote.get(row["id"])) for row in self._rows["media"]
            )
            or self._none()
        )

    def _file(self, row: Mapping[str, Any], wrote: Mapping[str, Any] | None) -> str:
        name = self._book.files.get(row["id"])
        if not name and not row["transcript"] and not wrote:
            return ""
        shown = _shown(name) if name else f"<p>{self._word('gone')}</p>"
        pairs = [("when", self._day(row["created_at"]))]
        if wrote:
            pairs += [("heard", wrote["machine_text"] or "")]
            pairs += [("written", wrote["person_text"])]
        else:
            pairs += [("heard", row["transcript"] or "")]
        return shown + self._pairs(pairs)

    def _messages(self) -> str:
        labels = {
            choice[0]: choice[1]
            for row in self._rows["outbound_messages"]
            for choice in row["choices"]
        }
        lines = [self._said(row, labels) for row in self._rows["inbound_messages"]]
        lines += [
            (row["created_at"], "from_us", escape(row["text"]), row["sound"])
            for row in self._rows["outbound_messages"]
        ]
        cells = [
            (escape(self._moment(at)), self._word(who), self._with_file(text, media))
            for at, who, text, media in sorted(lines, key=lambda each: each[0])
            if text or media in self._book.files
        ]
        heads = [self._word(key) for key in ("when", "who", "what")]
        return _table(heads, cells) if cells else self._none()

    def _said(
        self, row: Mapping[str, Any], labels: Mapping[str, str]
    ) -> tuple[datetime, str, str, int | None]:
        body = row["body"]
        tapped = body.get("tap", "")
        text = body.get("text", "") or labels.get(tapped, tapped)
        pin = [str(body[name]) for name in ("latitude", "longitude") if name in body]
        words = escape(text or ", ".join(pin))
        return row["received_at"], "from_you", words, row["media_id"]

    def _with_file(self, text: str, media: int | None) -> str:
        name = self._book.files.get(media or 0)
        own = f'<div class="own" dir="auto">{text}</div>' if text else ""
        return own + (_shown(name) if name else "")

    def _not_here(self) -> str:
        reasons = dict.fromkeys(NOT_GIVEN.values())
        return _listed([render(Say(REASONS[each]), self._language) for each in reasons])

    def _law(self) -> str:
        """Say why, how long, who sees it and what she can ask for, as on the web."""
        told = privacy_rows(self._language, self._book.rounds)
        return "".join(
            f"<section><h2>{escape(word(heading, self._language))}</h2>"
            f"{_paragraphs([escape(row) for row in rows])}</section>"
            for heading, rows in told.items()
        )

    def _all(self) -> str:
        """Show every row as it is: whoever misses something finds it here."""
        tables = "".join(
            f"<h3>{escape(table)}</h3>{_raw(rows)}"
            for table, rows in self._rows.items()
            if rows
        )
        return (
            f"<section><h2>{self._word('all')}</h2>"
            f"{_paragraphs([self._word('all_told')])}"
            f'<p><a href="{DATA}">{self._word("data")}</a></p>'
            f'<details lang="en" dir="ltr"><summary>Tables</summary>{tables}</details>'
            "</section>"
        )

    def _of(self, table: str, plan: int) -> Iterator[Mapping[str, Any]]:
        return (row for row in self._rows[table] if row["plan_id"] == plan)

    def _pairs(self, pairs: Iterable[tuple[str, str]]) -> str:
        """List words with their names; those that are empty are left out."""
        items = "".join(
            f'<dt>{self._word(key)}</dt><dd class="own" dir="auto">{escape(text)}</dd>'
            for key, text in pairs
            if text
        )
        return f"<dl>{items}</dl>" if items else ""

    def _answer(self, answer: bool | None) -> str:  # noqa: FBT001 - it is a column
        key = "unasked" if answer is None else "yes" if answer else "no"
        return render(Say(WORDS[key]), self._language)

    def _none(self) -> str:
        return f"<p>{self._word('none')}</p>"

    def _local(self, texts: Mapping[str, str] | None) -> str:
        return pick_text(texts, self._language) if texts else ""

    def _day(self, moment: datetime) -> str:
        return day(moment, self._book.zone, self._language)

    def _moment(self, at: datetime) -> str:
        hour = at.astimezone(ZoneInfo(self._book.zone))
        return f"{self._day(at)} {hour:%H:%M}"

    def _word(self, key: str, **params: Param) -> str:
        return escape(render(Say(WORDS[key], params), self._language))


def _shown(name: str) -> str:
    """Show a file of the archive: a picture, or a sound with a link to it."""
    if name.endswith((".jpg", ".png", ".webp")):
        return f'<p><img src="{name}" alt=""></p>'
    link = f'<a href="{name}" dir="ltr">{name}</a>'
    return f'<p><audio controls preload="none" src="{name}"></audio> {link}</p>'


def _paragraphs(rows: Iterable[str]) -> str:
    return "".join(f"<p>{row}</p>" for row in rows)


def _listed(items: Iterable[str]) -> str:
    rows = "".join(f'<li dir="auto">{escape(each)}</li>' for each in items)
    return f"<ul>{rows}</ul>"


def _table(heads: Cells, rows: Iterable[Cells]) -> str:
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    body = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _raw(rows: Sequence[Mapping[str, Any]]) -> str:
    heads = list(rows[0])
    cells = [[f"<bdi>{escape(str(row[name]))}</bdi>" for name in heads] for row in rows]
    return _table([escape(each) for each in heads], cells)

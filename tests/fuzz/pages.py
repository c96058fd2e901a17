"""Requests for the desk and every other page, by one role or by a stranger.

Four ways: a form or a link of a page that was shown, changed; a form that only an
administrator is shown; any route with any arguments; a method that is not there.
"""

import re
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser
from importlib import import_module
from inspect import getsource
from pathlib import Path
from random import Random
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from werkzeug.routing import Rule

import bot.web
from tests.fuzz.asking import Answer, Asked
from tests.fuzz.changing import Pair, changed_form, form_bytes
from tests.fuzz.court import STRANGER
from tests.fuzz.marks import WORD
from tests.fuzz.memory import Memory
from tests.fuzz.messages import FORM_TYPE
from tests.fuzz.place import Place
from tests.fuzz.sealing import FLIPPED, FORM_SECRET
from tests.fuzz.values import STRANGE_TEXTS, sentence, strange

METHODS = ("HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")
FAR = ("0", "-1", "9" * 19, "9" * 40, "1e3", "%00", "..", "%2e%2e%2f", "é", "٣")
NEAR = ("1", "2", "3", "10", "21", "22", "30", "40")
SLUGS = ("slotermeer-2026", "slotermeer-2027", "nl", "viewer", WORD)
_FIELD = re.compile(
    r"""(?:get|getlist|line_in|number_in|texts_in|moment_in)\(["'](\w+)"""
)
_VALUE = re.compile(r"""value="([\w:.-]{1,40})\"""")
_TEMPLATES = Path(bot.web.__file__).parent / "templates"
OK, TOO_MANY = 200, 429
_PER_ROLE = 60
_OF_A_SHAPE = 3
"""Pages of one kind that are looked at for the forms an administrator has."""


@dataclass
class Form:
    """A form as a page shows it."""

    action: str
    method: str
    fields: list[Pair] = field(default_factory=list)
    has_file: bool = False


class _Page(HTMLParser):
    """Reads the forms and links of a page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._path = path
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = told.get("action") or self._path
            self.forms.append(Form(action, told.get("method", "get").upper()))
        elif tag == "a" and told.get("href", "").startswith("/"):
            self.links.append(told["href"])
        elif tag == "select":
            self._select = told.get("name", "")
        elif tag == "option" and self.forms and self._select:
            self.forms[-1].fields.append((self._select, told.get("value", "")))
        elif tag in {"input", "button", "textarea"} and self.forms and "name" in told:
            if told.get("type") == "file":
                self.forms[-1].has_file = True
            self.forms[-1].fields.append((told["name"], told.get("value", "")))


@cache
def known_values() -> Sequence[str]:
    """Return all values that stand in our own forms."""
    found = {
        value
        for page in sorted(_TEMPLATES.rglob("*.html"))
        for value in _VALUE.findall(page.read_text("utf-8"))
    }
    return sorted(found)


@cache
def known_fields(module: str) -> Sequence[str]:
    """Return the fields that a module of views asks for, by its source."""
    return sorted(set(_FIELD.findall(getsource(import_module(module))))) or ["said"]


def forms_of_admins(place: Place) -> Sequence[Form]:
    """Return each form that an administrator is shown, from her first page onwards."""
    place.log_in("admin")
    found: dict[tuple[str, str], Form] = {}
    links, seen = deque(["/desk"]), Counter[str]()
    while links:
        parts = urlsplit(links.popleft())
        seen[_shape(parts.path)] += 1
        if seen[_shape(parts.path)] > _OF_A_SHAPE:
            continue
        asked = Asked("page", "GET", parts.path, parts.query, (), b"", "desk:admin")
        page = _shown(asked, place.ask(asked))
        for form in page.forms:
            found.setdefault((form.method, _shape(form.action)), form)
        links.extend(each for each in page.links if each.startswith("/desk"))
    return list(found.values())


def _shape(path: str) -> str:
    return re.sub(r"\d+", "0", path)


def _shown(asked: Asked, answer: Answer) -> _Page:
    page = _Page(asked.path)
    if "html" in answer.headers.get("content-type", "") and answer.status == OK:
        page.feed(answer.body.decode("utf-8", "replace"))
    return page


class Desk:
    """Asks in the name of one role, logged in again whenever it is put out.

    `borrowed` are forms of others, which she fills in as well.
    """

    def __init__(
        self, role: str, memory: Memory, place: Place, borrowed: Sequence[Form] = ()
    ) -> None:
        self._role, self._memory, self._place = role, memory, place
        self._borrowed = borrowed
        self._rules: Mapping[str, Rule] = {
            f"{rule.endpoint} {rule.rule}": rule
            for rule in place.app.url_map.iter_rules()
        }
        self._names = sorted(self._rules)
        self._forms: deque[Form] = deque(maxlen=_PER_ROLE)
        self._links: deque[str] = deque(maxlen=_PER_ROLE)
        self._is_out = False
        self._links.append("/desk")

    @property
    def _seal(self) -> str:
        return f"desk:{self._role}"

    def next_request(self) -> Asked:
        """Return the next request; she is logged in when it goes out."""
        if self._is_out and self._role != STRANGER:
            self._place.log_in(self._role)
        random = self._memory.random
        draw = random.random()
        if draw < 0.15 and self._borrowed:
            asked = self._from_form(random.choice(self._borrowed))
        elif draw < 0.4 and self._forms:
            asked = self._from_form(random.choice(self._forms))
        elif draw < 0.6 and self._links:
            asked = self._from_link(random.choice(self._links))
        else:
            asked = self._from_rule(self._rules[random.choice(self._names)])
        if random.random() < 0.06:
            asked = replace(asked, method=random.choice(METHODS))
        if asked.method == "POST" and random.random() < 0.12:
            asked = replace(asked, damage=FLIPPED)
        return asked

    def heard(self, asked: Asked, answer: Answer) -> None:
        """Remember the forms and links of a page, or that she was put out."""
        outside = answer.headers.get("location", "").startswith("/desk/login")
        self._is_out = outside or answer.status == TOO_MANY
        page = _shown(asked, answer)
        self._forms.extend(page.forms)
        self._links.extend(page.links[-20:])

    def _from_link(self, link: str) -> Asked:
        parts = urlsplit(link)
        query = parts.query
        if self._memory.random.random() < 0.3:
            name = self._memory.random.choice(
                ("lang", "said", "page", "show", "before")
            )
            more = {name: _value(self._memory.random).encode("utf-8", "replace")}
            query = f"{query}&{urlencode(more)}".lstrip("&")
        return Asked("page", "GET", parts.path, query, (), b"", self._seal)

    def _from_form(self, form: Form) -> Asked:
        """Fill a form in, mostly so that it can be taken."""
        random = self._memory.random
        fields = _one_each(random, form.fields)
        filled = [(name, value or _value(random)) for name, value in fields]
        if random.random() < 0.4:
            filled = changed_form(random, filled)
        sealed = [
            (name, FORM_SECRET.decode() if name == "secret" else value)
            for name, value in filled
        ]
        parts = urlsplit(form.action)
        if form.method == "GET":
            data = {n: v.encode("utf-8", "replace") for n, v in sealed}
            return Asked(
                "page", "GET", parts.path, urlencode(data), (), b"", self._seal
            )
        return self._posted(parts.path, parts.query, sealed, with_file=form.has_file)

    def _from_rule(self, rule: Rule) -> Asked:
        random = self._memory.random
        path = re.sub(
            r"<(?:([^:>]+):)?\w+>", lambda m: _argument(random, m[1]), rule.rule
        )
        view = self._place.app.view_functions[rule.endpoint]
        names = known_fields(view.__module__)
        fields = [
            (random.choice(names), _value(random)) for _ in range(random.randint(0, 5))
        ]
        if "POST" not in (rule.methods or ()):
            data = {n: v.encode("utf-8", "replace") for n, v in fields}
            return Asked("page", "GET", path, urlencode(data), (), b"", self._seal)
        fields.append(("secret", FORM_SECRET.decode()))
        return self._posted(path, "", fields, with_file=random.random() < 0.1)

    def _posted(
        self, path: str, query: str, fields: list[Pair], *, with_file: bool
    ) -> Asked:
        random = self._memory.random
        if with_file or random.random() < 0.1:
            mime, body = _multipart(random, fields)
            headers = (("Content-Type", mime),)
        else:
            headers, body = (FORM_TYPE,), form_bytes(random, fields)
        return Asked("page", "POST", path, query, headers, body, self._seal)


def _one_each(random: Random, fields: Sequence[Pair]) -> list[Pair]:
    """Choose one of the values that a form offers for each field."""
    offered: dict[str, list[str]] = {}
    for name, value in fields:
        offered.setdefault(name, []).append(value)
    return [(name, random.choice(values)) for name, values in offered.items()]


def _argument(random: Random, converter: str | None) -> str:
    draw = random.random()
    if converter and converter.startswith("int") and draw < 0.75:
        return random.choice(NEAR)
    if draw < 0.85:
        return random.choice((*SLUGS, *NEAR))
    if draw < 0.95:
        return random.choice(FAR)
    return quote(random.choice(STRANGE_TEXTS)[:60].encode("utf-8", "replace"), safe="")


def _value(random: Random) -> str:
    """Return what somebody types into a field, or what no form offers."""
    draw = random.random()
    if draw < 0.3:
        return random.choice(known_values())
    if draw < 0.45:
        return random.choice(NEAR)
    if draw < 0.65:
        return sentence(random)
    if draw < 0.75:
        return random.choice(
            (
                f"{WORD}@city.example",
                "2026-11-20",
                "2026-11-20T10:00",
                "12,50",
                f"https://127.0.0.1/{WORD}",
                "0001-01-01",
                "9999-12-31T23:59",
                "1" * 12,
            )
        )
    if draw < 0.9:
        return random.choice(STRANGE_TEXTS)
    return str(strange(random))


_FILES: Sequence[tuple[str, bytes]] = (
    ("image/png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40),
    ("image/jpeg", b"\xff\xd8\xff\xe0kwarts"),
    ("audio/ogg", b"OggS\x00kwarts"),
    ("text/csv", f"title,text\n{WORD},{WORD}\n".encode()),
    ("text/csv", "titel;plan\n\xff".encode("latin-1")),
    ("application/vnd.ms-excel", b"PK\x03\x04kwarts"),
    ("", b""),
)


def _multipart(random: Random, fields: Sequence[Pair]) -> tuple[str, bytes]:
    """Write a form with a file in it."""
    boundary = UUID(int=random.getrandbits(128)).hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{_plain(name)}"\r\n\r\n'
        f"{value}\r\n".encode("utf-8", "surrogatepass")
        for name, value in fields
    ]
    mime, data = random.choice(_FILES)
    name = random.choice(("photo", "sound", "file", "list", "bill"))
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; '
        f'filename="{random.choice((WORD, "", "../x", "a" * 300))}"\r\n'
        f"Content-Type: {mime}\r\n\r\n"
    )
    parts.append(head.encode() + data + b"\r\n")
    end = f"--{boundary}--\r\n" if random.random() < 0.95 else ""
    return f"multipart/form-data; boundary={boundary}", b"".join(parts) + end.encode()


def _plain(name: str) -> str:
    return re.sub(r'[\r\n"]', "", name)

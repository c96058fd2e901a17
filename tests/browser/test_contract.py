"""What the page's addresses answer to anybody who writes to them by hand."""

import http.client
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.channels.base import MEDIA_BYTES
from tests.sound import sentence, webm_opus

MARK = {"X-Requested-With": "phone"}
JSON = {"Content-Type": "application/json"}
WEBM = {"Content-Type": "audio/webm"}


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Visitor:
    """A program that keeps the cookie it was given."""

    url: str
    cookie: str = ""
    marks: Mapping[str, str] = field(default_factory=lambda: MARK)

    def ask(
        self, path: str, body: bytes | None = None, headers: Mapping[str, str] = JSON
    ) -> Answer:
        sent = {**self.marks, **headers, "Cookie": f"phone={self.cookie}"}
        request = urllib.request.Request(self.url + path, body, sent)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=20) as got:  # noqa: S310
                answer = Answer(got.status, dict(got.headers), got.read())
        except urllib.error.HTTPError as error:
            with error:
                answer = Answer(error.code, dict(error.headers), error.read())
        return answer

    def announce(self, path: str, size_bytes: int, mime: str) -> int:
        """Announce a body of this size and return the status; none of it is sent."""
        line = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        with closing(line):
            headers = {**self.marks, "Cookie": f"phone={self.cookie}"}
            headers |= {"Content-Type": mime, "Content-Length": str(size_bytes)}
            line.request("POST", path, headers=headers)
            return line.getresponse().status

    def say(self, **said: object) -> Answer:
        body = {"id": str(uuid.uuid4()), **said}
        return self.ask("/phone/say", json.dumps(body).encode())


def _cookie(answer: Answer) -> str:
    return answer.headers["Set-Cookie"].partition("phone=")[2].partition(";")[0]


@pytest.fixture
def visitor(city: str) -> Visitor:
    visitor = Visitor(city)
    visitor.cookie = _cookie(visitor.ask("/phone"))
    return visitor


def test_the_cookie_cannot_be_read_by_scripts_or_sent_by_other_sites(city: str) -> None:
    answer = Visitor(city).ask("/phone")
    flags = {part.strip() for part in answer.headers["Set-Cookie"].split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Path=/phone"} <= flags
    assert len(_cookie(answer).partition(".")[0]) >= 22


def test_the_page_lets_nothing_else_in(city: str) -> None:
    headers = Visitor(city).ask("/phone").headers
    rules = headers["Content-Security-Policy"].split("; ")
    assert "default-src 'self'" in rules
    assert "frame-ancestors 'none'" in rules
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_words_are_answered_in_the_same_request(visitor: Visitor) -> None:
    told = visitor.say(text="Merhaba").json()
    mine, first, *_ = told["messages"]
    assert mine["mine"]
    assert mine["text"] == "Merhaba"
    assert not first["mine"]
    assert "lang:tr" in [choice["id"] for choice in first["choices"]]
    after = visitor.ask(f"/phone/messages?after={told['cursor']}").json()
    assert after["messages"] == []


def test_the_same_id_is_the_same_message(visitor: Visitor) -> None:
    same = str(uuid.uuid4())
    first = visitor.say(id=same, text="Hallo").json()
    again = visitor.say(id=same, text="Hallo").json()
    assert again["messages"] == first["messages"]


def test_the_same_id_of_somebody_else_is_another_message(
    visitor: Visitor, city: str
) -> None:
    same = str(uuid.uuid4())
    visitor.say(id=same, text="Hallo")
    other = Visitor(city)
    other.cookie = _cookie(other.ask("/phone"))
    assert other.say(id=same, text="Selam").json()["messages"][0]["text"] == "Selam"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"text": "  \n "}, id="empty text"),
        pytest.param({"text": 7}, id="a number for text"),
        pytest.param({"text": "a", "tap": "yes"}, id="two things at once"),
        pytest.param({"id": "7", "text": "a"}, id="an id that is none"),
        pytest.param({"text": "\ud800"}, id="half a character"),
        pytest.param({"tap": "x" * 65}, id="a button nobody made"),
        pytest.param({"tap": "yes'; --"}, id="a button with a quote"),
        pytest.param({"pin": {"latitude": 91, "longitude": 4}}, id="off the globe"),
        pytest.param({"pin": {"latitude": 52}}, id="half a place"),
        pytest.param({"text": "", "start": "../p21"}, id="a link nobody made"),
    ],
)
def test_what_cannot_be_understood_is_400(
    visitor: Visitor, said: dict[str, Any]
) -> None:
    answer = visitor.say(**said)
    assert answer.status == 400
    assert answer.json()["error"]
    assert visitor.ask("/phone/messages").json()["messages"] == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 60_000]
)
def test_what_is_no_json_object_is_400(visitor: Visitor, body: bytes) -> None:
    assert visitor.ask("/phone/say", body).status == 400


def test_a_fault_never_repeats_what_was_said(visitor: Visitor) -> None:
    answer = visitor.say(text="mijn geheim", tap="ook geheim")
    assert b"geheim" not in answer.body


@pytest.mark.parametrize("words", ["\x00hallo\x00", "\u202ehallo\u200b", "é" * 10_000])
def test_strange_words_are_taken(visitor: Visitor, words: str) -> None:
    assert visitor.say(text=words).status == 200


def test_a_request_of_another_site_is_403(visitor: Visitor) -> None:
    visitor.marks = {}
    for path in (
        "/phone/say",
        "/phone/leave",
        "/phone/back",
        "/phone/open",
        "/phone/sound",
    ):
        assert visitor.ask(path, b"{}").status == 403
    assert visitor.ask("/phone/messages").status == 403


@pytest.mark.parametrize("cookie", ["", "somebody", "somebody.c2lnbmF0dXJl", "a.b.c"])
def test_a_cookie_we_did_not_sign_is_403(visitor: Visitor, cookie: str) -> None:
    visitor.cookie = cookie
    assert visitor.say(text="Hallo").status == 403
    assert visitor.ask("/phone/messages").status == 403


def test_too_much_is_413(visitor: Visitor) -> None:
    assert visitor.announce("/phone/say", 200_000, "application/json") == 413
    sound = f"/phone/sound?id={uuid.uuid4()}"
    assert visitor.announce(sound, MEDIA_BYTES + 1, "audio/webm") == 413


def test_other_kinds_are_415(visitor: Visitor) -> None:
    plain = {"Content-Type": "text/plain"}
    path = f"?id={uuid.uuid4()}"
    assert visitor.ask("/phone/say", b"{}", plain).status == 415
    assert visitor.ask(f"/phone/sound{path}", b"x", plain).status == 415
    assert visitor.ask(f"/phone/photo{path}", b"x", WEBM).status == 415


def test_a_recording_comes_back_as_it_was(visitor: Visitor) -> None:
    sound = webm_opus(sentence("tr"))
    path = f"/phone/sound?id={uuid.uuid4()}&seconds=3"
    told = visitor.ask(path, sound, WEBM).json()
    place = next(m["sound"] for m in told["messages"] if m["mine"])
    got = visitor.ask(place)
    assert got.body == sound
    assert got.headers["Content-Type"].startswith("audio/webm")


@pytest.mark.parametrize("query", ["", "?id=7", "?id={id}&seconds=nan"])
def test_a_recording_without_a_proper_name_is_400(visitor: Visitor, query: str) -> None:
    path = "/phone/sound" + query.format(id=uuid.uuid4())
    assert visitor.ask(path, b"x", WEBM).status == 400


def test_an_empty_recording_is_400(visitor: Visitor) -> None:
    assert visitor.ask(f"/phone/sound?id={uuid.uuid4()}", b"", WEBM).status == 400


@pytest.mark.parametrize("after", ["x", "-1", "9" * 400, "0;1", "%00"])
def test_a_strange_cursor_shows_what_there_is(visitor: Visitor, after: str) -> None:
    visitor.say(text="Hallo")
    assert visitor.ask(f"/phone/messages?after={after}").status == 200


def test_the_language_of_the_page_follows_link_then_browser(city: str) -> None:
    visitor = Visitor(city)
    assert b'<html lang="ar" dir="rtl">' in visitor.ask("/phone?lang=ar").body
    turkish = visitor.ask("/phone", headers={"Accept-Language": "tr-TR,en;q=0.5"})
    assert b'<html lang="tr" dir="ltr">' in turkish.body
    french = visitor.ask("/phone?lang=fr", headers={"Accept-Language": "fr"})
    assert b'<html lang="nl" dir="ltr">' in french.body

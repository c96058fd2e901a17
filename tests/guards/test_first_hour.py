"""What the README promises a newcomer, done as it stands there, on a real demo."""

import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dotenv import dotenv_values
from standardwebhooks import Webhook

from tests.need import ROOT
from tests.newcomer import Newcomer, at_home, blocks, hook_call, hook_calls

README = (ROOT / "README.md").read_text("utf-8")
WALK = README.partition("## Five minutes")[2].partition("\n## ")[0]
WORDS = re.findall(r"`(\w[\w ]*)` (?:for|to be)", WALK)
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


@dataclass
class Phone:
    """The phone page without its page: what is said, and what comes back."""

    url: str
    opener: urllib.request.OpenerDirector = field(init=False)
    heard: list[str] = field(default_factory=list)
    cursor: str = ""

    def __post_init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(jar)
        self.opener.open(f"{self.url}/phone").close()

    def taps(self, button: str) -> str:
        return self._call("say", {"id": str(uuid4()), "tap": button})

    def types(self, words: str) -> str:
        return self._call("say", {"id": str(uuid4()), "text": words})

    def looks(self) -> str:
        return self._call("messages")

    def _call(self, path: str, body: dict[str, str] | None = None) -> str:
        """Return all that was said to her since the last look."""
        request = urllib.request.Request(  # noqa: S310 - this machine
            f"{self.url}/phone/{path}?after={self.cursor}",
            None if body is None else json.dumps(body).encode(),
            {"X-Requested-With": "phone", "Content-Type": "application/json"},
        )
        with self.opener.open(request) as answer:
            news = json.load(answer)
        self.cursor = news["cursor"]
        fresh = [each["text"] for each in news["messages"] if not each["mine"]]
        self.heard += fresh
        return "\n".join(fresh).translate(ISOLATES)


class _Plain(urllib.request.HTTPErrorProcessor):
    """Gives a refusal back like any answer, so that a test can show it."""

    def http_response(self, request: Any, response: Any) -> Any:
        return response


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomer]:
    with at_home(tmp_path_factory.mktemp("first-hour")) as somebody:
        yield somebody


def test_make_run_prints_where_to_go(newcomer: Newcomer) -> None:
    assert f"{newcomer.url}/phone" in newcomer.printed
    assert f"{newcomer.url}/desk" in newcomer.printed
    roles = {"viewer", "reviewer", "communicator", "counter", "helper", "admin"}
    assert newcomer.logins().keys() == roles


def test_make_run_keeps_its_secrets_to_itself(newcomer: Newcomer) -> None:
    kept = newcomer.folder / ".env"
    assert kept.stat().st_mode & 0o077 == 0
    secrets = dotenv_values(kept)
    assert secrets.keys() == {"SECRET_KEY", "HOOK_SECRET"}
    assert not any(str(each) in newcomer.printed for each in secrets.values())


def test_the_five_minutes_go_as_they_are_told(newcomer: Newcomer) -> None:
    ayse = Phone(newcomer.url)
    ayse.taps("lang:tr")
    assert "bank" in ayse.types("Ihlamur ağaçlarının altında bir bank")
    receipt = ayse.taps("yes")
    number = re.findall(r"\d+", receipt)[0]
    assert f"`{number}` in a fresh demo" in README
    ayse.taps("skip")
    assert f" - {number} <<" in hook_call()
    assert '"told":1' in newcomer.pastes(hook_call()).replace(" ", "")
    story = ayse.looks()
    assert "Kaldırım çok dar." in story
    assert "Yasmina el Idrissi" in story
    ayse.taps("call")
    ayse.types("020 123 45 67")
    ayse.taps("skip")
    assert "21 – " in ayse.types("oy 21 30 70")
    assert "30 – " not in ayse.types("30")
    assert re.search(r"\d{4}\s\d{4}", ayse.types("evet"))
    assert f"{number} – " in ayse.types("durum")


@pytest.mark.parametrize("word", WORDS)
def test_the_words_of_the_walk_are_understood(newcomer: Newcomer, word: str) -> None:
    assert len(WORDS) == 5
    somebody = Phone(newcomer.url)
    somebody.taps("lang:tr")
    assert "anlayamadım" in somebody.types("xyzzy")
    answer = somebody.types(word)
    assert "anlayamadım" not in answer
    assert word not in answer.splitlines(), "read back as if it were a plan"


def test_every_example_of_the_hook_is_carried_out(newcomer: Newcomer) -> None:
    calls = hook_calls().values()
    assert len(calls) == 5
    secret = dotenv_values(newcomer.folder / ".env")["HOOK_SECRET"]
    assert secret
    for call in calls:
        assert _posted(newcomer.url, secret, call)["accepted"] is True


def _posted(url: str, secret: str, call: dict[str, Any]) -> dict[str, Any]:
    body, now, name = json.dumps(call), datetime.now(UTC), f"msg_{uuid4().hex}"
    headers = {
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, now, body),
    }
    request = urllib.request.Request(  # noqa: S310 - this machine
        f"{url}/hooks", body.encode(), headers
    )
    opener = urllib.request.build_opener(_Plain)
    with opener.open(request) as answer:
        told: dict[str, Any] = json.load(answer)
    assert answer.status == 202, told
    return told


def test_a_backup_can_be_taken_while_it_runs(newcomer: Newcomer) -> None:
    told = [
        b for b in blocks("docs/keeping.md", "sh") if b.startswith("buurtstem backup")
    ]
    line = told[0].replace(" --recipient age1…", "")
    newcomer.pastes(f".venv/bin/{line}")
    (made,) = (newcomer.folder / "backups").iterdir()
    assert made.stat().st_size > 100_000


def test_secrets_are_made_as_told(newcomer: Newcomer) -> None:
    (lines,) = [b for b in blocks("docs/operate.md", "sh") if "HOOK_SECRET" in b]
    made = newcomer.pastes(lines).splitlines()
    (newcomer.folder / "made").mkdir()
    file = newcomer.folder / "made" / ".env"
    file.write_text("\n".join(made), "utf-8")
    values = {name: value or "" for name, value in dotenv_values(file).items()}
    assert len(values["SECRET_KEY"]) >= 32
    now = datetime.now(UTC)
    assert Webhook(values["HOOK_SECRET"]).sign("msg_1", now, "{}").startswith("v1,")


def test_nothing_she_said_is_in_the_log(newcomer: Newcomer) -> None:
    log = (newcomer.folder / "log.txt").read_text("utf-8")
    assert "channel off" in log
    for word in ("Ihlamur", "020 123 45 67", "Kaldırım", "Yasmina", "whsec_"):
        assert word not in log


def test_a_folder_of_her_own_is_all_it_touches(newcomer: Newcomer) -> None:
    there = {path.name for path in Path(newcomer.folder).iterdir()}
    ours = {".venv", "printed.txt", "log.txt", "made", "backups"}
    assert there - ours == {".env", "var"}

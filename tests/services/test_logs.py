"""Log lines: one form in all of the code, readable or as JSON, without any words."""

import ast
import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from gunicorn.config import Config

from bot.logs import JsonLines, Lines, parse_line
from bot.services.faults import where
from bot.web.server import PlainLogger
from tests.need import ROOT

LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
FORM = re.compile(
    r"(%s )?[a-z][A-Za-z' ]*[a-z]( [a-z_]+=(%s|[a-z_]+))*( %s)?",
)
"""An event, its `key=value` pairs, and at most one `%s` for what `where` returns."""


def log_calls(source: str) -> Iterator[ast.Call]:
    """Yield every call that writes a log line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = ast.unparse(node.func.value).rpartition(".")[2]
            if node.func.attr in LEVELS and name in {"log", "_log", "logger"}:
                yield node


def is_in_form(call: ast.Call) -> bool:
    """Tell whether a line is literal, and holds values only after an equals sign."""
    line, *values = call.args
    if not (isinstance(line, ast.Constant) and isinstance(line.value, str)):
        return False
    if call.keywords or not FORM.fullmatch(line.value):
        return False
    bare = line.value.endswith(" %s")
    return not bare or ast.unparse(values[-1]).startswith("where(")


def test_every_line_of_ours_has_one_form() -> None:
    calls = [
        (path.name, call)
        for path in sorted(ROOT.glob("bot/**/*.py"))
        for call in log_calls(path.read_text("utf-8"))
    ]
    assert len(calls) > 15
    bad = [
        f"{name}: {ast.unparse(call)}" for name, call in calls if not is_in_form(call)
    ]
    assert bad == []


@pytest.mark.parametrize(
    "line",
    [
        'log.info("channel off: %s", name)',
        'log.error(f"turn failed {error}")',
        'log.error("turn failed %s", error)',
        'log.error("turn failed talk=%s", talk, exc_info=True)',
        "log.error(message)",
    ],
)
def test_a_line_out_of_form_is_seen(line: str) -> None:
    (call,) = log_calls(line)
    assert not is_in_form(call)


@pytest.mark.parametrize(
    ("line", "event", "pairs"),
    [
        ("stopped", "stopped", {}),
        (
            "turn failed talk=12 at=nowhere",
            "turn failed",
            {"talk": 12, "at": "nowhere"},
        ),
        (
            "lease expired what=note row=-7",
            "lease expired",
            {"what": "note", "row": -7},
        ),
        ("web started channels=", "web started", {"channels": ""}),
        ("a=b is no pair of ours", "a=b is no pair of ours", {}),
        ("number=" + "9" * 20, "number=" + "9" * 20, {}),
    ],
)
def test_a_line_is_an_event_and_its_ids(
    line: str, event: str, pairs: dict[str, Any]
) -> None:
    assert parse_line(line) == (event, pairs)


def quote() -> None:
    """Fail as code does that met somebody's words where it did not expect them."""
    raise KeyError("Ayşe's plan in /media/secret.ogg")


def failed() -> Any:
    """Return what logging wants to know of an exception."""
    try:
        quote()
    except KeyError as error:
        return (type(error), error, error.__traceback__)
    raise AssertionError


def record(line: str, *values: object, exc_info: Any = None) -> logging.LogRecord:
    return logging.LogRecord(
        "bot.worker", logging.ERROR, __file__, 1, line, values, exc_info
    )


def test_json_has_time_level_logger_event_and_ids() -> None:
    line = JsonLines(where).format(record("turn failed talk=%s level=%s", 12, "x"))
    told = json.loads(line)
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", told.pop("time")
    )
    assert told == {
        "level": "ERROR",
        "logger": "bot.worker",
        "event": "turn failed",
        "talk": 12,
    }


@pytest.mark.parametrize("form", [Lines, JsonLines])
def test_an_exception_is_told_by_kind_and_place_only(form: type[Lines]) -> None:
    line = form(where).format(record("two\nlines", exc_info=failed()))
    assert "KeyError" in line
    assert "tests/services/test_logs.py" in line
    assert "Ayşe" not in line
    assert "Traceback" not in line
    assert "\n" not in line


def test_letters_stay_letters_so_that_a_search_for_words_finds_them() -> None:
    assert "ağaç" in JsonLines(where).format(record("she said ağaç"))


@pytest.fixture
def gunicorn() -> Iterator[tuple[PlainLogger, io.StringIO]]:
    """Gunicorn's logger as we run it, and what it writes."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines(where))
    logging.getLogger().addHandler(handler)
    yield PlainLogger(Config()), written
    logging.getLogger().removeHandler(handler)


def test_gunicorn_speaks_as_we_do(gunicorn: tuple[PlainLogger, io.StringIO]) -> None:
    log, written = gunicorn
    log.warning("Invalid request from ip=192.0.2.7: Invalid HTTP Header: 'X Ayşe'")
    log.critical("WORKER TIMEOUT (pid:%s)", 17)
    try:
        quote()
    except KeyError:
        log.exception("Error handling request %s %s", "GET", "/media/secret.ogg")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    events = ["bad request", "WORKER TIMEOUT (pid:17)", "Error handling request"]
    assert [each["event"] for each in lines] == events
    assert lines[2]["error"] == "KeyError"
    for never in ("192.0.2.7", "Ayşe", "secret.ogg"):
        assert never not in written.getvalue()

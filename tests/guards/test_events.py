"""Nobody opens or finishes a task, or writes a stage, where no event is told of it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.need import ROOT

HOME = {"Task": "task_rows.py", "PlanStage": "plans.py"}


def writers(source: str, table: str) -> Iterator[int]:
    """Yield the lines that insert into a table, or finish its rows."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        named = [getattr(each, "id", "") for each in node.args]
        if called in {"insert", "insert_once"} and table in named:
            yield node.lineno
        finishes = any(each.arg == "done_at" for each in node.keywords)
        if table == "Task" and called == "values" and finishes:
            yield node.lineno


def strays(table: str) -> list[str]:
    found = []
    for path in sorted(Path(ROOT / "bot").rglob("*.py")):
        if path.name == HOME[table] or "migrations" in path.parts:
            continue
        lines = writers(path.read_text("utf-8"), table)
        found += [f"{path.relative_to(ROOT)}:{line}" for line in lines]
    return found


def test_tasks_are_opened_and_finished_in_one_file() -> None:
    assert strays("Task") == [], "use bot/services/task_rows.py: it tells of the event"


def test_stages_are_written_in_one_function() -> None:
    assert strays("PlanStage") == [], "use bot.services.plans.add_stage"


def test_a_stray_is_seen() -> None:
    source = "db.execute(insert(Task), rows)\nupdate(Task).values(done_at=now)\n"
    assert sorted(writers(source, "Task")) == [1, 2]
    home = (ROOT / "bot/services/task_rows.py").read_text("utf-8")
    assert len(list(writers(home, "Task"))) == 3

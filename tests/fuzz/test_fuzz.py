"""A sample of what `python -m bench fuzz` sends, small enough for every build."""

from collections.abc import Iterator

import pytest

from tests.fuzz.court import BODIES
from tests.fuzz.processes import PRINCIPALS
from tests.fuzz.running import Batch, Report, Templates, run_batch, templates
from tests.need import postgres_url

# Werkzeug leaves the file of a form that ends half-way to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
SEED = 20_261_126
SAMPLE = 2_000
PER_ROLE = 150


@pytest.fixture(scope="module")
def made() -> Iterator[Templates]:
    with templates() as found:
        yield found


@pytest.fixture(scope="module")
def on_postgres() -> Iterator[Templates]:
    with templates(postgres_url()) as found:
        yield found


def nothing_found(report: Report) -> bool:
    assert [str(found) for found in report.found] == []
    return True


@pytest.mark.parametrize("number", [0, 1])
def test_bodies_find_nothing(made: Templates, number: int) -> None:
    report = run_batch(made, Batch(BODIES, SEED, number, SAMPLE))
    assert nothing_found(report)
    assert report.requests == SAMPLE
    answers = report.answers
    for kind in ("telegram", "whatsapp", "status", "phone"):
        assert answers[kind, "genuine", 200] > 40
    assert answers["telegram", "forged", 403] > 100
    assert answers["hook", "forged", 401] > 30
    assert answers["hook", "genuine", 202] > 10
    assert report.made["plans"] > 3
    assert report.made["ballots"] > 1


@pytest.mark.parametrize("role", PRINCIPALS)
def test_requests_of_a_role_find_nothing(made: Templates, role: str) -> None:
    report = run_batch(made, Batch(role, SEED, 0, PER_ROLE))
    assert nothing_found(report)
    assert report.answers["page", "genuine", 200] > 0


def test_bodies_find_nothing_on_postgresql(on_postgres: Templates) -> None:
    report = run_batch(on_postgres, Batch(BODIES, SEED, 0, 400))
    assert nothing_found(report)
    assert report.answers["telegram", "genuine", 200] > 20


def test_requests_of_an_admin_find_nothing_on_postgresql(
    on_postgres: Templates,
) -> None:
    assert nothing_found(run_batch(on_postgres, Batch("admin", SEED, 0, PER_ROLE)))


def test_a_seed_means_the_same_requests_again(made: Templates) -> None:
    batch = Batch(BODIES, SEED, 3, 150)
    first, second = run_batch(made, batch), run_batch(made, batch)
    assert first.answers == second.answers
    assert first.made == second.made

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doctor.patient import SECRETS, Patient, installed
from tests.need import postgres_url
from tests.worlds import empty_postgres


@pytest.fixture
def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Patient]:
    """A whole installation on SQLite; whatever the doctor says holds no secret."""
    monkeypatch.chdir(tmp_path)
    with installed(f"sqlite:///{tmp_path / 'city.db'}", tmp_path) as made:
        yield made
        told = "".join(each.output for each in made.results)
        assert [secret for secret in SECRETS if secret in told] == []


@pytest.fixture
def big_patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Patient]:
    """A whole installation on PostgreSQL."""
    monkeypatch.chdir(tmp_path)
    with (
        empty_postgres(postgres_url()) as url,
        installed(url, tmp_path) as made,
    ):
        yield made

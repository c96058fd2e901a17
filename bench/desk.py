"""How long the pages of the desk take with 10,000 plans and 100,000 residents.

Every page that is asked for with GET comes in by itself: the routes are those of the
application, and arguments are filled in from `_samples`. Files to take away are no
pages: they have no sample. What a page takes is put
beside the login page, measured in the same run: machines differ, the ratio hardly
does. No page may take 300 ms.
"""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from bench.cities import ENGINES, City, copied
from bench.contestants import product_settings
from bench.growth import measurable
from bench.report import machine
from bot.app import build, create_app
from bot.config import read_settings
from bot.services.house import House
from bot.services.officials import login_link, officials
from bot.web.desk.access import NAV, OPEN, ROUTES

RESIDENTS, PLANS = 100_000, 10_000
COPY, NUMBERS = 1_000_000, 20_000
LIMIT_MS = 300.0
TIMES = 7
ROUND = "slotermeer-2027"


@dataclass(frozen=True, slots=True)
class Seen:
    """A page on an engine: its address and the median of what it took."""

    engine: str
    page: str
    ms: float
    ratio: float


def grow(db: Connection, copies: int) -> None:
    """Copy the plans of a filled city until there are enough, and give them a life."""
    plans = (
        "round_id, resident_id, talk_id, status, text, language, spoken, place, "
        "supports, public_at, title, created_at"
    )
    stages = 'status, note, "by", at'
    for n in range(1, copies):
        shift, numbers = n * COPY, n * NUMBERS
        db.execute(
            text(
                f"INSERT INTO plans (id, number, {plans}) SELECT id + {shift}, "
                f"number + {numbers}, {plans} FROM plans WHERE id BETWEEN 1000 AND "
                f"{COPY}"
            )
        )
        db.execute(
            text(
                f"INSERT INTO plan_stages (id, plan_id, {stages}) SELECT id + {shift}, "
                f"plan_id + {shift}, {stages} FROM plan_stages WHERE plan_id BETWEEN "
                f"1000 AND {COPY}"
            )
        )
    for each in _LIFE:
        db.execute(text(each))


_LIFE = (
    "UPDATE plan_stages SET \"by\" = 'bram@demo.example' WHERE status = 'public'",
    "UPDATE plans SET status = 'chosen', cost_cents = 50000 WHERE id % 50 = 1",
    "UPDATE plans SET status = 'infeasible' WHERE id % 5 = 3 AND id % 50 <> 1",
    (
        "INSERT INTO decisions (plan_id, outcome, standing, data, at) SELECT id, "
        "status, 'final', '{}', created_at FROM plans WHERE status IN "
        "('chosen', 'infeasible') AND id > 1000"
    ),
    (
        "INSERT INTO spendings (plan_id, kind, cents, what, paid_to, day, state, "
        "entered_by, at) SELECT id, 'invoice', 1250, '{\"nl\": \"verf\"}', 'shop', "
        "'2026-11-16', CASE WHEN id % 3 = 0 THEN 'waiting' ELSE 'approved' END, "
        "'bram@demo.example', created_at FROM plans WHERE status = 'chosen'"
    ),
    "UPDATE tasks SET plan_id = (SELECT min(id) FROM plans) WHERE id % 2 = 0",
)


def pages(app: Flask, house: House) -> Iterator[str]:
    """Yield every page of the desk: those in the head first, then all with arguments.

    Names on stderr what has an argument that nobody has given a sample for.
    """
    samples = _samples(house)
    rules = {
        rule.endpoint.partition(".")[2]: rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("desk.") and "GET" in (rule.methods or ())
    }
    for name in (*NAV, *sorted(ROUTES.keys() - NAV.keys())):
        rule = rules.get(name)
        if rule is None or name in OPEN or name in _SENDS_ON:
            continue
        known = dict(samples)
        if name in _NUMBER_OF:
            known["number"] = samples[_NUMBER_OF[name]]
        if lacking := rule.arguments - known.keys():
            click.echo(f"no sample of {sorted(lacking)} for {rule.rule}", err=True)
            continue
        values = {each: known[each] for each in rule.arguments}
        with app.test_request_context():
            built = app.url_for(f"desk.{name}", **values)
        yield f"{built}?step=told" if name == "plans_behind" else built


def _samples(house: House) -> dict[str, Any]:
    """Return the arguments that a page can have, by name."""
    found = {name: _one(house, query) for name, query in _SAMPLES.items()}
    return {"slug": ROUND, "page": 1} | found


def _one(house: House, query: str) -> Any:
    return house.db.read(lambda db: db.scalar(text(query)))


_SAMPLES = {
    "plan": "SELECT max(number) FROM plans WHERE status = 'chosen'",
    "talk_id": "SELECT max(talk_id) FROM plans WHERE status = 'chosen'",
    "official_id": "SELECT max(id) FROM officials",
}
_SENDS_ON = frozenset({"prove"})
"""No pages: they send the browser to the city's sign-on."""

_NUMBER_OF = {
    "plan": "plan",
    "plan_receipt": "plan",
    "checkin": "plan",
    "official": "official_id",
}
"""Whose number it is, by page, where the address only says `number`."""


def measure(engine: str) -> list[Seen]:
    """Return what each page takes on an engine; the login page comes first."""
    with copied(engine, RESIDENTS) as city:
        house = _opened(city)
        try:
            with house.db.engine.begin() as db:
                grow(db, PLANS * 50 // RESIDENTS)
            if engine == "PostgreSQL":
                with house.db.engine.connect().execution_options(
                    isolation_level="AUTOCOMMIT"
                ) as db:
                    db.execute(text("ANALYZE"))
            return _measured(engine, create_app(house=house), house)
        finally:
            house.postman.close()
            house.db.close()


def _opened(city: City) -> House:
    settings = product_settings(city.folder, "", city.database)
    settings |= {"DESK_SECOND_FACTOR": "offered"}
    return build(read_settings(settings))


def _measured(engine: str, app: Flask, house: House) -> list[Seen]:
    login = _took(app.test_client(), "/desk/login")
    browser = _logged_in(app, house)
    seen = [Seen(engine, "/desk/login", login, 1.0)]
    for page in pages(app, house):
        took = _took(browser, page)
        seen.append(Seen(engine, page, took, took / login))
        click.echo(f"{engine:10} {page:50} {took:8.1f} ms", err=True)
    return seen


def _logged_in(app: Flask, house: House) -> FlaskClient:
    now = house.clock()
    admin = next(each for each in house.db.read(officials) if each.role == "admin")
    link = house.db.run(lambda db: login_link(house, db, admin.id, now))
    browser = app.test_client()
    page = browser.get("/desk/login").text
    secret = page.partition('name="secret" value="')[2].partition('"')[0]
    form = {"secret": secret, "token": link.partition("#")[2]}
    answer = browser.post("/desk/login", data=form)
    if answer.status_code != 303:
        raise click.ClickException(f"the login was refused: {answer.status}")
    return browser


def _took(browser: FlaskClient, page: str) -> float:
    """Return the median of several tries in ms, the first one left out."""
    took = []
    for _ in range(TIMES + 1):
        begin = time.perf_counter()
        answer = browser.get(page)
        took.append((time.perf_counter() - begin) * 1000)
        if answer.status_code not in {200, 404}:
            raise click.ClickException(f"{page} answered {answer.status}")
    return statistics.median(took[1:])


def desk_report(seen: list[Seen]) -> str:
    """Return the figures as a table in Markdown."""
    rows = [
        "| database | page | ms | times the login page |",
        "| --- | --- | ---: | ---: |",
    ]
    rows += [
        f"| {each.engine} | `{each.page}` | {each.ms:.1f} | {each.ratio:.1f} |"
        for each in seen
    ]
    return "\n".join(rows)


def slow(seen: list[Seen]) -> list[Seen]:
    """Return the pages that take longer than they may."""
    return [each for each in seen if each.ms >= LIMIT_MS]


@click.command()
@click.option("--engines", default=",".join(ENGINES), show_default=True)
def main(engines: str) -> None:
    """Measure every page of the desk; exits 1 if one takes 300 ms or more."""
    known = {each.lower(): each for each in ENGINES}
    wanted = tuple(known[each] for each in engines.lower().split(","))
    seen = [page for each in measurable(wanted) for page in measure(each)]
    click.echo(f"{machine()}\n\n{desk_report(seen)}")
    if slow(seen):
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()

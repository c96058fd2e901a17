"""A town of 144 authors on the night of the result: three apps, four languages."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, update

from bot.domain.languages import LANGUAGES
from bot.domain.plans import Status
from bot.services.catalog import touch
from bot.services.desk.night_acts import propose, release, save_setting
from bot.services.desk.night_count import fill
from bot.services.desk.night_plans import Told, completeness
from bot.services.desk.night_writing import fill_lacking
from bot.services.desk.nights import (
    Night,
    Setting,
    begin_night,
    find_night,
    newest_night,
)
from bot.services.desk.releasing import carry_out
from bot.services.house import Scene
from bot.services.stories import Contact
from bot.store.civic import BallotRow, PlanRow
from tests.worlds import VOTING, Person, World, table

AUTHORS, CHOSEN, ON_BALLOT = 144, 13, 40
ANNA, BRAM = "anna@city.example", "bram@city.example"
APPS = ("telegram", "whatsapp", "web")
WHY = {
    "nl": "Er liggen kabels in de grond.",
    "en": "There are cables in the ground.",
    "tr": "Yerde kablolar var.",
    "ar": "هناك كابلات في الأرض.",
}
VOTERS = {
    "nl": "De uitslag is er. Typ of zeg: uitslag.",
    "en": "The result is here. Type or say: result.",
    "tr": "Sonuç belli. Yazın ya da söyleyin: sonuç.",
    "ar": "ظهرت النتيجة. اكتبوا أو قولوا: النتيجة.",
}
YASMINA = Contact("Yasmina el Idrissi", "020 123 45 67")


def settle(world: World, authors: int = AUTHORS) -> dict[int, Person]:
    """Give each plan an author; return them by plan number. Voting is over then.

    Forty plans stand on the ballot; 13 fit into the money. Of the rest some had too
    little support, some cannot be done, some were not preselected.
    """
    with world.house.db.engine.begin() as db:
        mine = PlanRow.round_id == _round_id(world)
        gone = update(PlanRow).where(mine, PlanRow.status != Status.ON_BALLOT.value)
        db.execute(gone.values(status=Status.WITHDRAWN.value))
        listed = update(PlanRow).where(mine, PlanRow.status == Status.ON_BALLOT.value)
        db.execute(listed.values(cost_cents=3_800_000, supports=45))
        touch(db)
    ballot = [row.number for row in world.rows(_ballot(world))][:ON_BALLOT]
    people: dict[int, Person] = {}
    for place, number in enumerate(ballot[:authors]):
        people[number] = author(world, place)
        _give(world, number, people[number])
    for place in range(len(ballot), authors):
        person = author(world, place)
        status = (Status.PUBLIC, Status.INFEASIBLE, Status.NOT_PRESELECTED)[place % 3]
        number = world.plan(
            person,
            f"Plan van bewoner {place}.",
            status=status.value,
            supports=12 if status is Status.PUBLIC else 40,
            public_at=world.clock(),
            title=dict.fromkeys(LANGUAGES, f"Bankje {place}"),
        )
        people[number] = person
    _vote(world, ballot)
    return people


def author(world: World, place: int) -> Person:
    """Add somebody, in the app and the language that are next."""
    app, language = APPS[place % 3], LANGUAGES[place % 4]
    address = {
        "telegram": str(5000 + place),
        "whatsapp": f"+3161234{place:04}",
        "web": f"page-{place}",
    }[app]
    more: dict[str, Any] = {"address": address}
    if app == "whatsapp":
        more |= {"phone": address}
        more |= {"window_until": world.clock() + timedelta(days=400)}
    return world.person(language, app, **more)


def _round_id(world: World) -> int:
    return world.house.db.read(world.house.catalog.view).round_id(VOTING)


def _ballot(world: World) -> Any:
    rows = table(PlanRow).where(
        PlanRow.round_id == _round_id(world),
        PlanRow.status == Status.ON_BALLOT.value,
    )
    return rows.order_by(PlanRow.number)


def _give(world: World, number: int, person: Person) -> None:
    world.change_plan(number, resident_id=person.resident, talk_id=person.talk)


def _vote(world: World, ballot: list[int]) -> None:
    """Have plan n of the ballot get more votes than plan n + 1; then close."""
    with world.house.db.engine.begin() as db:
        for at in range(len(ballot)):
            row = {"id": f"{97 * at:032}", "voter": f"voter {at}", "receipt": f"r{at}"}
            values = {"round_id": _round_id(world), "picks": ballot[: at + 1]}
            db.execute(insert(BallotRow).values(values | row))
    world.clock.pass_time(days=40)


def scene_do(world: World, job: Any) -> Any:
    """Read something of a night at this moment."""
    now = world.clock()
    return world.house.db.read(lambda db: job(Scene(world.house, db, now)))


def night_of(world: World) -> Night:
    """Return the newest night."""
    found: Night | None = scene_do(world, lambda scene: newest_night(scene, VOTING))
    assert found is not None
    return found


def moments(world: World, standing: str = "final", hours: float = 1) -> Setting:
    """Return what Anna sets: authors in an hour, voters a day later, then all."""
    first = world.clock() + timedelta(hours=hours)
    return Setting(
        standing,
        {"nl": "Volgend jaar is er weer een buurtbudget."},
        VOTERS,
        first,
        first + timedelta(days=1),
        first + timedelta(days=1, hours=1),
    )


def prepare(world: World) -> int:
    """Begin a night and give everybody a story; return its id."""
    house = world.house
    night_id = begin_night(house, VOTING, "final", ANNA)
    fill(house, night_id, None, ANNA)
    soon = (world.clock() + timedelta(days=14)).date()
    for outcome in (Status.INFEASIBLE, Status.NOT_PRESELECTED, Status.CHOSEN):
        given = Told(outcome, WHY, YASMINA, None, soon)
        fill_lacking(house, night_id, outcome, given, ANNA)
    return night_id


def let_go(world: World, night_id: int, setting: Setting | None = None) -> None:
    """Have Anna set and propose it, and Bram release it."""
    setting = setting or moments(world)

    def version() -> int:
        found: Night = scene_do(world, lambda scene: find_night(scene, night_id))
        return found.version

    save_setting(world.house, night_id, setting, version(), ANNA)
    propose(world.house, night_id, version(), ANNA)
    release(world.house, night_id, version(), BRAM)


def carry(world: World) -> int:
    """Let the worker carry out what is due; return how many steps that were."""
    steps = 0
    while carry_out(world.house):
        steps += 1
    return steps


def lacking(world: World) -> int:
    """Return how many authors lack a story."""
    night = night_of(world)
    return int(scene_do(world, lambda scene: completeness(scene, night)).lacking)

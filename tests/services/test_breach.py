"""A stolen password, from the first login to the dossier, on each database."""

import json
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from bot.__main__ import build
from bot.breach_words import residents_text
from bot.cli import main
from bot.domain.breach import Advice, Extent, Kind, notify_by, weigh
from bot.domain.languages import LANGUAGES
from bot.services.breach_extent import COLUMNS, kinds_at_desk
from bot.services.desk.audit import note
from bot.services.desk.exports import export
from bot.services.desk.logins import Visitor, by_link
from bot.services.house import Scene
from bot.services.officials import login_link, officials
from bot.store.inventory import PERSONAL
from bot.store.reading import reading_engine
from bot.store.talks import Media
from tests.worlds import VOTING, Person, World, new_id

HALL, CAFE = Visitor("Firefox, Windows", "192.0.2.1"), Visitor("Chrome", "198.51.100.9")
WORDS = "Een bank onder de linde."
SINCE = "2026-11-18T12:00:00Z"


class Story:
    """An official works at the town hall; on another day somebody else is she."""

    def __init__(self, world: World) -> None:
        self.world = world
        people = world.house.db.run(officials)
        self.official = next(each for each in people if each.role == "reviewer")
        self.logs_in(HALL)
        world.clock.now = datetime(2026, 11, 18, 12, tzinfo=UTC)
        self.author = world.person("nl", "telegram", phone="+31600000001")
        world.plan(self.author, WORDS)
        self.note = self.keeps(self.author, "voice")
        self.photo = self.keeps(world.person("tr", "whatsapp"), "photo")

    def keeps(self, person: Person, kind: str) -> int:
        """Keep a file of somebody."""
        now = self.world.clock()
        values = {
            "talk_id": person.talk,
            "channel": "web",
            "kind": kind,
            "source": {},
            "key": f"{kind}-1",
            "mime": "audio/ogg",
            "created_at": now,
        }
        with self.world.house.db.engine.begin() as db:
            return new_id(db.execute(insert(Media).values(values)))

    def logs_in(self, visitor: Visitor) -> None:
        house, now = self.world.house, self.world.clock()
        link = house.db.run(lambda db: login_link(house, db, self.official.id, now))
        assert by_link(house, link.partition("#")[2], visitor)

    def plays(self) -> None:
        self.notes("sound.play", f"media:{self.note}")
        self.notes("plan.look", "plan:130", media=self.photo)

    def notes(self, act: str, subject: str, **data: object) -> None:
        house, now = self.world.house, self.world.clock()
        mail = self.official.email
        house.db.run(lambda db: note(Scene(house, db, now), mail, act, subject, **data))

    def takes(self) -> None:
        assert export(self.world.house, VOTING, "plans", "csv", self.official.email)

    @property
    def url(self) -> str:
        url = self.world.house.db.engine.url
        return url.render_as_string(hide_password=False)

    def run(self, *options: str, url: str | None = None) -> Result:
        command = ["doctor", "breach", "--since", SINCE, "--until", "2026-11-19"]
        given = [*command, "--database", url or self.url, *options]
        return CliRunner().invoke(main, given, obj=build, env={"SECRET_KEY": ""})

    def dossier(self, folder: Path, *options: str) -> Any:
        result = self.run("--out", str(folder), *options)
        assert result.exit_code == 0, result.output
        return json.loads((folder / "breach.json").read_text())


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


@pytest.fixture
def each_story(each_world: World) -> Story:
    return Story(each_world)


def test_a_login_from_a_new_place_puts_all_of_the_desk_in_reach(
    each_story: Story, tmp_path: Path
) -> None:
    story = each_story
    story.logs_in(CAFE)
    story.plays()
    story.takes()
    told = story.dossier(tmp_path / "dossier")
    (login,) = told["logins"]
    assert (login["official"], login["is_new"]) == (story.official.id, True)
    assert login["browser"] == "Chrome"
    assert "198.51" not in json.dumps(told)
    (account,) = (each for each in told["accounts"] if each["is_suspect"])
    assert account["acts"] == {"export": 1, "login": 1, "plan.look": 1, "sound.play": 1}
    assert [each["what"] for each in told["taken"]] == ["plans"]
    assert told["recordings"] == 2
    extents = told["extents"]
    assert extents["voices"] == {"held": 1, "seen": 1, "reach": 1}
    assert extents["photos"] == {"held": 1, "seen": 1, "reach": 1}
    assert extents["phones"] == {"held": 1, "seen": 0, "reach": 1}
    assert extents["unsent_votes"]["reach"] == 0, "no official can read those"
    assert told["weighed"]["authority"] == told["weighed"]["residents"] == "likely"
    assert story.author.resident in told["residents"]
    assert set(told["channels"]) >= {"telegram", "whatsapp"}


def test_work_from_the_usual_place_is_for_a_person_to_weigh(
    story: Story, tmp_path: Path
) -> None:
    story.logs_in(HALL)
    story.plays()
    told = story.dossier(tmp_path / "dossier")
    assert [each["is_new"] for each in told["logins"]] == [False]
    assert told["weighed"]["authority"] == "unclear"
    assert told["extents"]["phones"]["reach"] == 0


def test_a_named_account_is_suspect_wherever_it_came_from(
    story: Story, tmp_path: Path
) -> None:
    told = story.dossier(tmp_path / "dossier", "--account", story.official.email)
    assert told["weighed"]["authority"] == "likely"
    assert told["extents"]["phones"]["reach"] == 1


def test_an_open_database_puts_everything_in_reach(
    each_story: Story, tmp_path: Path
) -> None:
    story = each_story
    story.world.vote(story.author)
    story.world.change_talk(story.author, picks=b"sealed")
    told = story.dossier(tmp_path / "dossier", "--everything")
    extents = told["extents"]
    assert extents["voted"] == {"held": 1, "seen": 0, "reach": 1}
    assert extents["unsent_votes"]["reach"] == 1


def test_nothing_touched_is_only_for_the_register_and_needs_no_key(
    story: Story,
) -> None:
    result = story.run("--lang", "en")
    assert result.exit_code == 0
    assert "no trace that data about residents were read" in result.stdout
    assert "Autoriteit Persoonsgegevens (GDPR 33): probably not" in result.stdout
    assert "In the register of breaches: always" in result.stdout
    assert "Twilio" in result.stdout, "somebody is on WhatsApp"
    assert "@BotFather" in result.stdout, "and somebody on Telegram"


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_terminal_names_nobody_unless_asked(story: Story, lang: str) -> None:
    story.logs_in(CAFE)
    story.plays()
    told = story.run("--lang", lang).stdout
    mail = story.official.email
    assert f"official {story.official.id} (reviewer)" in told
    private = (mail, "@", WORDS, "+316", story.author.address)
    assert [each for each in private if each in told.replace("@BotFather", "")] == []
    assert mail in story.run("--lang", lang, "--names").stdout


@pytest.mark.parametrize(
    ("discovered", "says"),
    [
        (timedelta(hours=-2), "hours left"),
        (timedelta(days=-4), "The 72 hours ended"),
    ],
)
def test_the_clock_runs_from_discovery(
    story: Story, discovered: timedelta, says: str
) -> None:
    moment = datetime.now(UTC) + discovered
    options = ("--discovered", f"{moment:%Y-%m-%dT%H:%M:%SZ}", "--lang", "en")
    assert says in story.run(*options).stdout


def test_it_ends_to_the_minute_after_three_days() -> None:
    moment = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
    assert notify_by(moment) == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_the_dossier_is_for_its_owner_and_is_written_once(
    story: Story, tmp_path: Path
) -> None:
    folder = tmp_path / "register" / "dossier"
    story.dossier(folder)
    names = {"breach.json", "residents.txt"}
    for language in ("nl", "en"):
        names |= {f"report.{language}.txt", f"authority.{language}.txt"}
    assert {each.name for each in folder.iterdir()} == names
    for each in folder.iterdir():
        assert stat.S_IMODE(each.stat().st_mode) == 0o600
        assert WORDS not in each.read_text("utf-8")
    again = story.run("--out", str(folder))
    assert (again.exit_code, "is there already" in again.output) == (1, True)


def test_starts_come_from_a_log_and_other_lines_are_left_alone(
    story: Story, tmp_path: Path
) -> None:
    rows = [
        {"time": "2026-11-18T13:00:00+00:00", "event": "web started", "version": "1.2"},
        {"time": "2026-11-17T13:00:00+00:00", "event": "web started", "version": "1.1"},
        {"time": "2026-11-18T13:00:00+00:00", "event": "turn failed"},
    ]
    lines = [*map(json.dumps, rows), "no JSON", "[]"]
    log = tmp_path / "web.log"
    log.write_text("\n".join(lines))
    told = story.dossier(tmp_path / "dossier", "--log", str(log))
    assert [each["version"] for each in told["starts"]] == ["1.2"]


def test_a_copy_that_cannot_be_written_to_is_enough(
    world: World, tmp_path: Path
) -> None:
    story = Story(world)
    sealed = tmp_path / "sealed"
    sealed.mkdir()
    with closing(sqlite3.connect(str(world.house.db.engine.url.database))) as db, db:
        db.execute("VACUUM INTO ?", (str(sealed / "copy.db"),))
    before = (sealed / "copy.db").read_bytes()
    (sealed / "copy.db").chmod(0o400)
    sealed.chmod(0o500)
    try:
        result = story.run(url=f"sqlite:///{sealed / 'copy.db'}")
    finally:
        sealed.chmod(0o700)
    assert result.exit_code == 0, result.output
    assert [each.name for each in sealed.iterdir()] == ["copy.db"]
    assert (sealed / "copy.db").read_bytes() == before
    shutil.rmtree(sealed)


def test_what_is_looked_into_cannot_be_written(each_story: Story) -> None:
    story = each_story
    engine = reading_engine(story.url)
    with engine.connect() as db, pytest.raises(DBAPIError):
        db.execute(text("DELETE FROM audit_lines"))
    engine.dispose()


def test_no_database_is_made_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    given = ["doctor", "breach", "--since", SINCE, "--database", f"sqlite:///{path}"]
    result = CliRunner().invoke(main, given, obj=build)
    assert (result.exit_code, path.exists()) == (1, False)


@pytest.mark.parametrize(
    ("touched", "is_suspect", "authority", "residents"),
    [
        ({}, True, Advice.UNLIKELY, Advice.UNLIKELY),
        ({Kind.VOICES}, False, Advice.UNCLEAR, Advice.UNCLEAR),
        ({Kind.PLANS}, True, Advice.LIKELY, Advice.UNCLEAR),
        ({Kind.PLANS, Kind.VOICES}, True, Advice.LIKELY, Advice.LIKELY),
    ],
)
def test_what_the_figures_point_to(
    touched: set[Kind], *, is_suspect: bool, authority: Advice, residents: Advice
) -> None:
    extents = {kind: Extent(9, 0, 3 * (kind in touched)) for kind in Kind}
    weighed = weigh(extents, is_suspect=is_suspect)
    assert (weighed.authority, weighed.residents) == (authority, residents)


def test_every_kind_is_kept_where_the_inventory_says() -> None:
    assert COLUMNS.keys() == set(Kind)
    named = {each for columns in COLUMNS.values() for each in columns}
    assert named <= PERSONAL.keys()
    assert kinds_at_desk() >= {Kind.VOICES, Kind.MESSAGES, Kind.PHONES}
    assert not kinds_at_desk() & {Kind.UNSENT_VOTES, Kind.VOTED}


def test_residents_are_told_in_four_languages_in_short_sentences() -> None:
    notices = residents_text().strip().split("\n\n")
    assert len(notices) == len(LANGUAGES)
    sentences = [
        each for part in notices for each in part.replace(". ", ".\n").split("\n")
    ]
    assert [each for each in sentences if len(each.split()) > 12] == []

"""The public picture of a plan: made small, shown one by one, gone with its plan."""

import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from sqlalchemy import Connection, insert, select, update

from bot import cli_plans
from bot.app import create_app
from bot.channels.base import Sent
from bot.domain.plans import Status
from bot.domain.say import N_, Reply, Say
from bot.services import webchat
from bot.services.canonical import canonical, hash_of
from bot.services.erasures import erase
from bot.services.freezing import current
from bot.services.house import Scene
from bot.services.outbox import Owed, owe
from bot.services.outcomes import Outcomes, record_outcomes
from bot.services.plan_pictures import (
    MOST_BYTES,
    picture_of,
    public_picture,
    remove_picture,
    show_picture,
)
from bot.services.plans import PlanRefused, UnknownPlan, publish
from bot.services.sweep import sweep
from bot.services.talks import find_talk
from bot.services.terminal import Terminal
from bot.store.civic import Catalog, PlanRow, RoundRow
from bot.store.media import MediaUnavailableError
from bot.store.talks import Media
from tests.buckets import Shaky
from tests.houses import Street
from tests.photographs import jpeg, noise
from tests.services.test_photos import CANARY, picture
from tests.services.test_sweep import keep
from tests.worlds import COLLECTING, SECRET_KEY, VOTING, Person, World, new_id, table

COMMAND = "bram@city.example"


@pytest.fixture
def number(each_world: World) -> int:
    """A public plan of the round that collects."""
    return collected(each_world)


def collected(world: World) -> int:
    public = select(PlanRow.number).join(RoundRow, RoundRow.id == PlanRow.round_id)
    public = public.where(RoundRow.slug == COLLECTING, PlanRow.title.is_not(None))
    ((number,), *_) = world.rows(public.order_by(PlanRow.number))
    return int(number)


def shows(world: World, number: int, data: bytes) -> int:
    """Make a picture public; return its media."""
    show_picture(world.house, number, data, COMMAND)
    return int(world.plan_row(number).picture_id)


def on_ballot(world: World, data: bytes) -> list[int]:
    """Give all plans of the open ballot this picture, as if at opening."""
    key = world.house.media.save(data, "image/jpeg")
    view = world.house.db.read(world.house.catalog.view)
    numbers = [plan.number for plan in (view.papers or {})[VOTING].plans]
    with world.house.db.engine.begin() as db:
        for number in numbers:
            row = {"kind": "picture", "channel": "", "source": {}, "key": key}
            times = {"fetched_at": world.clock(), "created_at": world.clock()}
            made = insert(Media).values(**row, **times, mime="image/jpeg", attempts=0)
            plan = update(PlanRow).where(PlanRow.number == number)
            db.execute(plan.values(picture_id=new_id(db.execute(made))))
        db.execute(update(Catalog).values(version=Catalog.version + 1))
    return numbers


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# Making one public


def test_it_is_small_upright_and_tells_nothing_else(
    each_world: World, number: int
) -> None:
    photo = picture(4000, 1000)
    assert CANARY.encode() in photo
    media = shows(each_world, number, photo)
    kept = public_picture(each_world.house, media)
    assert kept == picture_of(each_world.house, number)
    assert kept is not None
    assert CANARY.encode() not in kept
    with Image.open(io.BytesIO(kept)) as small:
        assert (small.format, small.size) == ("JPEG", (200, 800))
        assert dict(small.getexif()) == {}


def test_one_full_of_detail_is_made_smaller_still(world: World) -> None:
    media = shows(world, collected(world), noise(900, 900))
    kept = public_picture(world.house, media)
    assert kept is not None
    assert len(kept) <= MOST_BYTES


def test_another_one_takes_its_place_and_the_file_goes(
    each_world: World, number: int, tmp_path: Path
) -> None:
    first = shows(each_world, number, jpeg(90, 60))
    second = shows(each_world, number, jpeg(90, 60, "red"))
    assert public_picture(each_world.house, first) is None
    assert len(files(tmp_path / "media")) == 2
    sweep(each_world.house)
    assert len(files(tmp_path / "media")) == 1
    assert public_picture(each_world.house, second) is not None


def test_who_made_it_public_is_kept_with_it(world: World) -> None:
    media = shows(world, collected(world), jpeg(90, 60))
    row = world.one(table(Media).where(Media.id == media))
    assert (row.kind, row.talk_id, row.source["by"]) == ("picture", None, COMMAND)


def removed(world: World, number: int) -> bool:
    now = world.clock()
    return world.house.db.run(
        lambda db: remove_picture(Scene(world.house, db, now), number)
    )


def test_it_can_be_taken_away(each_world: World, number: int, tmp_path: Path) -> None:
    assert not removed(each_world, number)
    media = shows(each_world, number, jpeg(90, 60))
    assert removed(each_world, number)
    assert public_picture(each_world.house, media) is None
    row = each_world.plan_row(number)
    assert (row.picture_id, row.picture_hash) == (None, None)
    sweep(each_world.house)
    assert files(tmp_path / "media") == []


@pytest.mark.parametrize("data", [b"", b"no picture", picture()[:100]])
def test_what_is_no_picture_is_refused(
    world: World, data: bytes, tmp_path: Path
) -> None:
    number = collected(world)
    before = world.plan_row(number)
    with pytest.raises(PlanRefused, match="not a picture that can be used"):
        show_picture(world.house, number, data, COMMAND)
    assert world.plan_row(number) == before
    assert files(tmp_path / "media") == []


def test_plans_that_cannot_have_one(each_world: World, tmp_path: Path) -> None:
    world = each_world
    hidden = world.plan(world.person("nl"))
    (frozen, *_) = on_ballot(world, jpeg(9, 9))
    kept = files(tmp_path / "media")
    for number, error, words in (
        (99_999, UnknownPlan, "there is no plan 99999"),
        (hidden, PlanRefused, "is not public: run plans publish first"),
        (frozen, PlanRefused, "on a ballot that was frozen"),
    ):
        with pytest.raises(error, match=words):
            show_picture(world.house, number, jpeg(9, 9), COMMAND)
    for number, error in ((99_999, UnknownPlan), (frozen, PlanRefused)):
        with pytest.raises(error):
            removed(world, number)
    assert files(tmp_path / "media") == kept


def test_a_store_that_is_away_changes_nothing(world: World) -> None:
    number = collected(world)
    shaky = Shaky(world.house.media, "disk")
    world.house = replace(world.house, media=shaky)
    with pytest.raises(MediaUnavailableError):
        show_picture(world.house, number, jpeg(9, 9), COMMAND)
    assert world.plan_row(number).picture_id is None
    shaky.trouble = None
    media = shows(world, number, jpeg(9, 9))
    shaky.trouble = "disk"
    with pytest.raises(MediaUnavailableError):
        public_picture(world.house, media)


def run(world: World, *words: str) -> Result:
    env = {"SECRET_KEY": SECRET_KEY}
    command = cli_plans.picture
    return CliRunner(env=env).invoke(command, words, obj=lambda _: world.house)


def test_the_command_says_what_became_of_it(world: World, tmp_path: Path) -> None:
    file, number = tmp_path / "bank.jpg", str(collected(world))
    file.write_bytes(jpeg(90, 60))
    shown = run(world, number, str(file), "--by", COMMAND)
    assert (shown.exit_code, shown.output) == (0, f"Plan {number} has a picture.\n")
    gone = run(world, number, "--remove")
    assert gone.output == f"The picture of plan {number} is gone.\n"
    assert run(world, number, "--remove").output == f"Plan {number} has no picture.\n"
    file.write_bytes(b"no picture")
    refused = run(world, number, str(file))
    assert refused.exit_code == 1
    assert refused.output.endswith("40 megapixels. Nothing is changed.\n")
    for words in ((number,), (number, str(file), "--remove")):
        asked = run(world, *words)
        assert (asked.exit_code, "give a FILE, or --remove" in asked.output) == (
            2,
            True,
        )


# Where it goes with its plan


def test_a_plan_taken_back_takes_it_along(each_world: World) -> None:
    ayse = each_world.person("nl")
    mine = each_world.plan(ayse, a_round=COLLECTING)
    now, house = each_world.clock(), each_world.house
    house.db.run(lambda db: publish(Scene(house, db, now), mine, {"nl": "Bank"}, "b"))
    media = shows(each_world, mine, jpeg(90, 60))
    assert picture_of(house, mine) is not None
    each_world.says(ayse, f"plan {mine}")
    each_world.taps(ayse, f"withdraw:{mine}")
    each_world.taps(ayse, "yes")
    assert each_world.plan_row(mine).status == Status.WITHDRAWN
    assert each_world.plan_row(mine).picture_id is None
    assert each_world.one(table(Media).where(Media.id == media)).delete_after == now


@pytest.mark.parametrize("keep_plans", [True, False])
def test_a_forgotten_author_s_picture_stays_only_with_her_plan(
    each_world: World, *, keep_plans: bool
) -> None:
    ayse = each_world.person("nl")
    mine = each_world.plan(ayse, a_round=COLLECTING, title={"nl": "Bank"})
    each_world.change_plan(mine, public_at=each_world.clock())
    media = shows(each_world, mine, jpeg(90, 60))
    forgets(each_world, ayse, keep_plans=keep_plans)
    assert (public_picture(each_world.house, media) is not None) == keep_plans
    assert (each_world.plan_row(mine).picture_hash is not None) == keep_plans


def forgets(world: World, person: Person, *, keep_plans: bool) -> None:
    def job(db: Connection) -> None:
        scene = Scene(world.house, db, world.clock())
        talk = find_talk(scene, person.channel, person.address)
        assert talk is not None
        erase(scene, talk, keep_plans=keep_plans)

    world.house.db.run(job)


def test_what_is_owed_to_a_forgotten_person_has_no_picture(each_world: World) -> None:
    ayse = each_world.person("nl")
    owes(each_world, ayse, shows(each_world, collected(each_world), jpeg(9, 9)))
    forgets(each_world, ayse, keep_plans=False)
    (row,) = each_world.told(ayse)
    assert (row.delivery, row.text, row.picture) == ("dropped", "", None)


# What is frozen


def words_of(world: World, number: int) -> str:
    with world.house.db.engine.connect() as db:
        data = db.scalar(select(RoundRow.data).where(RoundRow.slug == COLLECTING))
        assert data is not None
        (plan,) = json.loads(current(db, data, frozenset({number})))["plans"]
    return str(plan["words"])


def test_its_hash_is_frozen_and_without_one_all_is_as_it_was(world: World) -> None:
    number = collected(world)
    row = world.plan_row(number)
    said = {"title": row.title, "summary": row.summary}
    assert words_of(world, number) == hash_of(canonical(said))
    media = shows(world, number, jpeg(9, 9))
    kept = public_picture(world.house, media)
    assert kept is not None
    said["picture"] = hashlib.sha256(kept).hexdigest()
    assert words_of(world, number) == hash_of(canonical(said))


# The outbox


def owes(
    world: World,
    person: Person,
    media: int | None = None,
    *,
    secret: bool = False,
    sound: int | None = None,
) -> Owed:
    thanks = (Say(N_("Thank you.")),)
    reply = Reply(thanks, secret=secret, sound=sound, picture=media)

    def job(db: Connection) -> Owed:
        scene = Scene(world.house, db, world.clock())
        talk = find_talk(scene, person.channel, person.address)
        assert talk is not None
        return owe(scene, talk, reply, uuid4().hex)

    return world.house.db.run(job)


def test_a_message_carries_its_picture_to_whoever_sends_it(each_world: World) -> None:
    ayse = each_world.person("en")
    media = shows(each_world, collected(each_world), jpeg(9, 9))
    owed = owes(each_world, ayse, media)
    key = each_world.one(table(Media).where(Media.id == media)).key
    assert owed.out.picture == key
    (claimed,) = each_world.claim()
    assert (claimed.out.picture, claimed.out.sound) == (key, None)


def test_a_picture_that_went_meanwhile_still_counts_as_a_part(
    each_world: World,
) -> None:
    ayse, number = each_world.person("en"), collected(each_world)
    owes(each_world, ayse, shows(each_world, number, jpeg(9, 9)))
    assert removed(each_world, number)
    sweep(each_world.house)
    (claimed,) = each_world.claim()
    assert claimed.out.picture == ""


def test_a_sound_that_went_meanwhile_still_counts_as_a_part(each_world: World) -> None:
    ayse = each_world.person("en")
    media = keep(each_world, ayse, delete_after=each_world.clock())
    assert owes(each_world, ayse, sound=media).out.sound
    sweep(each_world.house)
    (claimed,) = each_world.claim()
    assert claimed.out.sound == ""
    assert owes(each_world, ayse, sound=media).out.sound == ""


def test_what_shows_a_choice_loses_its_picture_with_its_words(
    each_world: World,
) -> None:
    media = shows(each_world, collected(each_world), jpeg(9, 9))
    for channel in ("telegram", "web"):
        ayse = each_world.person("en", channel=channel)
        owed = owes(each_world, ayse, media, secret=True)
        done = Outcomes(owed, Sent("x"), None, each_world.clock())
        each_world.house.db.run(lambda db, d=done: record_outcomes(db, [d]))  # type: ignore[misc]
        (row,) = each_world.told(ayse)
        assert (row.picture is None) == (channel == "telegram")
    each_world.clock.pass_time(minutes=61)
    sweep(each_world.house)
    (row,) = each_world.told(ayse)
    assert (row.text, row.picture) == ("", None)


# On the phone


def test_the_page_shows_it_until_it_has_arrived(each_world: World) -> None:
    on_ballot(each_world, jpeg(9, 9))
    ayse = each_world.person("en", channel="web")
    for tap in ("menu:vote", "vote:help", "theme:green"):
        each_world.taps(ayse, tap)
    done = [
        Outcomes(owed, Sent("x"), None, each_world.clock())
        for owed in each_world.postman.taken
    ]
    each_world.house.db.run(lambda db: record_outcomes(db, done))
    told = webchat.history(each_world.house, ayse.address, "")
    pictured = [each for each in told.messages if each.picture]
    assert len(pictured) == 1
    assert pictured[0].picture is not None
    assert public_picture(each_world.house, pictured[0].picture.media) is not None
    assert pictured[0].picture.title in pictured[0].text
    webchat.history(each_world.house, ayse.address, told.cursor)
    again = webchat.history(each_world.house, ayse.address, "")
    assert [each.picture for each in again.messages if each.picture] == []
    assert again.messages[-1].erased


def test_the_page_s_pictures_are_for_its_own_talks(world: World) -> None:
    media = shows(world, collected(world), jpeg(9, 9))
    client = create_app(house=world.house).test_client()
    assert client.get(f"/phone/picture/{media}").status_code == 404
    client.get("/phone?lang=en")
    answer = client.get(f"/phone/picture/{media}")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store"
    world.change_plan(collected(world), public_at=None)
    assert client.get(f"/phone/picture/{media}").status_code == 404


def test_one_by_one_on_telegram_and_whatsapp(street: Street) -> None:
    world = street.world
    kept = jpeg(90, 60)
    on_ballot(world, kept)
    ayse, fatima = street.ayse("en"), street.fatima("en")
    for person in (ayse, fatima):
        for tap in ("menu:vote", "vote:help", "theme:green"):
            person.taps(tap)
            street.work()
    photo, plan = ayse.heard[-2:]
    assert (photo.kind, photo.picture, photo.buttons) == ("photo", kept, ())
    assert ("yes", "Yes, this plan") in plan.buttons
    image, text = fatima.heard[-2:]
    (address,) = image.media
    assert (image.text, text.media) == ("", ())
    client = street.app.test_client()
    answer = client.get(urlsplit(address).path)
    assert (answer.data, answer.mimetype) == (kept, "image/jpeg")
    assert client.get(urlsplit(address).path.replace(".jpg", ".ogg")).status_code == 404
    secret = [row for row in street.outbox() if row.secret]
    assert len(secret) == 2
    assert {(row.text, row.picture) for row in secret} == {("", None)}


@pytest.mark.parametrize(("theme", "pictured"), [("1", True), ("2", False)])
def test_the_terminal_says_where_a_picture_is(theme: str, *, pictured: bool) -> None:
    terminal = Terminal("en")
    list(terminal.greeting())
    for words in ("vote", "1"):
        list(terminal.answer(words))
    first, second, *_ = terminal.answer(theme)
    assert (first == "bot: (picture)") == pictured
    assert "–" in (second if pictured else first)


# Open data


def test_it_stands_in_the_open_data(world: World) -> None:
    number = collected(world)
    shows(world, number, jpeg(9, 9))
    client = create_app(house=world.house).test_client()
    plans = client.get(f"/open/rounds/{COLLECTING}/plans.json").get_json()
    told = {plan["number"]: plan.get("picture") for plan in plans}
    address = told.pop(number)
    assert set(told.values()) == {None}
    answer = client.get(urlsplit(address).path)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.data == picture_of(world.house, number)
    other = next(iter(told))
    for place in (
        f"{COLLECTING}/plans/{other}",
        f"{VOTING}/plans/{number}",
        "x/plans/1",
    ):
        assert client.get(f"/open/rounds/{place}.jpg").status_code == 404
    shaky = Shaky(world.house.media, "disk")
    away = create_app(house=replace(world.house, media=shaky)).test_client()
    assert away.get(urlsplit(address).path).status_code == 503

"""A thief has the whole database and all files: what is in them, with which keys."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, String, delete, literal_column, select, type_coerce

from bot.domain.messages import Inbound, Sender, Text
from bot.rings import AT_REST, Ring, SealError, open_rings
from bot.services.demo import demo_passes
from bot.services.inbound import take_in
from bot.services.pass_register import Letter
from bot.services.sealing import seal
from bot.store.base import Base
from bot.store.database import Database
from bot.store.media import FolderMedia
from bot.store.sealed import Safe, Sealing
from bot.store.sealed_media import SealedMedia
from bot.store.talks import InboundMessage, Talk
from tests.need import postgres_url
from tests.services.test_passes import votes
from tests.worlds import SECRET_KEY, VOTING, World, empty_postgres, open_world, table

NUMBER, PHONE = "+31687650017", "31687650017"
NAME = "Zübeyde Karadağlıoğlu"
TELEGRAM = "7716253409"
VOICE = b"OggS her voice as it came, nobody else's \x00\x01\x02" * 30


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'city.db'}"
        return
    with empty_postgres(postgres_url()) as made:
        yield made


@contextmanager
def lived(url: str, folder: Path, *, sealed: bool) -> Iterator[tuple[World, Letter]]:
    """Open a city in which people wrote, spoke and voted; some in clear, if asked."""
    with open_world(url, folder / "media", eligibility="pass") as world:
        if not sealed:
            world.house.db.run(lambda db: db.execute(delete(Sealing)).rowcount)
            world.house.db.close()
    with open_world(url, folder / "media", demo=False, eligibility="pass") as world:
        (letter, *_) = demo_passes(world.house)
        says(world, "whatsapp", Sender(NUMBER, phone=NUMBER), NAME)
        says(world, "telegram", Sender(TELEGRAM), f"nl {NAME}")
        votes(world, world.person("en"), letter.code, "21 30")
        world.house.media.save(VOICE, "audio/ogg")
        yield world, letter


def says(world: World, channel: str, who: Sender, words: str) -> None:
    for each in ("nl", "medewerker", f"Ik ben {words}", words):
        inbound = Inbound(channel, f"{channel}-{next(world.serial)}", who, Text(each))
        assert take_in(world.house, inbound)


def stolen(world: World, folder: Path) -> bytes:
    """Return all bytes of the database, its log and free pages too, and all files."""
    found = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    if not world.house.db.is_sqlite:
        with world.house.db.engine.connect() as db:
            for table_of_ours in Base.metadata.sorted_tables:
                whole = literal_column("t::text", String)
                rows = db.scalars(select(whole).select_from(table_of_ours.alias("t")))
                found += [str(row).encode() for row in rows]
    return b"\n".join(found)


def markers(letter: Letter) -> dict[str, bytes]:
    """Return what must not be found, and what follows from it without any key."""
    code = "".join(each for each in letter.code if each.isdigit())
    plain = {
        "number": PHONE,
        "name": NAME,
        "name as JSON": NAME.encode("ascii", "backslashreplace").decode(),
        "surname": NAME.split()[1],
        "telegram": TELEGRAM,
        "code": code,
        "code as printed": letter.code,
        "token": letter.token,
    }
    wanted = {name: value.encode() for name, value in plain.items()}
    for name in ("number", "name", "telegram", "code"):
        for value in (plain[name], f"+{plain[name]}"):
            for how in (hashlib.sha256, hashlib.sha1, hashlib.md5):
                wanted[f"{how().name} of {value}"] = (
                    how(value.encode()).hexdigest().encode()
                )
    return wanted | {"voice": VOICE[:41]}


def leaks(world: World, folder: Path, letter: Letter) -> set[str]:
    raw = stolen(world, folder)
    return {name for name, value in markers(letter).items() if value in raw}


def test_nobody_is_found_in_a_stolen_database(url: str, tmp_path: Path) -> None:
    with lived(url, tmp_path, sealed=True) as (world, letter):
        assert leaks(world, tmp_path, letter) == set()
        addresses = {row.address for row in world.rows(table(Talk))}
        assert {NUMBER, TELEGRAM} < addresses, "we know them ourselves"
        assert NAME in repr(world.rows(table(InboundMessage)))


def test_without_sealing_a_thief_finds_them(url: str, tmp_path: Path) -> None:
    """The test above can fail: this is what it looks for."""
    with lived(url, tmp_path, sealed=False) as (world, letter):
        found = leaks(world, tmp_path, letter)
    assert {"number", "surname", "telegram", "voice"} <= found
    assert not {"code", "code as printed", "token"} & found


def test_after_the_seal_no_key_of_ours_leads_to_a_pick(
    url: str, tmp_path: Path
) -> None:
    with lived(url, tmp_path, sealed=True) as (world, letter):
        world.clock.pass_time(days=30)
        seal(world.house, VOTING, "anna and bram")
        assert leaks(world, tmp_path, letter) == set()


def others(purpose: str) -> dict[str, Ring]:
    """Return rings of which only one has the right key."""
    wrong = open_rings("another city's secret, which opens nothing here", None, {})
    return {**wrong, purpose: open_rings(SECRET_KEY, None, {})[purpose]}


@pytest.mark.parametrize("held", AT_REST)
def test_whoever_holds_one_key_reads_one_thing(
    url: str, tmp_path: Path, held: str
) -> None:
    with lived(url, tmp_path, sealed=True) as (world, _):
        key = world.house.media.save(VOICE, "audio/ogg")
    safe = Safe(others(held))
    thief, media = (
        Database(url, safe),
        SealedMedia(FolderMedia(tmp_path / "media"), safe),
    )
    addresses, bodies = select(Talk.address), select(InboundMessage.body)

    def read(purpose: str) -> object:
        if purpose == "files":
            return media.load(key)
        wanted: Select[Any] = addresses if purpose == "people" else bodies
        return thief.read(lambda db: db.execute(wanted).all())

    for purpose in AT_REST:
        if purpose == held:
            assert read(purpose)
        else:
            with pytest.raises(SealError):
                read(purpose)
    thief.close()


def test_what_is_sealed_cannot_be_moved_to_another_place(
    url: str, tmp_path: Path
) -> None:
    """Her number, copied over her friend's words, does not become readable there."""
    with lived(url, tmp_path, sealed=True) as (world, _):
        ring = open_rings(SECRET_KEY, None, {})["people"]
        stands = select(type_coerce(Talk.address, String)).where(Talk.address == NUMBER)
        sealed = str(world.house.db.read(lambda db: db.scalar(stands)))
        assert ring.open(sealed, "talks.address", alike=True) == NUMBER.encode()
        with pytest.raises(SealError):
            ring.open(sealed, "talks.phone", alike=True)

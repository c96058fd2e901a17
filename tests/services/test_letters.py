"""Letters and posters from a real database, by the commands that officials use."""

import csv
import logging
import stat
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from bot import cli_letters
from bot.app import open_channels
from bot.domain.round_terms import Act
from bot.services.catalog import touch
from bot.services.house import House
from bot.services.letters import PrintingRefused, load_letters, load_poster
from bot.store.civic import PlanRow
from tests.houses import Street
from tests.letters.pages import Printed
from tests.services.ruled import rewrite
from tests.services.test_pass_files import as_file, passes
from tests.standins.telegram import USERNAME
from tests.worlds import COLLECTING, VOTING

PHONE = "14 020"


@dataclass
class Press:
    """The command line on a city with both apps, and a folder."""

    house: House
    folder: Path

    def runs(self, *words: str, codes: bytes = b"") -> tuple[int, str]:
        done = CliRunner().invoke(
            cli_letters.letters, words, input=codes, obj=lambda _: self.house
        )
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output

    def makes(self, count: int, *words: str) -> tuple[int, str]:
        out = ("--round", VOTING, "--out", str(self.folder / "out"))
        codes = as_file(passes(count))
        return self.runs("make", *out, "--codes", "-", *words, codes=codes)

    def made(self) -> list[Path]:
        return sorted((self.folder / "out").iterdir())

    def file(self, name: str, content: bytes) -> str:
        path = self.folder / name
        path.write_bytes(content)
        return str(path)


@pytest.fixture
def press(street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Press:
    settings = replace(street.house.settings, help_phone=PHONE)
    house = replace(street.house, settings=settings)
    monkeypatch.setattr(cli_letters, "settings_or_exit", lambda: house.settings)
    folder = tmp_path / "printed"
    folder.mkdir()
    return Press(house, folder)


def change_plan(house: House, number: int, **values: Any) -> None:
    with house.db.engine.begin() as db:
        db.execute(update(PlanRow).where(PlanRow.number == number).values(**values))
        touch(db)


def test_a_pdf_for_each_batch_that_only_its_owner_reads(press: Press) -> None:
    code, told = press.makes(3, "--batch", "2")
    assert code == 0, told
    assert [each.name for each in press.made()] == [
        f"letters-{VOTING}-000000-000001.pdf",
        f"letters-{VOTING}-000002-000002.pdf",
    ]
    assert "3 letters: 2 files made, 0 there already." in told
    assert "destroy" in told
    for each in press.made():
        assert stat.S_IMODE(each.stat().st_mode) == 0o600
    assert stat.S_IMODE((press.folder / "out").stat().st_mode) == 0o700


def test_letters_hold_what_the_city_and_the_register_say(press: Press) -> None:
    press.makes(2)
    printed = Printed(press.made()[0].read_bytes())
    assert len(printed.texts) == 4
    for at, each in enumerate(passes(2)):
        grouped = "\u00a0".join(each.code[i : i + 4] for i in range(0, 16, 4))
        assert printed.says(grouped, page=2 * at)
        assert printed.says(PHONE, page=2 * at)
        assert printed.says("buurtstem.example/phone", page=2 * at)
        assert printed.squares(2 * at) == {
            f"https://wa.me/14155238886?text=stem%20k_{each.token}",
            f"https://t.me/{USERNAME}?start=k_{each.token}",
        }


def test_run_again_it_makes_only_what_is_missing(press: Press) -> None:
    press.makes(2, "--batch", "1")
    first, second = press.made()
    before = first.stat().st_mtime_ns
    second.unlink()
    code, told = press.makes(2, "--batch", "1")
    assert code == 0
    assert "1 files made, 1 there already" in told
    assert first.stat().st_mtime_ns == before
    assert second.exists()


def test_addresses_stand_in_the_window_in_their_order(press: Press) -> None:
    rows = "naam;straat\nA. Eerste;Dorpsstraat 1\nB. Tweede;Dorpsstraat 2\n"
    places = press.file("a.csv", rows.encode())
    press.makes(2, "--addresses", places, "--batch", "1")
    names = [Printed(each.read_bytes()).texts[0] for each in press.made()]
    assert ["A. Eerste" in names[0], "B. Tweede" in names[1]] == [True, True]
    assert "B. Tweede" not in names[0]


def test_a_bad_file_of_codes_writes_nothing(press: Press) -> None:
    out = ("--round", VOTING, "--out", str(press.folder / "out"))
    code, told = press.runs("make", *out, "--codes", "-", codes=b"serial\n1\n")
    assert code == 1
    assert "the first line must be" in told
    assert "Nothing was written." in told
    assert not (press.folder / "out").exists()


def test_codes_are_in_no_log_no_output_and_no_name(
    press: Press, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _, told = press.makes(2)
    seen = told + caplog.text + "".join(each.name for each in press.made())
    for each in passes(2):
        assert each.code not in seen
        assert each.token not in seen


def test_what_is_missing_of_a_round_is_told_at_once(press: Press) -> None:
    settings = replace(press.house.settings, help_phone=None)
    press.house = replace(press.house, settings=settings)
    change_plan(press.house, 10, title={"nl": "Bank", "en": "Bench"})
    change_plan(press.house, 11, cost_cents=None)
    code, told = press.makes(1)
    assert code == 1
    assert "HELP_PHONE is missing" in told
    assert "Plan 10 has no title in tr, ar." in told
    assert "Plan 11 has no cost." in told
    assert not (press.folder / "out").exists()


def test_only_apps_in_which_one_may_vote_have_a_square(press: Press) -> None:
    assert set(load_letters(press.house, VOTING).openers) == {"whatsapp", "telegram"}
    results = {"whatsapp": frozenset({Act.RESULTS})}
    rewrite(press.house.db.engine, VOTING, acts=results)
    for load in (load_letters, load_poster):
        assert set(load(press.house, VOTING).openers) == {"telegram"}
    rewrite(press.house.db.engine, COLLECTING, acts={"web": frozenset({Act.VOTE})})
    with pytest.raises(PrintingRefused, match="keeps plan off the web page"):
        load_poster(press.house, COLLECTING)
    rewrite(press.house.db.engine, VOTING, acts={"web": frozenset({Act.PLAN})})
    with pytest.raises(PrintingRefused, match="keeps vote off the web page"):
        load_letters(press.house, VOTING)


def test_a_round_without_a_ballot_or_none_at_all(press: Press) -> None:
    with pytest.raises(PrintingRefused, match="No plan is on the ballot"):
        load_letters(press.house, COLLECTING)
    with pytest.raises(PrintingRefused, match="no round nowhere"):
        load_letters(press.house, "nowhere")


def test_once_voting_has_closed_nothing_is_printed(
    press: Press, street: Street
) -> None:
    street.clock.pass_time(days=60)
    for load in (load_letters, load_poster):
        with pytest.raises(PrintingRefused, match="Voting has closed"):
            load(press.house, VOTING)


def test_a_title_that_fits_nowhere_is_refused(press: Press) -> None:
    title = dict.fromkeys(("nl", "en", "tr", "ar"), "漢字")
    change_plan(press.house, 10, title=title)
    code, told = press.makes(1)
    assert code == 1
    assert "This cannot be printed: our fonts have no sign for" in told
    assert press.made() == []


def test_a_telegram_that_does_not_know_us_is_told(press: Press) -> None:
    house = press.house
    wrong = replace(house.settings, telegram_token="1:not-ours")
    channels = open_channels(wrong, house.keys, house.db, house.media)
    press.house = replace(house, channels=channels)
    code, told = press.makes(1)
    assert code == 1
    assert "Telegram does not say what the bot is called" in told
    assert not (press.folder / "out").exists()
    for each in channels.values():
        each.close()


def test_a_proof_is_marked_and_never_written_over(press: Press) -> None:
    file = str(press.folder / "proof.pdf")
    assert press.runs("proof", "--round", VOTING, "--out", file)[0] == 0
    assert Printed(Path(file).read_bytes()).says("PROEF")
    code, told = press.runs("proof", "--round", VOTING, "--out", file)
    assert code == 1
    assert "is there already" in told


@pytest.mark.parametrize("slug", [VOTING, COLLECTING])
def test_a_poster_in_four_languages(press: Press, slug: str) -> None:
    file = str(press.folder / "poster.pdf")
    assert press.runs("poster", "--round", slug, "--out", file)[0] == 0
    printed = Printed(Path(file).read_bytes())
    assert len(printed.texts) == 4
    assert len(printed.squares(2)) == 2


def test_a_table_for_a_printer(press: Press) -> None:
    rows = "naam;straat\nA. Eerste;Dorpsstraat 1\nB. Tweede;Dorpsstraat 2\n"
    places = press.file("a.csv", rows.encode())
    codes = press.file("c.csv", as_file(passes(2)))
    out = press.folder / "merged.csv"
    words = ("--addresses", places, "--codes", codes, "--out", str(out))
    code, told = press.runs("merge", *words)
    assert code == 0, told
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    text = out.read_text("utf-8-sig")
    _, first, second = csv.reader(StringIO(text), delimiter=";")
    token = passes(2)[0].token
    assert first[:3] == ["000000", "A. Eerste", "Dorpsstraat 1"]
    assert first[4] == f"https://wa.me/14155238886?text=stem%20k_{token}"
    assert first[5] == f"https://t.me/{USERNAME}?start=k_{token}"
    assert second[1] == "B. Tweede"


def test_a_table_with_too_few_addresses_is_refused(press: Press) -> None:
    places = press.file("a.csv", b"naam\nA\n")
    codes = press.file("c.csv", as_file(passes(2)))
    out = press.folder / "merged.csv"
    words = ("--addresses", places, "--codes", codes, "--out", str(out))
    code, told = press.runs("merge", *words)
    assert code == 1
    assert "there are 2 codes and 1 addresses" in told
    assert not out.exists()


def test_a_folder_that_cannot_be_written_is_told(press: Press) -> None:
    file = str(press.folder / "nowhere" / "proof.pdf")
    code, told = press.runs("proof", "--round", VOTING, "--out", file)
    assert code == 1
    assert "cannot be written" in told

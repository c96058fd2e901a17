"""The page about the count is true: its example is counted, its rules are the rules."""

import re
from hashlib import sha256
from pathlib import Path

from click.testing import CliRunner

from bot.cli_tally import tally
from tally import RULES, lot
from tally.pabulib.naming import SETTING_KEYS
from tests.need import ROOT

PAGE = (ROOT / "docs" / "voting.md").read_text("utf-8")
OWN = {"tie_breaking", "voter_weights", "quotas", "max_chosen_per_author"}
OWN |= {"share_increase", "share_filling"}


def test_the_example_is_counted_as_it_says(tmp_path: Path) -> None:
    file, account = re.findall(r"(?ms)^```text\n(.*?)^```$", PAGE)
    path = tmp_path / "three.pb"
    path.write_text(file, "utf-8")
    told = CliRunner().invoke(tally, ["--file", str(path)])
    assert (told.stdout, told.stderr) == (account, "")


def test_every_rule_is_told_by_its_name() -> None:
    rows = re.findall(r"(?m)^\| (`.*?) \|", PAGE.partition("## Ties")[0])
    assert set(re.findall(r"`([\w-]+)`", " ".join(rows))) == set(RULES)


def test_every_line_of_our_own_is_told() -> None:
    assert SETTING_KEYS > OWN
    told = set(re.findall(r"(?m)^\| `(\w+)` \|", PAGE.partition("## The file")[2]))
    assert told == OWN | {"lot_seed", "voter_shares"}


def test_the_lot_is_drawn_by_the_command_it_names() -> None:
    (drawn,) = re.findall(r"printf '%s' '(.*)' \| sha256sum", PAGE)
    assert sha256(drawn.encode()).hexdigest() == lot("4 17 23", "30")

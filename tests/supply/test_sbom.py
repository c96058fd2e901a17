"""The list of parts is whole, valid, and always the same."""

import hashlib
import json
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools.locks import ROOT, read_lock
from tools.sbom import main, sbom

VALID = JsonStrictValidator(SchemaVersion.V1_6)


def test_the_schema_takes_it_and_would_not_take_everything() -> None:
    text = sbom()
    assert VALID.validate_str(text) is None
    told = json.loads(text)
    del told["bomFormat"]
    assert VALID.validate_str(json.dumps(told)) is not None


def test_every_pin_is_a_part_with_its_licence_and_hashes() -> None:
    parts = {each.get("purl"): each for each in json.loads(sbom())["components"]}
    pins = read_lock()
    assert len(pins) > 80
    for pin in pins:
        part = parts[f"pkg:pypi/{pin.name}@{pin.version}"]
        assert part["licenses"][0]["expression"] != "NOASSERTION"
        assert [it["value"] for it in part["properties"]] == sorted(pin.hashes)


def test_files_of_others_are_parts_with_the_hash_of_what_lies_here() -> None:
    parts = {each["bom-ref"]: each for each in json.loads(sbom())["components"]}
    path = "bot/web/static/htmx.min.js"
    digest = hashlib.sha256((ROOT / path).read_bytes()).hexdigest()
    assert parts[path]["hashes"] == [{"alg": "SHA-256", "content": digest}]
    assert parts[path]["licenses"] == [{"expression": "0BSD"}]


def test_no_file_of_others_is_forgotten() -> None:
    listed = {each["bom-ref"] for each in json.loads(sbom())["components"]}
    foreign = [*ROOT.glob("bot/**/*.min.*"), *ROOT.glob("letters/fonts/*.ttf")]
    assert len(foreign) == 5
    assert {path.relative_to(ROOT).as_posix() for path in foreign} <= listed


def test_it_is_the_same_each_time_and_holds_no_moment(tmp_path: Path) -> None:
    assert main(str(tmp_path / "one.json")) == 0
    assert main(str(tmp_path / "two.json")) == 0
    one, two = ((tmp_path / f"{each}.json").read_bytes() for each in ("one", "two"))
    assert one == two
    assert "timestamp" not in json.loads(one)["metadata"]
    assert str(ROOT).encode() not in one

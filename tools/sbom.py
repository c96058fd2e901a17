"""List all that the product is made of, as CycloneDX 1.6: `make sbom` writes it.

The same tree always gives the same bytes: nothing of the day or the machine is in it.
`python -m tools.sbom FILE`; exit code 1 if the schema would not take it.
"""

import hashlib
import json
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from tools.licences import found_licences
from tools.locks import ROOT, Pin, read_judgements, read_lock


def main(path: str) -> int:
    """Write the list to `path`."""
    text = sbom()
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        print(f"sbom: {fault}", file=sys.stderr)
        return 1
    Path(path).write_text(text, "utf-8")
    print(f"sbom: {len(json.loads(text)['components'])} parts in {path}")
    return 0


def sbom() -> str:
    """Return the list as JSON that ends with a line end."""
    judged, pins = read_judgements(), read_lock()
    licences = found_licences(pins, judged["licences"])
    bom = Bom(components=[*_libraries(pins, licences), *_assets(judged["assets"])])
    bom.metadata.component = _ourselves()
    bom.register_dependency(bom.metadata.component, bom.components)
    bare = _without_moment(bom)
    bom.serial_number = uuid5(NAMESPACE_URL, json.dumps(bare, sort_keys=True))
    told = bare | {"serialNumber": bom.serial_number.urn}
    return json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _ourselves() -> Component:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return Component(
        type=ComponentType.APPLICATION,
        name=told["name"],
        version=told["version"],
        bom_ref=told["name"],
        licenses=[LicenseExpression(told["license"])],
    )


def _libraries(
    pins: list[Pin], licences: Mapping[str, str | None]
) -> Iterator[Component]:
    """Yield a part per pin. Its hashes are of files for several platforms.

    CycloneDX knows one hash of a kind per part, so all stand among its properties.
    """
    for pin in pins:
        address = PackageURL("pypi", name=pin.name, version=pin.version)
        yield Component(
            name=pin.name,
            version=pin.version,
            purl=address,
            bom_ref=str(address),
            licenses=[LicenseExpression(licences[pin.name] or "NOASSERTION")],
            properties=[Property(name="lock:sha256", value=it) for it in pin.hashes],
        )


def _assets(rows: list[Mapping[str, Any]]) -> Iterator[Component]:
    """Yield a part per file of others in our tree. Raises ValueError if it is gone."""
    for row in rows:
        paths = sorted(it for name in row["files"] for it in ROOT.glob(name))
        if not paths:
            raise ValueError(f"{row['name']}: {row['files']} is not there")
        for path in paths:
            place = path.relative_to(ROOT).as_posix()
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            yield Component(
                type=ComponentType.FILE,
                name=row["name"],
                version=row["version"],
                purl=PackageURL(
                    row["kind"], name=row["name"], version=row["version"], subpath=place
                ),
                bom_ref=place,
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
                licenses=[LicenseExpression(row["licence"])],
            )


def _without_moment(bom: Bom) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(JsonV1Dot6(bom).output_as_string())
    told["metadata"].pop("timestamp")
    told.pop("serialNumber")
    return told


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

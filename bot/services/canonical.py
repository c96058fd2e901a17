"""Settings as one JSON text that everybody writes alike, and its hash."""

import hashlib
import json


def canonical(value: object) -> str:
    """Return a value as the one JSON text that its hash is of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def ballot_numbers(settings: str) -> frozenset[int]:
    """Return which plans are on the ballot by frozen settings."""
    return frozenset(each["number"] for each in json.loads(settings)["plans"])

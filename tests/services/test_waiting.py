"""What waits in a browser is opened for the talk that it is of, and for no other."""

import base64
import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.keys import derive_keys
from bot.services.waiting import (
    _INFO,
    MORE_BYTES,
    NotOursError,
    _derive,
    public_key,
    unseal,
)
from tests.worlds import SECRET_KEY

KEYS = derive_keys(SECRET_KEY)
HERS, OTHERS = "talk-of-hers", "talk-of-another"
SAID = b"Een bank onder de linden."


def sealed(user_id: str, data: bytes = SAID) -> bytes:
    """Seal as the page does (bot/web/static/phone/seal.js)."""
    curve = ec.SECP256R1()
    point = base64.b64decode(public_key(KEYS, user_id))
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(curve, point)
    fresh = ec.generate_private_key(curve)
    form = (Encoding.X962, PublicFormat.UncompressedPoint)
    mine, iv = fresh.public_key().public_bytes(*form), os.urandom(12)
    key = _derive(fresh.exchange(ec.ECDH(), theirs), mine, _INFO, 32)
    return mine + iv + AESGCM(key).encrypt(iv, data, None)


def test_it_is_opened_for_her_talk_alone() -> None:
    closed = sealed(HERS)
    assert len(closed) == len(SAID) + MORE_BYTES
    assert unseal(KEYS, HERS, closed) == SAID
    with pytest.raises(NotOursError):
        unseal(KEYS, OTHERS, closed)
    with pytest.raises(NotOursError):
        unseal(derive_keys("another " + SECRET_KEY), HERS, closed)


@pytest.mark.parametrize("cut", [0, 1, 64, 65, 76, 80])
def test_what_is_no_such_thing_is_refused(cut: int) -> None:
    with pytest.raises(NotOursError):
        unseal(KEYS, HERS, sealed(HERS)[:cut])


@pytest.mark.parametrize("at", [1, 70, -1])
def test_what_was_changed_is_refused(at: int) -> None:
    closed = bytearray(sealed(HERS))
    closed[at] ^= 1
    with pytest.raises(NotOursError):
        unseal(KEYS, HERS, bytes(closed))


def test_each_talk_has_a_key_that_stays() -> None:
    assert public_key(KEYS, HERS) == public_key(KEYS, HERS)
    assert public_key(KEYS, HERS) != public_key(KEYS, OTHERS)

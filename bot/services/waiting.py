"""What waits in a resident's browser: sealed there, so that only we can open it.

Each talk of the web chat has a pair of keys. The page knows the public half and seals
with it whatever it keeps until it can be sent (ECDH on P-256, HKDF-SHA256, AES-256-GCM,
a fresh key each time). It cannot open that again: we do, for the talk that it is of.
"""

import base64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.keys import Keys

_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_POINT_BYTES, _IV_BYTES, _TAG_BYTES = 65, 12, 16
_SCALAR_BYTES = 48
"""16 more than the order has: then the remainder leans to no number (FIPS 186-5)."""

_INFO = b"phone waiting"
MORE_BYTES = _POINT_BYTES + _IV_BYTES + _TAG_BYTES
"""How much longer a thing is once it is sealed."""


class NotOursError(ValueError):
    """This was not sealed for this talk."""


def public_key(keys: Keys, user_id: str) -> str:
    """Return what the page of a talk seals with: a point of the curve, as base64."""
    point = _private(keys, user_id).public_key()
    told = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.b64encode(told).decode()


def unseal(keys: Keys, user_id: str, sealed: bytes) -> bytes:
    """Open what the page of a talk sealed. Raises NotOursError.

    `sealed` is the point of its own fresh key, the nonce, and the ciphertext.
    """
    point, rest = sealed[:_POINT_BYTES], sealed[_POINT_BYTES:]
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
        shared = _private(keys, user_id).exchange(ec.ECDH(), theirs)
        key = _derive(shared, point, _INFO, 32)
        return AESGCM(key).decrypt(rest[:_IV_BYTES], rest[_IV_BYTES:], None)
    except (InvalidTag, ValueError) as error:
        raise NotOursError from error


def _private(keys: Keys, user_id: str) -> ec.EllipticCurvePrivateKey:
    drawn = _derive(keys.waiting, None, user_id.encode(), _SCALAR_BYTES)
    scalar = int.from_bytes(drawn, "big") % (_ORDER - 1) + 1
    return ec.derive_private_key(scalar, _CURVE)


def _derive(key: bytes, salt: bytes | None, info: bytes, length: int) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info)
    return kdf.derive(key)

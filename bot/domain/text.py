"""Words as they come in: cleaned of tricks, and of numbers nobody should send."""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 4_000
_KEEP = {"\u200c", "\u200d", "\n", "\t"}
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]){11,30}\b")
_NINE = re.compile(r"(?<!\d)(?:\d[ .\-]?){8}\d(?!\d)")
_LOGIN = re.compile(
    r"(?i)\b(digid|sms-?code|pincode|pin|wachtwoord|password|şifre|sifre|parola|"
    r"كلمة السر|رمز الدخول)(\W{1,4})([\w\-]{4,})"
)
MASK = "•••"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left of a text, whether something was masked, whether it was cut."""

    text: str
    masked: bool = False
    too_long: bool = False


def clean(text: str) -> Cleaned:
    """Return `text` without invisible tricks and private numbers.

    Control, bidi and zero-width characters go (the two joiners that Arabic and emoji
    need stay), composed as NFC. Dutch citizen service numbers (eleven test), IBANs and
    login codes are masked. More than 4,000 characters are not taken: `too_long`, "".
    """
    if len(text) > LONGEST * 4:
        return Cleaned("", too_long=True)
    visible = "".join(c for c in unicodedata.normalize("NFC", text) if _shows(c))
    trimmed = visible.strip().strip("\u200c\u200d").strip()
    if len(trimmed) > LONGEST:
        return Cleaned("", too_long=True)
    hidden = mask(trimmed)
    return Cleaned(hidden, masked=hidden != trimmed)


def _shows(character: str) -> bool:
    """Tell whether a character may stay: no controls, formats, surrogates, privates."""
    return character in _KEEP or unicodedata.category(character) not in {
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Cn",
    }


def mask(text: str) -> str:
    """Return `text` with citizen service numbers, IBANs and login codes masked."""
    text = _IBAN.sub(_mask_iban, text)
    text = _LOGIN.sub(lambda found: f"{found[1]}{found[2]}{MASK}", text)
    return _NINE.sub(_mask_citizen, text)


def _mask_iban(found: re.Match[str]) -> str:
    """Mask what passes the IBAN's own check (ISO 7064 mod 97-10)."""
    compact = found[0].replace(" ", "")
    turned = compact[4:] + compact[:4]
    number = int("".join(str(int(c, 36)) for c in turned))
    return MASK if number % 97 == 1 else found[0]


def _mask_citizen(found: re.Match[str]) -> str:
    """Mask what passes the eleven test of a citizen service number."""
    digits = [int(c) for c in found[0] if c.isdigit()]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(d * w for d, w in zip(digits, weights, strict=True))
    return MASK if total % 11 == 0 and any(digits) else found[0]

"""Words as they come in: cleaned of tricks, and of numbers nobody should send."""

import re
import unicodedata
from dataclasses import dataclass

from bot.domain.passes import is_code, token_in, typed_digits
from bot.domain.plans import is_plan_number

LONGEST = 4_000
_KEEP = {"\u200c", "\u200d", "\n", "\t"}
_IBAN = re.compile(r"(?i)\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]){11,30}\b")
_SHORTEST_IBAN = 15
_NINE = re.compile(
    r"(?<![\d.+\-])(?:\d{9}|\d{3}[ .\-]\d{3}[ .\-]\d{3}|\d{4}[.\-]\d{2}[.\-]\d{3})"
    r"(?![.\-]?\d)"
)
_LOGIN = re.compile(
    r"(?i)\b(digid|sms-?code|pin-?code|pincode|wachtwoord|password|şifre|sifre|parola|"
    r"كلمة السر|رمز الدخول)((?:\s*[:=]?\s*(?:code|is|kodu|kod|هو|هي))*\s*[:=]?\s*)"
    r"((?=[\w\-]*\d)[\w\-]{4,})"
)
_COUNTRY = re.compile(r"\+\d{1,3}[ ]?$")
_BRACE = re.compile(r"\{(?=\{)|\}(?=\})")
_JOINED = re.compile(r"(?<=\d)[\u200c\u200d]+(?=\d)")
MASK = "•••"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left of a text, whether something was masked, whether it was cut."""

    text: str
    masked: bool = False
    too_long: bool = False


def clean(text: str, *, masks: bool = True) -> Cleaned:
    """Return `text` without invisible tricks and private numbers.

    Control, bidi and zero-width characters go (the two joiners that Arabic and emoji
    need stay), composed as NFC. Dutch citizen service numbers (eleven test), IBANs and
    login codes are masked, but where a voting pass is asked for (`masks` False). More
    than 4,000 characters are not taken: `too_long`, "".
    """
    if len(text) > LONGEST * 4:
        return Cleaned("", too_long=True)
    visible = "".join(c for c in unicodedata.normalize("NFC", text) if _shows(c))
    visible = _JOINED.sub("", visible)
    trimmed = visible.strip().strip("\u200c\u200d").strip()
    if len(trimmed) > LONGEST:
        return Cleaned("", too_long=True)
    hidden = mask(trimmed) if masks and not _is_pass(trimmed) else trimmed
    return Cleaned(hidden, masked=hidden != trimmed)


def _is_pass(text: str) -> bool:
    """Tell whether a voting pass stands in `text`: parts of it are no other number."""
    return token_in(text) is not None or is_code(typed_digits(text) or "")


def _shows(character: str) -> bool:
    """Tell whether a character may stay: no controls, formats, surrogates, privates."""
    return character in _KEEP or unicodedata.category(character) not in {
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Cn",
    }


def without_placeholders(text: str) -> str:
    """Return `text` in which no two braces stand together: no template fills it."""
    return _BRACE.sub(r"\g<0> ", text)


def mask(text: str) -> str:
    """Return `text` with citizen service numbers, IBANs and login codes masked."""
    text = _IBAN.sub(_mask_iban, text)
    text = _LOGIN.sub(lambda found: f"{found[1]}{found[2]}{MASK}", text)
    return _NINE.sub(_mask_citizen, text)


def _mask_iban(found: re.Match[str]) -> str:
    """Mask the longest beginning that passes the IBAN's own check (mod 97-10).

    Words right behind the number may have been caught along with it.
    """
    text = found[0]
    for end in range(len(text), _SHORTEST_IBAN - 1, -1):
        if text[end - 1] != " " and _is_iban(text[:end].replace(" ", "").upper()):
            return MASK + text[end:]
    return text


def _is_iban(compact: str) -> bool:
    if len(compact) < _SHORTEST_IBAN:
        return False
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _mask_citizen(found: re.Match[str]) -> str:
    """Mask what passes the eleven test of a citizen service number.

    Three plan numbers in a row ("110 111 120") and a phone number behind its country
    ("+31 612345671") are no such number.
    """
    groups = found[0].split(" ")
    if len(groups) > 1 and all(is_plan_number(int(group)) for group in groups):
        return found[0]
    if _COUNTRY.search(found.string[: found.start()]):
        return found[0]
    digits = [int(c) for c in found[0] if c.isdigit()]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(d * w for d, w in zip(digits, weights, strict=True))
    return MASK if total % 11 == 0 and any(digits) else found[0]

"""Words as they come in: without tricks, and without numbers nobody should send."""

import unicodedata
from itertools import combinations, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.plans import plan_numbers
from bot.domain.text import LONGEST, MASK, Cleaned, clean

BSN = "111222333"
IBAN = "NL91ABNA0417164300"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("  een bankje\n", "een bankje", id="spaces around it go"),
        pytest.param("een\nbankje", "een\nbankje", id="its own lines stay"),
        pytest.param("een\r\nbankje", "een\nbankje", id="lines of another system too"),
        pytest.param("be\u200bnch\ufeff", "bench", id="zero-width characters go"),
        pytest.param("\u202eknab\u202c", "knab", id="an override of direction goes"),
        pytest.param("\u2066a\u2069\u200f\u061c", "a", id="isolates and marks go"),
        pytest.param("a\x00b\x1b[31mc", "ab[31mc", id="control characters go"),
        pytest.param("a\ud83dz", "az", id="half an emoji goes"),
        pytest.param("\ue000x", "x", id="private characters go"),
        pytest.param("e\u0301e\u0301n", "één", id="letters are composed"),
        pytest.param(
            "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", id="a family of emoji stays"
        ),
        pytest.param(
            "می\u200cخواهم", "می\u200cخواهم", id="a joiner inside a word stays"
        ),
        pytest.param("\u200d\u200c", "", id="joiners alone are nothing"),
        pytest.param(" \u3000\t\n", "", id="spaces alone are nothing"),
        pytest.param(
            "مقعد تحت الأشجار", "مقعد تحت الأشجار", id="Arabic stays as it is"
        ),
        pytest.param("%(plan)s {x} <b>", "%(plan)s {x} <b>", id="nothing is a format"),
    ],
)
def test_cleaning(text: str, left: str) -> None:
    assert clean(text) == Cleaned(left)


@pytest.mark.parametrize(
    ("text", "too_long"),
    [
        pytest.param("x" * LONGEST, False, id="4,000 characters are taken"),
        pytest.param("x" * (LONGEST + 1), True, id="one more is not"),
        pytest.param("x" * 10_000, True, id="ten thousand are not"),
        pytest.param("x" * 5_000_000, True, id="nor are millions"),
        pytest.param(" " * 9_000 + "x", False, id="spaces around do not count"),
        pytest.param("\u200b" * 9_000 + "x", False, id="invisible ones do not count"),
    ],
)
def test_how_long_a_message_may_be(text: str, *, too_long: bool) -> None:
    cleaned = clean(text)
    assert cleaned.too_long is too_long
    assert bool(cleaned.text) is not too_long


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BSN, id="a citizen service number"),
        pytest.param(f"mijn bsn is {BSN}.", id="in a sentence"),
        pytest.param(f"bsn:{BSN}", id="behind a colon"),
        pytest.param("111.222.333", id="with points"),
        pytest.param("1112.22.333", id="as on old letters"),
        pytest.param("111-222-333", id="with dashes"),
        pytest.param("١١١٢٢٢٣٣٣", id="in Arabic digits"),
        pytest.param("۱۱۱۲۲۲۳۳۳", id="in Persian digits"),
        pytest.param("111\u200b222\u200b333", id="with invisible characters in it"),
        pytest.param("111\u200d222\u200d333", id="with joiners in it"),
        pytest.param("123 456 782", id="said in threes, as a recogniser writes it"),
        pytest.param(IBAN, id="an account number"),
        pytest.param("NL91 ABNA 0417 1643 00", id="as printed"),
        pytest.param("nl91abna0417164300", id="in small letters"),
        pytest.param(f"{IBAN} IS VAN MIJ", id="before words in capitals"),
        pytest.param("NL91 ABNA 0417 1643 00 2 keer", id="before another number"),
        pytest.param("TR33 0006 1005 1978 6457 8413 26", id="a Turkish one"),
        pytest.param("MA64011519000001205000534921", id="a Moroccan one"),
        pytest.param("wachtwoord: Zomer2026", id="a password"),
        pytest.param("mijn digid code is 123456", id="a login code"),
        pytest.param("sms-code 482913", id="a code from a text message"),
        pytest.param("şifre 482913", id="a Turkish password"),
        pytest.param("ŞİFRE: 482913", id="a Turkish password in capitals"),
        pytest.param("كلمة السر: 482913", id="an Arabic password"),
    ],
)
def test_private_numbers_are_masked_and_she_is_told(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.masked
    assert MASK in cleaned.text
    assert not any(part in cleaned.text for part in ("111", "0417", "0006", "0115"))
    assert not any(part in cleaned.text for part in ("4829", "1234", "Zomer", "782"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("111222334", id="nine digits that fail the eleven test"),
        pytest.param("000000000", id="nine zeros"),
        pytest.param("0612345671", id="a phone number"),
        pytest.param("06 12 34 56 71", id="a phone number in pairs"),
        pytest.param("+31 6 12345671", id="a phone number from abroad"),
        pytest.param("+31 612345671", id="the same without a space"),
        pytest.param("+31612345671", id="the same without any"),
        pytest.param("0031 6 12345671", id="the same with zeros"),
        pytest.param("NL00ABNA0417164300", id="an account number that is none"),
        pytest.param("Ik wil een DigiD cursus voor ouderen", id="a DigiD course"),
        pytest.param("Een pin automaat bij de markt", id="a cash machine"),
        pytest.param("Wachtwoord vergeten, help mij", id="a forgotten password"),
        pytest.param("Parola alle mensen van 2026", id="a word that is no label"),
        pytest.param("12.500 euro voor 3 bomen in 2027", id="money and years"),
        pytest.param("Slotermeerlaan 123, 1063 JN", id="an address"),
        pytest.param("21-11-2026 14:30", id="a date and an hour"),
    ],
)
def test_what_is_no_private_number_stays(text: str) -> None:
    assert clean(text) == Cleaned(text)


def test_a_list_of_plan_numbers_is_never_a_citizen_service_number() -> None:
    numbers = list(takewhile(lambda number: number < 180, plan_numbers()))
    four = combinations(numbers[::3], 4)
    lists = [" ".join(map(str, picks)) for picks in four]
    nine = [text for text in lists if len(text) == 9 + 3]
    masked = [text for text in nine if clean(text).masked]
    assert len(nine) > 1_000
    assert masked == []


def test_three_numbers_of_three_digits_are_a_vote() -> None:
    numbers = [n for n in takewhile(lambda n: n < 300, plan_numbers()) if n >= 100]
    lists = [" ".join(map(str, picks)) for picks in combinations(numbers[::2], 3)]
    assert len(lists) > 1_000
    assert not any(clean(text).masked for text in lists)


@given(st.text(max_size=300))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once.text).text == once.text


@given(st.text(max_size=300))
def test_nothing_invisible_gets_through(text: str) -> None:
    kept = set(clean(text).text) - {"\u200c", "\u200d", "\n", "\t"}
    kinds = {unicodedata.category(character) for character in kept}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn"}


NINE_DIGITS = st.from_regex(r"\A(?:[0-9\u0660-\u0669][ .+\-]?){9,12}\Z")


@given(NINE_DIGITS)
def test_digits_in_any_grouping_are_taken(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.masked == (MASK in cleaned.text)

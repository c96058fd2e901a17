"""Codes of voting passes: made, read in any script, shown in order, hard to guess."""

import random
from itertools import pairwise

import pytest

from bot.domain.passes import (
    LENGTHS,
    MOST_HITS,
    TOKEN_LENGTH,
    TOKEN_SIGNS,
    WRONG_AN_HOUR,
    code_of,
    days_of,
    expected_guesses,
    groups,
    is_code,
    is_test,
    is_token,
    is_whole,
    only_code,
    shown,
    token_in,
    typed_digits,
    with_check,
)

CODE = "471108154216"
TOKEN = "m8y232maevhwaypj8khb"
dice = random.Random(7)


def codes(digits: int, count: int) -> list[str]:
    bodies = (dice.randrange(10 ** (digits - 2)) for _ in range(count))
    return [with_check(f"{body:0{digits - 2}}") for body in bodies]


def slips_found(code: str, slips: list[str]) -> float:
    told = [slip for slip in slips if slip != code]
    return sum(not is_code(slip) for slip in told) / len(told)


@pytest.mark.parametrize("digits", LENGTHS)
def test_a_code_passes_its_own_check(digits: int) -> None:
    for code in codes(digits, 2_000):
        assert len(code) == digits
        assert is_code(code)
        assert int(code) % 97 == 1


@pytest.mark.parametrize("digits", LENGTHS)
def test_one_wrong_digit_and_two_swapped_ones_are_always_found(digits: int) -> None:
    for code in codes(digits, 100):
        wrong = [
            code[:at] + other + code[at + 1 :]
            for at in range(digits)
            for other in "0123456789"
            if other != code[at]
        ]
        swapped = [
            code[:at] + code[at + 1] + code[at] + code[at + 2 :]
            for at, (one, other) in enumerate(pairwise(code))
            if one != other
        ]
        assert slips_found(code, wrong) == 1.0
        assert slips_found(code, swapped) == 1.0


@pytest.mark.parametrize("digits", LENGTHS)
def test_groups_turned_around_are_found_in_98_of_100_cases(digits: int) -> None:
    turned = [
        not is_code(back)
        for code in codes(digits, 5_000)
        if (back := "".join(reversed(groups(code)))) != code
    ]
    assert sum(turned) / len(turned) >= 0.98


def test_a_code_is_shown_in_fours_that_no_line_can_turn_around() -> None:
    assert shown(CODE) == "4711\u00a00815\u00a04216"
    assert " " not in shown(CODE)


@pytest.mark.parametrize(
    "text",
    [
        "471108154216",
        "4711 0815 4216",
        "4711\u00a00815\u00a04216",
        "4711-0815-4216",
        "4711\u20110815\u20114216",
        "47 11 08 15 42 16",
        "٤٧١١ ٠٨١٥ ٤٢١٦",
        "۴۷۱۱۰۸۱۵۴۲۱۶",
        "\uff14\uff17\uff11\uff11 0815 4216",
    ],
)
def test_it_is_read_in_any_script_and_spacing(text: str) -> None:
    assert only_code(text) == CODE
    assert typed_digits(f"mijn stempas: {text}, dank u") == CODE


@pytest.mark.parametrize(
    "text", ["", "geen", "4711 0815 4217", "4711 0815", f"x{CODE}"]
)
def test_anything_else_is_no_code(text: str) -> None:
    assert only_code(text) is None


def test_the_token_of_a_square_code_is_found_in_what_an_app_fills_in() -> None:
    for text in (f"stem k_{TOKEN}", f"k_{TOKEN}", f"Stem K_{TOKEN.upper()}!"):
        assert token_in(text) == TOKEN
    for text in (f"k_{TOKEN[1:]}", f"k_{TOKEN}x", f"ik_{TOKEN}", "k_" + "o" * 20):
        assert token_in(text) is None


def test_a_token_always_gives_the_same_code_and_no_other_token_does() -> None:
    tokens = {
        "".join(dice.choice(TOKEN_SIGNS) for _ in range(TOKEN_LENGTH))
        for _ in range(5_000)
    }
    for digits in LENGTHS:
        made = {code_of(token, digits) for token in tokens}
        assert len(made) == len(tokens)
        assert all(is_code(code) for code in made)
    assert is_token(TOKEN)
    assert not is_token(CODE)


def test_a_test_pass_can_be_told() -> None:
    code = code_of("test" + TOKEN[4:], 12)
    assert code.startswith("0000")
    assert is_code(code)
    assert is_test(code)
    assert not is_test(CODE)


def test_a_part_is_told_from_a_whole() -> None:
    assert [is_whole(each) for each in ("0815", "08154216", CODE[:9], CODE, TOKEN)] == [
        *(False, False, True, True, True)
    ]


def test_twelve_digits_hold_for_8000_passes_only_because_typed_codes_pause() -> None:
    held = expected_guesses(8_000, 12, 29)
    assert held.tries == WRONG_AN_HOUR * 24 * 29 == 55_680
    assert held.hits == pytest.approx(0.0445, abs=0.0001)
    assert not held.too_many
    for loose in (100, 1_000):
        assert expected_guesses(8_000, 12, 29, loose).too_many
    assert expected_guesses(9_000, 12, 29).too_many
    assert not expected_guesses(99_999, 16, 29, 1_000).too_many
    assert pytest.approx(0.05) == MOST_HITS


def test_begun_days_count_whole() -> None:
    assert [days_of(each) for each in (0.0, 1.0, 86_400.0, 86_401.0)] == [1, 1, 1, 2]

"""A plan has one public number, and no number is another one misheard."""

from itertools import islice, takewhile

import pytest

from bot.domain.plans import (
    TITLE_LENGTH,
    draft_title,
    is_plan_number,
    next_number,
    plan_numbers,
)

TO_299 = list(takewhile(lambda number: number <= 299, plan_numbers()))
START = [10, 11, 20, 21, 22, 30, 31, 32, 33, 40]
HUNDRED = [99, 100, 110, 111, 120, 121, 122, 130]


def test_there_are_164_numbers_up_to_299() -> None:
    assert len(TO_299) == 164


def test_they_begin_at_ten_and_skip_what_sounds_like_another() -> None:
    assert TO_299[:10] == START


def test_they_go_on_after_ninety_nine() -> None:
    at = TO_299.index(99)
    assert TO_299[at : at + 8] == HUNDRED


def test_no_number_is_another_one_with_its_last_digits_swapped() -> None:
    swapped = {n // 100 * 100 + n % 10 * 10 + n // 10 % 10 for n in TO_299}
    doubles = {n for n in TO_299 if n // 10 % 10 == n % 10}
    assert swapped & set(TO_299) == doubles
    assert doubles


def test_single_digits_stay_free_for_menu_answers() -> None:
    assert not any(map(is_plan_number, range(-5, 10)))


def test_one_can_start_anywhere() -> None:
    assert list(islice(plan_numbers(102), 2)) == [110, 111]


@pytest.mark.parametrize(
    ("last", "following"),
    [
        pytest.param(None, 10, id="the first plan is number 10"),
        pytest.param(10, 11, id="then 11"),
        pytest.param(11, 20, id="12 could be heard as 21"),
        pytest.param(99, 100, id="after 99 comes 100"),
        pytest.param(100, 110, id="101 could be heard as 110"),
        pytest.param(199, 200, id="after 199 comes 200"),
        pytest.param(12, 20, id="even after a number that should not be there"),
    ],
)
def test_the_number_after(last: int | None, following: int) -> None:
    assert next_number(last) == following


def test_every_number_follows_from_the_one_before() -> None:
    assert [next_number(n) for n in TO_299[:-1]] == TO_299[1:]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("Een bankje", "Een bankje", id="a short plan is its own title"),
        pytest.param("Een\n bankje  ", "Een bankje", id="lines and spaces are joined"),
        pytest.param("", "", id="a plan without words has none"),
        pytest.param("x" * 80, "x" * 60, id="a long text is cut at sixty"),
        pytest.param("woord " * 20, ("woord " * 10)[:-1], id="no space ends it"),
        pytest.param(
            f"{'a' * 29} {'b' * 30} c",
            f"{'a' * 29} {'b' * 30}",
            id="a word that ends at sixty stays",
        ),
    ],
)
def test_until_review_the_title_is_the_first_sixty_characters(
    text: str, title: str
) -> None:
    assert draft_title(text) == title
    assert len(title) <= TITLE_LENGTH

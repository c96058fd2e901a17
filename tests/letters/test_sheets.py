"""Letters as printed: read back from the PDF, and scanned from its picture."""

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.money import Money
from bot.domain.passes import is_code
from bot.domain.round_terms import MOST_PICKS, BallotKind
from bot.letter_words import MARK, PROOF, edition, proof
from letters import Edition, Letter, LetterError, Plan, Theme, print_letters
from letters.icons import ICONS, drawing
from letters.printing import ROOM
from tests.letters.pages import A4, Printed, letter_places
from tests.letters.samples import TOKEN, printing, shared, sheet, with_plans

ADDRESS = (
    "Mw. Ş. Yılmaz-Çelik",
    "Burgemeester de Vlugtlaan 12-3",
    "1063 BN  AMSTERDAM",
)
OURS = {"NotoSans-Regular", "NotoSans-Bold", "NotoNaskhArabic-Regular"}
WIDE = st.text("abcdefgijklmnoprstuWMÇĞİŞÜé ", min_size=1, max_size=24)


@pytest.fixture(scope="module")
def front_and_back() -> Printed:
    return Printed(print_letters(shared(), [sheet(*ADDRESS)]))


def test_a_letter_is_one_sheet(front_and_back: Printed) -> None:
    assert len(front_and_back.texts) == 2
    assert front_and_back.sizes == {A4}


@pytest.mark.parametrize("place", range(4))
def test_the_front_says_everything_in_every_language(
    front_and_back: Printed, place: int
) -> None:
    words = shared().words[place]
    told = [words.heading, words.title, words.help, words.serial, words.code]
    told += [words.page, *words.rows, *words.steps]
    assert [each for each in told if not front_and_back.says(each)] == []


def test_the_front_has_address_serial_and_page(front_and_back: Printed) -> None:
    told = ["Gemeente Amsterdam", "000123", "buurtstem.example/phone", *ADDRESS]
    assert [each for each in told if not front_and_back.says(each)] == []


def test_the_code_stands_in_fours_that_no_line_parts(front_and_back: Printed) -> None:
    assert front_and_back.says("4711\u00a00815\u00a02342\u00a09985")
    assert not re.search("4711|9985", front_and_back.texts[1])


def test_a_code_of_twelve_digits_stands_in_fours_too() -> None:
    short = replace(sheet(), code="471108152342")
    assert Printed(print_letters(shared(), [short])).says("4711\u00a00815\u00a02342")


def test_both_squares_open_a_chat_with_the_token(front_and_back: Printed) -> None:
    assert front_and_back.squares() == {
        f"https://wa.me/31612345678?text=stem%20k_{TOKEN}",
        f"https://t.me/BuurtstemBot?start=k_{TOKEN}",
    }


def test_the_squares_of_a_proof_can_be_scanned_too() -> None:
    printed = Printed(print_letters(shared(MARK), [proof(printing())]))
    assert len(printed.squares()) == 2
    assert printed.says("PROEF")
    assert printed.says("PROEF", page=1)


def test_the_code_of_a_proof_cannot_exist() -> None:
    assert not is_code(PROOF.code)
    assert set(PROOF.token) - set("23456789abcdefghjkmnpqrstuvwxyz")


def test_a_letter_that_counts_has_no_mark(front_and_back: Printed) -> None:
    assert not front_and_back.says("PROEF")


@pytest.mark.parametrize("place", range(4))
def test_the_back_lists_every_plan_in_every_language(
    front_and_back: Printed, place: int
) -> None:
    plans = [plan for theme in shared().themes for plan in theme.plans]
    assert len(plans) == 40
    told = [plan.titles[place] for plan in plans]
    told += [theme.names[place] for theme in shared().themes]
    told += [shared().words[place].name, shared().words[place].choose]
    assert [each for each in told if not front_and_back.says(each, page=1)] == []


def test_the_back_has_number_and_cost_of_every_plan(front_and_back: Printed) -> None:
    for theme in shared().themes:
        for plan in theme.plans:
            assert re.search(rf"\b{plan.number}\b", front_and_back.texts[1])
            assert front_and_back.says(plan.cost, page=1)


@pytest.mark.parametrize(
    "page", ["stem.example/phone", "buurtbegrotingnieuwwestamsterdam.example/phone"]
)
def test_nothing_hangs_over_the_right_edge(page: str) -> None:
    front = Printed(print_letters(replace(shared(), page=page), [sheet(*ADDRESS)]))
    shown = front.picture(0, 80).convert("L")
    edge = int(12.5 * 80 / 25.4)
    beyond = (shown.width - edge, 0, shown.width, shown.height)
    assert shown.crop(beyond).getextrema() == (255, 255)


def test_an_address_of_a_page_that_cannot_be_broken_is_refused() -> None:
    with pytest.raises(LetterError, match="front does not fit"):
        print_letters(replace(shared(), page="b" * 60), [sheet(*ADDRESS)])


def test_only_our_fonts_are_used_and_all_are_inside(front_and_back: Printed) -> None:
    assert OURS <= front_and_back.fonts <= OURS | {"NotoNaskhArabic-Bold"}
    assert {each.stem for each in ROOM.glob("fonts/*.ttf")} == front_and_back.fonts


def test_it_says_that_it_is_accessible(front_and_back: Printed) -> None:
    root = front_and_back.root
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert front_and_back.reader.metadata is not None
    assert front_and_back.reader.metadata.title == "Buurtbudget Slotermeer 2026"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert front_and_back.faults() == []


def test_each_part_is_tagged_in_its_language(front_and_back: Printed) -> None:
    assert {"en", "tr", "ar"} <= front_and_back.languages()
    kinds = front_and_back.kinds()
    assert kinds["/H1"] == 1
    assert kinds["/H2"] == 8
    assert kinds["/TR"] == 40 + 3 + 1
    assert kinds["/TH"] == 6


def test_squares_and_icons_have_words(front_and_back: Printed) -> None:
    icons = [theme.names[0] for theme in shared().themes]
    squares = [link.alt for link in sheet().links]
    assert sorted(front_and_back.alternatives()) == sorted([*icons, *squares])
    assert all(squares)


def test_arabic_runs_from_right_to_left_and_digits_do_not(
    front_and_back: Printed,
) -> None:
    places = letter_places(front_and_back.content)
    question = next(at for at, each in enumerate(places) if each[0] == "؟")
    height = places[question][2]
    line = [each for each in places if abs(each[2] - height) < 12 and each[1] > 330]
    arabic = [left for sign, left, _ in line if "\u0621" <= sign <= "\u064a"]
    digits = [(left, sign) for sign, left, _ in line if sign.isdigit()]
    assert "".join(sign for _, sign in sorted(digits)) == "14020"
    assert max(arabic) > max(left for left, _ in digits)
    assert max(arabic) > 535  # it begins at the right edge of its column


def test_what_a_window_shows_holds_nothing_secret(front_and_back: Printed) -> None:
    digits = re.compile(r"[0-9]")
    above_fold = 842 - 105 / 25.4 * 72
    shown = [
        sign
        for sign, left, bottom in letter_places(front_and_back.content)
        if digits.match(sign) and bottom > above_fold and left < 122 / 25.4 * 72
    ]
    assert "".join(shown).endswith("000123")
    assert "4711" not in "".join(shown)


def sizes_of(printed: Printed) -> set[float]:
    """Return the sizes of all type, in points."""
    sizes: set[float] = set()

    def see(text: str, _: object, matrix: list[float], __: object, size: float) -> None:
        if text.strip():
            sizes.add(round(abs(size * matrix[3]), 1))

    for page in printed.reader.pages:
        page.extract_text(visitor_text=see)
    return sizes


def test_the_text_is_never_smaller_than_eleven_points(front_and_back: Printed) -> None:
    sizes = sizes_of(front_and_back)
    assert min(sizes) >= 11
    assert max(sizes) >= 24


def test_letters_follow_each_other_sheet_by_sheet() -> None:
    several = [replace(sheet(), serial=f"{at:06}") for at in range(1, 4)]
    printed = Printed(print_letters(shared(), several))
    assert len(printed.texts) == 6
    for at, each in enumerate(several):
        assert printed.says(each.serial, page=2 * at)


def test_the_same_values_make_the_same_letter() -> None:
    assert print_letters(shared(), [sheet()]) == print_letters(shared(), [sheet()])


def test_forty_plans_fit_on_the_back_and_sixty_need_a_second_sheet() -> None:
    longest = max(
        (plan.titles[0] for theme in shared().themes for plan in theme.plans), key=len
    )
    many = Printed(print_letters(with_plans(60, longest), [sheet(), sheet()]))
    assert len(many.texts) == 8
    assert many.says("159", page=2)
    assert many.says("000123", page=4)


def test_the_longest_titles_everywhere_fit() -> None:
    """Each plan gets the demo's longest title of each language."""
    plans = [plan for theme in shared().themes for plan in theme.plans]
    longest = tuple(
        max((plan.titles[place] for plan in plans), key=len) for place in range(4)
    )
    themes = tuple(
        replace(
            theme, plans=tuple(replace(plan, titles=longest) for plan in theme.plans)
        )
        for theme in shared().themes
    )
    printed = Printed(print_letters(replace(shared(), themes=themes), [sheet()]))
    assert len(printed.texts) % 2 == 0
    for plan in plans:
        assert any(str(plan.number) in text for text in printed.texts[1:])
    assert inside(printed)


def inside(printed: Printed) -> bool:
    """Tell whether no sign lies outside the paper or on the edge no printer reaches."""
    for page in range(len(printed.texts)):
        for sign, left, bottom in letter_places(printed.content, page):
            if sign.strip() and not (14 < left < 595 - 14 and 14 < bottom < 842 - 14):
                return False
    return True


def test_nothing_lies_outside_the_paper(front_and_back: Printed) -> None:
    assert inside(front_and_back)


def test_no_two_lines_of_the_front_lie_over_each_other(front_and_back: Printed) -> None:
    """Ink of the code's box, the squares and the steps is where it belongs."""
    places = letter_places(front_and_back.content)
    left = [(bottom, at) for sign, at, bottom in places if sign.isalpha() and at < 50]
    heights = sorted({round(bottom) for bottom, _ in left})
    assert all(above - below >= 2 for below, above in pairwise(heights))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(title=WIDE.filter(str.strip), lines=st.lists(WIDE, max_size=5))
def test_any_title_and_address_is_printed_whole_or_refused(
    title: str, lines: list[str]
) -> None:
    plan = Plan(10, (title,) * 4, "1.000")
    small = replace(shared(), themes=(Theme("🌳", ("Groen",) * 4, (plan,)),))
    told, made = "", b""
    try:
        made = print_letters(small, [sheet(*lines)])
    except LetterError as error:
        told = str(error)
    if told:
        assert re.match("(address of 000123|a long word in the titles)", told)
        return
    printed = Printed(made)
    assert len(printed.texts) == 2
    assert inside(printed)
    letters_of = "".join(title.split())
    assert letters_of in printed.texts[1].replace(" ", "")


def refused(edition: Edition, letter: Letter) -> str:
    with pytest.raises(LetterError) as error:
        print_letters(edition, [letter])
    return str(error.value)


def test_what_is_too_long_is_refused_by_name() -> None:
    words = shared().words
    wordy = replace(words[0], rows=("Dit is veel te lang. " * 60, "Tot morgen."))
    long_front = replace(shared(), words=(wordy, *words[1:]))
    assert refused(long_front, sheet()).startswith("front does not fit")
    assert "address of 000123" in refused(shared(), sheet(*["Straat 1"] * 9))
    head = replace(words[0], title="Buurtbudget " * 30)
    assert "letterhead" in refused(replace(shared(), words=(head, *words[1:])), sheet())
    assert "title does" in refused(
        replace(shared(), title="Buurtbudget " * 30), sheet()
    )
    assert "a long word" in refused(with_plans(1, "W" * 24), sheet())


def test_a_sign_that_our_fonts_lack_is_refused() -> None:
    said = refused(shared(), sheet("王小明", "Slotermeerlaan 1"))
    assert said.startswith("our fonts have no sign for 王:")
    assert "小明" not in said


@pytest.mark.parametrize("code", ["", "1234", "12345678901234567", "47110815234299８5"])
def test_what_is_no_code_is_refused_and_not_repeated(code: str) -> None:
    said = refused(shared(), replace(sheet(), code=code))
    assert said == "a code is not 12 or 16 digits"


def test_no_letter_at_all_is_refused() -> None:
    with pytest.raises(LetterError, match="no letter"):
        print_letters(shared(), [])


def test_secrets_are_not_in_what_a_log_would_show() -> None:
    assert sheet().code not in repr(sheet())
    assert TOKEN not in repr(sheet())


def test_without_apps_the_letter_leads_to_the_page() -> None:
    bare = replace(sheet(), links=())
    printed = Printed(print_letters(shared(), [bare]))
    assert printed.squares() == set()
    assert printed.says("buurtstem.example/phone")


def test_every_icon_of_the_chat_has_a_drawing_that_is_there() -> None:
    assert {theme.icon for theme in shared().themes} <= ICONS.keys()
    names = {each.stem for each in ROOM.glob("icons/*.svg")}
    assert set(ICONS.values()) == {n for n in names if not n.startswith("step-")}
    assert drawing("❤\ufe0f") == "heart"
    assert drawing("🦄") is None


def test_a_theme_without_a_drawing_is_a_numbered_circle() -> None:
    odd = tuple(replace(theme, icon="🦄") for theme in shared().themes)
    printed = Printed(print_letters(replace(shared(), themes=odd), [sheet()]))
    assert len(printed.alternatives()) == 2
    assert re.search(r"\b3 Veilig en schoon", printed.texts[1])
    assert min(sizes_of(printed)) >= 11


LIMITS: Mapping[str, Mapping[str, object]] = {
    "a sum": {
        "ballot_kind": BallotKind.KNAPSACK,
        "ballot_budget": Money.euros(250_000),
        "max_picks": MOST_PICKS,
    },
    "three to five": {"min_picks": 3},
    "exactly five": {"min_picks": 5},
    "two of each theme": {"max_picks": 6},
}
SAID = {
    "a sum": ("Uw plannen mogen samen 250.000 euro kosten.", "250,000 euros together"),
    "three to five": ("Kies minstens 3 plannen.", "Choose at most 5 plans."),
    "exactly five": ("Kies precies 5 plannen.", "Choose exactly 5 plans."),
    "two of each theme": ("bij elk onderwerp 2 plannen", "2 plans of each subject"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_the_back_says_the_limits_of_the_ballot(name: str) -> None:
    base = printing().round
    limited = replace(base, **LIMITS[name])  # type: ignore[arg-type]
    if name == "two of each theme":
        themes = tuple(replace(each, max_picks=2) for each in base.themes)
        limited = replace(limited, themes=themes)
    plans = printing().plans[:36]  # limits of two rows take the room of some plans
    told = edition(replace(printing(), round=limited, plans=plans))
    printed = Printed(print_letters(told, [sheet()]))
    assert len(printed.texts) == 2, "still one sheet"
    said = "\n".join(words.choose for words in told.words)
    assert all(each in said for each in SAID[name])
    chosen = [words.choose for words in told.words]
    assert [each for each in chosen if not printed.says(each, page=1)] == []
    assert not re.search("Fewer is fine|Minder mag", said) or name[0:3] == "two"

"""What a plan is about: never asked, but an author can say it until review."""

from dataclasses import replace

from bot.domain.effects import FilePlan
from bot.domain.plans import Status
from bot.flows.state import ChoosingTheme, Menu
from tests.flows.cast import AUTHOR, MINE, talk
from tests.flows.steps import Step, check, offered, rows, take, tap

ASKED = talk(ChoosingTheme(MINE))

SAYING = [
    Step("her own plan", talk(Menu()), tap(f"about:{MINE}"), ChoosingTheme(MINE)),
    Step("somebody else's cannot", talk(Menu()), tap("about:62"), Menu()),
    Step("back leaves", ASKED, "back", Menu()),
    Step("a theme of another round", ASKED, tap("theme:none"), ChoosingTheme(MINE)),
    Step("other words are asked again", ASKED, "hmm", ChoosingTheme(MINE)),
]


@rows(SAYING)
def test_choosing_a_theme(step: Step) -> None:
    check(replace(step, facts=AUTHOR))


def test_a_tap_files_the_plan() -> None:
    asked = take(talk(Menu()), tap(f"about:{MINE}"), AUTHOR)
    themes = [each for each in offered(asked) if each.startswith("theme:")]
    assert themes
    turn = take(asked.talk, tap(themes[-1]), AUTHOR)
    assert turn.effects == [FilePlan(MINE, themes[-1].removeprefix("theme:"))]
    assert turn.talk.state == Menu()


def test_after_review_a_person_helps() -> None:
    reviewed = tuple(replace(p, status=Status.ON_BALLOT) for p in AUTHOR.me.plans)
    facts = replace(AUTHOR, me=replace(AUTHOR.me, plans=reviewed))
    turn = take(ASKED, tap("theme:green"), facts)
    assert turn.effects == []
    assert "person" in offered(turn)

"""What becomes public of a plan from the desk: its titles and sentences, its photo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.domain.languages import FALLBACK, LANGUAGES, Texts
from bot.services.desk.audit import note
from bot.services.house import House, Scene
from bot.services.officials import Person
from bot.services.plan_pictures import remove_picture, show_picture
from bot.services.plans import PlanRefused, UnknownPlan, publish
from bot.services.readiness import LONGEST_TITLE
from bot.store.civic import PlanMedia, PlanRow
from bot.store.talks import Media

LONGEST_SUMMARY = 600


class WordsRefusedError(ValueError):
    """Public words cannot be; `faults` are our words for why, with their languages."""

    def __init__(self, faults: Mapping[str, Sequence[str]]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class PublicWords:
    """Titles and summaries by language; `ticked` are languages somebody has read."""

    titles: Texts
    summaries: Texts
    ticked: frozenset[str] = frozenset()


def make_public(scene: Scene, number: int, words: PublicWords, by: Person) -> None:
    """Tick a plan as public with these words; its author hears that version.

    A language without a title yet falls back to Dutch until it has one. Raises
    UnknownPlan, WordsRefusedError with everything that is wrong, and PlanRefused for a
    plan that was taken back or is on a frozen ballot.
    """
    titles, summaries = _filled(words.titles), _filled(words.summaries)
    faults = _faults(scene, number, PublicWords(titles, summaries, words.ticked))
    if faults:
        raise WordsRefusedError(faults)
    publish(scene, number, titles, by.email, summaries)
    note(scene, by.email, "plan.publish", f"plan:{number}", languages=sorted(titles))


def show_photo(house: House, number: int, media_id: int, by: str) -> None:
    """Make a photo that a plan came with its public picture. Commits.

    Raises UnknownPlan, PlanRefused for a photo that is not the plan's or not here, and
    whatever `show_picture` raises.
    """
    theirs = (
        select(Media.key)
        .join(PlanMedia, PlanMedia.media_id == Media.id)
        .join(PlanRow, PlanRow.id == PlanMedia.plan_id)
        .where(PlanRow.number == number, Media.id == media_id, Media.kind == "photo")
    )
    key = house.db.read(lambda db: db.scalar(theirs))
    if key is None:
        raise PlanRefused(f"plan {number} has no such photo")
    try:
        data = house.media.load(key)
    except FileNotFoundError:
        raise PlanRefused(f"that photo of plan {number} is no longer here") from None
    show_picture(house, number, data, by)
    now = house.clock()
    told = {"photo": media_id}
    house.db.run(
        lambda db: note(
            Scene(house, db, now), by, "plan.picture", f"plan:{number}", **told
        )
    )


def nth_photo(house: House, number: int, place: int) -> int:
    """Return the media of a plan's `place`-th photo, from 1. Raises PlanRefused."""
    photos = (
        select(Media.id)
        .join(PlanMedia, PlanMedia.media_id == Media.id)
        .join(PlanRow, PlanRow.id == PlanMedia.plan_id)
        .where(PlanRow.number == number, Media.kind == "photo")
        .order_by(Media.id)
    )
    found = house.db.read(lambda db: list(db.scalars(photos)))
    if not 1 <= place <= len(found):
        raise PlanRefused(f"plan {number} has {len(found)} photos: no number {place}")
    return found[place - 1]


def hide_photo(scene: Scene, number: int, by: Person) -> None:
    """Take the public picture of a plan away. Raises UnknownPlan, PlanRefused."""
    remove_picture(scene, number)
    note(scene, by.email, "plan.picture.remove", f"plan:{number}")


def _filled(texts: Texts) -> dict[str, str]:
    tidy = {code: " ".join(texts.get(code, "").split()) for code in LANGUAGES}
    return {code: text for code, text in tidy.items() if text}


def _faults(scene: Scene, number: int, words: PublicWords) -> dict[str, list[str]]:
    columns = (PlanRow.title, PlanRow.summary)
    row = scene.db.execute(select(*columns).where(PlanRow.number == number)).first()
    if row is None:
        raise UnknownPlan(f"there is no plan {number}")
    before = (row.title or {}, row.summary or {})
    after = (words.titles, words.summaries)
    new = {
        code
        for code in LANGUAGES
        for was, now in zip(before, after, strict=True)
        if code != FALLBACK and now.get(code, "") not in {was.get(code, ""), ""}
    }
    long_titles = [c for c, text in words.titles.items() if len(text) > LONGEST_TITLE]
    long = [c for c, text in words.summaries.items() if len(text) > LONGEST_SUMMARY]
    named: dict[str, list[str]] = {
        "title_none": [] if words.titles.get(FALLBACK) else [FALLBACK],
        "title_long": long_titles,
        "summary_long": long,
        "title_not_ticked": [c for c in LANGUAGES if c in new - words.ticked],
    }
    return {word: codes for word, codes in named.items() if codes}

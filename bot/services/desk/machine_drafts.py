"""Where drafts of a machine go: into the form of a plan's public words, and of a talk.

Only what is empty is filled, and nothing drafted is ticked: a person reads it first.
"""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from bot.domain.languages import FALLBACK, LANGUAGES
from bot.services.desk.audit import note
from bot.services.desk.public_words import PublicWords
from bot.services.desk.talks import TalkSeen
from bot.services.desk.translating import Translator, TranslatorError
from bot.services.house import House, Scene
from bot.services.officials import Person
from bot.services.plans import UnknownPlan
from bot.store.civic import PlanRow


def draft_public(
    house: House, number: int, words: PublicWords, by: Person
) -> PublicWords:
    """Return a plan's public words with drafts where nothing is written.

    The Dutch summary comes from what its author told, all else from the Dutch. A
    language of which something was drafted is ticked no more. Commits a line of the
    trail. Raises UnknownPlan and TranslatorError ("off": the city has no translator).
    """
    machine = _machine(house)
    titles, summaries = dict(words.titles), dict(words.summaries)
    if not summaries.get(FALLBACK, "").strip():
        text, language = _told(house, number)
        summaries[FALLBACK] = machine.draft([text], language or FALLBACK, FALLBACK)[0]
    drafted = {FALLBACK} if summaries != dict(words.summaries) else set()
    for code in LANGUAGES:
        wanted = [
            kept
            for kept in (titles, summaries)
            if not kept.get(code, "").strip() and kept.get(FALLBACK, "").strip()
        ]
        made = machine.draft([each[FALLBACK] for each in wanted], FALLBACK, code)
        for kept, text in zip(wanted, made, strict=True):
            kept[code] = text
            drafted.add(code)
    _write_down(house, by, f"plan:{number}", sorted(drafted))
    return replace(
        words, titles=titles, summaries=summaries, ticked=words.ticked - drafted
    )


def draft_words(house: House, seen: TalkSeen, dutch: str, by: Person) -> str:
    """Return an official's Dutch in the language of a resident. Raises TranslatorError.

    Commits a line of the trail.
    """
    language = seen.language or FALLBACK
    (made,) = _machine(house).draft([dutch], FALLBACK, language)
    _write_down(house, by, f"talk:{seen.id}", [language])
    return made


def draft_heard(house: House, seen: TalkSeen, by: Person) -> Mapping[int, str]:
    """Return what she said in Dutch, by the place of its line in the talk.

    Nothing of it is kept. Commits a line of the trail. Raises TranslatorError.
    """
    hers = {
        at: line.text
        for at, line in enumerate(seen.lines)
        if line.hers and line.text.strip()
    }
    made = _machine(house).draft([*hers.values()], seen.language or FALLBACK, FALLBACK)
    _write_down(house, by, f"talk:{seen.id}", [FALLBACK])
    return dict(zip(hers, made, strict=True))


def _machine(house: House) -> Translator:
    if house.translator is None:
        raise TranslatorError("off")
    return house.translator


def _told(house: House, number: int) -> tuple[str, str | None]:
    query = select(PlanRow.text, PlanRow.language).where(PlanRow.number == number)
    row = house.db.read(lambda db: db.execute(query).one_or_none())
    if row is None:
        raise UnknownPlan(number)
    return row.text or "", row.language


def _write_down(house: House, by: Person, subject: str, languages: list[str]) -> None:
    now = house.clock()
    house.db.run(
        lambda db: note(
            Scene(house, db, now), by.email, "draft", subject, languages=languages
        )
    )

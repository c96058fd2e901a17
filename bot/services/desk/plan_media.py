"""Notes and photos of a plan, as officials hear and see them; each is written down."""

from sqlalchemy import select

from bot.services.desk.audit import note_heard
from bot.services.house import House
from bot.services.officials import Person
from bot.services.scanning import load_checked
from bot.store.civic import PlanMedia, PlanRow
from bot.store.talks import Media


def open_media(
    house: House, number: int, media_id: int, by: Person
) -> tuple[bytes, str] | None:
    """Return bytes and type of a plan's note or photo; None if it is not here.

    The trail says who listened or looked. Commits. Raises MediaUnavailableError if the
    store does not answer.
    """
    theirs = (
        select(Media.key, Media.mime, Media.kind)
        .join(PlanMedia, PlanMedia.media_id == Media.id)
        .join(PlanRow, PlanRow.id == PlanMedia.plan_id)
        .where(PlanRow.number == number, Media.id == media_id)
    )
    row = house.db.read(lambda db: db.execute(theirs).one_or_none())
    if row is None or row.key is None:
        return None
    try:
        data = load_checked(house, media_id, row.key)
    except FileNotFoundError:
        return None
    act = "plan.listen" if row.kind == "voice" else "plan.look"
    note_heard(house, by.email, act, f"plan:{number}", media=media_id)
    return data, row.mime

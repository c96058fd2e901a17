"""What the desk needs to enter ballots: drafts that travel sealed, few wrong codes."""

import json

from sqlalchemy import insert

from bot.keys import Keys
from bot.services.entering import DESK, Draft
from bot.services.house import Scene
from bot.services.passes import DAY, UNKNOWN, chat_hash, tries
from bot.store.passes import PassTry

UNKNOWN_A_DAY = 20
"""Unknown codes that one official may type at the desk in a day: nobody guesses."""


def seal_draft(keys: Keys, of: Draft) -> str:
    """Return a draft that can go through a form: nobody else can read or make one."""
    kept = [of.slug, of.route, of.serial, of.ticket, list(of.picks), of.has_ballot]
    return keys.seal(json.dumps(kept)).decode()


def open_draft(keys: Keys, sealed: str) -> Draft:
    """Return what `seal_draft` sealed. Raises InvalidToken for anything else."""
    slug, route, serial, ticket, picks, has_ballot = json.loads(
        keys.open(sealed.encode())
    )
    return Draft(slug, route, serial, ticket, tuple(picks), has_ballot)


def may_type(scene: Scene, official: int) -> bool:
    """Tell whether an official may look up another code today."""
    mine = PassTry.chat_hash == _official_hash(scene, official)
    return tries(scene.db, mine, scene.now - DAY).get(UNKNOWN, 0) < UNKNOWN_A_DAY


def count_unknown(scene: Scene, official: int) -> None:
    """Count an unknown code that an official typed, among all that are wrong."""
    who = _official_hash(scene, official)
    tried = insert(PassTry).values(chat_hash=who, kind=UNKNOWN, at=scene.now)
    scene.db.execute(tried)


def _official_hash(scene: Scene, official: int) -> str:
    return chat_hash(scene.house.keys, DESK, f"official {official}")

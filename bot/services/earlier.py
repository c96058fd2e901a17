"""What was chosen before, for the voter herself: in her chat, while it can be changed.

It is read only to be read back at once. After closing there is nobody to whom anything
of a ballot is told.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import bindparam, select

from bot.domain.passes import PassState
from bot.domain.rounds import Round
from bot.services.catalog import CatalogView
from bot.services.house import Scene
from bot.services.passes import chat_hash, read_ticket
from bot.services.talks import TalkRow
from bot.services.voters import voter_of
from bot.store.civic import BallotRow
from bot.store.passes import PassRow
from bot.store.prepared import Prepared

_PICKS = Prepared(
    select(BallotRow.picks).where(
        BallotRow.round_id == bindparam("round"), BallotRow.voter == bindparam("voter")
    )
)
_USED_HERE = Prepared(
    select(PassRow.round_id).where(
        PassRow.id == bindparam("row"),
        PassRow.chat_hash == bindparam("chat"),
        PassRow.state == PassState.USED.value,
    )
)


def earlier_picks(
    scene: Scene, talk: TalkRow, view: CatalogView, ticket: str
) -> Mapping[str, tuple[int, ...]]:
    """Return the numbers she chose, by round, as far as the votes are still open.

    Where a pass is asked it takes the `ticket` of one that was used in this chat, and
    is bound to it still: whoever votes anew at the counter, because somebody else used
    her pass, does not hear what that one chose. Elsewhere it takes her address. Raises
    RefusedError for a ticket that is none.
    """
    found = {}
    for a_round in view.rounds:
        if not a_round.takes_votes(scene.now):
            continue
        for voter in _voters(scene, talk, view, a_round, ticket):
            key = {"round": view.round_id(a_round.slug), "voter": voter}
            picks = _PICKS.value(scene.db, key)
            if picks:
                found[a_round.slug] = tuple(picks)
    return found


def _voters(
    scene: Scene, talk: TalkRow, view: CatalogView, a_round: Round, ticket: str
) -> Iterator[str]:
    """Yield by what the ballot box knows her in a round, if she may be told."""
    if not a_round.asks_pass:
        yield voter_of(scene.house, talk, a_round.slug)
    elif ticket:
        shown = read_ticket(ticket)
        chat = chat_hash(scene.house.keys, talk.channel, talk.address)
        used = _USED_HERE.value(scene.db, {"row": shown.row, "chat": chat})
        if used == view.round_id(a_round.slug):
            yield shown.voter

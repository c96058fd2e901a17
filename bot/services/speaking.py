"""Who hears what: sound that is there goes along, other sound is owed.

A worker makes it (`bot.services.voicing`), so that no text waits for it. What is owed
is a row like everything else we owe: whoever dies over it leaves it to the next one.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import bindparam, insert, update

from bot.domain.say import Reply
from bot.services.house import Scene
from bot.services.outbox import Reader
from bot.services.reading import Reading, find_sound, find_voices, read_replies
from bot.store.bell import SPEAK, ring
from bot.store.prepared import Prepared
from bot.store.talks import OutboundMessage
from bot.store.voices import Speech

_OWE = Prepared(
    insert(Speech).values(
        talk_id=bindparam("talk"),
        outbound_id=bindparam("row"),
        words=bindparam("words"),
        attempts=0,
        created_at=bindparam("now"),
    )
)


def sound_of(scene: Scene, reading: Reading) -> int | None:
    """Return the media in which this is read aloud, if it was made before."""
    if not reading.is_shared:
        return None
    return find_sound(scene, find_voices(scene).whole(reading))


def with_sound(
    replies: Sequence[Reply], media: int | None
) -> tuple[Sequence[Reply], bool]:
    """Give sound to the first reply that has none; False if it is still to be sent.

    It goes before the text, so that the buttons stay the last thing she sees.
    """
    if media is None:
        return replies, False
    for place, reply in enumerate(replies):
        if reply.sound is None:
            told = list(replies)
            told[place] = replace(reply, sound=media)
            return told, True
    return replies, False


def owe_speech(scene: Scene, talk_id: int, row: int, reading: Reading) -> None:
    """Owe that this is read aloud, behind the message `row`."""
    words = scene.house.keys.seal_words(reading.dump())
    owed = {"talk": talk_id, "row": row, "words": words, "now": scene.now}
    _OWE.run(scene.db, owed)
    ring(scene.db, SPEAK)


def read_along(scene: Scene, reader: Reader, reply: Reply, row: int) -> None:
    """Have a message that is no answer of a turn read aloud: now, or soon.

    What we begin waits for its time anyway; most sound is made before that.
    """
    if scene.house.voice is None or reply.sound is not None:
        return
    reading = read_replies([reply], reader.language)
    media = sound_of(scene, reading)
    if media is None:
        owe_speech(scene, reader.id, row, reading)
        return
    spoken = update(OutboundMessage).where(OutboundMessage.id == row)
    scene.db.execute(spoken.values(sound=media))

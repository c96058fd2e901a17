"""Links that carry a secret: back into a talk on the web, and to a file."""

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.keys import Keys
from bot.services.house import House
from bot.services.talks import TalkRow
from bot.store.media import ZIP, mime_of

BACK_DAYS = 400
MEDIA_HOURS = 24
JPEG = "image/jpeg"
_ENDINGS = {JPEG: "jpg", ZIP: "zip"}


def back_link(house: House, talk: TalkRow) -> str:
    """Return a private link that brings an author back to her talk on the web.

    The secret stands behind "#": it never reaches a server's log or a Referer.
    """
    token = _back(house).dumps(talk.address)
    return f"{house.settings.public_url}/phone#back={token}"


def open_back(house: House, token: str) -> str | None:
    """Return the web address that a back link belongs to; None if it is not ours."""
    return _open(_back(house), token, timedelta(days=BACK_DAYS))


def media_link(keys: Keys, public_url: str, key: str) -> str:
    """Return a link to a file that anybody holding it can fetch for a day.

    It ends in .jpg for a picture, in .zip for a file of her data, in .ogg for a
    recording.
    """
    ending = _ENDINGS.get(mime_of(key), "ogg")
    return f"{public_url}/media/{_media(keys).dumps(key)}.{ending}"


def open_media(keys: Keys, token: str) -> str | None:
    """Return the storage key a link stands for; None if it is forged or over."""
    return _open(_media(keys), token, timedelta(hours=MEDIA_HOURS))


def _back(house: House) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(house.keys.sessions, salt="back")


def _media(keys: Keys) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys.media, salt="media")


def _open(box: URLSafeTimedSerializer, token: str, life: timedelta) -> str | None:
    try:
        return str(box.loads(token, max_age=int(life.total_seconds())))
    except BadSignature:
        return None

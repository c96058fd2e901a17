"""Columns about how officials log in. No resident is in them."""

from collections.abc import Mapping

from bot.store.columns.kinds import NOBODY, STAFF, Personal, of, ours

_WORKS_HERE = "as long as the official works here"
_SESSION = "until logout, an hour without use, or twelve hours"
_LOGINS: Mapping[str, Personal] = {
    "official_id": ours("whose login it is", _WORKS_HERE),
    "password_hash": ours("the password, as an argon2 hash", _WORKS_HERE),
    "password_at": ours("since when the password holds", _WORKS_HERE, STAFF),
    "factor": ours("the secret of the second factor, encrypted", _WORKS_HERE),
    "factor_at": ours("since when there is a second factor", _WORKS_HERE, STAFF),
    "factor_step": ours("so that no code is used twice", _WORKS_HERE),
    "factor_new": ours(
        "a second factor that is being set up, encrypted", "until it is confirmed"
    ),
    "suspended_at": ours("that the official may not log in now", _WORKS_HERE, STAFF),
    "last_login_at": ours("whether a login is still in use", _WORKS_HERE, STAFF),
    "city_issuer": ours("which sign-on knows the official", _WORKS_HERE),
    "city_subject": ours("as whom the city's sign-on knows the official", _WORKS_HERE),
    "city_at": ours("since when the sign-on's name for her holds", _WORKS_HERE, STAFF),
    "city_refused_at": ours(
        "that somebody else came with the same address", _WORKS_HERE, STAFF
    ),
}
_CODES: Mapping[str, Personal] = {
    "official_id": ours("whose codes they are", _WORKS_HERE),
    "code_hash": ours("codes for a lost phone, as keyed hashes", _WORKS_HERE),
}
_SESSIONS: Mapping[str, Personal] = {
    "token_hash": ours("the id of a session, as a keyed hash", _SESSION),
    "official_id": ours("who is at the desk", _SESSION, STAFF),
    "browser": ours("roughly which browser, for the official's own eyes", _SESSION),
    "created_at": ours("since when, for the official's own eyes", _SESSION),
    "used_at": ours("so that an unused session ends", _SESSION),
    "posts": ours("so that no session floods the desk", _SESSION),
    "posts_from": ours("since when forms are counted", _SESSION),
    "proved_at": ours("that the official proved again who she is", _SESSION),
}
_TRIES: Mapping[str, Personal] = {
    name: ours(purpose, "an hour after the last try", NOBODY)
    for name, purpose in {
        "who": "who tries to log in, as a keyed hash of e-mail or machine",
        "tries": "so that nobody guesses passwords for long",
        "last_at": "when the row goes",
        "until": "until when no further try is looked at",
    }.items()
}

PERSONAL: dict[str, Personal] = (
    of("official_logins", _LOGINS)
    | of("recovery_codes", _CODES)
    | of("desk_sessions", _SESSIONS)
    | of("door_tries", _TRIES)
)
PLAIN: Mapping[str, str] = {
    "recovery_codes": "used_at",
    "desk_sessions": "id how stage until",
}

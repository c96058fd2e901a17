"""How officials log in: passwords, second factors, sessions, and tries at the door.

Nothing here is a secret as it stands: passwords are argon2 hashes, ids of sessions,
recovery codes and who tries at the door are keyed hashes, the second factor's secret is
encrypted.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.talks import RowId


class OfficialLogin(Base):
    """What an official logs in with; there is no row before the first thing to keep.

    `factor` is the sealed secret of the second factor, `factor_new` one that is being
    set up, `factor_step` the last step of 30 seconds whose code was used.

    `city_issuer` and `city_subject` are who she is at the city's sign-on, from her
    first coming in by it; `city_refused_at` is when somebody else had her address.
    """

    __tablename__ = "official_logins"
    __table_args__ = (
        Index(
            "uq_official_logins_city_issuer_city_subject",
            "city_issuer",
            "city_subject",
            unique=True,
        ),
    )

    official_id: Mapped[int] = mapped_column(
        ForeignKey("officials.id"), primary_key=True
    )
    password_hash: Mapped[str | None] = mapped_column(short(200))
    password_at: Mapped[datetime | None]
    factor: Mapped[bytes | None]
    factor_at: Mapped[datetime | None]
    factor_step: Mapped[int | None] = mapped_column(BigInteger)
    factor_new: Mapped[bytes | None]
    suspended_at: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    city_issuer: Mapped[str | None] = mapped_column(short(240))
    city_subject: Mapped[str | None] = mapped_column(short(255))
    city_at: Mapped[datetime | None]
    city_refused_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code for whoever has no phone at hand. It is used once."""

    __tablename__ = "recovery_codes"

    official_id: Mapped[int] = mapped_column(
        ForeignKey("officials.id"), primary_key=True
    )
    code_hash: Mapped[str] = mapped_column(short(64), primary_key=True)
    used_at: Mapped[datetime | None]


class DeskSession(Base):
    """One browser at the desk, from login to logout.

    `how` is "link", "password" or "city"; `stage` is "in", or "half" while the second
    factor is still asked for. `posts` counts forms since `posts_from`. `proved_at` is
    when she last proved at the city's sign-on that it is still she.
    """

    __tablename__ = "desk_sessions"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_desk_sessions_official_id", "official_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(short(64))
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    how: Mapped[str] = mapped_column(short(8))
    stage: Mapped[str] = mapped_column(short(4))
    browser: Mapped[str] = mapped_column(short(40))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]
    until: Mapped[datetime]
    posts: Mapped[int]
    posts_from: Mapped[datetime]
    proved_at: Mapped[datetime | None]


class DoorTry(Base):
    """How often somebody tried to log in and failed, by a keyed hash of who it was.

    Who: an e-mail address (known here or not), or the address of a machine. No try is
    looked at before `until`. The row goes an hour after the last one.
    """

    __tablename__ = "door_tries"

    who: Mapped[str] = mapped_column(short(64), primary_key=True)
    tries: Mapped[int]
    last_at: Mapped[datetime]
    until: Mapped[datetime]

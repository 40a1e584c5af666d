"""People who sign in to the panel: their sessions, and the tries that failed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Named
from domain.users import UserRole

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

IDLE = timedelta(hours=2)
"""A session that nobody uses for so long is over."""
LONGEST = timedelta(hours=12)
"""And one that is used ends after a working day."""
WITHIN = timedelta(minutes=15)
MOST_FAILURES, MOST_FOR_LOGIN, MOST_FROM_ADDRESS = 10, 100, 1_000
"""Wrong passwords within that time: for a login from one address; for a login; from an address, which many share."""


class UserRow(Base):
    """Who signs in to the panel, for a partner or, without one, as an operator. The Argon2 hash, never the password."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("(partner_id is null) = (role is null)", name="partners_users_have_roles"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partners.id"), index=True)
    role: Mapped[UserRole | None] = mapped_column(Named(UserRole))
    """What a partner's may do; operators have none."""
    totp_secret: Mapped[str | None]
    """Of the second factor (RFC 6238), once it is turned on."""
    totp_step: Mapped[int | None]
    """Of the code that was used last: none is good twice."""
    draft: Mapped[str | None]
    """The step of the wizard that was seen last: an address, with ids and options in it."""


class SessionRow(Base):
    """A browser that has signed in. The cookie's hash, never the cookie."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    offered_secret: Mapped[str | None]
    """For a second factor that is being turned on; kept until a code proves that it has arrived."""

    viewed_partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partners.id"))
    """As whom an operator looks around, while they do."""

    user: Mapped[UserRow] = relationship(lazy="joined", viewonly=True)


class FailedSignInRow(Base):
    """A try with a wrong password, also for a login that nobody has."""

    __tablename__ = "failed_sign_ins"
    __table_args__ = (
        Index("ix_failed_sign_ins_login", "login", "at"),
        Index("ix_failed_sign_ins_address", "address", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str]
    address: Mapped[str] = mapped_column(server_default="")
    """Of the network, where it came from."""
    at: Mapped[datetime]


async def by_login(session: AsyncSession, *, login: str) -> UserRow | None:
    """Who signs in by this name. For the sign-in, which has asked for a password."""
    return await session.scalar(select(UserRow).where(UserRow.login == login))


async def of_partner(session: AsyncSession, *, partner_id: UUID) -> list[UserRow]:
    """A partner's own people, by name."""
    return list(await session.scalars(select(UserRow).where(UserRow.partner_id == partner_id).order_by(UserRow.login)))


async def add(session: AsyncSession, user: UserRow) -> bool:
    """One more. False if another has this login; the same user twice is one."""
    values = {c.name: getattr(user, c.name) for c in UserRow.__table__.columns}
    await session.execute(insert(UserRow).values(**values).on_conflict_do_nothing())
    return await session.scalar(select(UserRow.id).where(UserRow.login == user.login)) == user.id


async def reset(session: AsyncSession, user: UserRow, *, password_hash: str) -> None:
    """Another password and no second factor; whoever is in with the old ones is out."""
    user.password_hash, user.totp_secret, user.totp_step = password_hash, None, None
    await sign_out_everywhere(session, user_id=user.id)


async def remove(session: AsyncSession, *, user_id: UUID) -> None:
    """A user and their sessions, also one that begins just now. For whoever has asked whose they are."""
    await lock(session, user_id=user_id)
    await sign_out_everywhere(session, user_id=user_id)
    await session.execute(delete(UserRow).where(UserRow.id == user_id))


async def lock(session: AsyncSession, *, user_id: UUID) -> UserRow:
    """A user, for one transaction's own: of two sign-ins with one code the second sees what the first has used."""
    return await session.get_one(UserRow, user_id, with_for_update=True, populate_existing=True)


async def signed_in(session: AsyncSession, *, fingerprint: bytes, now: datetime) -> SessionRow | None:
    """The living session of a cookie. The cookie is the right to see it."""
    living = (SessionRow.seen_at > now - IDLE) & (SessionRow.begun_at > now - LONGEST)
    return await session.scalar(select(SessionRow).where(SessionRow.fingerprint == fingerprint, living))


async def whose(session: AsyncSession, *, fingerprint: bytes) -> UUID | None:
    """Whose the session of a cookie is or was, as long as it is remembered."""
    return await session.scalar(select(SessionRow.user_id).where(SessionRow.fingerprint == fingerprint))


async def keep_draft(session: AsyncSession, *, user_id: UUID, draft: str) -> None:
    """Where to take up the wizard again."""
    await session.execute(update(UserRow).where(UserRow.id == user_id).values(draft=draft))
    await session.commit()


async def drop_draft(session: AsyncSession, *, user_id: UUID, of: str, titolare_id: UUID) -> None:
    """That wizard (whose addresses begin so) is done for that titolare; what was begun in another tab stays."""
    theirs = UserRow.draft.startswith(of, autoescape=True) & UserRow.draft.contains(str(titolare_id))
    await session.execute(update(UserRow).where(UserRow.id == user_id, theirs).values(draft=None))
    await session.commit()


async def forget_drafts(session: AsyncSession, *, titolare_id: UUID) -> None:
    """Nobody goes on with an order for a titolare who is erased."""
    theirs = UserRow.draft.contains(str(titolare_id))
    await session.execute(update(UserRow).where(theirs).values(draft=None))


async def forget_draft(session: AsyncSession, *, user_id: UUID) -> None:
    """What was begun is not wanted any more."""
    await session.execute(update(UserRow).where(UserRow.id == user_id).values(draft=None))
    await session.commit()


async def sign_out(session: AsyncSession, *, session_id: UUID) -> None:
    """End one session."""
    await session.execute(delete(SessionRow).where(SessionRow.id == session_id))


async def sign_out_everywhere(session: AsyncSession, *, user_id: UUID) -> None:
    """End all sessions of a user."""
    await session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))


async def is_locked_out(session: AsyncSession, *, login: str, address: str, now: datetime) -> bool:
    """Whether there were too many wrong passwords lately: from there for this login, from there, or for the login.

    The narrow limit is the address's own, so that who guesses from elsewhere shuts nobody out; the wide ones stop
    those who guess from one address at many logins, or from many at one.
    """
    here, mine = FailedSignInRow.address == address, FailedSignInRow.login == login
    recent = select(func.count().filter(here & mine), func.count().filter(here), func.count().filter(mine)).where(
        here | mine, FailedSignInRow.at > now - WITHIN
    )
    both, from_here, for_login = (await session.execute(recent)).one()
    return bool(both >= MOST_FAILURES or for_login >= MOST_FOR_LOGIN or from_here >= MOST_FROM_ADDRESS)


async def one_at_a_time(session: AsyncSession, *, login: str) -> None:
    """Until the end of the transaction nobody else tries this login."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(login))))


async def touch(session: AsyncSession, *, session_id: UUID, now: datetime) -> None:
    """A session is in use; one that was ended in the meantime stays ended."""
    await session.execute(update(SessionRow).where(SessionRow.id == session_id).values(seen_at=now))


async def sign_out_elsewhere(session: AsyncSession, *, user_id: UUID, here: UUID) -> None:
    """End all sessions of a user but one."""
    await session.execute(delete(SessionRow).where(SessionRow.user_id == user_id, SessionRow.id != here))


async def forget_old(session: AsyncSession, *, now: datetime) -> None:
    """Remove what no longer counts, whoever's it is: sessions that are over, and failures of another day."""
    await session.execute(delete(SessionRow).where(SessionRow.begun_at <= now - LONGEST))
    await session.execute(delete(FailedSignInRow).where(FailedSignInRow.at < now - LONGEST))

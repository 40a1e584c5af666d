"""Partners and their API keys. Operators belong to no partner."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Named, NamedMany
from domain.credit import LowCredit
from domain.errors import PartnerNotFound
from domain.partners import RenewalPriority


class PartnerRow(Base):
    """A reseller."""

    __tablename__ = "partners"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    notification_addresses: Mapped[list[str]]
    low_credit_threshold_cents: Mapped[int | None] = mapped_column(BigInteger)
    renewal_priority: Mapped[RenewalPriority] = mapped_column(
        Named(RenewalPriority), server_default=RenewalPriority.SOONEST_FIRST
    )
    reminder_days: Mapped[list[int]] = mapped_column(server_default=text("'[3, 8, 13, 18]'"))
    low_credit: Mapped[tuple[LowCredit, ...]] = mapped_column(NamedMany(LowCredit), nullable=True)
    """Of what they were told, while it lasts."""
    created_at: Mapped[datetime]


class ApiKeyRow(Base):
    """What a program shows. An operator's has no partner."""

    __tablename__ = "api_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(unique=True)
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partners.id"), index=True)
    name: Mapped[str] = mapped_column(server_default="")
    """What the partner calls it by."""
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


async def key(session: AsyncSession, *, fingerprint: bytes) -> ApiKeyRow | None:
    """The key with this hash, unless it is revoked."""
    known = select(ApiKeyRow).where(ApiKeyRow.fingerprint == fingerprint, ApiKeyRow.revoked_at.is_(None))
    return await session.scalar(known)


async def keys(session: AsyncSession, *, partner_id: UUID | None) -> list[ApiKeyRow]:
    """All of a partner's, or of operators; also those that were revoked. Newest first."""
    mine = select(ApiKeyRow).where(ApiKeyRow.partner_id == partner_id)
    return list(await session.scalars(mine.order_by(ApiKeyRow.created_at.desc(), ApiKeyRow.id)))


async def add_key(session: AsyncSession, key: ApiKeyRow) -> None:
    """One more key, unless the same was added before."""
    values = {c.name: getattr(key, c.name) for c in ApiKeyRow.__table__.columns}
    await session.execute(insert(ApiKeyRow).values(**values).on_conflict_do_nothing())


async def key_of(session: AsyncSession, *, key_id: UUID, partner_id: UUID | None) -> ApiKeyRow | None:
    """One of a partner's keys, or of operators', for one transaction's own; None for anybody else's."""
    mine = select(ApiKeyRow).where(ApiKeyRow.id == key_id, ApiKeyRow.partner_id == partner_id)
    return await session.scalar(mine.with_for_update())


async def lock(session: AsyncSession, *, partner_id: UUID) -> PartnerRow:
    """A partner, for one transaction's own."""
    return await session.get_one(PartnerRow, partner_id, with_for_update=True)


async def get(session: AsyncSession, *, partner_id: UUID) -> PartnerRow:
    """A partner. Raises PartnerNotFound."""
    if (row := await session.get(PartnerRow, partner_id)) is None:
        raise PartnerNotFound(partner_id=partner_id)
    return row


async def told_of_low_credit(session: AsyncSession) -> list[UUID]:
    """Partners whose credit was low when it was looked at last. For the sweep."""
    return list(await session.scalars(select(PartnerRow.id).where(PartnerRow.low_credit.is_not(None))))

"""What the provider told us of the account of an order."""

from uuid import UUID

from sqlalchemy import ForeignKey, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Named
from domain.lifecycle import Account


class ProviderAccountRow(Base):
    """The provider's last word; `reason` explains a refusal, in the provider's words."""

    __tablename__ = "provider_accounts"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    state: Mapped[Account] = mapped_column(Named(Account))
    account: Mapped[str | None]
    username: Mapped[str | None]
    reason: Mapped[str | None]


async def keep(session: AsyncSession, said: ProviderAccountRow) -> None:
    """Remember what the provider said. A late refusal doesn't overwrite a live account, nor silence a name."""
    values = {c.name: getattr(said, c.name) for c in ProviderAccountRow.__table__.columns}
    told = insert(ProviderAccountRow).values(values)
    new, known = told.excluded, ProviderAccountRow
    await session.execute(
        told.on_conflict_do_update(
            index_elements=[known.order_id],
            set_={
                "state": new.state,
                "reason": new.reason,
                "account": func.coalesce(new.account, known.account),
                "username": func.coalesce(new.username, known.username),
            },
            where=(known.state != Account.ACTIVE) | (new.state == Account.ACTIVE),
        )
    )


async def get(session: AsyncSession, *, order_id: UUID) -> ProviderAccountRow | None:
    """What the provider has said of an order's account, if anything."""
    return await session.get(ProviderAccountRow, order_id)

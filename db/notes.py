"""People's own words: kept here, so that only their id travels through workflows."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.orders import OrderRow


class NoteRow(Base):
    """A few words. One that nothing points at is of a request that nobody has answered: it may still happen."""

    __tablename__ = "notes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    text: Mapped[str]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"), index=True)
    """Whose holder's other addresses these are, if they are that: an export and an erasure must find them."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


async def hold(session: AsyncSession, *, text: str, order_id: UUID | None = None) -> UUID:
    """The id under which words are kept from now on."""
    note = NoteRow(id=uuid4(), text=text, order_id=order_id)
    session.add(note)
    await session.commit()
    return note.id


async def take(session: AsyncSession, *, note_id: UUID) -> str | None:
    """The words, which are kept no longer; None if they were taken before."""
    return await session.scalar(delete(NoteRow).where(NoteRow.id == note_id).returning(NoteRow.text))


async def read(session: AsyncSession, *, note_id: UUID | None) -> str | None:
    """The words, or None."""
    return None if note_id is None else (await session.get_one(NoteRow, note_id)).text


async def forget_contacts(session: AsyncSession, *, titolare_id: UUID) -> None:
    """A holder's other addresses that never came through. For an erasure."""
    theirs = select(OrderRow.id).where(OrderRow.titolare_id == titolare_id)
    await session.execute(delete(NoteRow).where(NoteRow.order_id.in_(theirs)))

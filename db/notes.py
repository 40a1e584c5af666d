"""People's own words: kept here, so that only their id travels through workflows."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class NoteRow(Base):
    """A few words. One that nothing points at is harmless: its request never got through."""

    __tablename__ = "notes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


async def keep(session: AsyncSession, *, text: str | None) -> UUID | None:
    """The id under which words are kept from now on; None for none."""
    return None if text is None else await hold(session, text=text)


async def hold(session: AsyncSession, *, text: str) -> UUID:
    """The id under which words are kept from now on."""
    note = NoteRow(id=uuid4(), text=text)
    session.add(note)
    await session.commit()
    return note.id


async def take(session: AsyncSession, *, note_id: UUID) -> str | None:
    """The words, which are kept no longer; None if they were taken before."""
    return await session.scalar(delete(NoteRow).where(NoteRow.id == note_id).returning(NoteRow.text))


async def read(session: AsyncSession, *, note_id: UUID | None) -> str | None:
    """The words, or None."""
    return None if note_id is None else (await session.get_one(NoteRow, note_id)).text

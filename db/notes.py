"""People's own words: kept here, so that only their id travels through workflows."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func
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
    if text is None:
        return None
    note = NoteRow(id=uuid4(), text=text)
    session.add(note)
    await session.commit()
    return note.id


async def read(session: AsyncSession, *, note_id: UUID | None) -> str | None:
    """The words, or None."""
    return None if note_id is None else (await session.get_one(NoteRow, note_id)).text

"""People's words on their way to a workflow: what is refused leaves none of them behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from db import notes
from domain.errors import DomainError, Unavailable


@asynccontextmanager
async def noted_if_any(session: AsyncSession, *, text: str | None) -> AsyncIterator[UUID | None]:
    """The same for who may have nothing to say."""
    if text is None:
        await session.commit()  # no connection is held while the workflow thinks
        yield None
        return
    async with noted(session, text=text) as note:
        yield note


@asynccontextmanager
async def noted(session: AsyncSession, *, text: str, order_id: UUID | None = None) -> AsyncIterator[UUID]:
    """The id under which they are kept, for who sends it on meanwhile. `order_id`: as of `NoteRow`."""
    note = await notes.hold(session, text=text, order_id=order_id)
    try:
        yield note
    except Unavailable:
        raise  # it may still happen
    except DomainError:
        await notes.take(session, note_id=note)
        await session.commit()
        raise

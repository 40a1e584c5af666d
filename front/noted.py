"""People's words on their way to a workflow: what is refused leaves none of them behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from db import notes
from domain.errors import DomainError, Unavailable


@asynccontextmanager
async def noted(session: AsyncSession, *, text: str) -> AsyncIterator[UUID]:
    """The id under which they are kept, for who sends it on meanwhile."""
    note = await notes.hold(session, text=text)
    try:
        yield note
    except Unavailable:
        raise  # it may still happen
    except DomainError:
        await notes.take(session, note_id=note)
        await session.commit()
        raise

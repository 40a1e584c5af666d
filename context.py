"""What routes work with: a database session, the Temporal client, the settings."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client

from db.connection import Sessions


class DocumentStore(Protocol):
    """Bytes by id. Raises DocumentStoreUnavailable."""

    async def keep(self, document_id: UUID, pieces: AsyncIterator[bytes]) -> None:
        """Store them all; or, if they don't come to their end, nothing."""

    async def read(self, document_id: UUID) -> AsyncIterator[bytes]:
        """What was stored."""

    async def forget(self, document_id: UUID) -> None:
        """Remove what nothing refers to."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """Made once by the entry point."""

    sessions: Sessions
    temporal: Client
    public_url: str
    """As people reach us, perhaps through a proxy."""
    provider_secret: str
    secret: str
    documents: DocumentStore
    one_docfly_per_partita_iva: bool


def context(request: Request) -> Context:
    """The process's own."""
    made: Context = request.app.state.context
    return made


async def _session(made: Annotated[Context, Depends(context)]) -> AsyncIterator[AsyncSession]:
    async with made.sessions() as session:
        yield session


def _temporal(made: Annotated[Context, Depends(context)]) -> Client:
    return made.temporal


def _documents(made: Annotated[Context, Depends(context)]) -> DocumentStore:
    return made.documents


def _now() -> datetime:
    return datetime.now(UTC)


Process = Annotated[Context, Depends(context)]
Session = Annotated[AsyncSession, Depends(_session)]
"""Takes a connection at the first query and gives it back at each commit."""
Temporal = Annotated[Client, Depends(_temporal)]
Documents = Annotated[DocumentStore, Depends(_documents)]
Now = Annotated[datetime, Depends(_now)]

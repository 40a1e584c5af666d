"""Documents of an order: what they are, and what they are told by; the bytes are in the store, under the same id."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db import orders, responsabili, timeline
from db.base import Base, Named, Owner, own
from db.orders import OrderRow
from db.responsabili import ResponsabileRow
from domain.document_errors import DocumentNotFound
from domain.documents import MediaType
from domain.lifecycle import Action, Actor, check
from domain.orders import Role

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession


class DocumentRow(Base):
    """One document. The database refuses to change or delete it."""

    __tablename__ = "documents"
    __table_args__ = (Index("ix_documents_order_id_at", "order_id", "at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    name: Mapped[str]
    media_type: Mapped[MediaType] = mapped_column(Named(MediaType))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    responsabile: Mapped[Role | None] = mapped_column(Named(Role))
    """In whose folder it is; in nobody's, it is the order's own."""
    responsabile_id: Mapped[UUID | None] = mapped_column(ForeignKey("responsabili.id"))
    """Who held the role then, if anybody did: whoever replaces them has a folder of their own."""
    at: Mapped[datetime]
    by: Mapped[Actor] = mapped_column(Named(Actor))
    wish: Mapped[UUID | None] = mapped_column(unique=True)
    """Of the form that brought it and of what it brought, if one did: sent twice, it is one document."""

    person: Mapped[ResponsabileRow | None] = relationship(lazy="joined")


async def add(session: AsyncSession, row: DocumentRow, *, words: str | None = None) -> bool:
    """Write it and its event, under the order's lock; False if the same form has brought it. Raises DocumentsClosed."""
    order = await orders.lock(session, order_id=row.order_id)
    check(Action.ADD_DOCUMENT, order.status)
    if row.wish and await session.scalar(select(DocumentRow.id).where(DocumentRow.wish == row.wish)) is not None:
        return False
    in_force = await responsabili.in_force(session, order_id=row.order_id)
    row.person = in_force.get(row.responsabile) if row.responsabile else None
    session.add(row)
    facts = {"document_id": str(row.id), "sha256": row.sha256, "responsabile": row.responsabile, "words": words}
    timeline.add(session, row.order_id, at=row.at, kind="document_added", actor=row.by, **facts)
    return True


async def get(session: AsyncSession, *, order_id: UUID, document_id: UUID, owner: Owner) -> DocumentRow:
    """One document of an order. Raises DocumentNotFound, for another partner's too."""
    mine = select(DocumentRow).join(OrderRow, OrderRow.id == DocumentRow.order_id)
    mine = mine.where(DocumentRow.id == document_id, DocumentRow.order_id == order_id, own(OrderRow.partner_id, owner))
    if (row := await session.scalar(mine)) is None:
        raise DocumentNotFound(document_id=document_id)
    return row


async def names(session: AsyncSession, *, order_id: UUID, owner: Owner) -> dict[str, str]:
    """What an order's documents are called, by their ids as its events have them."""
    mine = select(DocumentRow.id, DocumentRow.name).join(OrderRow, OrderRow.id == DocumentRow.order_id)
    found = await session.execute(mine.where(DocumentRow.order_id == order_id, own(OrderRow.partner_id, owner)))
    return {str(row.id): row.name for row in found}


async def page(
    session: AsyncSession, *, order_id: UUID, owner: Owner, before: tuple[datetime, UUID] | None, limit: int
) -> list[DocumentRow]:
    """An order's documents, newest first, older than `before` (the time and id of one)."""
    mine = select(DocumentRow).join(OrderRow, OrderRow.id == DocumentRow.order_id)
    mine = mine.where(DocumentRow.order_id == order_id, own(OrderRow.partner_id, owner))
    older = mine if before is None else mine.where(tuple_(DocumentRow.at, DocumentRow.id) < before)
    return list(await session.scalars(older.order_by(DocumentRow.at.desc(), DocumentRow.id.desc()).limit(limit)))

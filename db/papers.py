"""What orders have on paper: contracts, the receipt of their acceptance, what was attached; told of, without bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from db.contracts import ContractRow
from db.documents import DocumentRow
from db.orders import OrderRow
from db.receipts import ReceiptRow
from db.responsabili import ResponsabileRow
from domain.documents import MediaType

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession


class PaperKind(StrEnum):
    """Where it comes from."""

    CONTRACT = "contract"
    RECEIPT = "receipt"
    DOCUMENT = "document"
    """Attached by the partner or an operator."""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One of them."""

    kind: PaperKind
    name: str
    media_type: MediaType
    size_bytes: int
    sha256: str
    at: datetime


Papers = list[tuple[Paper, OrderRow]]


async def of_titolare(session: AsyncSession, *, titolare_id: UUID) -> Papers:
    """Those of orders in their name, and what is in their folders as a responsabile; oldest first."""
    found = [
        *await _contracts(session, titolare_id),
        *await _receipts(session, titolare_id),
        *await _documents(session, titolare_id),
    ]
    return sorted(found, key=lambda one: one[0].at)


async def _contracts(session: AsyncSession, titolare_id: UUID) -> Papers:
    size = func.octet_length(ContractRow.content)
    printed = select(OrderRow, ContractRow, size).join(OrderRow, OrderRow.id == ContractRow.order_id)
    theirs = printed.where(OrderRow.titolare_id == titolare_id).options(selectinload(OrderRow.service))
    return [
        (_pdf(PaperKind.CONTRACT, f"{row.name}.pdf", size_bytes=size, sha256=row.sha256, at=row.at), order)
        for order, row, size in await session.execute(theirs)
    ]


async def _receipts(session: AsyncSession, titolare_id: UUID) -> Papers:
    size = func.octet_length(ReceiptRow.content)
    sealed = select(OrderRow, ReceiptRow.sha256, ReceiptRow.sealed_at, size)
    sealed = sealed.join(ReceiptRow, ReceiptRow.order_id == OrderRow.id)
    theirs = sealed.where(OrderRow.titolare_id == titolare_id).options(selectinload(OrderRow.service))
    return [
        (_pdf(PaperKind.RECEIPT, f"ricevuta-{order.number}.pdf", size_bytes=size, sha256=sha256, at=at), order)
        for order, sha256, at, size in await session.execute(theirs)
    ]


def _pdf(kind: PaperKind, name: str, *, size_bytes: int, sha256: bytes, at: datetime) -> Paper:
    return Paper(kind=kind, name=name, media_type=MediaType.PDF, size_bytes=size_bytes, sha256=sha256.hex(), at=at)


async def _documents(session: AsyncSession, titolare_id: UUID) -> Papers:
    folders = select(ResponsabileRow.id).where(ResponsabileRow.titolare_id == titolare_id)
    attached = select(OrderRow, DocumentRow).join(OrderRow, OrderRow.id == DocumentRow.order_id)
    theirs = or_(OrderRow.titolare_id == titolare_id, DocumentRow.responsabile_id.in_(folders))
    names = ("name", "media_type", "size_bytes", "sha256", "at")
    return [
        (Paper(kind=PaperKind.DOCUMENT, **{name: getattr(row, name) for name in names}), order)
        for order, row in await session.execute(attached.where(theirs).options(selectinload(OrderRow.service)))
    ]

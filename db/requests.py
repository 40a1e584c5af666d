"""Idempotency keys: each stands for one request and, for ever, for its first answer."""

from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, func, update
from sqlalchemy.dialects.postgresql import array, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from domain.errors import IdempotencyKeyReused


class RequestRow(Base):
    """A request under a key; without an answer it is under way, or was cut short."""

    __tablename__ = "idempotent_requests"

    caller_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes]
    answer: Mapped[dict[str, Any] | None]


async def open_(session: AsyncSession, *, caller_id: UUID, key: str, fingerprint: bytes) -> tuple[RequestRow, bool]:
    """The request under this key, and whether it is a repeat. Raises IdempotencyKeyReused."""
    mine = {"caller_id": caller_id, "key": key}
    first = insert(RequestRow).values(fingerprint=fingerprint, **mine).on_conflict_do_nothing()
    repeated = await session.scalar(first.returning(RequestRow.key)) is None
    await session.commit()
    row = await session.get_one(RequestRow, (caller_id, key), populate_existing=True)
    await session.commit()
    if row.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    return row, repeated


async def rename_titolare(session: AsyncSession, titolare_id: UUID, *, caller_id: UUID, name: str) -> None:
    """First answers, too, call who was erased by another name."""
    about_them = RequestRow.answer["body", "titolare", "id"].as_string() == str(titolare_id)
    renamed = func.jsonb_set(RequestRow.answer, array(["body", "titolare", "name"]), func.to_jsonb(cast(name, Text)))
    theirs = RequestRow.caller_id == caller_id
    await session.execute(update(RequestRow).where(theirs, about_them).values(answer=renamed))


async def is_first(session: AsyncSession, *, caller_id: UUID, key: str) -> bool:
    """Whether a form is sent for the first time, in the transaction that does what it asks for; a second one waits."""
    mine = insert(RequestRow).values(caller_id=caller_id, key=f"panel:{key}", fingerprint=b"", answer=None)
    return await session.scalar(mine.on_conflict_do_nothing().returning(RequestRow.key)) is not None


async def is_done(session: AsyncSession, *, caller_id: UUID, key: str) -> bool:
    """Whether a message was worked off before, by `done`."""
    return await session.get(RequestRow, (caller_id, key)) is not None


async def done(session: AsyncSession, *, caller_id: UUID, key: str) -> None:
    """Remember a message that is worked off, in the caller's transaction."""
    mine = insert(RequestRow).values(caller_id=caller_id, key=key, fingerprint=b"", answer=None)
    await session.execute(mine.on_conflict_do_nothing())


async def answer(session: AsyncSession, request: RequestRow, *, answer: dict[str, Any]) -> dict[str, Any]:
    """Store an answer unless another run of the same request was first; the one that was first."""
    mine = (RequestRow.caller_id == request.caller_id) & (RequestRow.key == request.key)
    await session.execute(update(RequestRow).where(mine, RequestRow.answer.is_(None)).values(answer=answer))
    await session.commit()
    await session.refresh(request)
    assert request.answer is not None  # noqa: S101 - one of the two writers has just stored it
    return request.answer

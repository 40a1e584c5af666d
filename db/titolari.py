"""The address book: titolari, each one partner's."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, Computed, ForeignKey, Index, Select, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from db.base import Base, Owner, Stored, own
from db.search import all_words, plan_for_these_words, searched_index
from domain.errors import TitolareNotFound
from domain.titolari import NATURAL_PERSONS, Titolare

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.ext.asyncio import AsyncSession

    from db.partners import PartnerRow

SEARCHED = """public.searchable(
coalesce(titolare->>'denominazione', '') || ' ' || coalesce(titolare->>'given_name', '') || ' ' ||
coalesce(titolare->>'family_name', '') || ' ' || (titolare->>'codice_fiscale') || ' ' ||
coalesce(titolare->>'partita_iva', '') || ' ' || coalesce(titolare->>'pec', '')
)"""


class TitolareRow(Base):
    """A titolare as the partner last wrote them."""

    __tablename__ = "titolari"
    __table_args__ = (
        Index("ix_titolari_partner_id_created_at", "partner_id", "created_at", "id"),
        Index("ix_titolari_created_at", "created_at", "id"),
        searched_index("titolari"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    created_at: Mapped[datetime]
    titolare: Mapped[Titolare] = mapped_column(Stored(Titolare))
    erased_at: Mapped[datetime | None]
    """From then on it is nobody: no list has it, no read finds it."""
    searched: Mapped[str] = mapped_column(Computed(SEARCHED, persisted=True))

    partner: Mapped[PartnerRow] = relationship(lazy="raise", viewonly=True)


async def add(session: AsyncSession, row: TitolareRow) -> None:
    """One more, unless the same was added before."""
    values = {name: getattr(row, name) for name in ("id", "partner_id", "created_at", "titolare")}
    await session.execute(insert(TitolareRow).values(**values).on_conflict_do_nothing())


async def read(session: AsyncSession, *, titolare_id: UUID, owner: Owner) -> TitolareRow:
    """A titolare. Raises TitolareNotFound, for another partner's and an erased one too."""
    return await _one(session, _known(owner), titolare_id=titolare_id)


async def get(session: AsyncSession, *, titolare_id: UUID, owner: Owner) -> TitolareRow:
    """The same, for what goes on from them: nobody erases them before the transaction ends."""
    return await _one(session, _known(owner).with_for_update(read=True, key_share=True), titolare_id=titolare_id)


async def lock(session: AsyncSession, *, titolare_id: UUID, owner: Owner) -> TitolareRow:
    """The same, for one transaction's own: whoever changes them or goes on from them waits."""
    return await _one(session, _known(owner).with_for_update(), titolare_id=titolare_id)


async def _one(session: AsyncSession, mine: Select[TitolareRow], *, titolare_id: UUID) -> TitolareRow:
    wanted = mine.where(TitolareRow.id == titolare_id).execution_options(populate_existing=True)
    if (row := await session.scalar(wanted)) is None:
        raise TitolareNotFound(titolare_id=titolare_id)
    return row


async def some(session: AsyncSession, *, ids: Collection[UUID], owner: Owner) -> list[TitolareRow]:
    """Some titolari, as far as they are the owner's."""
    return list(await session.scalars(_known(owner).where(TitolareRow.id.in_(ids))))


def natural_persons() -> ColumnElement[bool]:
    """The condition of those who may be a responsabile, for a page."""
    kind: ColumnElement[str] = TitolareRow.titolare["kind"].as_string()
    return kind.in_(NATURAL_PERSONS)


async def page(
    session: AsyncSession,
    *conditions: ColumnElement[bool],
    owner: Owner,
    q: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[TitolareRow]:
    """Titolari that meet all conditions, newest first, in whose names, tax ids or PEC all words of `q` occur.

    Each with its partner.
    """
    await plan_for_these_words(session)
    mine = _known(owner).where(*conditions, *all_words(TitolareRow.searched, q))
    older = mine if before is None else mine.where(tuple_(TitolareRow.created_at, TitolareRow.id) < before)
    newest_first = older.order_by(TitolareRow.created_at.desc(), TitolareRow.id.desc())
    return list(await session.scalars(newest_first.limit(limit).options(joinedload(TitolareRow.partner))))


def _known(owner: Owner) -> Select[TitolareRow]:
    return select(TitolareRow).where(own(TitolareRow.partner_id, owner), TitolareRow.erased_at.is_(None))

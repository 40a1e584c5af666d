"""A month of a partner's credit, gathered for whoever wants to see it, and as a file."""

import asyncio
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from db import entries, partners
from db.entries import Entry
from domain.statements import Movement, Statement, span
from front.statement_csv import statement_csv
from pdfs.statement import statement


class Format(StrEnum):
    """To read, or to calculate with."""

    PDF = "application/pdf"
    CSV = "text/csv"

    @property
    def suffix(self) -> str:
        """Of a file's name."""
        return self.name.lower()


async def gather(session: AsyncSession, *, partner_id: UUID, month: date, now: datetime) -> Statement:
    """The statement of the civil month (Rome) that begins on a day; one that isn't over says so."""
    within = span(month, now=now)
    partner = await partners.get(session, partner_id=partner_id)
    opening_cents = await entries.credit_cents(session, partner_id=partner_id, before=within.start)
    found = await entries.between(session, partner_id=partner_id, start=within.start, end=within.end)
    await session.commit()
    return Statement(
        partner=partner.name,
        month=month,
        interim_at=now if now < within.end else None,
        opening_cents=opening_cents,
        movements=tuple(_movement(entry) for entry in found),
    )


async def render(of: Statement, *, as_: Format) -> bytes:
    """The file. Thousands of lines take seconds to set; others go on meanwhile."""
    return await asyncio.to_thread(statement if as_ is Format.PDF else statement_csv, of)


def _movement(entry: Entry) -> Movement:
    row = entry.row
    return Movement(
        id=row.id,
        at=row.at,
        cause=row.cause,
        amount_cents=row.signed_cents,
        order_number=entry.order_number,
        reference=row.reference,
        reason=row.reason,
    )

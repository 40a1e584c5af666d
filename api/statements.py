"""Statements of the credit, month by month: to read or to calculate with."""

import asyncio
from datetime import date
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from api.accept import preferred
from api.downloads import attachment
from api.keys import PartnerId
from api.statement_csv import statement_csv
from context import Now, Session
from db import entries, partners
from db.entries import Entry
from domain.statements import Movement, Statement, span
from pdfs.statement import statement

router = APIRouter(prefix="/v1/credit/statements", tags=["credit"])

PDF, CSV = "application/pdf", "text/csv"
FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The statement", "content": {kind: {"schema": {"type": "string"}} for kind in (PDF, CSV)}}
}


def _format(_: PartnerId, request: Request) -> str:
    return preferred(request, offers=(PDF, CSV))


def _first_day(month: Annotated[str, Path(pattern=r"^2[0-9]{3}-(0[1-9]|1[0-2])$", examples=["2026-11"])]) -> date:
    return date.fromisoformat(f"{month}-01")


Format = Annotated[str, Depends(_format)]
Month = Annotated[date, Depends(_first_day)]


@router.get("/{month}", response_class=Response, responses=FILES)
async def read(month: Month, media_type: Format, partner_id: PartnerId, session: Session, now: Now) -> Response:
    """A civil month (Rome) as PDF, or as CSV by `Accept: text/csv`; a month that isn't over says so."""
    within = span(month, now=now)
    partner = await partners.get(session, partner_id=partner_id)
    opening_cents = await entries.credit_cents(session, partner_id=partner_id, before=within.start)
    found = await entries.between(session, partner_id=partner_id, start=within.start, end=within.end)
    await session.commit()
    of = Statement(
        partner=partner.name,
        month=month,
        interim_at=now if now < within.end else None,
        opening_cents=opening_cents,
        movements=tuple(_movement(entry) for entry in found),
    )
    # Thousands of lines take seconds to set; others must go on meanwhile.
    content = await asyncio.to_thread(statement if media_type == PDF else statement_csv, of)
    return _file(content, name=f"estratto-conto-{month:%Y-%m}", media_type=media_type)


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


def _file(content: bytes, *, name: str, media_type: str) -> Response:
    suffix = "pdf" if media_type == PDF else "csv"
    kind = media_type if media_type == PDF else f"{CSV}; charset=utf-8"
    headers = attachment(f"{name}.{suffix}", media_type=kind, size_bytes=len(content))
    return Response(content, headers={**headers, "ETag": f'"{sha256(content).hexdigest()}"', "Vary": "Accept"})

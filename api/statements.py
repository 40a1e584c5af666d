"""Statements of the credit, month by month: to read or to calculate with."""

from datetime import date
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from api.accept import preferred
from api.keys import PartnerId
from context import Now, Session
from front import statements
from front.downloads import attachment
from front.statements import Format

router = APIRouter(prefix="/v1/credit/statements", tags=["credit"])

FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The statement", "content": {kind: {"schema": {"type": "string"}} for kind in Format}}
}


def _format(_: PartnerId, request: Request) -> Format:
    return Format(preferred(request, offers=tuple(Format)))


def _first_day(month: Annotated[str, Path(pattern=r"^2[0-9]{3}-(0[1-9]|1[0-2])$", examples=["2026-11"])]) -> date:
    return date.fromisoformat(f"{month}-01")


Wanted = Annotated[Format, Depends(_format)]
Month = Annotated[date, Depends(_first_day)]


@router.get("/{month}", response_class=Response, responses=FILES)
async def read(month: Month, wanted: Wanted, partner_id: PartnerId, session: Session, now: Now) -> Response:
    """A civil month (Rome) as PDF, or as CSV by `Accept: text/csv`; a month that isn't over says so."""
    of = await statements.gather(session, partner_id=partner_id, month=month, now=now)
    content = await statements.render(of, as_=wanted)
    kind = wanted if wanted is Format.PDF else f"{wanted}; charset=utf-8"
    headers = attachment(f"estratto-conto-{month:%Y-%m}.{wanted.suffix}", media_type=kind, size_bytes=len(content))
    return Response(content, headers={**headers, "ETag": f'"{sha256(content).hexdigest()}"', "Vary": "Accept"})

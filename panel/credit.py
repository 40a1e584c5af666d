"""The partner's credit: what there is, what is to come, where it went."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from context import Now, Session
from db import entries, ledger, orders, partners
from domain.calendar import ROME, rome_day
from front import forecasts, statements
from front.downloads import attachment
from front.paging import ByNumber, cut
from front.statements import Format
from panel.charts import credit_curve
from panel.rendering import UNKEPT, page
from panel.visitors import OfPartner, partner_id

router = APIRouter(prefix="/credito")
CURVE = timedelta(days=90)


def _first_day(month: Annotated[str, Path(pattern=r"^2[0-9]{3}-(0[1-9]|1[0-2])$")]) -> date:
    return date.fromisoformat(f"{month}-01")


@router.get("")
async def show(
    request: Request, who: OfPartner, session: Session, now: Now, paging: Annotated[ByNumber, Query()]
) -> Response:
    """Balance, forecast, and the entries, newest first."""
    mine, today = partner_id(who), rome_day(now)
    partner = await partners.get(session, partner_id=mine)
    rows = await entries.page(session, partner_id=mine, before=paging.before, limit=paging.limit + 1)
    shown, next_ = cut(rows, paging.limit, mark=lambda entry: str(entry.row.seq))
    first = today - CURVE
    since = datetime.combine(first, time(0), ROME)
    curve = credit_curve(
        await entries.daily_credit(session, partner_id=mine, since=since),
        opening_cents=await entries.credit_cents(session, partner_id=mine, before=since),
        first=first,
        last=today,
    )
    return page(
        request,
        "credit",
        who=who,
        balance_cents=await ledger.balance_cents(session, partner_id=mine),
        in_open_orders_cents=await orders.in_open_orders_cents(session, partner_id=mine),
        ahead=await forecasts.gather(session, partner_id=mine, on=today),
        curve=curve,
        rows=shown,
        next=next_,
        months=_months(rome_day(partner.created_at), today),
    )


@router.get("/estratti-conto/{month}.{suffix}")
async def download(
    month: Annotated[date, Depends(_first_day)],
    suffix: Literal["pdf", "csv"],
    who: OfPartner,
    session: Session,
    now: Now,
) -> Response:
    """A month's statement, as PDF or CSV."""
    wanted = Format[suffix.upper()]
    of = await statements.gather(session, partner_id=partner_id(who), month=month, now=now)
    content = await statements.render(of, as_=wanted)
    name = f"estratto-conto-{month:%Y-%m}.{wanted.suffix}"
    return Response(content, headers={**attachment(name, media_type=wanted, size_bytes=len(content)), **UNKEPT})


def _months(first: date, last: date) -> list[date]:
    """The first days of all months from one day to another, newest first."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in reversed(numbers)]

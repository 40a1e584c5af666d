"""Renewals of a service (*Storico Rinnovi*)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from api.answers import PriceAnswer
from api.bodies import JsonRoute
from api.idempotency import Created, IdempotencyKey, answer_once, in_openapi
from api.keys import AnyCaller
from api.money import Money, money
from api.service_requests import RenewalRequest, renewal_of
from api.services import OwnService
from context import Now, Session, Temporal
from db import renewals, services
from db.renewals import RenewalOutcome, RenewalRow
from domain.calendar import rome_day
from domain.errors import InsufficientCredit
from domain.lifecycle import Actor
from domain.service_errors import ExpiryChanged, refuse
from domain.service_orders import Renewal
from domain.services import why_no_renewal
from front.paging import ByTime, Page, cut
from workflows.service_client import renew_service

router = APIRouter(prefix="/v1/services/{service_id}/renewals", tags=["services"], route_class=JsonRoute)


class RenewalAnswer(BaseModel):
    """One renewal that was tried. A failed one charged nothing: so much credit was missing."""

    id: UUID
    at: datetime
    period_start: date
    period_end: date
    years: int
    price: PriceAnswer
    outcome: RenewalOutcome
    reason: str | None
    missing: Money | None
    asked_by: Actor

    @classmethod
    def of(cls, row: RenewalRow) -> "RenewalAnswer":
        """The row; credit is all that a try can fail for."""
        return cls(
            **{name: getattr(row, name) for name in _AS_THEY_ARE},
            price=PriceAnswer.of(row.price),
            reason=InsufficientCredit.__name__ if row.outcome is RenewalOutcome.FAILED else None,
            missing=None if row.missing_cents is None else money(row.missing_cents),
        )


_AS_THEY_ARE = ("id", "at", "period_start", "period_end", "years", "outcome", "asked_by")


@router.post("", status_code=201, response_model=RenewalAnswer, openapi_extra=in_openapi(required=True))
async def renew(
    wish: RenewalRequest,
    service: OwnService,
    caller: AnyCaller,
    key: IdempotencyKey,
    request: Request,
    session: Session,
    temporal: Temporal,
    now: Now,
) -> Response:
    """Charge the next period and move the expiry; or nothing at all."""
    renewal = renewal_of(wish, service=service, asked_by=caller.actor, request_id=uuid5(caller.requester_id, key))

    async def do() -> Created:
        if await _renewed(session, renewal) is None:  # a repeat whose first answer was lost finds it done
            refuse(why_no_renewal(service.service, years=wish.years, expires_on=wish.expires_on, on=rome_day(now)))
            await session.commit()  # no connection is held while the workflow thinks
            await renew_service(temporal, renewal=renewal)
        if (row := await _renewed(session, renewal)) is None:  # somebody else was first
            present = await services.get(session, service_id=service.id, owner=caller.owner)
            raise ExpiryChanged(expires_on=present.expires_on)
        return Created(location=None, body=RenewalAnswer.of(row).model_dump(mode="json"))

    return await answer_once(request, session, caller_id=caller.requester_id, key=key, wish=wish, do=do)


async def _renewed(session: Session, renewal: Renewal) -> RenewalRow | None:
    """The renewal of the period, if it was this request's."""
    row = await renewals.renewed(session, service_id=renewal.service_id, period_start=renewal.period_start)
    return row if row is not None and row.request_id == renewal.request_id else None


@router.get("")
async def history(
    service: OwnService, paging: Annotated[ByTime, Query()], caller: AnyCaller, session: Session
) -> Page[RenewalAnswer]:
    """*Storico Rinnovi*: every one that was tried, newest first."""
    rows = await renewals.page(
        session, service_id=service.id, owner=caller.owner, before=paging.before, limit=paging.limit + 1
    )
    shown, next_ = cut(rows, paging.limit, mark=lambda row: f"{row.at.isoformat()}|{row.id}")
    return Page(items=[RenewalAnswer.of(row) for row in shown], next=next_)

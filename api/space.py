"""Space bought for a service (*Storico Spazio GB*)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from api.answers import PriceAnswer
from api.bodies import JsonRoute
from api.idempotency import Created, IdempotencyKey, answer_once, in_openapi
from api.keys import AnyCaller
from api.service_requests import SpaceRequest, space_order_of
from api.services import OwnService
from context import Now, Session, Temporal
from db import space
from db.space import SpacePurchaseRow
from domain.calendar import rome_day
from domain.lifecycle import Actor
from domain.service_errors import refuse
from domain.services import ServiceAction, why_not
from front.paging import ByTime, Page, cut
from workflows.service_client import buy_space

router = APIRouter(prefix="/v1/services/{service_id}/space", tags=["services"], route_class=JsonRoute)


class SpacePurchaseAnswer(BaseModel):
    """GB that were bought."""

    id: UUID
    at: datetime
    gb: int
    price: PriceAnswer
    asked_by: Actor

    @classmethod
    def of(cls, row: SpacePurchaseRow) -> "SpacePurchaseAnswer":
        """The row."""
        return cls(id=row.id, at=row.at, gb=row.gb, price=PriceAnswer.of(row.price), asked_by=row.asked_by)


@router.post("", status_code=201, response_model=SpacePurchaseAnswer, openapi_extra=in_openapi(required=True))
async def buy(
    wish: SpaceRequest,
    service: OwnService,
    caller: AnyCaller,
    key: IdempotencyKey,
    request: Request,
    session: Session,
    temporal: Temporal,
    now: Now,
) -> Response:
    """Charge more GB and grant them; or nothing at all. The expiry stays where it is."""
    purchase_id = uuid5(caller.requester_id, key)
    purchase = space_order_of(wish, service=service, asked_by=caller.actor, purchase_id=purchase_id)

    async def do() -> Created:
        if (row := await space.get(session, purchase_id=purchase_id, owner=caller.owner)) is None:
            refuse(why_not(ServiceAction.BUY_SPACE, service.service, on=rome_day(now)))
            await session.commit()  # no connection is held while the workflow thinks
            await buy_space(temporal, purchase=purchase)
            row = await space.bought(session, purchase_id=purchase_id, owner=caller.owner)
        return Created(location=None, body=SpacePurchaseAnswer.of(row).model_dump(mode="json"))

    return await answer_once(request, session, caller_id=caller.requester_id, key=key, wish=wish, do=do)


@router.get("")
async def history(
    service: OwnService, paging: Annotated[ByTime, Query()], caller: AnyCaller, session: Session
) -> Page[SpacePurchaseAnswer]:
    """*Storico Spazio GB*, newest first."""
    rows = await space.page(
        session, service_id=service.id, owner=caller.owner, before=paging.before, limit=paging.limit + 1
    )
    shown, next_ = cut(rows, paging.limit, mark=lambda row: f"{row.at.isoformat()}|{row.id}")
    return Page(items=[SpacePurchaseAnswer.of(row) for row in shown], next=next_)

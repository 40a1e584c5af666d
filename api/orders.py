"""Orders: each command goes through the order's workflow; each answer is read from its row."""

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import ColumnElement

from api.answers import AllowedAction, OrderAnswer
from api.etags import TaggedRoute, tag
from api.fields import ExternalId
from api.idempotency import Created, IdempotencyKey, answer_once, in_openapi
from api.keys import AnyCaller, Operator, PartnerId
from api.requests import CancellationRequest, NothingRequest, OrderRequest, ReleaseRequest, order_of
from api.timeline import EventAnswer, Timeline
from context import Now, Session, Temporal
from db import orders, partners, prices, timeline
from db.orders import OrderRow
from db.search import all_words
from domain.calendar import rome_day
from domain.identifiers import Text
from domain.lifecycle import Status, cancel_reason
from domain.orders import Assignment, Cancellation, Release, Responsabili, Retry
from domain.products import Product
from front.noted import noted_if_any
from front.paging import ByTime, Page, cut
from front.permissions import refusals
from workflows import client

router = APIRouter(prefix="/v1/orders", tags=["orders"], route_class=TaggedRoute)


async def _known(order_id: UUID, caller: AnyCaller, session: Session) -> UUID:
    """The order's id, if the caller may know of it. Raises OrderNotFound."""
    await orders.owner_of(session, order_id=order_id, owner=caller.owner)
    await session.commit()
    return order_id


OrderId = Annotated[UUID, Depends(_known)]


class _Reader:
    """Reads an order back, for its caller."""

    def __init__(self, caller: AnyCaller, session: Session, now: Now) -> None:
        self._caller, self._session, self._now = caller, session, now

    async def answer(self, order_id: UUID) -> OrderAnswer:
        """The order, as its row says."""
        return self.show(await orders.get(self._session, order_id=order_id, owner=self._caller.owner))

    def show(self, row: OrderRow) -> OrderAnswer:
        """A row that was read already."""
        judged = refusals(row, self._caller, now=self._now).items()
        return OrderAnswer.of(row, allowed_actions=[AllowedAction.of(action, refusal) for action, refusal in judged])


Reader = Annotated[_Reader, Depends()]


class Filters(ByTime):
    """Which orders; `q`: words that occur in number, external id, holder's name or tax ids."""

    status: Status | None = None
    product: Product | None = None
    titolare_id: UUID | None = None
    external_id: ExternalId | None = None
    q: Text | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for the database."""
        equal = {
            OrderRow.status: self.status,
            OrderRow.product: self.product,
            OrderRow.titolare_id: self.titolare_id,
            OrderRow.external_id: self.external_id,
        }
        return [
            *(column == value for column, value in equal.items() if value is not None),
            *all_words(OrderRow.searched, self.q),
        ]


@router.post("", status_code=201, response_model=OrderAnswer, openapi_extra=in_openapi(required=True))
async def place(
    wish: OrderRequest,
    partner_id: PartnerId,
    key: IdempotencyKey,
    request: Request,
    reader: Reader,
    session: Session,
    temporal: Temporal,
    now: Now,
) -> Response:
    """Place an order: charged, and the contracts on their way; or nothing at all."""
    order_id = uuid5(partner_id, key)

    async def do() -> Created:
        await prices.in_force(session, on=rome_day(now))  # without a list no order is begun
        partner = await partners.get(session, partner_id=partner_id)
        await session.commit()  # no connection is held while the workflow thinks
        async with noted_if_any(session, text=wish.external_id) as note:
            order = order_of(wish, order_id=order_id, partner=partner, external_id_note=note)
            await client.place_order(temporal, order=order)
        body = (await reader.answer(order_id)).model_dump(mode="json", by_alias=True)
        return Created(location=f"/v1/orders/{order_id}", body=body)

    return await answer_once(request, session, caller_id=partner_id, key=key, wish=wish, do=do)


@router.get("")
async def search(
    filters: Annotated[Filters, Query()], caller: AnyCaller, reader: Reader, session: Session
) -> Page[OrderAnswer]:
    """The caller's orders, newest first."""
    rows = await orders.page(
        session, *filters.conditions(), owner=caller.owner, before=filters.before, limit=filters.limit + 1
    )
    shown, next_ = cut(rows, filters.limit, mark=lambda row: f"{row.placed_at.isoformat()}|{row.id}")
    return Page(items=[reader.show(row) for row in shown], next=next_)


@router.get("/{order_id}")
async def read(order_id: OrderId, reader: Reader, response: Response) -> OrderAnswer:
    """One order."""
    return tag(response, await reader.answer(order_id))


@router.put("/{order_id}/responsabili")
async def assign(
    order_id: OrderId, responsabili: Responsabili, caller: AnyCaller, reader: Reader, temporal: Temporal
) -> OrderAnswer:
    """Fill the two roles, before the activation."""
    assignment = Assignment(**responsabili.model_dump(), actor=caller.actor)
    await client.assign_responsabili(temporal, order_id=order_id, assignment=assignment)
    return await reader.answer(order_id)


@router.post("/{order_id}/cancellation", status_code=202)
async def cancel(
    order_id: OrderId,
    wish: CancellationRequest,
    caller: AnyCaller,
    reader: Reader,
    session: Session,
    temporal: Temporal,
) -> OrderAnswer:
    """*Cancella Richiesta Attivazione*: order off, credit back; or 409 OrderNotCancellable."""
    row = await orders.get(session, order_id=order_id, owner=caller.owner)
    reason = cancel_reason(caller.actor, row.status)
    async with noted_if_any(session, text=wish.reason) as note:  # people's words never enter a history
        cancellation = Cancellation(reason=reason, actor=caller.actor, note_id=note)
        await client.cancel_order(temporal, order_id=order_id, cancellation=cancellation)
    return await reader.answer(order_id)


@router.post("/{order_id}/release")
async def release(
    order_id: OrderId,
    _: Operator,
    reader: Reader,
    session: Session,
    temporal: Temporal,
    wish: ReleaseRequest | None = None,
) -> OrderAnswer:
    """An operator ends a hold, in their own words or without any."""
    async with noted_if_any(session, text=wish.reason if wish else None) as note:
        await client.release_order(temporal, order_id=order_id, release=Release(note_id=note))
    return await reader.answer(order_id)


@router.post("/{order_id}/activation", status_code=202)
async def retry(
    order_id: OrderId, _: Operator, reader: Reader, temporal: Temporal, __: NothingRequest | None = None
) -> OrderAnswer:
    """An operator has the provider asked again."""
    await client.retry_activation(temporal, order_id=order_id, retry=Retry())
    return await reader.answer(order_id)


@router.get("/{order_id}/timeline")
async def story(order_id: OrderId, caller: AnyCaller, session: Session, response: Response) -> Timeline:
    """*Storico dell'ordine*, oldest first."""
    events = await timeline.of_order(session, order_id=order_id, owner=caller.owner)
    items = [EventAnswer.of(event) for event in sorted(events, key=lambda event: (event.at, event.seq))]
    return tag(response, Timeline(items=items))

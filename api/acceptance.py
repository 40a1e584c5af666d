"""The titolare's gate as the partner sees it: contract mails, addresses, time, and the proof in the end."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from api.answers import OrderAnswer
from api.bodies import JsonRoute
from api.etags import IF_MATCH, check_match, tag, takes_any
from api.keys import AnyCaller
from api.orders import OrderId, Reader
from api.requests import ContractMailRequest
from context import Now, Session, Temporal
from db import orders
from domain.model import Value
from domain.orders import Extension, Resend
from domain.titolari import Contacts
from front import contacts as corrections
from front.proof import archive
from workflows import client

router = APIRouter(prefix="/v1/orders", tags=["orders"], route_class=JsonRoute)


class ExtensionRequest(Value):
    """How much more time."""

    days: Annotated[int, Field(ge=1, le=90, strict=True)]


@router.post("/{order_id}/contract-mails", status_code=202)
async def resend(
    order_id: OrderId, wish: ContractMailRequest, caller: AnyCaller, reader: Reader, temporal: Temporal
) -> OrderAnswer:
    """*Invia Email Accettazione Contratti*: a new mail; the older link is dead."""
    await client.resend_contracts(temporal, order_id=order_id, wish=Resend(to=wish.to, actor=caller.actor))
    return await reader.answer(order_id)


@router.put("/{order_id}/contacts", openapi_extra=IF_MATCH)
async def correct(
    order_id: OrderId,
    contacts: Contacts,
    caller: AnyCaller,
    reader: Reader,
    request: Request,
    response: Response,
    session: Session,
    temporal: Temporal,
) -> OrderAnswer:
    """Mend the frozen addresses: a new mail at once. What they are already causes none. Wants the order's tag."""
    row = await orders.get(session, order_id=order_id, owner=caller.owner)
    check_match(request, reader.show(row))
    await corrections.correct(
        row,
        contacts,
        session=session,
        temporal=temporal,
        actor=caller.actor,
        whatever_they_are=takes_any(request),
    )
    return tag(response, await reader.answer(order_id))


@router.post("/{order_id}/extension")
async def extend(
    order_id: OrderId, wish: ExtensionRequest, caller: AnyCaller, reader: Reader, temporal: Temporal
) -> OrderAnswer:
    """More time for the titolare, up to 180 days after placing."""
    extension = Extension(days=wish.days, actor=caller.actor)
    await client.extend_acceptance(temporal, order_id=order_id, extension=extension)
    return await reader.answer(order_id)


@router.get("/{order_id}/proof", response_class=Response, responses={200: {"content": {"application/zip": {}}}})
async def proof(order_id: OrderId, caller: AnyCaller, session: Session, now: Now) -> Response:
    """What proves the acceptance, in one ZIP. Raises NotAccepted, ReceiptPending."""
    order = await orders.get(session, order_id=order_id, owner=caller.owner)
    content = await archive(session, order, owner=caller.owner, at=now)
    headers = {"Content-Disposition": f'attachment; filename="{order.number}.zip"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/zip", headers=headers)

"""The contracts of an order, as they were sent to the titolare."""

from fastapi import APIRouter, Response

from context import Session
from db import contracts
from front.downloads import attachment
from front.errors import NoSuchResource
from panel.order import Order
from panel.rendering import UNKEPT
from panel.visitors import AnyVisitor

router = APIRouter(prefix="/ordini/{order_id}/contratti")


@router.get("/{edition}/{name}")
async def contract(order: Order, who: AnyVisitor, edition: int, name: str, session: Session) -> Response:  # noqa: ARG001 - the order is theirs
    """One of them, to the byte, to be saved. Raises NoSuchResource."""
    for row in await contracts.of_order(session, order_id=order.id):
        if (row.edition, row.name) == (edition, name):
            content = await contracts.fetch(session, row)
            file_name = f"{order.number}-{name}.pdf"
            headers = attachment(file_name, media_type="application/pdf", size_bytes=len(content))
            return Response(content, headers={**headers, **UNKEPT})
    raise NoSuchResource

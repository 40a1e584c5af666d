"""Documents of an order: straight to the store and the row, since no step of the order waits for one."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from api.answers import Named
from api.keys import AnyCaller
from api.orders import OrderId
from context import Documents, Now, Session
from db import documents, orders
from db.documents import DocumentRow
from domain.documents import MediaType
from domain.lifecycle import Action, Actor, check
from domain.orders import Role
from domain.titolari import display_name
from front.downloads import attachment
from front.paging import ByTime, Page, cut
from front.uploads import Upload, deposit

router = APIRouter(prefix="/v1/orders/{order_id}/documents", tags=["documents"])

FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {
                        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                        "responsabile": {"type": "string", "enum": list(Role)},
                    },
                }
            }
        },
    }
}
BYTES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The bytes", "content": {kind: {"schema": {"type": "string"}} for kind in MediaType}}
}


class DocumentAnswer(BaseModel):
    """A document, without its bytes."""

    id: UUID
    name: str
    media_type: MediaType
    size_bytes: int
    sha256: str
    responsabile: Role | None
    person: Named | None
    """Who held that role when it came."""
    at: datetime
    by: Actor

    @classmethod
    def of(cls, row: DocumentRow) -> "DocumentAnswer":
        """The row, and the responsabile as they were called when they were chosen."""
        person = row.person and Named(id=row.person.titolare_id, name=display_name(row.person.titolare))
        known = {name: getattr(row, name) for name in cls.model_fields.keys() - {"person"}}
        return cls(person=person, **known)


@router.post("", status_code=201, openapi_extra=FORM)
async def add(
    order_id: OrderId,
    caller: AnyCaller,
    request: Request,
    response: Response,
    session: Session,
    store: Documents,
    now: Now,
) -> DocumentAnswer:
    """Add a PDF, P7M, XML, JPEG or PNG, to the order or to the folder of a responsabile."""
    order = await orders.get(session, order_id=order_id, owner=caller.owner)
    check(Action.ADD_DOCUMENT, order.status)  # before it is all sent; and again when it is there
    await session.commit()  # no connection is held while it comes
    row = await deposit(Upload(request), session, store, order_id=order_id, at=now, by=caller.actor)
    response.headers["Location"] = f"/v1/orders/{order_id}/documents/{row.id}"
    return DocumentAnswer.of(row)


@router.get("")
async def search(
    order_id: OrderId, paging: Annotated[ByTime, Query()], caller: AnyCaller, session: Session
) -> Page[DocumentAnswer]:
    """The order's documents, newest first."""
    rows = await documents.page(
        session, order_id=order_id, owner=caller.owner, before=paging.before, limit=paging.limit + 1
    )
    shown, next_ = cut(rows, paging.limit, mark=lambda row: f"{row.at.isoformat()}|{row.id}")
    return Page(items=[DocumentAnswer.of(row) for row in shown], next=next_)


@router.get("/{document_id}", response_class=StreamingResponse, responses=BYTES)
async def read(
    order_id: OrderId, document_id: UUID, caller: AnyCaller, session: Session, store: Documents
) -> StreamingResponse:
    """One document's bytes, to be saved."""
    row = await documents.get(session, order_id=order_id, document_id=document_id, owner=caller.owner)
    await session.commit()
    headers = attachment(row.name, media_type=row.media_type, size_bytes=row.size_bytes)
    return StreamingResponse(await store.read(document_id), headers={**headers, "ETag": f'"{row.sha256}"'})


STREAMED = [route for route in router.routes if getattr(route, "endpoint", None) is add]
"""Routes that read their body themselves, within limits of their own."""

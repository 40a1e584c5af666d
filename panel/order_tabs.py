"""The tabs of an order's page, each an address: what its service has become, and what is kept with it."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from starlette.routing import Route

from context import Documents, Now, Session
from db import documents, renewals, services, space
from domain.lifecycle import Action, check, why_not
from domain.orders import Role
from domain.users import Right
from front.downloads import attachment
from front.paging import ByTime, cut
from front.uploads import WISH, Upload, deposit
from panel.errors import RightMissingError
from panel.order import Order
from panel.rendering import UNKEPT, page
from panel.visitors import HOME, AnyVisitor, Seated, Visitor, check_token
from panel.words import ACTORS

router = APIRouter(prefix="/ordini/{order_id}")
Paging = Annotated[ByTime, Query()]
MOST = 100


@router.get("/rinnovi")
async def history_of_renewals(
    request: Request, order: Order, who: AnyVisitor, session: Session, paging: Paging
) -> Response:
    """*Storico Rinnovi*: every one that was tried, newest first."""
    rows = []
    if order.service is not None:
        rows = await renewals.page(
            session, service_id=order.service.id, owner=who.owner, before=paging.before, limit=paging.limit + 1
        )
    shown, next_ = cut(rows, paging.limit, mark=lambda row: f"{row.at.isoformat()}|{row.id}")
    return page(request, "order_renewals", who=who, order=order, rows=shown, next=next_, actors=ACTORS)


@router.get("/spazio")
async def history_of_space(
    request: Request, order: Order, who: AnyVisitor, session: Session, paging: Paging
) -> Response:
    """*Storico Spazio GB*: what was bought, newest first."""
    rows = []
    if order.service is not None:
        rows = await space.page(
            session, service_id=order.service.id, owner=who.owner, before=paging.before, limit=paging.limit + 1
        )
    shown, next_ = cut(rows, paging.limit, mark=lambda row: f"{row.at.isoformat()}|{row.id}")
    return page(request, "order_space", who=who, order=order, rows=shown, next=next_, actors=ACTORS)


@router.get("/associazione-storage")
async def of_the_same_titolare(request: Request, order: Order, who: AnyVisitor, session: Session) -> Response:
    """*Associazione Storage*: the services of the order's titolare."""
    held = services.held_by(order.titolare_id)
    rows = await services.page(session, held, owner=who.owner, before=None, limit=MOST)
    return page(request, "order_storage", who=who, order=order, rows=rows)


@router.get("/documenti")
async def kept_documents(request: Request, order: Order, who: AnyVisitor, session: Session, paging: Paging) -> Response:
    """*Responsabili*, with their *Documenti* and the order's."""
    rows = await documents.page(
        session, order_id=order.id, owner=who.owner, before=paging.before, limit=paging.limit + 1
    )
    shown, next_ = cut(rows, paging.limit, mark=lambda row: f"{row.at.isoformat()}|{row.id}")
    may_add = why_not(Action.ADD_DOCUMENT, order.status) is None and Right.ORDERS in who.rights
    return page(
        request,
        "order_documents",
        who=who,
        order=order,
        rows=shown,
        next=next_,
        may_add=may_add,
        roles=Role,
        wish=uuid4(),
    )


class _OwnUpload(Upload):
    """A document from a form of this session's page."""

    def __init__(self, request: Request, who: Visitor) -> None:
        super().__init__(request, also=frozenset({"form_token", WISH}))
        self._who = who

    def check(self) -> None:
        """Raises ForeignFormError."""
        check_token(self.fields.get("form_token", ""), self._who)


@router.post("/documenti")
async def add(request: Request, order: Order, who: Seated, session: Session, store: Documents, now: Now) -> Response:
    """One more, to the order or to a responsabile's; judged by its bytes, and never whole in memory."""
    if Right.ORDERS not in who.rights:
        raise RightMissingError
    check(Action.ADD_DOCUMENT, order.status)
    upload = _OwnUpload(request, who)
    await deposit(upload, session, store, order_id=order.id, at=now, by=who.actor)
    return RedirectResponse(f"{HOME}/ordini/{order.id}/documenti", 303)


@router.get("/documenti/{document_id}")
async def download(
    order: Order, document_id: UUID, who: AnyVisitor, session: Session, store: Documents
) -> StreamingResponse:
    """One document, to be saved. Raises DocumentNotFound."""
    row = await documents.get(session, order_id=order.id, document_id=document_id, owner=who.owner)
    await session.commit()
    headers = attachment(row.name, media_type=row.media_type, size_bytes=row.size_bytes)
    return StreamingResponse(await store.read(document_id), headers={**headers, **UNKEPT})


STREAMED = [Route(f"{HOME}{router.prefix}/documenti", add, methods=["POST"])]
"""What reads its body itself, within limits of its own; as the whole app sees it."""

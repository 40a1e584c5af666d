"""The tabs of an order's page, each an address: what its service has become, and what is kept with it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.routing import Route

from context import Documents, Now, Session
from db import documents, orders, renewals, space
from db.orders import OrderRow
from domain import lifecycle
from domain.calendar import rome_day
from domain.document_errors import UnsupportedDocument
from domain.lifecycle import Action, check
from domain.orders import Role
from domain.users import Right
from front.downloads import attachment
from front.errors import BodyTooLarge
from front.field_words import italian
from front.forms import FILE, LONGEST_FIELD_BYTES, refuse
from front.paging import ByTime, cut
from front.problems import PROBLEMS
from front.uploads import RESPONSABILE, WISH, Upload, deposit
from panel.errors import RightMissingError
from panel.order import Order
from panel.permissions import why_not
from panel.reasons import LONGEST_BYTES, NO_REASON, words_of
from panel.rendering import UNKEPT, done, page
from panel.visitors import HOME, AnyVisitor, Seated, Visitor, check_token
from panel.words import ACTORS

router = APIRouter(prefix="/ordini/{order_id}")
Paging = Annotated[ByTime, Query()]
REASON = "reason"
ORDERS_OWN = "ordine"
"""Beside the roles: the form whose document is nobody's in particular."""
TOO_LARGE = "Il file può avere al massimo 20 MiB."
NOTHING: Mapping[str, str] = MappingProxyType({})


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
async def of_the_same_titolare(
    request: Request, order: Order, who: AnyVisitor, session: Session, now: Now, paging: Paging
) -> Response:
    """*Associazione Storage*: the orders of the order's titolare, with the space of those that are services."""
    held = OrderRow.titolare_id == order.titolare_id
    parts = (OrderRow.service,)
    rows = await orders.page(session, held, owner=who.owner, before=paging.before, limit=paging.limit + 1, parts=parts)
    shown, next_ = cut(rows, paging.limit, mark=lambda row: f"{row.placed_at.isoformat()}|{row.id}")
    return page(request, "order_storage", who=who, order=order, rows=shown, next=next_, today=rome_day(now))


@router.get("/documenti")
async def kept_documents(request: Request, order: Order, who: AnyVisitor, session: Session, paging: Paging) -> Response:
    """*Responsabili*, with their *Documenti* and the order's."""
    return await _documents_page(request, order, who, session, paging)


async def _documents_page(
    request: Request,
    order: OrderRow,
    who: Visitor,
    session: AsyncSession,
    paging: ByTime,
    *,
    status: int = 200,
    sent: Mapping[str, str] = NOTHING,
    errors: Mapping[str, str] = NOTHING,
) -> Response:
    rows = await documents.page(
        session, order_id=order.id, owner=who.owner, before=paging.before, limit=paging.limit + 1
    )
    shown, next_ = cut(rows, paging.limit, mark=lambda row: f"{row.at.isoformat()}|{row.id}")
    here = sent.get(RESPONSABILE, ORDERS_OWN)
    return page(
        request,
        "order_documents",
        status=status,
        who=who,
        order=order,
        rows=shown,
        next=next_,
        why_not=_why_not(Action.ADD_DOCUMENT, order, who),
        why_not_assign=_why_not(Action.ASSIGN_RESPONSABILI, order, who),
        roles=Role,
        wish=uuid4(),
        here=here,
        reason=sent.get(REASON, ""),
        errors={f"{field}-{here}": words for field, words in errors.items()},
    )


def _why_not(action: Action, order: OrderRow, who: Visitor) -> str | None:
    refusal = lifecycle.why_not(action, order.status)
    return PROBLEMS[type(refusal)].titolo if refusal else why_not(who, Right.ORDERS)


class _OwnUpload(Upload):
    """A document from a form of this session's page; an operator's says why."""

    def __init__(self, request: Request, who: Visitor) -> None:
        also = {"form_token": LONGEST_FIELD_BYTES, WISH: LONGEST_FIELD_BYTES}
        super().__init__(request, also={**also, REASON: LONGEST_BYTES} if who.is_operator else also)
        self._who = who

    def check(self) -> None:
        """Raises ForeignFormError; RequestValidationError for an operator without a reason."""
        check_token(self.fields.get("form_token", ""), self._who)
        if self._who.is_operator and (words := words_of(self.fields.get(REASON, ""))) is None:
            refuse(REASON, "reason", "The reason is missing, or too long")
        elif self._who.is_operator:
            self.words = words


@router.post("/documenti")
async def add(request: Request, order: Order, who: Seated, session: Session, store: Documents, now: Now) -> Response:
    """One more, to the order or to a responsabile's; judged by its bytes, and never whole in memory."""
    if Right.ORDERS not in who.rights:
        raise RightMissingError
    check(Action.ADD_DOCUMENT, order.status)
    upload = _OwnUpload(request, who)
    try:
        await deposit(upload, session, store, order_id=order.id, at=now, by=who.actor)
    except (UnsupportedDocument, BodyTooLarge) as error:
        problem = PROBLEMS[type(error)]
        words = TOO_LARGE if isinstance(error, BodyTooLarge) else f"{problem.titolo} {problem.dettaglio}"
        wrong: dict[str, Any] = {"status": problem.status, "errors": {FILE: words}}
        return await _documents_page(request, order, who, session, ByTime(), sent=upload.fields, **wrong)
    except RequestValidationError as error:
        wrong = {"status": 422, "errors": _beside(error)}
        return await _documents_page(request, order, who, session, ByTime(), sent=upload.fields, **wrong)
    return done(f"/ordini/{order.id}/documenti")


def _beside(error: RequestValidationError) -> dict[str, str]:
    """The words for each field that people fill in. Raises it again if it is about others."""
    wrong = {str(problem["loc"][-1]): italian(problem) for problem in error.errors()}
    if not wrong.keys() <= {FILE, REASON}:
        raise error
    return {field: NO_REASON if field == REASON else words for field, words in wrong.items()}


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

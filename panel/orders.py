"""*Ordini DocFly*: the lists of the two products."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import ColumnElement

from context import Session
from db import orders, partners
from db.orders import OrderRow
from db.search import all_words
from domain.lifecycle import Status
from domain.products import Product
from domain.users import Right
from front.paging import ByTime, cut
from panel.fields import ABSENT_IF_EMPTY, Sought
from panel.permissions import why_not_as_partner
from panel.rendering import page
from panel.visitors import AnyVisitor, Visitor

router = APIRouter()


class Search(ByTime):
    """Which orders: `q`, words in number, name or tax ids; a status, empty for all; and, for operators, whose."""

    q: Sought = ""
    stato: Annotated[Status | None, ABSENT_IF_EMPTY] = None
    partner: UUID | None = None


Wish = Annotated[Search, Query()]


@router.get("/docfly-pa")
async def docfly_pa(request: Request, wish: Wish, who: AnyVisitor, session: Session) -> Response:
    """*Docfly PA*."""
    return await _list(request, wish, who, session, product=Product.DOCFLY_PA)


@router.get("/docfly")
async def docfly(request: Request, wish: Wish, who: AnyVisitor, session: Session) -> Response:
    """*Docfly*."""
    return await _list(request, wish, who, session, product=Product.DOCFLY)


async def _list(request: Request, wish: Search, who: AnyVisitor, session: Session, *, product: Product) -> Response:
    """Newest first. Raises PartnerNotFound."""
    partner = None
    if wish.partner is not None and who.is_operator:
        partner = await partners.get(session, partner_id=wish.partner)
    wanted = conditions(wish, product, who)
    rows = await orders.page(session, *wanted, owner=who.owner, before=wish.before, limit=wish.limit + 1, parts=())
    shown, next_ = cut(rows, wish.limit, mark=lambda row: f"{row.placed_at.isoformat()}|{row.id}")
    return page(
        request,
        "orders",
        who=who,
        product=product,
        partner=partner,
        rows=shown,
        next=next_,
        wish=wish,
        statuses=list(Status),
        why_not=why_not_as_partner(who, Right.ORDERS),
    )


def conditions(wish: Search, product: Product, who: Visitor) -> list[ColumnElement[bool]]:
    """What a product's orders must meet to be listed."""
    wanted = [OrderRow.product == product, *all_words(OrderRow.searched, wish.q or None)]
    if wish.stato is not None:
        wanted.append(OrderRow.status == wish.stato)
    if wish.partner is not None and who.is_operator:
        wanted.append(OrderRow.partner_id == wish.partner)
    return wanted

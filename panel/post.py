"""*Email*: what was sent, to whom, and how far it has come; for operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from context import Session
from db import mails
from db.base import EVERY_PARTNER
from db.mails import MailState
from front.errors import NoSuchResource
from front.paging import ByTime, cut
from panel.fields import ABSENT_IF_EMPTY, Sought
from panel.rendering import page
from panel.visitors import Operator
from panel.words import MAIL_STATES

router = APIRouter(prefix="/email")


class Search(ByTime):
    """Which mails: part of an address, or an order's number; and a state, empty for all."""

    q: Sought = ""
    stato: Annotated[MailState | None, ABSENT_IF_EMPTY] = None


@router.get("")
async def search(request: Request, who: Operator, session: Session, wish: Annotated[Search, Query()]) -> Response:
    """The latest first."""
    rows = await mails.page(
        session, owner=EVERY_PARTNER, words=wish.q, state=wish.stato, before=wish.before, limit=wish.limit + 1
    )
    shown, next_ = cut(rows, wish.limit, mark=lambda row: f"{row.at.isoformat()}|{row.id}")
    return page(request, "mails", who=who, rows=shown, next=next_, wish=wish, states=MAIL_STATES)


@router.get("/{mail_id}")
async def show(request: Request, mail_id: UUID, who: Operator, session: Session) -> Response:
    """One of them as it was sent, without its links. Raises NoSuchResource."""
    if (mail := await mails.get(session, mail_id=mail_id, owner=EVERY_PARTNER)) is None:
        raise NoSuchResource
    return page(request, "mail", who=who, mail=mail)

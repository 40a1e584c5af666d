"""*Tacito* or *a scadenza*, and for how long: changed at any time, after a page that says what it will do."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from pydantic import BaseModel, Field

from context import Now, Session
from db import prices, services
from domain.calendar import rome_day
from domain.products import LONGEST_TERM_YEARS, RenewalMode
from domain.renewals import next_renewal
from domain.services import Service as ServiceValue
from front import renewal_changes
from panel.order import Order
from panel.reasons import NO_REASON, Reason, missing, words_of
from panel.rendering import done, page
from panel.service_actions import Service
from panel.visitors import OrderKeeper

router = APIRouter(prefix="/ordini/{order_id}/modo-rinnovo")
CONFLICT = 409


class Wish(BaseModel):
    """What is to be another; what is left out stays."""

    renewal_mode: RenewalMode | None = None
    renewal_years: Annotated[int, Field(ge=1, le=10)] | None = None


Wanted = Annotated[Wish, Query()]


class _Desk:
    """Whose service it is, and who would change it."""

    def __init__(
        self, request: Request, order: Order, who: OrderKeeper, service: Service, session: Session, now: Now
    ) -> None:
        self.request, self.order, self.who, self.service = request, order, who, service
        self.session, self.now = session, now

    async def page(
        self, present: ServiceValue, wish: Wish, *, status: int = 200, error: str | None = None, reason: str = ""
    ) -> Response:
        """What is and what would be. Raises ServiceTerminated, TermOutOfRange."""
        after = renewal_changes.changed(present, _given(wish), now=self.now)
        coming = next_renewal(after, lists=await prices.known(self.session), today=rome_day(self.now))
        words = {"order": self.order, "present": present, "after": after, "coming": coming, "seen": _version(present)}
        choice = {"modes": list(RenewalMode), "longest": LONGEST_TERM_YEARS[self.order.product]}
        told = {"error": error, "reason": reason, "was_changed": status == CONFLICT}
        return page(self.request, "renewal_mode", who=self.who, status=status, **words, **choice, **told)


Desk = Annotated[_Desk, Depends()]


@router.get("")
async def ask(desk: Desk, wish: Wanted) -> Response:
    """The choice; and of another one, what it will do. Raises ServiceTerminated, TermOutOfRange."""
    return await desk.page(desk.service.service, wish)


@router.post("")
async def change(desk: Desk, wish: Wanted, seen: Annotated[str, Form()], reason: Reason = "") -> Response:
    """From the next time on, unless somebody else was first. Raises ServiceTerminated, TermOutOfRange."""
    row = await services.lock(desk.session, service_id=desk.service.id)
    present, who = row.service, desk.who
    if seen != _version(present) != _version(renewal_changes.changed(present, _given(wish), now=desk.now)):
        return await desk.page(present, wish, status=CONFLICT, reason=reason)
    if missing(reason, who):
        return await desk.page(present, wish, status=422, error=NO_REASON, reason=reason)
    words = words_of(reason) if who.is_operator else None
    await renewal_changes.change(desk.session, row, _given(wish), now=desk.now, actor=who.actor, words=words)
    await desk.session.commit()
    return done(f"/ordini/{desk.order.id}")


def _given(wish: Wish) -> dict[str, Any]:
    return wish.model_dump(exclude_none=True)


def _version(service: ServiceValue) -> str:
    """What a page has shown: two people who change it notice each other."""
    return f"{service.renewal_mode} {service.renewal_years}"

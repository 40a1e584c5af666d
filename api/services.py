"""Services: what activated orders leave; and how they are to be renewed."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import ColumnElement

from api.etags import IF_MATCH, TaggedRoute, check_match, tag
from api.keys import AnyCaller
from api.requests import NothingRequest
from api.service_answers import CredentialMailAnswer, ServiceAnswer
from api.service_requests import RenewalChange
from context import Now, Session, Temporal
from db import mails, prices, services
from db.services import ServiceRow
from domain.calendar import rome_day
from domain.identifiers import CivilDate
from domain.mails import MailKind
from domain.orders import CredentialMail
from domain.services import ServiceStatus
from front import renewal_changes
from front.paging import ByTime, Page, cut
from workflows import client

router = APIRouter(prefix="/v1/services", tags=["services"], route_class=TaggedRoute)


async def _own(service_id: UUID, caller: AnyCaller, session: Session) -> ServiceRow:
    """The service, if the caller may know of it. Raises ServiceNotFound."""
    row = await services.get(session, service_id=service_id, owner=caller.owner)
    await session.commit()
    return row


OwnService = Annotated[ServiceRow, Depends(_own)]


class _Reader:
    """Tells of services as they stand today."""

    def __init__(self, session: Session, now: Now) -> None:
        self._session, self._today = session, rome_day(now)

    async def answer(self, row: ServiceRow) -> ServiceAnswer:
        """One service."""
        (answer,) = await self.answers([row])
        return answer

    async def answers(self, rows: list[ServiceRow]) -> list[ServiceAnswer]:
        """Many: their prices are one query."""
        lists = await prices.known(self._session)
        return [ServiceAnswer.of(row, lists=lists, today=self._today) for row in rows]


Reader = Annotated[_Reader, Depends()]


class Filters(ByTime):
    """Which services."""

    status: ServiceStatus | None = None
    expires_before: CivilDate | None = None
    order_id: UUID | None = None
    titolare_id: UUID | None = None

    def conditions(self, *, today: date) -> list[ColumnElement[bool]]:
        """The same for the database."""
        wanted = [] if self.status is None else [services.standing(self.status, on=today)]
        if self.order_id is not None:
            wanted.append(ServiceRow.order_id == self.order_id)
        if self.expires_before is not None:
            wanted.append(ServiceRow.expires_on < self.expires_before)
        if self.titolare_id is not None:
            wanted.append(services.held_by(self.titolare_id))
        return wanted


@router.get("")
async def search(
    filters: Annotated[Filters, Query()], caller: AnyCaller, reader: Reader, session: Session, now: Now
) -> Page[ServiceAnswer]:
    """The caller's services, newest first."""
    conditions = filters.conditions(today=rome_day(now))
    rows = await services.page(session, *conditions, owner=caller.owner, before=filters.before, limit=filters.limit + 1)
    shown, next_ = cut(rows, filters.limit, mark=place)
    return Page(items=await reader.answers(list(shown)), next=next_)


def place(row: ServiceRow) -> str:
    """The place of a service in a list."""
    return f"{row.activated_at.isoformat()}|{row.id}"


@router.get("/{service_id}")
async def read(service: OwnService, reader: Reader, response: Response) -> ServiceAnswer:
    """One service."""
    return tag(response, await reader.answer(service))


@router.patch("/{service_id}", openapi_extra=IF_MATCH)
async def change(
    wish: RenewalChange,
    service: OwnService,
    caller: AnyCaller,
    reader: Reader,
    session: Session,
    request: Request,
    response: Response,
    now: Now,
) -> ServiceAnswer:
    """How it is to be renewed, from the next time on; or 409 ServiceTerminated, 422 TermOutOfRange."""
    row = await services.lock(session, service_id=service.id)
    check_match(request, await reader.answer(row))
    await renewal_changes.change(session, row, wish.model_dump(exclude_unset=True), now=now, actor=caller.actor)
    await session.commit()
    return tag(response, await reader.answer(row))


@router.post("/{service_id}/credential-mails", status_code=202)
async def mail_credentials(
    service: OwnService, caller: AnyCaller, session: Session, temporal: Temporal, __: NothingRequest | None = None
) -> CredentialMailAnswer:
    """A new one-time link to the responsabile della conservazione's PEC; limits as for contract mails."""
    sent = await mails.of_kind(session, order_id=service.order_id, kind=MailKind.CREDENTIALS)
    await session.commit()
    wish = CredentialMail(order_id=service.order_id, number=len(sent) + 1, actor=caller.actor)
    await client.mail_credentials(temporal, wish=wish)
    *_, newest = await mails.of_kind(session, order_id=service.order_id, kind=MailKind.CREDENTIALS)
    return CredentialMailAnswer(at=newest.at, state=newest.state)

"""The address book."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field

from api.etags import IF_MATCH, TaggedRoute, check_match, tag
from api.holdings import Erasure, Export, kept_answer
from api.keys import AnyCaller, PartnerId
from api.languages import is_english
from context import Now, Session
from db import erasures, holdings, titolari
from db.titolari import TitolareRow
from domain.calendar import rome_day
from domain.erasure import fields_of
from domain.identifiers import Text
from domain.titolari import Titolare
from front.paging import ByTime, Page, cut

router = APIRouter(prefix="/v1/titolari", tags=["titolari"], route_class=TaggedRoute)


class TitolareAnswer(Titolare):
    """A titolare, as the partner last wrote it."""

    id: UUID
    created_at: datetime

    @classmethod
    def of(cls, row: TitolareRow) -> "TitolareAnswer":
        """The row's value, its id and its age."""
        return cls.from_stored({**row.titolare.model_dump(), "id": row.id, "created_at": row.created_at})


class Search(ByTime):
    """`q`: words that occur in names, tax ids or PEC."""

    q: Annotated[Text, Field(max_length=200)] | None = None


@router.post("", status_code=201)
async def create(
    titolare: Titolare, partner_id: PartnerId, session: Session, now: Now, response: Response
) -> TitolareAnswer:
    """Register a titolare."""
    _check_born(titolare, now)
    row = TitolareRow(id=uuid4(), partner_id=partner_id, created_at=now, titolare=titolare)
    session.add(row)
    await session.commit()
    response.headers["Location"] = f"/v1/titolari/{row.id}"
    return tag(response, TitolareAnswer.of(row))


@router.get("")
async def search(filters: Annotated[Search, Query()], caller: AnyCaller, session: Session) -> Page[TitolareAnswer]:
    """The partner's titolari, newest first."""
    rows = await titolari.page(session, owner=caller.owner, q=filters.q, before=filters.before, limit=filters.limit + 1)
    shown, next_ = cut(rows, filters.limit, mark=lambda row: f"{row.created_at.isoformat()}|{row.id}")
    return Page(items=[TitolareAnswer.of(row) for row in shown], next=next_)


@router.get("/{titolare_id}")
async def read(titolare_id: UUID, caller: AnyCaller, session: Session, response: Response) -> TitolareAnswer:
    """One titolare."""
    return tag(response, TitolareAnswer.of(await titolari.read(session, titolare_id=titolare_id, owner=caller.owner)))


@router.put("/{titolare_id}", openapi_extra=IF_MATCH)
async def replace(
    titolare_id: UUID,
    titolare: Titolare,
    partner_id: PartnerId,
    session: Session,
    now: Now,
    request: Request,
    response: Response,
) -> TitolareAnswer:
    """Write a titolare anew, whole. Orders keep them as they were."""
    _check_born(titolare, now)
    row = await titolari.lock(session, titolare_id=titolare_id, owner=partner_id)
    check_match(request, TitolareAnswer.of(row))
    row.titolare = titolare
    await session.commit()
    return tag(response, TitolareAnswer.of(row))


@router.get("/{titolare_id}/export")
async def export(titolare_id: UUID, caller: AnyCaller, session: Session, now: Now, response: Response) -> Export:
    """Everything kept about a titolare, in one document (GDPR art. 15 and 20)."""
    row = await titolari.read(session, titolare_id=titolare_id, owner=caller.owner)
    held = await holdings.of_titolare(session, row)
    response.headers["Content-Disposition"] = f'attachment; filename="titolare-{row.id}.json"'
    response.headers["Cache-Control"] = "no-store"
    return Export.of(held, at=now)


@router.delete("/{titolare_id}")
async def erase(titolare_id: UUID, partner_id: PartnerId, session: Session, now: Now, request: Request) -> Erasure:
    """Forget a titolare (GDPR art. 17), save for what the law keeps; or 409 TitolareInUse."""
    row = await titolari.lock(session, titolare_id=titolare_id, owner=partner_id)
    if "if-match" in request.headers:
        check_match(request, TitolareAnswer.of(row))
    await erasures.check_unused(session, titolare_id=row.id)
    fields = fields_of(row.titolare)
    kept = await erasures.erase(session, row, at=now)
    await session.commit()
    words = [kept_answer(keeping, english=is_english(request)) for keeping in kept]
    return Erasure(id=row.id, erased=fields, kept=words)


def _check_born(titolare: Titolare, now: datetime) -> None:
    """Only who has a clock can say. Raises RequestValidationError."""
    if titolare.birth is not None and titolare.birth.date > rome_day(now):
        problem = {"type": "not_born_yet", "loc": ("body", "birth", "date"), "msg": "This day is still to come"}
        raise RequestValidationError([problem])

"""The address book."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field

from api.bodies import JsonRoute
from api.etags import tag
from api.keys import AnyCaller, PartnerId
from api.paging import ByTime, Page, cut
from context import Now, Session
from db import titolari
from db.titolari import TitolareRow
from domain.calendar import rome_day
from domain.identifiers import Text
from domain.titolari import Titolare

router = APIRouter(prefix="/v1/titolari", tags=["titolari"], route_class=JsonRoute)


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
    if titolare.birth is not None and titolare.birth.date > rome_day(now):
        problem = {
            "type": "not_born_yet",
            "loc": ("body", "birth", "date"),
            "msg": "This day is still to come",
        }
        raise RequestValidationError([problem])
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
    return tag(response, TitolareAnswer.of(await titolari.get(session, titolare_id=titolare_id, owner=caller.owner)))

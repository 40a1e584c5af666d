"""*Chiavi API*: what a partner's programs show. A key is told once; its form, sent twice, tells the same one."""

from typing import Annotated
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Form, Request, Response
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from context import Now, Process, Session
from db import partners, requests
from db.partners import ApiKeyRow
from domain.identifiers import Text
from domain.tokens import fingerprint, handed_over
from domain.users import Right
from front.errors import NoSuchResource
from panel.permissions import why_not
from panel.rendering import done, page
from panel.visitors import Manager, OfPartner, Visitor, partner_id

router = APIRouter(prefix="/chiavi")
NAME: TypeAdapter[str] = TypeAdapter(Text)
NO_NAME = "Scriva un nome, al massimo 200 caratteri: per esempio il programma che userà la chiave."

REVOKED = "Questa chiave è stata fatta, e da allora revocata: se serve, ne crei una nuova."


@router.get("")
async def show(request: Request, who: OfPartner, session: Session) -> Response:
    """Their names, and which are good."""
    return await _page(request, who, session)


@router.post("")
async def make(
    request: Request,
    who: Manager,
    made: Process,
    session: Session,
    now: Now,
    wish: Annotated[UUID, Form()],
    name: Annotated[str, Form()] = "",
) -> Response:
    """One more, told here and nowhere else."""
    try:
        called = NAME.validate_python(name)
    except ValidationError:
        return await _page(request, who, session, error=NO_NAME)
    row_id = uuid5(partner_id(who), f"api-key:{wish}")
    key = f"dfk_{handed_over(row_id, secret=made.secret)}"
    row = ApiKeyRow(
        id=row_id, fingerprint=fingerprint(key), partner_id=who.partner_id, name=called, created_at=now, revoked_at=None
    )
    if await requests.is_first(session, caller_id=partner_id(who), key=f"api-key:{wish}"):
        await partners.add_key(session, row)
        await session.commit()
    known = await _one(session, row_id, who)
    if known.revoked_at is not None:
        return page(request, "error", status=409, who=who, title="Già fatto", words=REVOKED)
    return page(request, "api_key", who=who, name=known.name, key=key)


@router.get("/{key_id}/revoca")
async def ask_to_revoke(request: Request, key_id: UUID, who: Manager, session: Session) -> Response:
    """What then no longer works."""
    return page(request, "api_key_revoke", who=who, key=await _one(session, key_id, who))


@router.post("/{key_id}/revoca")
async def revoke(key_id: UUID, who: Manager, session: Session, now: Now) -> Response:
    """It opens nothing any more; twice is once."""
    row = await _one(session, key_id, who)
    row.revoked_at = row.revoked_at or now
    await session.commit()
    return done("/chiavi")


async def _one(session: AsyncSession, key_id: UUID, who: Visitor) -> ApiKeyRow:
    if (row := await partners.key_of(session, key_id=key_id, partner_id=partner_id(who))) is None:
        raise NoSuchResource
    return row


async def _page(request: Request, who: Visitor, session: AsyncSession, *, error: str | None = None) -> Response:
    return page(
        request,
        "api_keys",
        status=422 if error else 200,
        who=who,
        rows=await partners.keys(session, partner_id=partner_id(who)),
        why_not=why_not(who, Right.PEOPLE),
        wish=uuid4(),
        error=error,
    )

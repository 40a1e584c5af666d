"""Who asks: API keys, of partners and of operators."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from context import Session
from db import partners
from domain.errors import OnlyOperators, OnlyPartners, Unauthenticated
from domain.tokens import fingerprint
from front.callers import Caller


async def caller(request: Request, session: Session) -> Caller:
    """The caller, by `Authorization: Bearer dfk_…`. Raises Unauthenticated."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.isascii():
        raise Unauthenticated
    key = await partners.key(session, fingerprint=fingerprint(token.strip()))
    await session.commit()
    if key is None:
        raise Unauthenticated
    return Caller(id=key.id, partner_id=key.partner_id)


AnyCaller = Annotated[Caller, Depends(caller)]


def partner(asks: AnyCaller) -> UUID:
    """The partner that asks. Raises OnlyPartners."""
    if asks.partner_id is None:
        raise OnlyPartners
    return asks.partner_id


def operator(asks: AnyCaller) -> Caller:
    """The operator that asks. Raises OnlyOperators."""
    if not asks.is_operator:
        raise OnlyOperators
    return asks


PartnerId = Annotated[UUID, Depends(partner)]
Operator = Annotated[Caller, Depends(operator)]

"""Who asks: API keys, of partners and of operators."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from context import Session
from db import partners
from domain.errors import OnlyOperators, OnlyPartners, Unauthenticated
from domain.tokens import fingerprint
from front.callers import Caller

BEARER = HTTPBearer(scheme_name="key", description="An API key: `Bearer dfk_…`", auto_error=False)


async def caller(
    session: Session, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)]
) -> Caller:
    """The caller, by `Authorization: Bearer dfk_…`. Raises Unauthenticated."""
    if credentials is None or not credentials.credentials.isascii():
        raise Unauthenticated
    key = await partners.key(session, fingerprint=fingerprint(credentials.credentials.strip()))
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

"""Who asks: API keys, of partners and of operators."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from context import Session
from db import partners
from db.base import EVERY_PARTNER, Owner
from domain.errors import OnlyOperators, OnlyPartners, Unauthenticated
from domain.lifecycle import Actor
from domain.tokens import fingerprint


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The holder of a key. An operator has no partner, and sees them all."""

    key_id: UUID
    partner_id: UUID | None

    @property
    def owner(self) -> Owner:
        """Whose rows the caller may read."""
        return self.partner_id or EVERY_PARTNER

    @property
    def is_operator(self) -> bool:
        """Whether it is one of us."""
        return self.partner_id is None

    @property
    def requester_id(self) -> UUID:
        """Whose Idempotency-Keys theirs are: a partner's programs share them."""
        return self.partner_id or self.key_id

    @property
    def actor(self) -> Actor:
        """As what they move."""
        return Actor.OPERATOR if self.is_operator else Actor.PARTNER


async def caller(request: Request, session: Session) -> Caller:
    """The caller, by `Authorization: Bearer dfk_…`. Raises Unauthenticated."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.isascii():
        raise Unauthenticated
    key = await partners.key(session, fingerprint=fingerprint(token.strip()))
    await session.commit()
    if key is None:
        raise Unauthenticated
    return Caller(key_id=key.id, partner_id=key.partner_id)


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

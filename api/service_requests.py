"""The bodies of a service's requests, and of everything that can be quoted."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Discriminator, Field, Tag

from api.fields import Euros
from api.requests import OrderRequest
from db.services import ServiceRow
from domain.identifiers import CivilDate
from domain.lifecycle import Actor
from domain.model import Value
from domain.products import LONGEST_TERM_YEARS, Extra, RenewalMode
from domain.service_orders import Renewal, SpaceOrder

Years = Annotated[int, Field(ge=1, le=max(LONGEST_TERM_YEARS.values()), strict=True)]
"""What some product can be renewed for; the service's own limit is TermOutOfRange."""

MoreGb = Annotated[Extra, Field(ge=1)]


class RenewalChange(Value):
    """What is to be another; what is left out stays."""

    renewal_mode: RenewalMode = RenewalMode.AUTOMATIC
    renewal_years: Years = 1


class RenewalRequest(Value):
    """A renewal on request. `expires_on`: the expiry that the caller has seen, so that nobody renews twice."""

    years: Years
    expires_on: CivilDate
    expected_total: Euros | None = None


class SpaceRequest(Value):
    """More space."""

    gb: MoreGb
    expected_total: Euros | None = None


def renewal_of(wish: RenewalRequest, *, service: ServiceRow, asked_by: Actor, request_id: UUID) -> Renewal:
    """The domain's value. Its period starts at the expiry that the caller has seen."""
    return Renewal(
        service_id=service.id,
        order_id=service.order_id,
        period_start=wish.expires_on,
        years=wish.years,
        asked_by=asked_by,
        expected_total_cents=wish.expected_total and wish.expected_total.cents,
        request_id=request_id,
    )


def space_order_of(wish: SpaceRequest, *, service: ServiceRow, asked_by: Actor, purchase_id: UUID) -> SpaceOrder:
    """The domain's value."""
    return SpaceOrder(
        purchase_id=purchase_id,
        service_id=service.id,
        order_id=service.order_id,
        gb=wish.gb,
        asked_by=asked_by,
        expected_total_cents=wish.expected_total and wish.expected_total.cents,
    )


class RenewalQuoteRequest(Value):
    """What a renewal would cost today."""

    service_id: UUID
    years: Years


class SpaceQuoteRequest(Value):
    """What more space would cost today."""

    service_id: UUID
    gb: MoreGb


class Quoted(StrEnum):
    """What can be quoted: the branches of the union, which are no fields."""

    ORDER = "order"
    RENEWAL = "renewal"
    SPACE = "space"


def _quoted(body: Any) -> Quoted:
    """By its fields: an order names no service; of a service, whoever names no GB means a renewal."""
    if not isinstance(body, dict) or "service_id" not in body:
        return Quoted.ORDER
    return Quoted.SPACE if "gb" in body and "years" not in body else Quoted.RENEWAL


QuoteRequest = Annotated[
    Annotated[OrderRequest, Tag(Quoted.ORDER)]
    | Annotated[RenewalQuoteRequest, Tag(Quoted.RENEWAL)]
    | Annotated[SpaceQuoteRequest, Tag(Quoted.SPACE)],
    Discriminator(_quoted),
]

"""What renewals cost, and which are charged where the credit covers only part of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from pydantic import NonNegativeInt

from domain.deeds import next_try_on
from domain.model import Value
from domain.partners import RenewalPriority
from domain.prices import Price, PriceList, in_force, quote_renewal
from domain.services import Service


def renewal_price(service: Service, *, years: int, under: PriceList) -> Price:
    """What a renewal costs under the list of the day on which it is charged.

    All that the service has is paid for again, for each year: the product, the starter kit as the kit it was
    ordered as (cheaper than its GB one by one), further users, archives and definitions; and as extra GB those that
    were ordered so or bought since. The base bundle is in the product's price.
    """
    return quote_renewal(service.options, added_gb=service.added_gb, years=years, under=under)


def next_renewal(service: Service, *, lists: Sequence[PriceList], today: date) -> tuple[date, Price] | None:
    """When it will be renewed by itself at the earliest, and what that costs; None where it won't be.

    Under the list of that day, as far as `lists` tell. Raises NoPriceList.
    """
    if (on := next_try_on(service, today=today)) is None:
        return None
    return on, renewal_price(service, years=service.renewal_years, under=in_force(lists, on=on))


class Claim(Value):
    """A renewal that is to be charged."""

    service_id: UUID
    expires_on: date
    total_cents: NonNegativeInt


class Allotment(Value):
    """What the credit covers, in the order in which it is charged; what not; and how much would cover that too."""

    charged: tuple[Claim, ...]
    left_out: tuple[Claim, ...]
    missing_cents: NonNegativeInt


def in_order(claims: Iterable[Claim], *, priority: RenewalPriority) -> tuple[Claim, ...]:
    """The claims in the partner's own order; equal ones by service id, so that every sweep has the same."""
    by_priority = {
        RenewalPriority.SOONEST_FIRST: lambda claim: (claim.expires_on, claim.service_id),
        RenewalPriority.CHEAPEST_FIRST: lambda claim: (claim.total_cents, claim.service_id),
    }
    return tuple(sorted(claims, key=by_priority[priority]))


def allot(claims: Iterable[Claim], *, balance_cents: int, priority: RenewalPriority) -> Allotment:
    """Charge one after the other what the credit still covers.

    A claim that it doesn't cover is left out and holds none of the later ones up: it is tried again tomorrow.
    """
    charged: list[Claim] = []
    left_out: list[Claim] = []
    for claim in in_order(claims, priority=priority):
        if claim.total_cents <= balance_cents:
            balance_cents -= claim.total_cents
            charged.append(claim)
        else:
            left_out.append(claim)
    missing_cents = max(sum(claim.total_cents for claim in left_out) - balance_cents, 0)
    return Allotment(charged=tuple(charged), left_out=tuple(left_out), missing_cents=missing_cents)

"""How the tests come by a service."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from domain.calendar import add_years
from domain.products import DocflyOptions, Product, RenewalMode
from domain.services import Service

SERVICE = UUID("0b8b3a52-6f0e-5d1c-9f4c-2f0f6a3f1d11")
START = date(2026, 3, 10)
EXPIRY = date(2027, 3, 10)
BASE = DocflyOptions(product=Product.DOCFLY)


def a_service(*, starts_on: date = START, years: int = 1, **changes: Any) -> Service:
    """A service in its first term, which is to be renewed for as many years."""
    kept: dict[str, Any] = {
        "id": SERVICE,
        "starts_on": starts_on,
        "expires_on": add_years(starts_on, years=years),
        "renewal_mode": RenewalMode.AUTOMATIC,
        "renewal_years": years,
        "options": BASE,
    }
    return Service(**kept | changes)


def from_expiry(days: int) -> date:
    """A civil day, counted from the expiry of the service that nobody changed."""
    return EXPIRY + timedelta(days=days)

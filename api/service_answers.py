"""What the API says of a service, out of its row."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel

from api.answers import Named, PriceAnswer
from api.etags import Restless
from db.mails import MailState
from db.services import ServiceRow
from domain.prices import PriceList
from domain.products import Product, RenewalMode
from domain.renewals import next_renewal
from domain.services import Service, ServiceStatus, StatusReason, status_on, status_reason
from domain.titolari import display_name


class NextRenewal(BaseModel):
    """What will be charged by itself, and when it is tried first: under the list of that day, as far as it is known."""

    on: date
    price: PriceAnswer


class SpaceAnswer(BaseModel):
    """What there is, what the provider said was used, and when it will be full at this pace."""

    bought_gb: int
    used_bytes: int
    full_on: date | None


class ServiceAnswer(Restless):
    """A service."""

    MOVE_BY_THEMSELVES: ClassVar = {
        "status": True,
        "status_reason": True,
        "next_renewal": True,
        "space": {"used_bytes": True, "full_on": True},
    }

    id: UUID
    order_id: UUID
    product: Product
    titolare: Named
    status: ServiceStatus
    status_reason: StatusReason | None
    starts_on: date
    expires_on: date
    renewal_mode: RenewalMode
    renewal_years: int
    next_renewal: NextRenewal | None
    """None where nothing is renewed by itself."""
    space: SpaceAnswer
    users: int
    archives: int
    definitions: int

    @classmethod
    def of(cls, row: ServiceRow, *, lists: Sequence[PriceList], today: date) -> "ServiceAnswer":
        """The row and its order, as it stands today, also before the sweep. `lists`: all that are known."""
        service = row.service
        status = status_on(service, on=today)
        return cls(
            order_id=row.order_id,
            product=service.options.product,
            titolare=holder(row),
            status=status,
            status_reason=status_reason(status, is_full=row.is_full),
            next_renewal=_next_renewal(service, lists=lists, today=today),
            space=SpaceAnswer(bought_gb=service.quotas.gb, used_bytes=row.used_bytes, full_on=row.full_on),
            **{name: getattr(service, name) for name in _AS_THEY_ARE},
            **service.quotas.model_dump(exclude={"gb"}),
        )


_AS_THEY_ARE = ("id", "starts_on", "expires_on", "renewal_mode", "renewal_years")


def holder(row: ServiceRow) -> Named:
    """Whose service it is, as they were called when it was ordered."""
    return Named(id=row.order.titolare_id, name=display_name(row.order.titolare))


def _next_renewal(service: Service, *, lists: Sequence[PriceList], today: date) -> NextRenewal | None:
    if (coming := next_renewal(service, lists=lists, today=today)) is None:
        return None
    on, price = coming
    return NextRenewal(on=on, price=PriceAnswer.of(price))


class CredentialMailAnswer(BaseModel):
    """The newest mail of credentials and how far it has come."""

    at: datetime
    to: Literal["pec"] = "pec"
    state: MailState

"""What travels through the workflows of services: ids, amounts, dates and enums, nobody's data.

These values live in histories: a field may be added with a default, none may get stricter.
"""

from datetime import date, datetime
from uuid import UUID

from pydantic import AwareDatetime

from domain.calendar import rome_day
from domain.lifecycle import Actor
from domain.model import Value


class Renewal(Value):
    """A wish for the renewal of one period."""

    service_id: UUID
    order_id: UUID
    period_start: date
    """The expiry that whoever asks has seen."""
    years: int
    asked_by: Actor
    expected_total_cents: int | None = None
    request_id: UUID | None = None
    """People's: its repeat is the same wish."""
    at: AwareDatetime | None = None
    """When a sweep asks: the instant for which it acts."""


class Renewing(Value):
    """Charge a renewal and move the expiry."""

    renewal: Renewal
    at: AwareDatetime
    try_id: UUID
    """The workflow's run: also when it does this step anew, at another time, it is the same try. In no history."""


class SpaceOrder(Value):
    """A wish for more GB. Its id is the request's: a repeat is the same wish."""

    purchase_id: UUID
    service_id: UUID
    order_id: UUID
    gb: int
    asked_by: Actor
    expected_total_cents: int | None = None


class BuyingSpace(Value):
    """Charge more GB and grant them."""

    purchase: SpaceOrder
    at: AwareDatetime


class Sweep(Value):
    """The sweep of a civil day, as of an instant."""

    at: AwareDatetime
    """Its nominal time, where it is to begin; the present, where it does something."""
    after: UUID | None = None
    """Where it goes on: partners, and services, are gone through by id."""

    @property
    def day(self) -> date:
        """The civil day it acts for."""
        return rome_day(self.at)

    def later(self, *, after: UUID) -> "Sweep":
        """The rest of it."""
        return self.model_copy(update={"after": after})

    def as_of(self, now: datetime) -> "Sweep":
        """A day to come is done as of its own time; one that was held up, as of now: so what piled up collapses."""
        return self.model_copy(update={"at": max(self.at, now)})


class PartnerDay(Value):
    """One partner in a sweep."""

    partner_id: UUID
    at: AwareDatetime


class Renewals(Value):
    """The renewals that a partner's credit covers, in the partner's order of priority."""

    partner_id: UUID
    wishes: tuple[Renewal, ...]


class Delivered(Value):
    """Some mails that were tried, up to the last, oldest first; there may be more after it, but not after none."""

    last: UUID | None
    are_delayed: bool = False
    """Some of them have to be tried again."""


class Batch(Value):
    """Some ids, in order; there may be more after the last one."""

    ids: tuple[UUID, ...]

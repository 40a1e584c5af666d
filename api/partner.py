"""What the partner has set for itself."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api.etags import IF_MATCH, TaggedRoute, check_match, tag
from api.fields import Euros
from api.keys import PartnerId
from api.money import Money, money
from context import Session
from db import partners
from db.partners import PartnerRow
from domain.identifiers import Email
from domain.model import Value
from domain.partners import ReminderDay, RenewalPriority

router = APIRouter(prefix="/v1/partner", tags=["partner"], route_class=TaggedRoute)


class PartnerAnswer(BaseModel):
    """Where the partner is told of things, and when its customers are reminded (days after placing)."""

    notification_addresses: list[str]
    low_credit_threshold: Money | None
    renewal_priority: RenewalPriority
    reminder_days: list[int]

    @classmethod
    def of(cls, row: PartnerRow) -> "PartnerAnswer":
        """The row's settings."""
        threshold = row.low_credit_threshold_cents
        return cls(
            notification_addresses=row.notification_addresses,
            low_credit_threshold=None if threshold is None else money(threshold),
            renewal_priority=row.renewal_priority,
            reminder_days=row.reminder_days,
        )


class PartnerChange(Value):
    """What is to be another; what is left out stays. Without a threshold nobody is warned."""

    notification_addresses: Annotated[tuple[Email, ...], Field(min_length=1, max_length=10)] = ()
    low_credit_threshold: Euros | None = None
    renewal_priority: RenewalPriority = RenewalPriority.SOONEST_FIRST
    reminder_days: Annotated[tuple[ReminderDay, ...], Field(max_length=10)] = ()

    @property
    def columns(self) -> dict[str, Any]:
        """The same for the row; defaults are nobody's wish."""
        threshold = self.low_credit_threshold
        wishes = {
            "notification_addresses": list(dict.fromkeys(self.notification_addresses)),
            "low_credit_threshold_cents": None if threshold is None else threshold.cents,
            "renewal_priority": self.renewal_priority,
            "reminder_days": sorted(set(self.reminder_days)),
        }
        return {name: wish for name, wish in wishes.items() if name.removesuffix("_cents") in self.model_fields_set}


@router.get("")
async def read(partner_id: PartnerId, session: Session, response: Response) -> PartnerAnswer:
    """The partner's settings."""
    return tag(response, PartnerAnswer.of(await partners.get(session, partner_id=partner_id)))


@router.patch("", openapi_extra=IF_MATCH)
async def change(
    change: PartnerChange, partner_id: PartnerId, session: Session, request: Request, response: Response
) -> PartnerAnswer:
    """Change some. They count from the next order, mail or renewal on."""
    row = await partners.lock(session, partner_id=partner_id)
    check_match(request, PartnerAnswer.of(row))
    for name, value in change.columns.items():
        setattr(row, name, value)
    await session.commit()
    return tag(response, PartnerAnswer.of(row))

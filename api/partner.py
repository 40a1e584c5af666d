"""What the partner has set for itself."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, field_validator
from pydantic_core import PydanticCustomError

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
    """What is to be another; what is left out stays. Only the threshold may be null: then nobody is warned."""

    notification_addresses: Annotated[tuple[Email, ...], Field(min_length=1, max_length=10)] | None = None
    low_credit_threshold: Euros | None = None
    renewal_priority: RenewalPriority | None = None
    reminder_days: Annotated[tuple[ReminderDay, ...], Field(max_length=10)] | None = None

    @field_validator("notification_addresses", "renewal_priority", "reminder_days", mode="before")
    @classmethod
    def _is_something(cls, value: Any) -> Any:
        if value is None:  # left out is another thing: defaults aren't judged
            raise PydanticCustomError("null", "Leave it out to keep it as it is")
        return value

    @property
    def columns(self) -> dict[str, Any]:
        """The same for the row."""
        wishes = {
            "notification_addresses": lambda: list(dict.fromkeys(self.notification_addresses or ())),
            "low_credit_threshold_cents": lambda: self.low_credit_threshold and self.low_credit_threshold.cents,
            "renewal_priority": lambda: self.renewal_priority,
            "reminder_days": lambda: sorted(set(self.reminder_days or ())),
        }
        return {name: wish() for name, wish in wishes.items() if name.removesuffix("_cents") in self.model_fields_set}


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

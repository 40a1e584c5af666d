"""*Impostazioni*: where the partner is told of things, from which credit on, and when its titolari are reminded."""

import re
from hashlib import sha256
from typing import Annotated, Any, Self

from fastapi import APIRouter, Form, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from context import Session
from db import partners
from db.partners import PartnerRow
from domain.identifiers import Email
from domain.partners import ReminderDay, RenewalPriority
from domain.users import Right
from front.field_words import italian
from panel.fields import cents_of
from panel.rendering import done, page
from panel.visitors import OfPartner, Treasurer, Visitor, partner_id

router = APIRouter(prefix="/impostazioni")
PRIORITIES = {
    RenewalPriority.SOONEST_FIRST: "prima quelli che scadono prima",
    RenewalPriority.CHEAPEST_FIRST: "prima quelli che costano meno",
}
KINDS: dict[str, TypeAdapter[Any]] = {
    "notification_addresses": TypeAdapter(
        Annotated[
            list[Email], Field(min_length=1, max_length=10), AfterValidator(lambda known: list(dict.fromkeys(known)))
        ]
    ),
    "reminder_days": TypeAdapter(
        Annotated[list[ReminderDay], Field(max_length=10), AfterValidator(lambda known: sorted(set(known)))]
    ),
}
CONFLICT = 409
DAY = re.compile(r"[0-9]{1,3}", re.ASCII)


class Entered(BaseModel):
    """What was typed in, to be shown again where something is wrong with it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    notification_addresses: Annotated[str, Field(max_length=4_000)] = ""
    low_credit_threshold: Annotated[str, Field(max_length=20)] = ""
    renewal_priority: RenewalPriority = RenewalPriority.SOONEST_FIRST
    reminder_days: Annotated[str, Field(max_length=200)] = ""
    seen: str = ""
    """What they were when the page was made."""

    @classmethod
    def of(cls, row: PartnerRow) -> Self:
        """As they are."""
        cents = row.low_credit_threshold_cents
        shown = {
            "notification_addresses": "\n".join(row.notification_addresses),
            "low_credit_threshold": "" if cents is None else f"{cents // 100},{cents % 100:02d}",
            "renewal_priority": row.renewal_priority,
            "reminder_days": ", ".join(map(str, row.reminder_days)),
        }
        return cls(**shown, seen=sha256(repr(shown).encode()).hexdigest())


@router.get("")
async def show(request: Request, who: OfPartner, session: Session) -> Response:
    """As they are."""
    row = await partners.get(session, partner_id=partner_id(who))
    return _page(request, who, Entered.of(row))


@router.post("")
async def change(request: Request, who: Treasurer, session: Session, entered: Annotated[Entered, Form()]) -> Response:
    """They count from the next order, mail or renewal on. What somebody else has changed meanwhile is shown first."""
    wishes, errors = _read(entered)
    if errors:
        return _page(request, who, entered, status=422, errors=errors)
    row = await partners.lock(session, partner_id=partner_id(who))
    if all(getattr(row, name) == value for name, value in wishes.items()):
        return done("/impostazioni")  # perhaps by the same finger
    if entered.seen != (seen := Entered.of(row).seen):
        return _page(request, who, entered.model_copy(update={"seen": seen}), status=409)
    for name, value in wishes.items():
        setattr(row, name, value)
    await session.commit()
    return done("/impostazioni")


def _read(entered: Entered) -> tuple[dict[str, Any], dict[str, str]]:
    """The row's columns; and beside which field something is wrong."""
    given = {
        "notification_addresses": entered.notification_addresses.split(),
        "reminder_days": _numbers(entered.reminder_days),
    }
    wishes: dict[str, Any] = {"renewal_priority": entered.renewal_priority}
    errors: dict[str, str] = {}
    for name, kind in KINDS.items():
        try:
            wishes[name] = kind.validate_python(given[name])
        except ValidationError as error:
            errors[name] = italian(error.errors(include_input=False, include_url=False)[0])
    wishes["low_credit_threshold_cents"] = cents = cents_of(entered.low_credit_threshold)
    if cents is None and entered.low_credit_threshold.strip():
        errors["low_credit_threshold"] = "Scriva un importo come 50,00; lo lasci vuoto per non avere avvisi."
    return wishes, errors


def _numbers(typed: str) -> list[object]:
    """Whole numbers; what is none stays a text, to be refused."""
    words = typed.replace(",", " ").split()
    return [int(word) if DAY.fullmatch(word) else word for word in words]


def _page(
    request: Request, who: Visitor, entered: Entered, *, status: int = 200, errors: dict[str, str] | None = None
) -> Response:
    return page(
        request,
        "preferences",
        status=status,
        who=who,
        entered=entered,
        errors=errors or {},
        was_changed=status == CONFLICT,
        priorities=PRIORITIES,
        may_change=Right.MONEY in who.rights,
    )

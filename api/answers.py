"""What the API says of an order, out of its row."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.etags import Restless
from api.money import Money, money
from db.mails import MailState
from db.orders import OrderRow
from domain.errors import DomainError, TooEarlyToResend
from domain.ledger import Cause
from domain.lifecycle import Action, Actor, CancelReason, Status
from domain.mails import Box, MailKind
from domain.orders import Recipient
from domain.prices import Item, Price
from domain.products import Product
from domain.titolari import display_name
from domain.words import STATUS_LABELS


class Named(BaseModel):
    """Somebody, by id and name."""

    id: UUID
    name: str


class LineAnswer(BaseModel):
    """One line of a price."""

    item: Item
    quantity: int
    years: int
    unit_net: Money
    net: Money


class PriceAnswer(BaseModel):
    """A price, line by line."""

    lines: list[LineAnswer]
    net: Money
    vat: Money
    total: Money

    @classmethod
    def of(cls, price: Price) -> "PriceAnswer":
        """The domain's price, as the API writes money."""
        lines = [
            LineAnswer(
                item=line.item,
                quantity=line.quantity,
                years=line.years,
                unit_net=money(line.unit_net_cents),
                net=money(line.net_cents),
            )
            for line in price.lines
        ]
        amounts = {"net": price.net_cents, "vat": price.vat_cents, "total": price.total_cents}
        return cls(lines=lines, **{name: money(cents) for name, cents in amounts.items()})


class ResponsabiliAnswer(BaseModel):
    """The titolari in the two roles."""

    conservazione: UUID
    produzione: UUID


class NextAction(BaseModel):
    """Whose move it is."""

    actor: Actor
    action: str
    due_at: datetime | None = None


class AllowedAction(BaseModel):
    """Whether the caller may do something now; if not, the error it would get, and from when it may."""

    model_config = ConfigDict(populate_by_name=True)

    action: Action
    allowed: bool
    why_not: str | None = None
    from_: datetime | None = Field(default=None, alias="from")

    @classmethod
    def of(cls, action: Action, refusal: DomainError | None) -> "AllowedAction":
        """What the domain says, in the API's words."""
        since = refusal.can_resend_at if isinstance(refusal, TooEarlyToResend) else None
        why = None if refusal is None else type(refusal).__name__
        return cls(action=action, allowed=refusal is None, why_not=why, from_=since)


class ContractMail(BaseModel):
    """One contract mail and how far it has come."""

    at: datetime
    to: Recipient
    state: MailState


class Held(BaseModel):
    """Since when, and why, nothing moves."""

    at: datetime
    reason: str = "unknown_partner"


class OrderAnswer(Restless):
    """An order."""

    MOVE_BY_THEMSELVES: ClassVar = {"allowed_actions": True, "contract_mails": {"__all__": {"state"}}}

    id: UUID
    number: str
    external_id: str | None
    product: Product
    status: Status
    status_label: str
    reason: CancelReason | None
    titolare: Named
    options: dict[str, Any]
    price: PriceAnswer
    responsabili: ResponsabiliAnswer | None
    missing: list[str]
    next_action: NextAction | None
    allowed_actions: list[AllowedAction]
    contract_mails: list[ContractMail]
    placed_at: datetime
    accepted_at: datetime | None
    activated_at: datetime | None
    cancelled_at: datetime | None
    service_id: UUID | None
    held: Held | None
    charged: Money
    refunded: Money

    @classmethod
    def of(cls, row: OrderRow, *, allowed_actions: list[AllowedAction]) -> "OrderAnswer":
        """The answer; what the caller may do was worked out for them."""
        return cls(
            **{name: getattr(row, name) for name in _AS_THEY_ARE},
            status_label=STATUS_LABELS[row.status],
            titolare=Named(id=row.titolare_id, name=display_name(row.titolare)),
            options=row.options.model_dump(mode="json", exclude={"product"}),
            price=PriceAnswer.of(row.price),
            responsabili=_responsabili(row),
            missing=_missing(row),
            next_action=_next_action(row),
            allowed_actions=allowed_actions,
            contract_mails=[
                ContractMail(at=mail.at, to=_recipient(mail.box), state=mail.state)
                for mail in row.mails
                if mail.kind is MailKind.CONTRACT_ACCEPTANCE
            ],
            service_id=row.service and row.service.id,
            held=None if row.held_at is None else Held(at=row.held_at),
            charged=_moved(row, Cause.ORDER),
            refunded=_moved(row, Cause.REFUND),
        )


_AS_THEY_ARE = (
    "id",
    "number",
    "external_id",
    "product",
    "status",
    "reason",
    "placed_at",
    "accepted_at",
    "activated_at",
    "cancelled_at",
)

_MOVES = {
    Status.AWAITING_DOCUMENTS: "accept_contract",
    Status.AWAITING_RESPONSABILE: "assign_responsabili",
    Status.ACTIVATING: "open_account",
    Status.ACTIVATION_FAILED: "retry_activation",
}


def _responsabili(row: OrderRow) -> ResponsabiliAnswer | None:
    if not row.responsabili:
        return None
    return ResponsabiliAnswer(**{responsabile.role: responsabile.titolare_id for responsabile in row.responsabili})


def _missing(row: OrderRow) -> list[str]:
    if row.status.is_final:
        return []
    gates = {"acceptance": row.accepted_at, "responsabili": row.responsabili}
    return [gate for gate, opened in gates.items() if not opened]


def _next_action(row: OrderRow) -> NextAction | None:
    if row.status.mover is None:
        return None
    if row.held_at is not None:
        return NextAction(actor=Actor.OPERATOR, action="release")
    due_at = row.accept_by if row.status is Status.AWAITING_DOCUMENTS else None
    return NextAction(actor=row.status.mover, action=_MOVES[row.status], due_at=due_at)


def _recipient(box: Box) -> Recipient:
    return Recipient.PEC if box is Box.PEC else Recipient.EMAIL


def _moved(row: OrderRow, cause: Cause) -> Money:
    return money(sum(transfer.amount_cents for transfer in row.transfers if transfer.cause is cause))

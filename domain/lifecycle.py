"""The life of an order: whose move it is, and what may be done when (the domain's tables, as code)."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from domain.errors import (
    DocumentsClosed,
    DomainError,
    NotActivationFailed,
    NotAwaitingDocuments,
    OrderNotCancellable,
    ResponsabiliNotAssignable,
)


class Actor(StrEnum):
    """Who moves."""

    TITOLARE = "titolare"
    PARTNER = "partner"
    OPERATOR = "operator"
    PROVIDER = "provider"
    SYSTEM = "system"


class Status(StrEnum):
    """Where an order stands."""

    AWAITING_DOCUMENTS = "awaiting_documents"
    """The titolare's move: accept the contract."""
    AWAITING_RESPONSABILE = "awaiting_responsabile"
    """The partner's move: assign the responsabili."""
    ACTIVATING = "activating"
    """The provider's move: open the account."""
    ACTIVATION_FAILED = "activation_failed"
    """An operator's move: retry, or cancel."""
    ACTIVE = "active"
    """Nobody's move: final for the order; the service lives on."""
    CANCELLED = "cancelled"
    """Nobody's move: final; the credit went back exactly once."""

    @property
    def mover(self) -> Actor | None:
        """Whose move it is."""
        return MOVERS.get(self)

    @property
    def is_final(self) -> bool:
        """Whether the order has ended."""
        return self not in MOVERS


MOVERS = {
    Status.AWAITING_DOCUMENTS: Actor.TITOLARE,
    Status.AWAITING_RESPONSABILE: Actor.PARTNER,
    Status.ACTIVATING: Actor.PROVIDER,
    Status.ACTIVATION_FAILED: Actor.OPERATOR,
}


class Outcome(StrEnum):
    """How an order ends. Refused at placing: there never was one."""

    REFUSED = "refused"
    ACTIVATED = "activated"
    CANCELLED = "cancelled"


class CancelReason(StrEnum):
    """Why an order was cancelled."""

    PARTNER_REQUEST = "partner_request"
    OPERATOR_REQUEST = "operator_request"
    DECLINED = "declined"
    ACCEPTANCE_EXPIRED = "acceptance_expired"
    ACTIVATION_REFUSED = "activation_refused"


CANCELLATIONS = frozenset(
    {CancelReason.PARTNER_REQUEST, CancelReason.OPERATOR_REQUEST, CancelReason.ACTIVATION_REFUSED}
)
"""What people of the partner's or ours cancel for."""


def cancel_reason(actor: Actor, status: Status) -> CancelReason:
    """Why an order is cancelled by people of the partner's or ours, by where it stands."""
    if actor is not Actor.OPERATOR:
        return CancelReason.PARTNER_REQUEST
    refused = status is Status.ACTIVATION_FAILED
    return CancelReason.ACTIVATION_REFUSED if refused else CancelReason.OPERATOR_REQUEST


class Account(StrEnum):
    """What the provider holds for an order."""

    UNKNOWN = "unknown"
    """It was asked, and the answer isn't known yet."""
    ACTIVE = "active"
    REFUSED = "refused"
    REVOKED = "revoked"


class Action(StrEnum):
    """What people may do with an order. The first five are the names the API answers with."""

    RESEND = "resend"
    ASSIGN_RESPONSABILI = "assign_responsabili"
    ADD_DOCUMENT = "add_document"
    CANCEL = "cancel"
    RETRY_ACTIVATION = "retry_activation"
    DECIDE = "decide"
    """Accept, decline, or report "I don't know this partner": the titolare's."""
    EXTEND = "extend"
    """Give the titolare more time."""
    CORRECT_CONTACTS = "correct_contacts"
    """Mend the addresses that were frozen into the order."""


_OPEN = frozenset(MOVERS)

ALLOWED: dict[Action, frozenset[Status]] = {
    Action.RESEND: frozenset({Status.AWAITING_DOCUMENTS}),
    Action.ASSIGN_RESPONSABILI: _OPEN - {Status.ACTIVATING},
    Action.ADD_DOCUMENT: _OPEN | {Status.ACTIVE},
    Action.CANCEL: _OPEN,
    Action.RETRY_ACTIVATION: frozenset({Status.ACTIVATION_FAILED}),
    Action.DECIDE: frozenset({Status.AWAITING_DOCUMENTS}),
    Action.EXTEND: frozenset({Status.AWAITING_DOCUMENTS}),
    Action.CORRECT_CONTACTS: frozenset({Status.AWAITING_DOCUMENTS}),
}


def check(action: Action, status: Status | None) -> None:
    """Raise the error that says why not. Panel, API, workflow and database all ask here."""
    if (refusal := why_not(action, status)) is not None:
        raise refusal


def why_not(action: Action, status: Status | None) -> DomainError | None:
    """The error that says why an action can't be done now, if it can't. `None` status: not placed."""
    if status in ALLOWED[action]:
        return None
    match action:
        case Action.RESEND | Action.DECIDE | Action.EXTEND | Action.CORRECT_CONTACTS:
            return NotAwaitingDocuments()
        case Action.ASSIGN_RESPONSABILI:
            return ResponsabiliNotAssignable()
        case Action.ADD_DOCUMENT:
            return DocumentsClosed()
        case Action.CANCEL:
            return OrderNotCancellable()
        case Action.RETRY_ACTIVATION:
            return NotActivationFailed()
        case _:
            assert_never(action)


def at_the_gates(*, accepted: bool, assigned: bool) -> Status:
    """The first gate that is still shut; they open in either order."""
    if not accepted:
        return Status.AWAITING_DOCUMENTS
    return Status.ACTIVATING if assigned else Status.AWAITING_RESPONSABILE

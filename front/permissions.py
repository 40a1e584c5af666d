"""What a caller may do with an order now: the domain's table, and who asks."""

from datetime import datetime

from db.orders import OrderRow
from domain import services
from domain.calendar import rome_day
from domain.errors import DomainError, OnlyOperators, OrderHeld
from domain.lifecycle import Action, why_not
from domain.mails import MailKind
from domain.resends import why_no_resend
from domain.services import ServiceAction
from front.callers import Caller

SHOWN = (Action.RESEND, Action.ASSIGN_RESPONSABILI, Action.ADD_DOCUMENT, Action.CANCEL, Action.RETRY_ACTIVATION)


def refusals(row: OrderRow, caller: Caller, *, now: datetime) -> dict[Action, DomainError | None]:
    """Each action that people are shown, and if it isn't allowed, the error that it would meet."""
    return {action: _refusal(action, row, caller, now=now) for action in SHOWN}


def why_no_credentials(row: OrderRow, caller: Caller, *, now: datetime) -> DomainError | None:
    """The error that one more mail of credentials would meet, of an order that has left a service."""
    sent_at = [mail.at for mail in row.mails if mail.kind is MailKind.CREDENTIALS]
    if row.service is None or not sent_at:
        return None
    ended = services.why_not(ServiceAction.MAIL_CREDENTIALS, row.service.service, on=rome_day(now))
    return ended or why_no_resend(sent_at, now=now, unhurried=not caller.is_operator)


def _refusal(action: Action, row: OrderRow, caller: Caller, *, now: datetime) -> DomainError | None:
    if (refusal := why_not(action, row.status)) is not None:
        return refusal
    match action:
        case Action.RESEND:
            if row.held_at is not None:
                return OrderHeld()
            sent_at = [mail.at for mail in row.mails if mail.kind is MailKind.CONTRACT_ACCEPTANCE]
            return why_no_resend(sent_at, now=now, unhurried=not caller.is_operator)
        case Action.RETRY_ACTIVATION if not caller.is_operator:
            return OnlyOperators()
        case _:
            return None

"""Names that travel between web, worker and terminal."""

from datetime import date
from uuid import UUID

ORDERS = "orders"
"""The queue of workflows and of the database's work."""

MAIL_QUEUE = "mail"
PROVIDER_QUEUE = "provider"
"""The queues of what is slow or down now and then: neither may hold up the other, or the orders."""

DISPATCH = "dispatch"
"""The one workflow that tells what sweeps have left to tell."""


def credential_mail_workflow_id(mail_id: UUID) -> str:
    """The workflow of a mail of credentials."""
    return f"credentials-{mail_id}"


def order_workflow_id(order_id: UUID) -> str:
    """The workflow of an order."""
    return f"order-{order_id}"


def renewal_workflow_id(service_id: UUID, *, period_start: date) -> str:
    """The workflow of a service's renewal for a period."""
    return f"renewal-{service_id}-{period_start}"


def space_workflow_id(purchase_id: UUID) -> str:
    """The workflow of a purchase of space."""
    return f"space-{purchase_id}"

"""Names that travel between web, worker and terminal."""

from uuid import UUID

ORDERS = "orders"
"""The queue of workflows and of the database's work."""

MAIL_QUEUE = "mail"
PROVIDER_QUEUE = "provider"
"""The queues of what is slow or down now and then: neither may hold up the other, or the orders."""


def credential_mail_workflow_id(mail_id: UUID) -> str:
    """The workflow of a mail of credentials."""
    return f"credentials-{mail_id}"


def order_workflow_id(order_id: UUID) -> str:
    """The workflow of an order."""
    return f"order-{order_id}"

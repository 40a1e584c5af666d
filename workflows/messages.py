"""Names that travel between web, worker and terminal."""

from uuid import UUID

ORDERS = "orders"
"""The queue of workflows and of the database's work."""

OUTSIDE = "outside"
"""The queue of mail and provider, whose slowness must not hold up orders."""

_PREFIX = "order-"


def order_workflow_id(order_id: UUID) -> str:
    """The workflow of an order."""
    return f"{_PREFIX}{order_id}"


def order_id_of(workflow_id: str) -> UUID:
    """The order of a workflow."""
    return UUID(workflow_id.removeprefix(_PREFIX))

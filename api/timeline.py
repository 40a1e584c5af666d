"""*Storico dell'ordine*, as the API tells it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from api.money import with_money
from db.timeline import EventRow
from domain.lifecycle import Actor


class EventAnswer(BaseModel):
    """One thing that happened."""

    at: datetime
    kind: str
    actor: Actor
    detail: dict[str, Any]

    @classmethod
    def of(cls, row: EventRow) -> "EventAnswer":
        """The row, without its place in the book."""
        return cls(at=row.at, kind=row.kind, actor=row.actor, detail=with_money(row.detail))


class Timeline(BaseModel):
    """All of it, oldest first."""

    items: list[EventAnswer]

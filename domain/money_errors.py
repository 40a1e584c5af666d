"""What can go wrong with the books by design. Like `domain/errors.py`, of which it is a part."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.errors import Rejected


@dataclass(eq=False, kw_only=True)
class EntryNotFound(Rejected):
    """There is no such entry."""

    entry_id: UUID


class EntryNotCorrectable(Rejected):
    """The entry can't be corrected: it undoes another one, or is an order's that isn't active."""


@dataclass(eq=False, kw_only=True)
class CorrectionExceedsEntry(Rejected):
    """All corrections of an entry can't exceed it."""

    correctable_cents: int


@dataclass(eq=False, kw_only=True)
class MonthNotBegun(Rejected):
    """There is no statement of a month that hasn't begun."""

    begins_on: date

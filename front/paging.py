"""Lists: newest first, by opaque cursors."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

T = TypeVar("T")
LARGEST = 2**63 - 1


class Page(BaseModel, Generic[T]):
    """Some of a list, and where the rest begins."""

    items: list[T]
    next: str | None


def _as(read: Callable[[str], Any]) -> AfterValidator:
    """Refuse a cursor that we can't have written."""

    def check(cursor: str) -> str:
        try:
            read(cursor)
        except ValueError as error:
            raise PydanticCustomError("cursor", "Not a cursor: use `next` of an answer") from error
        return cursor

    return AfterValidator(check)


def _text(cursor: str) -> str:
    return urlsafe_b64decode(cursor.encode()).decode("ascii")


def moment(cursor: str) -> tuple[datetime, UUID]:
    """The place a cursor marks in a list sorted by time."""
    at, _, row_id = _text(cursor).partition("|")
    instant = datetime.fromisoformat(at)
    if instant.utcoffset() != timedelta(0):
        raise ValueError(cursor)
    return instant, UUID(row_id)


def number(cursor: str) -> int:
    """The place a cursor marks in a numbered list."""
    place = int(_text(cursor))
    if not 0 <= place <= LARGEST:
        raise ValueError(cursor)
    return place


class _Paging(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    limit: Annotated[int, Field(ge=1, le=100)] = 20


class ByTime(_Paging):
    """How a list sorted by time is asked for."""

    cursor: Annotated[str, Field(max_length=200), _as(moment)] | None = None

    @property
    def before(self) -> tuple[datetime, UUID] | None:
        """Where to go on."""
        return moment(self.cursor) if self.cursor else None


class ByNumber(_Paging):
    """How a numbered list is asked for."""

    cursor: Annotated[str, Field(max_length=200), _as(number)] | None = None

    @property
    def before(self) -> int | None:
        """Where to go on."""
        return number(self.cursor) if self.cursor else None


def cut(rows: Sequence[T], limit: int, *, mark: Callable[[T], str]) -> tuple[Sequence[T], str | None]:
    """The page out of up to one row more than it holds, and the cursor of the next, if there is one."""
    shown = rows[:limit]
    cursor = urlsafe_b64encode(mark(shown[-1]).encode()).decode() if len(rows) > limit else None
    return shown, cursor

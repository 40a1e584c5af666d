"""What every table shares."""

from datetime import datetime
from enum import Enum, StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, DateTime, Dialect, LargeBinary, MetaData, Text, TypeDecorator, Uuid, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

from domain.identifiers import STORED

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables, and how plain annotations become columns."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid,
        datetime: DateTime(timezone=True),
        str: Text,
        bytes: LargeBinary,
        dict[str, Any]: JSONB,
        list[str]: JSONB,
        list[int]: JSONB,
    }


class Stored(TypeDecorator[Any]):
    """A domain value as JSONB: written as it is, checked again when read."""

    impl = JSONB
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__(none_as_null=True)
        self.kind = kind
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)  # dear to make

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Value to JSON."""
        return None if value is None else self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """JSON to value."""
        return None if value is None else self._adapter.validate_python(value, context=STORED)


class _OfMembers(TypeDecorator[Any]):
    """Of an enum's members, by their values; a new member needs no migration."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind


class Named(_OfMembers):
    """An enum's value, as text."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Member to text."""
        return None if value is None else str(self.kind(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        """Text to member."""
        return None if value is None else self.kind(value)


class NamedMany(_OfMembers):
    """Some of an enum's values, as text, with blanks between them; NULL for none."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Members to text."""
        return " ".join(map(self.kind, value or ())) or None

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[StrEnum, ...]:  # noqa: ARG002
        """Text to members."""
        return tuple(map(self.kind, (value or "").split()))


class EveryPartner(Enum):
    """An operator's reading right, spelt out at the call."""

    EVERY_PARTNER = "every_partner"


EVERY_PARTNER: Final = EveryPartner.EVERY_PARTNER

Owner = UUID | EveryPartner
"""Whose rows a read may see: one partner's, or, for operators, everybody's."""


def own(column: InstrumentedAttribute[UUID], owner: Owner) -> ColumnElement[bool]:
    """The condition without which nothing is read."""
    return true() if isinstance(owner, EveryPartner) else column == owner

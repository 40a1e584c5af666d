"""Why something is done: an operator always says it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

from fastapi import Form
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import LongText
from front.field_words import ITALIAN
from front.noted import noted
from panel.visitors import Visitor

NO_REASON = ITALIAN["reason"]
LONGEST_BYTES = 8_000
"""2000 characters, in UTF-8."""
REASON: TypeAdapter[str] = TypeAdapter(LongText)

Reason = Annotated[str, Form()]


def words_of(reason: str) -> str | None:
    """The words; None if there are none, or too many."""
    try:
        return REASON.validate_python(reason)
    except ValidationError:
        return None


def missing(reason: str, who: Visitor) -> dict[str, str]:
    """What is wrong with an operator's reason, by its field; partners give none."""
    return {"reason": NO_REASON} if who.is_operator and words_of(reason) is None else {}


@asynccontextmanager
async def operators_note(session: AsyncSession, reason: str, who: Visitor) -> AsyncIterator[UUID | None]:
    """Where an operator's words are kept, unless what they explain is refused; None for partners."""
    words = words_of(reason) if who.is_operator else None
    if words is None:
        yield None
        return
    async with noted(session, text=words) as note:
        yield note

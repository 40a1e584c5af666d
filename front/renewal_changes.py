"""How a service is to be renewed: changed at any time while it can be renewed, by programs and by people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db import deeds, timeline
from db.services import ServiceRow
from domain.calendar import rome_day
from domain.lifecycle import Actor
from domain.service_errors import refuse
from domain.services import Service, ServiceAction, why_no_term, why_not


def changed(service: Service, wish: Mapping[str, Any], *, now: datetime) -> Service:
    """What a wish (mode, years, or both) would make of it. Raises ServiceTerminated, TermOutOfRange."""
    after = service.model_copy(update=wish)
    refuse(why_not(ServiceAction.CHANGE_RENEWAL, service, on=rome_day(now)))
    refuse(why_no_term(after, years=after.renewal_years))
    return after


async def change(
    session: AsyncSession,
    row: ServiceRow,
    wish: Mapping[str, Any],
    *,
    now: datetime,
    actor: Actor,
    words: str | None = None,
) -> None:
    """From the next time on, for a service that is locked; what it is already is told to nobody.

    `words`: an operator's own. Raises ServiceTerminated, TermOutOfRange.
    """
    after = changed(row.service, wish, now=now)
    if after == row.service:
        return
    row.become(after)
    await deeds.reschedule(session, row)
    facts = {"mode": after.renewal_mode, "years": after.renewal_years, "words": words}
    timeline.add(session, row.order_id, at=now, kind="renewal_changed", actor=actor, **facts)

"""What a sweep does partner by partner. Each deed is written down with its effect: a day swept twice is swept once."""

from uuid import UUID

from temporalio import activity

from activities.credit_watch import to_be_watched
from activities.day import Day
from db import services
from db.connection import Sessions
from db.services import ServiceRow
from domain.lifecycle import Actor
from domain.service_orders import Batch, PartnerDay, Renewal, Renewals, Sweep

PARTNERS = 200
"""Partners that are told apart in one step."""
RENEWALS = 200
"""Renewals that are begun at once."""

UNTOLD = 100
"""Services that the provider is told of at once."""


class Sweeping:
    """The steps of a sweep."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @activity.defn
    async def find_partners(self, sweep: Sweep) -> Batch:
        """The next partners for whose services there is something to do, or at whose credit is to be looked."""
        async with self._sessions() as session:
            due = await services.partners_due(session, on=sweep.day, after=sweep.after, limit=PARTNERS)
            watched = await to_be_watched(session, on=sweep.day)
        ahead = {one for one in watched if sweep.after is None or one > sweep.after}
        return Batch(ids=tuple(sorted({*due, *ahead})[:PARTNERS]))

    @activity.defn
    async def choose_renewals(self, whose: PartnerDay) -> Renewals:
        """What the partner's credit covers, in the partner's own order of priority. Raises NoPriceList.

        Nothing is charged here: if the credit falls in the meantime, the renewal itself will see.
        """
        async with self._sessions() as session:
            covered = (await Day.of(session, whose)).covered()
        wishes = tuple(_wish(row, whose) for row in covered[:RENEWALS])
        return Renewals(partner_id=whose.partner_id, wishes=wishes)

    @activity.defn
    async def finish_day(self, whose: PartnerDay) -> None:
        """All that the renewals have left to do: what they left out, notices, suspensions, ends.

        One transaction for a partner's day, and the deeds in it: whoever comes twice finds nothing to do.
        """
        async with self._sessions.begin() as session:
            await (await Day.of(session, whose)).finish()

    @activity.defn
    async def find_untold(self, after: UUID | None) -> Batch:
        """The next services of which the provider hasn't heard the latest."""
        async with self._sessions() as session:
            return Batch(ids=tuple(await services.untold(session, after=after, limit=UNTOLD)))


def _wish(row: ServiceRow, whose: PartnerDay) -> Renewal:
    return Renewal(
        service_id=row.id,
        order_id=row.order_id,
        period_start=row.expires_on,
        years=row.renewal_years,
        asked_by=Actor.SYSTEM,
        at=whose.at,
    )

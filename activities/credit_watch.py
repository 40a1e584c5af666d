"""Whether partners' credit will do for the renewals to come: told once, while it lasts."""

from uuid import UUID

from temporalio import activity

from activities import announcements
from activities.coming import horizon, next_30_days_cents
from db import ledger, partners, services
from db.connection import Sessions
from domain.credit import low_credit
from domain.service_mails import LowCreditNotice
from domain.service_orders import Sweep


class CreditWatch:
    """The sweep's look ahead."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @activity.defn
    async def watch_credit(self, sweep: Sweep) -> None:
        """Each partner with renewals to come or little credit, in a transaction of its own; a repeat finds it told."""
        async with self._sessions() as session:
            renewing = await services.partners_renewing(session, until=horizon(sweep.day))
            told = await partners.told_of_low_credit(session)
            below = await ledger.below_threshold(session)
        for partner_id in sorted({*renewing, *told, *below}):
            await self._watch(partner_id, sweep)

    async def _watch(self, partner_id: UUID, sweep: Sweep) -> None:
        async with self._sessions.begin() as session:
            partner = await partners.lock(session, partner_id=partner_id)
            balance_cents = await ledger.balance_cents(session, partner_id=partner_id)
            soon_cents = await next_30_days_cents(session, partner_id=partner_id, on=sweep.day)
            threshold_cents = partner.low_credit_threshold_cents
            why = low_credit(balance_cents, threshold_cents=threshold_cents, next_30_days_cents=soon_cents)
            if why is not None and why is not partner.low_credit:
                words = LowCreditNotice(
                    why=why,
                    balance_cents=balance_cents,
                    threshold_cents=threshold_cents,
                    next_30_days_cents=soon_cents,
                )
                await announcements.low_credit(session, partner, words, cause=str(sweep.day), at=sweep.at)
            partner.low_credit = why

"""Whether a partner's credit will do for the renewals to come: each reason told once, while it lasts."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities import announcements
from activities.coming import horizon, next_30_days_cents
from db import ledger, partners, services
from db.connection import Sessions
from domain.calendar import rome_day
from domain.credit import low_credit
from domain.service_mails import LowCreditNotice
from domain.service_orders import PartnerDay


async def to_be_watched(session: AsyncSession, *, on: date) -> set[UUID]:
    """Each partner with renewals to come, with little credit, or with more than when they were told of too little."""
    renewing = await services.partners_renewing(session, until=horizon(on))
    told = await partners.told_of_low_credit(session)
    return {*renewing, *told, *await ledger.below_threshold(session)}


class CreditWatch:
    """The sweep's look ahead."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @activity.defn
    async def watch_credit(self, whose: PartnerDay) -> None:
        """Tell a partner whose credit has become low; a repeat finds it told. Raises NoPriceList."""
        today = rome_day(whose.at)
        async with self._sessions.begin() as session:
            partner = await partners.lock(session, partner_id=whose.partner_id)
            balance_cents = await ledger.balance_cents(session, partner_id=partner.id)
            soon_cents = await next_30_days_cents(session, partner_id=partner.id, on=today)
            threshold_cents = partner.low_credit_threshold_cents
            low = low_credit(balance_cents, threshold_cents=threshold_cents, next_30_days_cents=soon_cents)
            if news := [why for why in low if why not in partner.low_credit]:
                words = LowCreditNotice(
                    why=news[0],
                    balance_cents=balance_cents,
                    threshold_cents=threshold_cents,
                    next_30_days_cents=soon_cents,
                )
                await announcements.low_credit(session, partner, words, cause=f"{today}:{words.why}", at=whose.at)
            partner.low_credit = low

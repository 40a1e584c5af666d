"""Renewals, one by one: charged with the expiry that they move. Keyed by service and period: a repeat is nothing."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities import announcements
from db import deeds, ledger, prices, renewals, services, timeline
from db.connection import Sessions
from db.renewals import RenewalOutcome, RenewalRow
from db.services import ServiceRow
from domain.calendar import rome_day
from domain.errors import InsufficientCredit, PriceChanged
from domain.ledger import Cause
from domain.lifecycle import Actor
from domain.prices import Price
from domain.products import RenewalMode
from domain.renewals import renewal_price
from domain.service_errors import ExpiryChanged, RenewalNotAutomatic
from domain.service_orders import Renewal, Renewing
from domain.services import Period, next_period, renewal_id, renewed, why_no_renewal


class Renewals:
    """The step that pays for a period."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @activity.defn
    async def renew_service(self, renewing: Renewing) -> None:
        """Charge the period, move the expiry and tell the partner; or nothing at all, but for a line that it was tried.

        A try that was refused stays refused when it is repeated, whatever was paid in since. Raises
        ServiceTerminated, ExpiryChanged, RenewalTooEarly, TermOutOfRange, NoPriceList, PriceChanged,
        InsufficientCredit.
        """
        wish = renewing.renewal
        async with self._sessions.begin() as session:
            row = await services.lock(session, service_id=wish.service_id)
            if await _is_done(session, row, wish):
                return
            missing_cents = await _refused(session, renewing)
            if missing_cents is None:
                price = await _price(session, row, renewing)
                missing_cents = await _renew(session, row, renewing, price=price)
        if missing_cents is not None:
            raise InsufficientCredit(missing_cents=missing_cents)


async def _renew(session: AsyncSession, row: ServiceRow, renewing: Renewing, *, price: Price) -> int | None:
    """How much credit is missing, if so."""
    wish, at = renewing.renewal, renewing.at
    period = next_period(row.service, years=wish.years)
    renewal = renewal_id(row.id, period_start=period.start)
    try:
        await ledger.charge(
            session,
            partner_id=row.partner_id,
            cause=Cause.RENEWAL,
            subject_id=renewal,
            amount_cents=price.total_cents,
            at=at,
        )
    except InsufficientCredit as refusal:
        if wish.asked_by is not Actor.SYSTEM:  # the sweep writes down what it left out, all at once
            failed = tried(row, wish, price=price, period=period, at=at)
            failed.id = renewing.try_id
            failed.outcome, failed.missing_cents = RenewalOutcome.FAILED, refusal.missing_cents
            session.add(failed)
        return refusal.missing_cents
    done = tried(row, wish, price=price, period=period, at=at)
    done.id, done.outcome = renewal, RenewalOutcome.RENEWED
    session.add(done)
    await session.flush()  # the database moves an expiry only by the renewal that is written
    row.become(renewed(row.service, period=period))
    await _tell(session, row, done)
    return None


async def _tell(session: AsyncSession, row: ServiceRow, renewal: RenewalRow) -> None:
    await deeds.reschedule(session, row)
    await announcements.renewed(session, row, renewal)
    timeline.add(
        session,
        row.order_id,
        at=renewal.at,
        kind="service_renewed",
        actor=renewal.asked_by,
        charged_cents=renewal.price.total_cents,
        expires_on=row.expires_on.isoformat(),
    )


def tried(row: ServiceRow, wish: Renewal, *, price: Price, period: Period, at: datetime) -> RenewalRow:
    """A line of *Storico Rinnovi*, but for how it ended."""
    return RenewalRow(
        service_id=row.id,
        partner_id=row.partner_id,
        at=at,
        period_start=period.start,
        period_end=period.end,
        years=wish.years,
        price=price,
        asked_by=wish.asked_by,
        request_id=wish.request_id,
    )


async def _is_done(session: AsyncSession, row: ServiceRow, wish: Renewal) -> bool:
    """Whether this very wish was fulfilled before. Raises ExpiryChanged if another one was."""
    done = await renewals.renewed(session, service_id=row.id, period_start=wish.period_start)
    if done is None:
        return False
    if (done.request_id, done.asked_by) != (wish.request_id, wish.asked_by):
        raise ExpiryChanged(expires_on=row.expires_on)
    return True


async def _refused(session: AsyncSession, renewing: Renewing) -> int | None:
    """How much credit was missing when this very try was made before, if it was."""
    before = await session.get(RenewalRow, renewing.try_id)
    return None if before is None else before.missing_cents


async def _price(session: AsyncSession, row: ServiceRow, renewing: Renewing) -> Price:
    wish, today = renewing.renewal, rome_day(renewing.at)
    if wish.asked_by is Actor.SYSTEM and not _is_still_wanted(row, wish):
        raise RenewalNotAutomatic
    refusal = why_no_renewal(row.service, years=wish.years, expires_on=wish.period_start, on=today)
    if refusal is not None:
        raise refusal
    price = renewal_price(row.service, years=wish.years, under=await prices.in_force(session, on=today))
    if wish.expected_total_cents not in (None, price.total_cents):
        raise PriceChanged(total_cents=price.total_cents)
    return price


def _is_still_wanted(row: ServiceRow, wish: Renewal) -> bool:
    """The partner may have changed mode or years since the sweep has chosen."""
    return (row.renewal_mode, row.renewal_years) == (RenewalMode.AUTOMATIC, wish.years)

"""One partner's day in a sweep: the deeds, done one by one in a transaction that somebody else commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Self, assert_never
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from activities import announcements
from activities.renewals import tried
from db import deeds, ledger, orders, partners, prices, services, timeline
from db.partners import PartnerRow
from db.renewals import RenewalOutcome
from db.services import ServiceRow
from domain.calendar import rome_day
from domain.deeds import BECOMES, Deed, DeedKind, due, next_try_on
from domain.lifecycle import Actor
from domain.prices import Price, PriceList, in_force
from domain.renewals import Allotment, Claim, allot, renewal_price
from domain.service_mails import ExpiryNotice, ExportOffer, LeftOut, RenewalFailed, Suspended, Terminated
from domain.service_orders import PartnerDay, Renewal
from domain.services import next_period


@dataclass(kw_only=True)
class Day:
    """The services that are due, and what the credit covers. Collects what it didn't cover, for one mail."""

    session: AsyncSession
    partner: PartnerRow
    lists: Sequence[PriceList]
    balance_cents: int
    at: datetime
    due: Mapping[UUID, tuple[ServiceRow, tuple[Deed, ...]]]
    left_out: list[LeftOut] = field(default_factory=list)

    @classmethod
    async def of(cls, session: AsyncSession, whose: PartnerDay) -> Self:
        """As it stands for a partner: the services are locked, and then the credit is read."""
        today = rome_day(whose.at)
        rows = await services.due(session, partner_id=whose.partner_id, on=today)
        done = await deeds.done(session, service_ids=[row.id for row in rows])
        return cls(
            session=session,
            partner=await partners.get(session, partner_id=whose.partner_id),
            lists=await prices.known(session),
            balance_cents=await ledger.balance_cents(session, partner_id=whose.partner_id),
            at=whose.at,
            due={row.id: (row, due(row.service, on=today, done=done.get(row.id, ()))) for row in rows},
        )

    @property
    def today(self) -> date:
        """The civil day in Rome."""
        return rome_day(self.at)

    def covered(self) -> list[ServiceRow]:
        """The services whose renewal is due and covered, in the partner's own order of priority."""
        return [self.due[claim.service_id][0] for claim in self._allotment().charged]

    def _allotment(self) -> Allotment:
        claims = [
            Claim(service_id=row.id, expires_on=row.expires_on, total_cents=self._price(row).total_cents)
            for row, deeds_due in self.due.values()
            if any(deed.kind is DeedKind.RENEWAL for deed in deeds_due)
        ]
        return allot(claims, balance_cents=self.balance_cents, priority=self.partner.renewal_priority)

    async def finish(self) -> None:
        """Every deed, but for services whose renewal is covered: those somebody is renewing at this moment."""
        being_renewed = {claim.service_id: claim.total_cents for claim in self._allotment().charged}
        self.balance_cents -= sum(being_renewed.values())
        for row, deeds_due in self.due.values():
            if row.id not in being_renewed:
                for deed in deeds_due:
                    await self._do(row, deed)
                await self.session.flush()
                await deeds.reschedule(self.session, row)
        await self._tell_what_was_left_out()

    async def _do(self, row: ServiceRow, deed: Deed) -> None:
        """One deed, and the line that says so."""
        match deed.kind:
            case DeedKind.RENEWAL:
                self._leave_out(row, deed)
            case DeedKind.NOTICE:
                await self._notice(row, deed)
            case DeedKind.SUSPENSION:
                until = row.service.grace_ends_on
                await self._become(row, deed, "service_suspended")
                await self._say(row, Suspended(expires_on=row.expires_on, renewable_until=until), deed)
            case DeedKind.EXPORT_OFFER:
                words = ExportOffer(expires_on=row.expires_on, ends_on=row.service.grace_ends_on)
                await self._say(row, words, deed)
            case DeedKind.TERMINATION:
                await self._end(row, deed)
            case _:
                assert_never(deed.kind)
        await deeds.add(self.session, service_id=row.id, deed=deed, at=self.at)

    def _price(self, row: ServiceRow, *, on: date | None = None) -> Price:
        """Today's, or that of a day to come as far as it is known. Raises NoPriceList."""
        under = in_force(self.lists, on=on or self.today)
        return renewal_price(row.service, years=row.renewal_years, under=under)

    def _leave_out(self, row: ServiceRow, deed: Deed) -> None:
        """The credit doesn't cover it: tried in vain today."""
        price, period = self._price(row), next_period(row.service, years=row.renewal_years)
        wish = Renewal(
            service_id=row.id,
            order_id=row.order_id,
            period_start=period.start,
            years=row.renewal_years,
            asked_by=Actor.SYSTEM,
        )
        failed = tried(row, wish, price=price, period=period, at=self.at)
        failed.id, failed.outcome = uuid5(row.id, f"try:{period.start}:{self.today}"), RenewalOutcome.FAILED
        failed.missing_cents = max(price.total_cents - self.balance_cents, 0)
        self.session.add(failed)
        until = row.service.grace_ends_on if deed.day == row.expires_on else None
        about = {"order_id": row.order_id, "expires_on": row.expires_on, "renewable_until": until}
        self.left_out.append(LeftOut(price_cents=price.total_cents, **about))

    async def _notice(self, row: ServiceRow, deed: Deed) -> None:
        renews_on = self._next_try_on(row)
        words = ExpiryNotice(
            expires_on=row.expires_on,
            days_left=(row.expires_on - self.today).days,
            renewal_mode=row.renewal_mode,
            renews_on=renews_on,
            years=row.renewal_years,
            price_cents=self._price(row, on=renews_on).total_cents,
            renewable_until=row.service.grace_ends_on,
        )
        await self._say(row, words, deed)

    def _next_try_on(self, row: ServiceRow) -> date | None:
        """What is left of the tries: today's is over if it was in vain."""
        if all(tried.order_id != row.order_id for tried in self.left_out):
            return next_try_on(row.service, today=self.today)
        tomorrow = self.today + timedelta(days=1)
        return tomorrow if tomorrow <= row.expires_on else None

    async def _end(self, row: ServiceRow, deed: Deed) -> None:
        """Its titolare may have the product ordered anew."""
        await self._become(row, deed, "service_terminated")
        (await orders.lock(self.session, order_id=row.order_id)).live_key = None
        await self._say(row, Terminated(expires_on=row.expires_on, ended_on=row.service.grace_ends_on), deed)

    async def _become(self, row: ServiceRow, deed: Deed, kind: str) -> None:
        row.become(row.service.model_copy(update={"status": BECOMES[deed.kind]}))
        timeline.add(self.session, row.order_id, at=self.at, kind=kind, actor=Actor.SYSTEM)

    async def _say(
        self, row: ServiceRow, words: ExpiryNotice | Suspended | ExportOffer | Terminated, deed: Deed
    ) -> None:
        await announcements.about_service(self.session, row, words, day=deed.day, at=self.at)

    async def _tell_what_was_left_out(self) -> None:
        """One mail for them all."""
        if not self.left_out:
            return
        wanted_cents = sum(one.price_cents for one in self.left_out)
        words = RenewalFailed(
            missing_cents=max(wanted_cents - self.balance_cents, 0),
            balance_cents=self.balance_cents,
            left_out=tuple(self.left_out),
        )
        await announcements.left_out(self.session, self.partner, words, day=self.today, at=self.at)

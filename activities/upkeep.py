"""The provider's account of a living service: told how it is to be kept, asked how full it is."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities import announcements
from db import services, space, timeline
from db.connection import Sessions
from db.services import ServiceRow
from domain.errors import ProviderUnavailable
from domain.lifecycle import Actor
from domain.service_errors import ProviderRefused
from domain.service_mails import SpaceWarning
from domain.service_orders import Batch, Sweep
from domain.services import AccountState, AccountWish
from domain.space import Usage, full_on, level, warning
from gateways.provider import Provider

log = structlog.get_logger()

POLLED = 200
"""Services that are asked about in one step."""
PATIENCE = 5
"""How often the provider is asked for the same day."""
AT_ONCE = 10
"""Questions on the wire."""


class Upkeep:
    """Steps at the provider after the activation. Only ids and numbers come back."""

    def __init__(self, sessions: Sessions, *, provider: Provider) -> None:
        self._sessions = sessions
        self._provider = provider

    @activity.defn
    async def tell_provider(self, service_id: UUID) -> None:
        """How the account is to be kept now, whole: idempotent there. Raises ProviderUnavailable, ProviderRefused.

        Before it is told, it counts as untold: whoever dies in between leaves it so, and is told of again. So it does
        when an answer stays out: the provider may hear us after somebody who has come later.
        """
        async with self._sessions.begin() as session:
            row = await services.lock(session, service_id=service_id)
            if (wish := row.wanted) == row.told and activity.info().attempt == 1:
                return
            row.told = None
        try:
            await self._tell(row.order_id, wish)
        except ProviderRefused as refusal:
            await self._note_refusal(row, wish, code=refusal.code)
            raise
        except ProviderUnavailable:
            async with self._sessions.begin() as session:
                (await services.lock(session, service_id=service_id)).told = None
            raise
        async with self._sessions.begin() as session:
            row = await services.lock(session, service_id=service_id)
            row.told = wish if row.wanted == wish else None
        if row.told is None:  # it was changed meanwhile
            raise ProviderUnavailable

    async def _tell(self, order_id: UUID, wish: AccountWish) -> None:
        """State and quotas: what is refused of one is no reason to leave out the other."""
        grant = partial(self._provider.set_quotas, order_id, wish.quotas)
        steps = {
            AccountState.ACTIVE: (partial(self._provider.resume, order_id), grant),
            AccountState.SUSPENDED: (grant, partial(self._provider.suspend, order_id)),
        }
        refusals = []
        for step in steps[wish.state]:
            try:
                await step()
            except ProviderRefused as refusal:
                refusals.append(refusal)
        if refusals:
            raise refusals[0]

    async def _note_refusal(self, row: ServiceRow, wish: AccountWish, *, code: int) -> None:
        """For the operators, and for the partner who has perhaps paid for it: once, however often it is tried."""
        log.warning("provider_refused", service_id=str(row.id), order_id=str(row.order_id), code=code)
        facts = {"code": code, "state": wish.state, "gb": wish.quotas.gb}
        at = activity.info().current_attempt_scheduled_time
        async with self._sessions.begin() as session:
            await services.lock(session, service_id=row.id)
            if not await timeline.tells(session, order_id=row.order_id, kind="provider_refused", detail=facts):
                timeline.add(session, row.order_id, at=at, kind="provider_refused", actor=Actor.PROVIDER, **facts)

    @activity.defn
    async def measure_space(self, sweep: Sweep) -> Batch:
        """How full the next services are, now: it may have waited for a worker over midnight.

        A repeat asks only about those that weren't written down. Raises ProviderUnavailable if some must be asked about
        again.
        """
        sweep = sweep.as_of(activity.info().started_time)
        async with self._sessions() as session:
            some = await services.measurable(session, on=sweep.day, after=sweep.after, limit=POLLED)
        turns = asyncio.Semaphore(AT_ONCE)
        asked = await asyncio.gather(*(self._ask(order, turns) for _, order in some), return_exceptions=True)
        async with self._sessions.begin() as session:
            for (service_id, _), used_bytes in zip(some, asked, strict=True):
                if isinstance(used_bytes, int):
                    await _measured(session, service_id, used_bytes, sweep=sweep)
        if activity.info().attempt < PATIENCE:  # then the others come first, and tomorrow asks again
            _raise_first(asked)
        return Batch(ids=tuple(service_id for service_id, _ in some))

    async def _ask(self, order_id: UUID, turns: asyncio.Semaphore) -> int | None:
        """None if the provider doesn't know the account: one that is amiss doesn't hold up the others."""
        async with turns:
            try:
                return await self._provider.usage(order_id)
            except ProviderRefused as refusal:
                log.warning("usage_refused", order_id=str(order_id), code=refusal.code)
                return None


async def _measured(session: AsyncSession, service_id: UUID, used_bytes: int, *, sweep: Sweep) -> None:
    row = await services.lock(session, service_id=service_id)
    await space.measure(session, service_id=service_id, usage=Usage(day=sweep.day, used_bytes=used_bytes))
    gb, before = row.service.quotas.gb, row.space_level
    row.used_bytes, row.measured_on = used_bytes, sweep.day
    row.space_level = level(used_bytes, gb=gb)
    row.full_on = full_on(await space.usages(session, service_id=service_id), gb=gb)
    row.want()
    if (worth := warning(row.space_level, before=before)) is not None:
        words = SpaceWarning(level=worth, gb=gb, used_bytes=used_bytes, full_on=row.full_on)
        await announcements.about_service(session, row, words, day=sweep.day, at=sweep.at)
        _note(session, row, percent=worth.percent, at=sweep.at)


def _note(session: AsyncSession, row: ServiceRow, *, percent: int, at: datetime) -> None:
    timeline.add(session, row.order_id, at=at, kind="space_warning", actor=Actor.SYSTEM, percent=percent)


def _raise_first(asked: Sequence[int | BaseException | None]) -> None:
    for one in asked:
        if isinstance(one, BaseException):
            raise one

"""Services whose dates are the test's own: their rows stand as if the orders had been activated then."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from db import orders
from db.accounts import ProviderAccountRow
from db.orders import OrderRow
from db.services import ServiceRow
from db.titolari import TitolareRow
from domain.calendar import ROME, add_years, rome_day
from domain.deeds import next_due_on
from domain.lifecycle import Account, Outcome, Status
from domain.prices import quote
from domain.products import DocflyOptions, DocflyPaOptions, Product
from domain.services import AccountWish, Service
from domain.space import SpaceLevel
from domain.titolari import tax_id
from local.demo import PRICES
from tests.personas import Partner, Stage

Ordered = DocflyPaOptions | DocflyOptions
PA = DocflyPaOptions(product=Product.DOCFLY_PA)
DOCFLY = DocflyOptions(product=Product.DOCFLY)


def in_days(days: int) -> date:
    """A civil day in Rome, counted from today."""
    return rome_day(datetime.now(UTC)) + timedelta(days=days)


async def service(
    stage: Stage,
    partner: Partner,
    *,
    expires_on: date,
    options: Ordered = PA,
    titolare_id: str | None = None,
    space_level: SpaceLevel = SpaceLevel.FREE,
    **changes: Any,
) -> ServiceRow:
    """A service near the end of its first term, for a new titolare unless one is named; nothing was charged for it.

    Changes are those of the domain's Service.
    """
    holder = UUID(titolare_id or (await partner.titolare())["id"])
    starts_on = changes.pop("starts_on", add_years(expires_on, years=-options.renewal_years))
    async with stage.sessions.begin() as session:
        order = await _activated(session, partner, holder=holder, options=options, on=starts_on)
        first_term = _first_term(order, options, starts_on=starts_on, expires_on=expires_on)
        row = _row(order, first_term.model_copy(update=changes), space_level=space_level)
        session.add(row)
    return row


async def open_account(stage: Stage, row: ServiceRow) -> None:
    """The service's account, also at the provider."""
    body = {
        "product": row.options.product,
        "quotas": row.wanted.quotas.model_dump(),
        "titolare": {},
        "responsabile": {},
        "callback_url": "http://127.0.0.1:9/v1/provider/reports",
    }
    answer = await asyncio.to_thread(stage.provider.http.put, f"/accounts/{row.order_id}", json=body)
    assert answer.json().pop("state") == "active", answer.text
    async with stage.sessions.begin() as session:
        names = {name: answer.json()[name] for name in ("account", "username")}
        session.add(ProviderAccountRow(order_id=row.order_id, state=Account.ACTIVE, **names))


async def _activated(
    session: AsyncSession,
    partner: Partner,
    *,
    holder: UUID,
    options: Ordered,
    on: date,
    live: bool = True,
) -> OrderRow:
    titolare = (await session.get_one(TitolareRow, holder)).titolare
    at = min(datetime.combine(on, time(12), ROME), datetime.now(UTC))  # nothing was placed tomorrow
    order = OrderRow(
        id=uuid4(),
        number=await orders.next_number(session, year=on.year),
        partner_id=partner.partner_id,
        product=options.product,
        options=options,
        titolare_id=holder,
        titolare=titolare,
        price=quote(options, under=PRICES),
        live_key=f"{options.product}:{tax_id(titolare)}" if live else None,
        status=Status.ACTIVE,
        living_mail_id=uuid4(),
        placed_at=at,
        accepted_at=at,
        activated_at=at,
    )
    session.add(order)
    await session.flush()
    await orders.settle(session, order_id=order.id, outcome=Outcome.ACTIVATED, at=at)
    return order


def _first_term(order: OrderRow, options: Ordered, *, starts_on: date, expires_on: date) -> Service:
    return Service(
        id=uuid5(order.id, "service"),
        starts_on=starts_on,
        expires_on=expires_on,
        renewal_mode=options.renewal_mode,
        renewal_years=options.renewal_years,
        options=options,
    )


def _row(order: OrderRow, service: Service, *, space_level: SpaceLevel = SpaceLevel.FREE) -> ServiceRow:
    wish = AccountWish.of(service, is_full=space_level is SpaceLevel.FULL)
    return ServiceRow(
        order_id=order.id,
        partner_id=order.partner_id,
        activated_at=order.activated_at,
        space_level=space_level,
        wanted=wish,
        told=wish,
        **dict(service) | {"next_due_on": next_due_on(service, done=())},
    )


async def many_services(
    stage: Stage, partner: Partner, *, number: int, expires_on: Callable[[int], date], options: Ordered = PA
) -> list[ServiceRow]:
    """Services of one titolare, whose n-th expires on a day."""
    holder = UUID((await partner.titolare())["id"])
    rows = []
    async with stage.sessions.begin() as session:
        for n in range(number):
            starts_on = add_years(expires_on(n), years=-options.renewal_years)
            order = await _activated(session, partner, holder=holder, options=options, on=starts_on, live=False)
            rows.append(_row(order, _first_term(order, options, starts_on=starts_on, expires_on=expires_on(n))))
        session.add_all(rows)
    return rows

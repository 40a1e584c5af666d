"""The plays of a service's life whose histories are kept; each gives the id of its workflow, which has ended."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import uuid4

from db.services import ServiceRow
from domain.errors import DomainError
from domain.lifecycle import Actor
from domain.service_orders import Renewal, SpaceOrder
from domain.space import GB
from tests.personas import Partner, Stage
from tests.services import in_days, open_account, service
from tests.sweeps.sweeping import poll, sweep
from workflows import service_client
from workflows.messages import DISPATCH, renewal_workflow_id, space_workflow_id

ServicePlay = Callable[[Stage, Partner], Awaitable[str]]


async def service_renewed(stage: Stage, bianchi: Partner) -> str:
    row = await _opened(stage, bianchi, days=60)
    await service_client.renew_service(stage.temporal, renewal=_renewal(row, years=1))
    return renewal_workflow_id(row.id, period_start=row.expires_on)


async def service_renewal_refused(stage: Stage, bianchi: Partner) -> str:
    row = await _opened(stage, bianchi, days=60)
    with suppress(DomainError):  # longer than the product may be renewed for
        await service_client.renew_service(stage.temporal, renewal=_renewal(row, years=4))
    return renewal_workflow_id(row.id, period_start=row.expires_on)


async def service_renewed_by_a_sweep(stage: Stage, bianchi: Partner) -> str:
    row = await _opened(stage, bianchi, days=7)
    await sweep(stage, on=in_days(0))
    return renewal_workflow_id(row.id, period_start=row.expires_on)


async def swept_side_by_side(stage: Stage, bianchi: Partner) -> str:
    async with await stage.partner("Studio Verdi") as verdi:
        await _opened(stage, verdi, days=7)
    await _opened(stage, bianchi, days=7)
    await _opened(stage, bianchi, days=30)
    return await sweep(stage, on=in_days(0))


async def dispatched(stage: Stage, bianchi: Partner) -> str:
    await _opened(stage, bianchi, days=-91)
    await sweep(stage, on=in_days(0))
    return DISPATCH


async def space_bought(stage: Stage, bianchi: Partner) -> str:
    return await _buy(stage, await _opened(stage, bianchi, days=60))


async def space_refused(stage: Stage, bianchi: Partner) -> str:
    return await _buy(stage, await _opened(stage, bianchi, days=-1))


async def space_polled(stage: Stage, bianchi: Partner) -> str:
    row = await _opened(stage, bianchi, days=60)
    stage.provider.use(row.order_id, GB)
    return await poll(stage, on=in_days(0))


SERVICE_PLAYS: tuple[ServicePlay, ...] = (
    service_renewed,
    service_renewal_refused,
    service_renewed_by_a_sweep,
    swept_side_by_side,
    dispatched,
    space_bought,
    space_refused,
    space_polled,
)


async def _opened(stage: Stage, bianchi: Partner, *, days: int) -> ServiceRow:
    row = await service(stage, bianchi, expires_on=in_days(days))
    await open_account(stage, row)
    return row


def _renewal(row: ServiceRow, *, years: int) -> Renewal:
    return Renewal(
        service_id=row.id,
        order_id=row.order_id,
        period_start=row.expires_on,
        years=years,
        asked_by=Actor.PARTNER,
        request_id=uuid4(),
    )


async def _buy(stage: Stage, row: ServiceRow) -> str:
    wish = SpaceOrder(purchase_id=uuid4(), service_id=row.id, order_id=row.order_id, gb=2, asked_by=Actor.PARTNER)
    with suppress(DomainError):
        await service_client.buy_space(stage.temporal, purchase=wish)
    return space_workflow_id(wish.purchase_id)

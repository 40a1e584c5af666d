"""Sweeps, started as the schedule would start them, and what they leave."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from db import services
from db.base import EVERY_PARTNER
from db.services import ServiceRow
from domain.calendar import ROME
from domain.service_orders import Sweep
from tests.personas import Partner, Stage, eventually
from workflows.messages import DISPATCH, ORDERS
from workflows.renewal_sweep import RenewalSweepWorkflow
from workflows.space_poll import SpacePollWorkflow


async def sweep(stage: Stage, *, on: date) -> str:
    """The sweep of a civil day, and all that it has to tell; its workflow's id."""
    return await _run(stage, RenewalSweepWorkflow.run, on=on)


async def poll(stage: Stage, *, on: date) -> str:
    """The question of a civil day, how full the services are, and all that it has to tell; its workflow's id."""
    return await _run(stage, SpacePollWorkflow.run, on=on)


async def _run(stage: Stage, run: Any, *, on: date) -> str:
    workflow_id = await _begin(stage, run, on=on)
    await until_told(stage)
    return workflow_id


async def begin_sweep(stage: Stage, *, on: date) -> None:
    """The sweep of a civil day, whoever then tells what."""
    await _begin(stage, RenewalSweepWorkflow.run, on=on)


async def _begin(stage: Stage, run: Any, *, on: date) -> str:
    at, workflow_id = datetime.combine(on, time(0, 10), ROME).astimezone(UTC), f"sweep-{uuid4()}"
    await stage.temporal.execute_workflow(run, Sweep(at=at), id=workflow_id, task_queue=ORDERS)
    return workflow_id


async def until_told(stage: Stage) -> None:
    """Wait until nothing is left to tell."""
    await stage.temporal.get_workflow_handle(DISPATCH).result()


async def as_it_is(stage: Stage, service_id: UUID) -> ServiceRow:
    """The service now."""
    async with stage.sessions() as session:
        return await services.get(session, service_id=service_id, owner=EVERY_PARTNER)


async def subjects(partner: Partner) -> list[str]:
    """Of the mails that the partner got, oldest first."""
    return [mail["subject"] for mail in await partner.stage.mails(partner.address)]


async def charges(stage: Stage, partner: Partner) -> int:
    """How many renewals the partner was charged."""
    counting = text("select count(*) from transfers where partner_id = :partner and cause = 'renewal'")
    async with stage.sessions() as session:
        return int(await session.scalar(counting, {"partner": partner.partner_id}) or 0)


async def until_account_is(stage: Stage, order_id: UUID, state: str) -> None:
    """Wait until the provider has heard of it."""

    async def heard() -> bool:
        return bool(stage.provider.held(order_id)["state"] == state)

    assert await eventually(heard)

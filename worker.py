"""The worker process: which workflows and activities run, on which queues."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import structlog
from temporalio.client import Client
from temporalio.worker import Interceptor, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import telemetry
from activities.activation import Activation
from activities.composition import Writer
from activities.credit import Credit
from activities.credit_watch import CreditWatch
from activities.errors import ActivityErrors
from activities.letters import Letters
from activities.notifications import Notifications
from activities.provisioning import Provisioning
from activities.receipts import Receipts
from activities.records import Records
from activities.renewals import Renewals
from activities.space import Space
from activities.sweeping import Sweeping
from activities.upkeep import Upkeep
from db import connection
from db.connection import Sessions
from db.migrate import head
from domain.mails import Box
from gateways.mail import Mailbox
from gateways.provider import Provider
from gateways.seal import Seal
from settings import Settings
from workflows.connection import connect
from workflows.credentials import CredentialMailWorkflow
from workflows.dispatch import DispatchWorkflow
from workflows.errors import WorkflowErrors
from workflows.messages import MAIL_QUEUE, ORDERS, PROVIDER_QUEUE
from workflows.order import OrderWorkflow
from workflows.renewal import RenewalWorkflow
from workflows.renewal_sweep import RenewalSweepWorkflow
from workflows.schedules import ensure_schedules
from workflows.space import SpaceWorkflow
from workflows.space_poll import SpacePollWorkflow

SLOW = (MAIL_QUEUE, PROVIDER_QUEUE)
WORKFLOWS = [
    OrderWorkflow,
    CredentialMailWorkflow,
    RenewalWorkflow,
    SpaceWorkflow,
    RenewalSweepWorkflow,
    SpacePollWorkflow,
    DispatchWorkflow,
]

INTERCEPTORS: Sequence[Interceptor] = [ActivityErrors(), WorkflowErrors()]

# Everything a workflow imports is ours and free of side effects at import; checking it anew for each start
# would cost ten times the start.
RUNNER = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules(
        "activities", "domain", "pydantic", "pydantic_core", "sqlalchemy", "structlog", "temporalio.contrib.pydantic"
    )
)

log = structlog.get_logger()

GRACE = timedelta(seconds=10)
SLACK = timedelta(seconds=5)
"""How long the SDK may take after that."""

AT_ONCE = 20
"""Mails on the wire, and questions to the provider: fewer than a pool has connections."""

CACHED = 500
"""Orders kept in memory, at about 131 kB each; the others are replayed when something happens to them."""


@asynccontextmanager
async def running(
    temporal: Client,
    settings: Settings,
    sessions: Sessions,
    *,
    grace: timedelta = GRACE,
    cached: int = CACHED,
    slow: Collection[str] = SLOW,
) -> AsyncIterator[None]:
    """The workers of the orders and of slow queues, while the block lasts; `grace` for what they have in hand then."""
    provider = Provider(settings.provider_url.get_secret_value())
    seal = Seal(settings.seal_key.get_secret_value(), timestamp_url=settings.timestamp_url.get_secret_value())
    engine = connection.engine(settings.sqlalchemy_url)  # a mail holds its row while a slow server thinks
    outside = connection.sessions(engine)
    orders = Worker(
        temporal,
        task_queue=ORDERS,
        workflows=WORKFLOWS,
        activities=record_activities(settings, sessions),
        workflow_runner=RUNNER,
        interceptors=INTERCEPTORS,
        graceful_shutdown_timeout=grace,
        max_cached_workflows=cached,
    )
    outward = {
        MAIL_QUEUE: mail_activities(settings, outside, provider, seal),
        PROVIDER_QUEUE: provider_activities(settings, outside, provider),
    }
    others = [
        Worker(
            temporal,
            task_queue=queue,
            activities=activities,
            interceptors=INTERCEPTORS,
            graceful_shutdown_timeout=grace,
            max_concurrent_activities=AT_ONCE,
        )
        for queue, activities in outward.items()
        if queue in slow
    ]
    stack = AsyncExitStack()
    try:
        for one in (orders, *others):
            await stack.enter_async_context(one)
        yield
    finally:
        await _stop(stack, within=grace + SLACK)
        await provider.close()
        seal.close()
        await engine.dispose()


async def _stop(workers: AsyncExitStack, *, within: timedelta) -> None:
    """Let them finish what they have in hand. The SDK's own last step was seen not to return, once in thousands."""
    try:
        async with asyncio.timeout(within.total_seconds()):
            await workers.aclose()
    except TimeoutError:
        log.warning("stopped_late")


def record_activities(settings: Settings, sessions: Sessions) -> list[Callable[..., Any]]:
    """The database's work: run inside workflow tasks."""
    letters = Letters(secret=settings.secret.get_secret_value(), operators_address=settings.operators_address)
    credit = Credit(sessions, letters=letters, one_docfly_per_partita_iva=settings.one_docfly_per_partita_iva)
    records = Records(sessions, letters=letters)
    activation = Activation(sessions, letters=letters)
    renewals, space, sweeping, watch = (
        Renewals(sessions),
        Space(sessions),
        Sweeping(sessions),
        CreditWatch(sessions),
    )
    return [
        credit.place_order,
        credit.refund,
        records.look,
        records.queue_contract_mail,
        records.correct_contacts,
        records.extend_acceptance,
        records.queue_reminder,
        records.accept_contract,
        records.hold_order,
        records.release_order,
        records.assign_responsabili,
        activation.record_activation,
        activation.queue_credentials,
        activation.fail_activation,
        activation.retry_activation,
        renewals.renew_service,
        space.buy_space,
        sweeping.find_partners,
        sweeping.choose_renewals,
        sweeping.finish_day,
        sweeping.find_untold,
        watch.watch_credit,
    ]


def mail_activities(settings: Settings, sessions: Sessions, provider: Provider, seal: Seal) -> list[Callable[..., Any]]:
    """What leaves by mail."""
    writer = Writer(
        secret=settings.secret.get_secret_value(),
        public_url=settings.public_url,
        provider=provider,
        receipts=Receipts(sessions, seal=seal),
    )
    boxes = {
        Box.ORDINARY: Mailbox(settings.smtp_url.get_secret_value(), sender=settings.mail_from),
        Box.PEC: Mailbox(settings.pec_smtp_url.get_secret_value(), sender=settings.pec_from),
    }
    notifications = Notifications(sessions, writer=writer, boxes=boxes)
    return [notifications.deliver_mails, notifications.deliver_announcements]


def provider_activities(settings: Settings, sessions: Sessions, provider: Provider) -> list[Callable[..., Any]]:
    """What the provider is asked."""
    provisioning = Provisioning(sessions, provider=provider, callback_url=f"{settings.public_url}/v1/provider/reports")
    upkeep = Upkeep(sessions, provider=provider)
    return [
        provisioning.open_account,
        provisioning.revoke_account,
        upkeep.tell_provider,
        upkeep.measure_space,
    ]


async def main() -> None:
    """Wait for what is needed, work until SIGTERM or SIGINT, finish what is in hand."""
    telemetry.start()
    settings = Settings.read_or_exit(os.environ)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    engine = connection.engine(settings.sqlalchemy_url)
    await connection.wait_until_migrated(engine, revision=head())
    temporal = await connect(
        settings.temporal_address, namespace=settings.temporal_namespace, access=settings.temporal_access
    )
    await ensure_schedules(temporal)
    async with running(temporal, settings, connection.sessions(engine)):
        log.info("working")
        await stop.wait()
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())

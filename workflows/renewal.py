"""The renewal of one service for one period, from charging to telling."""

from contextlib import suppress
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError

from activities.notifications import Notifications
from activities.renewals import Renewals
from activities.upkeep import Upkeep
from domain.errors import EngineUnavailable
from domain.lifecycle import Actor
from domain.service_orders import Renewal, Renewing
from workflows.options import MAIL, RECORD, TELL_PROVIDER


@workflow.defn
class RenewalWorkflow:
    """Renews once, or fails: what failed may be tried again under the same id, what succeeded never."""

    @workflow.init
    def __init__(self, renewal: Renewal) -> None:
        self._renewal = renewal
        self._is_renewed = False
        self._refusal: FailureError | None = None

    @workflow.run
    async def run(self, renewal: Renewal) -> None:  # noqa: ARG002 - `workflow.init` keeps it
        """Charge and move the expiry; then the provider and the partner hear of it."""
        await self._renew()
        if self._renewal.asked_by is not Actor.SYSTEM:  # a sweep tells of all its renewals at once
            await self._tell()
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _renew(self) -> None:
        at, run_id = self._renewal.at or workflow.now(), UUID(workflow.info().run_id)
        renewing = Renewing(renewal=self._renewal, at=at, try_id=run_id)
        try:
            await workflow.execute_local_activity_method(Renewals.renew_service, renewing, **RECORD)
        except FailureError as refusal:
            self._refusal = refusal
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise
        self._is_renewed = True

    async def _tell(self) -> None:
        told = workflow.start_activity_method(Upkeep.tell_provider, self._renewal.service_id, **TELL_PROVIDER)
        await workflow.execute_activity_method(Notifications.deliver_mails, self._renewal.order_id, **MAIL)
        with suppress(ActivityError):  # refused, or given up by an operator: the next dispatch tells
            await told

    @workflow.update
    async def renewed(self, request: str) -> None:
        """Answered when it is charged; raises what refused it. Another wish's refusal is no answer: ask again."""
        await workflow.wait_condition(lambda: self._is_renewed or self._refusal is not None)
        if self._refusal is not None:
            raise self._refusal if request == str(self._renewal.request_id) else EngineUnavailable

"""Credentials, mailed anew: a new one-time link for the responsabile della conservazione."""

from temporalio import workflow
from temporalio.exceptions import FailureError

from activities.activation import Activation
from activities.notifications import Notifications
from domain.orders import CredentialMail, CredentialMailing
from workflows.options import MAIL, RECORD


@workflow.defn
class CredentialMailWorkflow:
    """One mail. Its id is the mail's: a wish that comes twice is one wish."""

    @workflow.init
    def __init__(self, wish: CredentialMail) -> None:
        self._wish = wish
        self._queued = False
        self._refusal: BaseException | None = None

    @workflow.run
    async def run(self, wish: CredentialMail) -> None:  # noqa: ARG002 - `workflow.init` keeps it
        """Queue the mail, and deliver it however long that takes."""
        if await self._queue():
            await workflow.execute_activity_method(Notifications.deliver_mails, self._wish.order_id, **MAIL)
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _queue(self) -> bool:
        mailing = CredentialMailing(at=workflow.now(), **self._wish.model_dump())
        try:
            await workflow.execute_local_activity_method(Activation.queue_credentials, mailing, **RECORD)
        except FailureError as refusal:
            self._refusal = refusal
            return False
        self._queued = True
        return True

    @workflow.update
    async def queued(self) -> None:
        """Answered when the mail is queued; raises what refused it."""
        await workflow.wait_condition(lambda: self._queued or self._refusal is not None)
        if self._refusal is not None:
            raise self._refusal

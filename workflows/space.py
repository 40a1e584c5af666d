"""More space for one service, from charging to granting."""

from contextlib import suppress

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError

from activities.notifications import Notifications
from activities.space import Space
from activities.upkeep import Upkeep
from domain.service_orders import BuyingSpace, SpaceOrder
from workflows.options import MAIL, RECORD, TELL_PROVIDER


@workflow.defn
class SpaceWorkflow:
    """One purchase. Its id is the purchase's: a wish that comes twice is one wish."""

    @workflow.init
    def __init__(self, purchase: SpaceOrder) -> None:
        self._purchase = purchase
        self._is_bought = False
        self._refusal: FailureError | None = None

    @workflow.run
    async def run(self, purchase: SpaceOrder) -> None:  # noqa: ARG002 - `workflow.init` keeps it
        """Charge; then the provider grants it, and the partner hears if the credit is low."""
        if await self._buy():
            told = workflow.start_activity_method(Upkeep.tell_provider, self._purchase.service_id, **TELL_PROVIDER)
            await workflow.execute_activity_method(Notifications.deliver_mails, self._purchase.order_id, **MAIL)
            with suppress(ActivityError):  # refused, or given up by an operator: the next dispatch tells
                await told
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _buy(self) -> bool:
        buying = BuyingSpace(purchase=self._purchase, at=workflow.now())
        try:
            await workflow.execute_local_activity_method(Space.buy_space, buying, **RECORD)
        except FailureError as refusal:
            self._refusal = refusal
            return False
        self._is_bought = True
        return True

    @workflow.update
    async def bought(self) -> None:
        """Answered when it is charged; raises what refused it."""
        await workflow.wait_condition(lambda: self._is_bought or self._refusal is not None)
        if self._refusal is not None:
            raise self._refusal

"""The life of an order, from placing to active or cancelled."""

from contextlib import suppress
from datetime import datetime

from pydantic import ValidationError
from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError

from activities.activation import Activation
from activities.credit import Credit
from activities.provisioning import Provisioning
from activities.records import Records
from domain.lifecycle import Account, Actor, CancelReason, Outcome, Status
from domain.orders import Cancellation, Cancelling, Failing, Order, Placing, Reminding, Step
from domain.resends import ACCEPTANCE_TIME, wake_ups
from workflows.options import ASK_PROVIDER, TELL_PROVIDER
from workflows.order_desk import OrderDesk
from workflows.shield import shielded


@workflow.defn(failure_exception_types=[ValidationError])
class OrderWorkflow(OrderDesk):
    """Exactly one of {active and charged, cancelled and refunded} comes out, whatever happens when."""

    @workflow.init
    def __init__(self, order: Order) -> None:
        super().__init__(order)
        self._account: Account | None = None

    @workflow.run
    @shielded  # a cancel request only proposes
    async def run(self, order: Order) -> Outcome:  # noqa: ARG002 - `workflow.init` keeps it
        """The guide's story."""
        if await self._place():
            await self._wait_for_acceptance()
            await self._wait_for_responsabili()
            await self._activate()
            await self._settle()
        await workflow.wait_condition(self._is_quiet)
        return self._outcome()

    async def _place(self) -> bool:
        """Order, charge and contract mail at once; or what refused them, for `place` to tell."""
        try:
            placed_at = await self._record(Credit.place_order, Placing, order=self._order)
        except FailureError as refusal:
            self._refusal = refusal
            return False
        self._placed_at, self._accept_by = placed_at, placed_at + ACCEPTANCE_TIME
        self._mailed[1] = placed_at
        self._post()
        return True

    async def _wait_for_acceptance(self) -> None:
        """The titolare's gate, with reminders; when the time is over, the order is given up."""
        seen = self._placed_at
        while not (self._is_decided() or self._is_ending()):
            due, self._is_extended = self._next_wake_up(after=seen), False
            if not await self._until(lambda: self._is_decided() or self._is_extended, by=due):
                seen = max(due, workflow.now())  # of all that an outage of days held up, only one thing happens
                await (self._remind(due) if seen < self._accept_by else self._give_up())

    def _next_wake_up(self, *, after: datetime) -> datetime:
        return next((due for due in self._wake_ups() if due > after), self._accept_by)

    def _wake_ups(self) -> tuple[datetime, ...]:
        days = self._order.reminder_days
        return wake_ups(placed_at=self._placed_at, accept_by=self._accept_by, reminder_days=days)

    async def _remind(self, due: datetime) -> None:
        if due in self._wake_ups():  # and not on a day that an extension has left behind
            await self._record(Records.queue_reminder, Reminding, number=(due - self._placed_at).days)
            self._post()

    async def _give_up(self) -> None:
        async with self._recording:  # an acceptance or an extension that is being written comes first
            if workflow.patched("the-row-is-asked-before-giving-up"):
                await self._look()
            if not self._is_decided() and workflow.now() >= self._accept_by:
                self._propose(Cancellation(reason=CancelReason.ACCEPTANCE_EXPIRED, actor=Actor.SYSTEM))

    def _is_decided(self) -> bool:
        return self._status is not Status.AWAITING_DOCUMENTS

    async def _wait_for_responsabili(self) -> None:
        """The partner's gate; it may have been open long before."""
        await self._until(self._may_activate)

    def _may_activate(self) -> bool:
        return self._status is Status.ACTIVATING

    async def _activate(self) -> None:
        """Ask until the account is open; after a refusal, once an operator says so."""
        refusals, self._report = 0, None  # what was reported before we asked is no answer
        while not self._is_ending():
            self._account = await self._open_account()
            if self._account is Account.ACTIVE or self._is_ending():
                return
            refusals += 1
            await self._record(Activation.fail_activation, Failing, number=refusals)
            self._post()
            await self._until(lambda: self._may_activate() or self._is_open())

    def _is_open(self) -> bool:
        """The provider says so, perhaps after it had refused."""
        return self._report is Account.ACTIVE

    async def _open_account(self) -> Account:
        """The provider's answer, or its callback's; UNKNOWN if a cancellation came before either."""
        if self._is_open():
            return Account.ACTIVE
        self._report = None
        asking = workflow.start_activity_method(Provisioning.open_account, self._order.order_id, **ASK_PROVIDER)
        await self._until(lambda: asking.done() or self._report is not None)
        asking.cancel()
        try:
            answered = await asking
        except ActivityError:  # overtaken: what the provider has made of it, revoking will tell
            answered = Account.UNKNOWN
        return Account.ACTIVE if Account.ACTIVE in (answered, self._report) else self._report or answered

    async def _settle(self) -> None:
        """The provider has the last word: what is live stays live, whoever cancelled."""
        while self._account in (Account.UNKNOWN, Account.REFUSED):
            with suppress(ActivityError):  # an operator gave it up: but only the provider's answer counts
                self._account = await workflow.execute_activity_method(
                    Provisioning.revoke_account, self._order.order_id, **TELL_PROVIDER
                )
        if self._account is Account.ACTIVE:
            await self._record(Activation.record_activation, Step)
        elif self._cancellation is not None:
            await self._record(Credit.refund, Cancelling, cancellation=self._cancellation)
        self._post()

    def _outcome(self) -> Outcome:
        """What the row says in the end; no row, no order."""
        if self._status is None:
            return Outcome.REFUSED
        return Outcome.ACTIVATED if self._status is Status.ACTIVE else Outcome.CANCELLED

"""Where people, machines and operators knock at an order. Handlers write down or propose; `run` decides."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import FailureError

from activities.activation import Activation
from activities.records import Records
from domain.errors import DomainError, NotActivationFailed, NotAwaitingDocuments, OrderHeld, OrderNotCancellable
from domain.lifecycle import Account, Action, Actor, CancelReason, Status, check
from domain.orders import (
    Assigning,
    Assignment,
    Cancellation,
    Correcting,
    Correction,
    Deciding,
    Extending,
    Extension,
    Mailing,
    Order,
    Release,
    Releasing,
    Resend,
    Retry,
    Retrying,
    clean_words,
)
from domain.resends import why_no_extension, why_no_resend
from workflows.order_book import OrderBook, S

NO_WORDS = Retry()


class OrderDesk(OrderBook):
    """Who may tell an order's workflow something.

    Updates are for people, who are answered; signals for machines and for operators at a terminal.
    """

    def __init__(self, order: Order) -> None:
        super().__init__(order)
        self._refusal: BaseException | None = None
        self._cancellation: Cancellation | None = None
        self._report: Account | None = None
        self._placed_at = workflow.now()
        self._is_extended = False
        self._mailed: dict[int, datetime] = {}
        self._errands = 0

    @workflow.update
    async def place(self) -> None:
        """Answered when the order stands; raises what refused it."""
        await workflow.wait_condition(lambda: self._status is not None or self._refusal is not None)
        if self._refusal is not None:
            raise self._refusal

    @workflow.update
    async def accept(self, decision_id: UUID) -> None:
        """The titolare's gate opens."""
        await self._record(Records.accept_contract, Deciding, decision_id=decision_id)
        self._post()

    @workflow.update
    async def decline(self, decision_id: UUID) -> None:
        """The titolare doesn't want it: off, and the credit back."""
        self._propose(Cancellation(reason=CancelReason.DECLINED, actor=Actor.TITOLARE, decision_id=decision_id))
        await self._until_ended()

    @workflow.update
    async def report(self, decision_id: UUID) -> None:
        """The titolare doesn't know the partner: nothing moves until an operator looks."""
        await self._record(Records.hold_order, Deciding, decision_id=decision_id)
        self._held = True
        self._post()

    @accept.validator
    @report.validator
    def _may_go_on(self, decision_id: UUID) -> None:
        self._may_decide(decision_id)
        if self._cancellation is not None:  # perhaps their own, by another finger
            raise NotAwaitingDocuments

    @decline.validator
    def _may_decide(self, decision_id: UUID) -> None:
        check(Action.DECIDE, self._status)
        if self._held:
            raise OrderHeld

    @workflow.update
    async def release(self, release: Release) -> None:
        """An operator ends the hold."""
        try:
            await self._record(Records.release_order, Releasing, note_id=release.note_id)
        finally:
            self._held = False  # whatever refused it: the row isn't held

    @workflow.update
    async def resend(self, wish: Resend) -> None:
        """*Invia Email Accettazione Contratti*: a new mail, and the older link is dead."""
        await self._mail_contracts(wish)

    async def _mail_contracts(self, wish: Resend) -> None:
        await self._mail(Records.queue_contract_mail, Mailing, **wish.model_dump())

    async def _mail(self, step: Callable[[Any, S], Awaitable[Status]], kind: type[S], **facts: Any) -> None:
        number = max(self._mailed) + 1
        self._mailed[number] = workflow.now()  # at once: a second wish must see it
        try:
            self._mailed[number] = await self._record(step, kind, number=number, **facts)
        except FailureError:  # refused: none was sent
            del self._mailed[number]
            raise
        self._post()

    @resend.validator
    def _may_resend(self, wish: Resend) -> None:
        check(Action.RESEND, self._status)
        if self._held:
            raise OrderHeld
        unhurried = wish.actor is not Actor.OPERATOR
        if (
            refusal := why_no_resend(tuple(self._mailed.values()), now=workflow.now(), unhurried=unhurried)
        ) is not None:
            raise refusal

    @workflow.update
    async def correct_contacts(self, correction: Correction) -> None:
        """Other addresses for the titolare: a new mail at once, and the older link is dead."""
        await self._mail(Records.correct_contacts, Correcting, **correction.model_dump())

    @correct_contacts.validator
    def _may_correct(self, correction: Correction) -> None:
        check(Action.CORRECT_CONTACTS, self._status)
        if self._held:
            raise OrderHeld
        if (refusal := why_no_resend(tuple(self._mailed.values()), now=workflow.now(), unhurried=False)) is not None:
            raise refusal

    @workflow.update
    async def extend(self, extension: Extension) -> None:
        """More time for the titolare."""
        self._accept_by += timedelta(days=extension.days)  # at once: a second wish must see it
        self._is_extended = workflow.patched("an-extension-wakes")  # its last reminder may come before
        facts = {"actor": extension.actor, "note_id": extension.note_id}
        await self._record(Records.extend_acceptance, Extending, accept_by=self._accept_by, **facts)

    @extend.validator
    def _may_extend(self, extension: Extension) -> None:
        check(Action.EXTEND, self._status)
        accept_by = self._accept_by + timedelta(days=extension.days)
        if (refusal := why_no_extension(placed_at=self._placed_at, accept_by=accept_by)) is not None:
            raise refusal

    @workflow.update
    async def assign_responsabili(self, responsabili: Assignment) -> None:
        """The partner's gate opens, or others take the roles."""
        await self._record(Records.assign_responsabili, Assigning, responsabili=responsabili)

    @assign_responsabili.validator
    def _may_assign(self, responsabili: Assignment) -> None:
        check(Action.ASSIGN_RESPONSABILI, self._status)

    @workflow.update
    async def cancel(self, cancellation: Cancellation) -> None:
        """*Cancella Richiesta Attivazione*: answered when it is off; raises OrderNotCancellable if it went live."""
        self._propose(cancellation)
        await self._until_ended()
        if self._status is not Status.CANCELLED:
            raise OrderNotCancellable

    @cancel.validator
    def _may_cancel(self, cancellation: Cancellation) -> None:
        check(Action.CANCEL, self._status)

    @workflow.update
    async def retry_activation(self, retry: Retry = NO_WORDS) -> None:
        """An operator has looked: ask the provider again."""
        await self._record(Activation.retry_activation, Retrying, note_id=retry.note_id)

    @retry_activation.validator
    def _may_retry(self, retry: Retry = NO_WORDS) -> None:
        check(Action.RETRY_ACTIVATION, self._status)
        if self._cancellation is not None:  # it is being called off
            raise NotActivationFailed

    @workflow.signal
    def resend_contracts(self, reason: str | None = None) -> None:
        """For operators: `temporal workflow signal --name resend_contracts`. No waits, but never more than ten."""
        self._errands += 1
        asyncio.create_task(self._resend_if_allowed(Resend(actor=Actor.OPERATOR, words=clean_words(reason))))  # noqa: RUF006 - `_errands` counts it

    async def _resend_if_allowed(self, wish: Resend) -> None:
        try:
            self._may_resend(wish)
            await self._mail_contracts(wish)
        except (DomainError, FailureError) as refusal:
            workflow.logger.warning("resend_refused", extra={"reason": type(refusal).__name__})
        finally:
            self._errands -= 1

    @workflow.signal
    def cancel_order(self, reason: str | None = None) -> None:
        """For operators: `temporal workflow signal --name cancel_order`. Their own words, no customer's data."""
        self._propose_as_operator(clean_words(reason))

    def cancel_requested(self) -> None:
        """Temporal's own cancel request: an operator's proposal without words."""
        self._propose_as_operator(None)

    def _propose_as_operator(self, words: str | None) -> None:
        refused = self._status is Status.ACTIVATION_FAILED
        reason = CancelReason.ACTIVATION_REFUSED if refused else CancelReason.OPERATOR_REQUEST
        self._propose(Cancellation(reason=reason, actor=Actor.OPERATOR, words=words))

    @workflow.signal
    def provider_reported(self, report: Account) -> None:
        """The provider's callback, its signature checked by the web process. Only an answer counts."""
        if report in (Account.ACTIVE, Account.REFUSED):
            self._report = report

    @workflow.query
    def status(self) -> Status | None:
        """For debugging: where the workflow believes the order to stand. Everybody else reads the row."""
        return self._status

    def _propose(self, cancellation: Cancellation) -> None:
        """The first proposal counts; one that comes after the end changes nothing."""
        if self._cancellation is None:
            self._cancellation = cancellation

    def _is_ending(self) -> bool:
        """Somebody wants it off, or the row says that it has ended."""
        return self._cancellation is not None or (self._status is not None and self._status.is_final)

    async def _until(self, gate: Callable[[], bool], *, by: datetime | None = None) -> bool:
        """Wait for the gate or the order's ending; False if the time came first."""
        if gate() or self._is_ending():
            return True
        timeout = None if by is None else by - workflow.now()
        try:
            await workflow.wait_condition(lambda: gate() or self._is_ending(), timeout=timeout)
        except TimeoutError:
            return False
        return True

    async def _until_ended(self) -> None:
        await workflow.wait_condition(lambda: self._status is not None and self._status.is_final)

    def _is_quiet(self) -> bool:
        """Nobody waits for an answer, and no mail for its delivery."""
        return workflow.all_handlers_finished() and self._courier is None and self._errands == 0

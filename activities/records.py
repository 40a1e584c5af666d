"""What people and the provider did, written down: one transaction a step, and the status it leaves.

Each step finds the order as its predecessors left it, under a lock, and does nothing if it has been done:
so a repeat is harmless, and tells a workflow that lost an answer how its row stands.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.letters import Letters
from activities.printing import print_contracts
from db import decisions, notes, orders, responsabili, timeline, titolari
from db.base import EVERY_PARTNER
from db.connection import Sessions
from db.orders import OrderRow
from db.titolari import TitolareRow
from domain.calendar import rfc3339
from domain.errors import ContactsChanged, OrderHeld, OrderNotHeld, ResponsabileNotEligible, TokenDead
from domain.lifecycle import Action, Actor, Status, at_the_gates, check
from domain.orders import (
    Assigning,
    Correcting,
    Deciding,
    Extending,
    Mailing,
    Recipient,
    Releasing,
    Reminding,
    Role,
    Standing,
    Step,
    contract_mail_id,
    corrected_mail_id,
)
from domain.titolari import Contacts, missing_as_responsabile


class Records:
    """The steps on the way to the gates."""

    def __init__(self, sessions: Sessions, *, letters: Letters) -> None:
        self._sessions = sessions
        self._letters = letters

    @activity.defn
    async def look(self, step: Step) -> Standing:
        """How the row stands; for a workflow that may have missed what a step has done."""
        async with self._sessions() as session:
            row = await orders.get(session, order_id=step.order_id, owner=EVERY_PARTNER)
        return Standing(status=row.status, accept_by=row.accept_by, is_held=row.held_at is not None)

    @activity.defn
    async def queue_contract_mail(self, mailing: Mailing) -> Status:
        """One more contract mail; the older link dies. Raises NotAwaitingDocuments, OrderHeld."""
        async with self._sessions.begin() as session:
            order = await self._undecided(session, Action.RESEND, mailing)
            before = order.living_mail_id
            mail = contract_mail_id(order.id, number=mailing.number, to=mailing.to)
            await self._letters.contract(session, order, mail=mail, to=mailing.to, at=mailing.at)
            if order.living_mail_id != before:
                words = mailing.words or await notes.read(session, note_id=mailing.note_id)
                details = {"to": mailing.to, "number": mailing.number, "words": words}
                timeline.add(session, order.id, at=mailing.at, kind="contract_resent", actor=mailing.actor, **details)
            return order.status

    async def _undecided(
        self, session: AsyncSession, action: Action, step: Mailing | Deciding | Correcting
    ) -> OrderRow:
        order = await orders.lock(session, order_id=step.order_id)
        check(action, order.status)
        if order.held_at is not None:
            raise OrderHeld
        return order

    @activity.defn
    async def correct_contacts(self, correcting: Correcting) -> Status:
        """The order's own addresses mended, its contracts typeset anew, and one more mail.

        The addresses are taken out of their note: a second run finds none, and does nothing.
        Raises NotAwaitingDocuments, OrderHeld, ContactsChanged.
        """
        async with self._sessions.begin() as session:
            order = await self._undecided(session, Action.CORRECT_CONTACTS, correcting)
            if (contacts := await notes.take(session, note_id=correcting.contacts_note)) is not None:
                if correcting.seen_mail_id not in (None, order.living_mail_id):
                    raise ContactsChanged
                order.titolare = Contacts.model_validate_json(contacts).put_into(order.titolare)
                await print_contracts(session, order, at=correcting.at)
                mail = corrected_mail_id(order.id, number=correcting.number, note_id=correcting.contacts_note)
                await self._letters.contract(session, order, mail=mail, to=Recipient.PEC, at=correcting.at)
                words, who = await notes.read(session, note_id=correcting.note_id), correcting.actor
                timeline.add(session, order.id, at=correcting.at, kind="contacts_corrected", actor=who, words=words)
            return order.status

    @activity.defn
    async def extend_acceptance(self, extending: Extending) -> Status:
        """More time for the titolare; never less. Raises NotAwaitingDocuments."""
        async with self._sessions.begin() as session:
            order = await orders.lock(session, order_id=extending.order_id)
            check(Action.EXTEND, order.status)
            if order.accept_by < extending.accept_by:
                order.accept_by = extending.accept_by
                words = await notes.read(session, note_id=extending.note_id)
                details = {"until": rfc3339(extending.accept_by), "words": words}
                who, what = extending.actor, "acceptance_extended"
                timeline.add(session, order.id, at=extending.at, kind=what, actor=who, **details)
            return order.status

    @activity.defn
    async def queue_reminder(self, reminding: Reminding) -> Status:
        """A reminder, if the titolare's decision is still awaited and the order isn't held."""
        async with self._sessions.begin() as session:
            order = await orders.lock(session, order_id=reminding.order_id)
            if order.status is Status.AWAITING_DOCUMENTS and order.held_at is None:
                await self._letters.reminder(session, order, number=reminding.number, at=reminding.at)
            return order.status

    @activity.defn
    async def accept_contract(self, deciding: Deciding) -> Status:
        """The titolare's gate. The decision counts from here on. Raises NotAwaitingDocuments, OrderHeld, TokenDead."""
        async with self._sessions.begin() as session:
            order = await orders.lock(session, order_id=deciding.order_id)
            if order.decision_id == deciding.decision_id:
                return order.status
            order = await self._undecided(session, Action.DECIDE, deciding)
            await self._check_link(session, order, deciding)
            order.decision_id, order.accepted_at = deciding.decision_id, deciding.at
            await self._letters.accepted(session, order, at=deciding.at)
            order.status = await self._at_the_gates(session, order)
            timeline.add(session, order.id, at=deciding.at, kind="contract_accepted", actor=Actor.TITOLARE)
            return order.status

    async def _check_link(self, session: AsyncSession, order: OrderRow, deciding: Deciding) -> None:
        """A newer mail, perhaps with other contracts, may have come between the page and us. Raises TokenDead."""
        if await decisions.is_outdated(session, decision_id=deciding.decision_id, living=order.living_mail_id):
            raise TokenDead

    async def _at_the_gates(self, session: AsyncSession, order: OrderRow) -> Status:
        assigned = await responsabili.in_force(session, order_id=order.id)
        return at_the_gates(accepted=order.accepted_at is not None, assigned=bool(assigned))

    @activity.defn
    async def hold_order(self, deciding: Deciding) -> Status:
        """The titolare doesn't know the partner: nothing moves until an operator looks."""
        async with self._sessions.begin() as session:
            order = await orders.lock(session, order_id=deciding.order_id)
            check(Action.DECIDE, order.status)
            await self._check_link(session, order, deciding)
            if order.held_at is None and await self._letters.held(
                session, order, decision_id=deciding.decision_id, at=deciding.at
            ):  # a run that comes late, when it was released, holds nothing
                order.held_at = deciding.at
                words = await decisions.reason(session, decision_id=deciding.decision_id)
                timeline.add(session, order.id, at=deciding.at, kind="order_held", actor=Actor.TITOLARE, words=words)
            return order.status

    @activity.defn
    async def release_order(self, releasing: Releasing) -> Status:
        """An operator ends the hold; the link lives again. Raises OrderNotHeld."""
        async with self._sessions.begin() as session:
            order = await orders.lock(session, order_id=releasing.order_id)
            if await timeline.has(session, order_id=order.id, kind="order_released", at=releasing.at):
                return order.status
            if order.held_at is None or order.status is not Status.AWAITING_DOCUMENTS:
                raise OrderNotHeld
            order.held_at = None
            words = await notes.read(session, note_id=releasing.note_id)
            timeline.add(session, order.id, at=releasing.at, kind="order_released", actor=Actor.OPERATOR, words=words)
            return order.status

    @activity.defn
    async def assign_responsabili(self, assigning: Assigning) -> Status:
        """The partner's gate. Raises ResponsabiliNotAssignable, TitolareNotFound, ResponsabileNotEligible."""
        async with self._sessions.begin() as session:
            order = await orders.lock(session, order_id=assigning.order_id)
            wanted, internal = assigning.responsabili.by_role(), assigning.responsabili.internal
            present = await responsabili.in_force(session, order_id=order.id)
            people = {role: (row.titolare_id, row.internal) for role, row in present.items()}
            if order.status is Status.ACTIVATING and people == {role: (wanted[role], internal) for role in Role}:
                return order.status  # an earlier run opened the last gate with them
            check(Action.ASSIGN_RESPONSABILI, order.status)
            chosen = {
                role: await self._eligible(session, order, role=role, titolare_id=wanted[role], internal=internal)
                for role in Role
            }
            if {role: (row.titolare_id, row.titolare, row.internal) for role, row in present.items()} == {
                role: (person.id, person.titolare, internal) for role, person in chosen.items()
            }:
                return order.status  # the same people, with the data that they have today
            await responsabili.assign(session, order_id=order.id, chosen=chosen, internal=internal, at=assigning.at)
            if order.status is not Status.ACTIVATION_FAILED:
                order.status = await self._at_the_gates(session, order)
            timeline.add(
                session,
                order.id,
                at=assigning.at,
                kind="responsabili_assigned",
                actor=assigning.responsabili.actor,
                internal=internal or None,
                words=await notes.read(session, note_id=assigning.responsabili.note_id),
                **{role: str(titolare_id) for role, titolare_id in wanted.items()},
            )
            return order.status

    async def _eligible(
        self, session: AsyncSession, order: OrderRow, *, role: Role, titolare_id: UUID, internal: bool
    ) -> TitolareRow:
        person = await titolari.get(session, titolare_id=titolare_id, owner=order.partner_id)
        missing = missing_as_responsabile(person.titolare, of=order.titolare, internal=internal)
        if missing is not None:
            raise ResponsabileNotEligible(titolare_id=person.id, role=role, missing=missing)
        return person

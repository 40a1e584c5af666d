"""How an activation ends, written down. Like Records: a repeat changes nothing and tells how the row stands."""

from uuid import uuid5

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.letters import Letters
from db import accounts, mails, notes, orders, responsabili, services, timeline
from db.connection import Sessions
from db.orders import OrderRow
from db.services import ServiceRow
from domain.calendar import add_years, rome_day
from domain.deeds import next_due_on
from domain.lifecycle import Actor, Outcome, Status
from domain.mails import MailKind
from domain.orders import CredentialMailing, Failing, Retrying, Role, Step, credential_mail_id
from domain.resends import why_no_resend
from domain.service_errors import refuse
from domain.services import AccountWish, Service, ServiceAction, why_not


class Activation:
    """The steps around the provider's answer."""

    def __init__(self, sessions: Sessions, *, letters: Letters) -> None:
        self._sessions = sessions
        self._letters = letters

    @activity.defn
    async def record_activation(self, step: Step) -> Status:
        """The order is active and its charge final; a service is born. One that has ended is left as it is."""
        async with self._sessions.begin() as session:
            order = await orders.lock(session, order_id=step.order_id)
            if not await orders.settle(session, order_id=order.id, outcome=Outcome.ACTIVATED, at=step.at):
                return order.status
            order.status, order.activated_at = Status.ACTIVE, step.at
            session.add(_service(order, step))
            chosen = await responsabili.in_force(session, order_id=order.id)
            conservazione = chosen[Role.CONSERVAZIONE].titolare
            await self._letters.activated(session, order, conservazione=conservazione, at=step.at)
            timeline.add(session, order.id, at=step.at, kind="order_activated", actor=Actor.PROVIDER)
            return order.status

    @activity.defn
    async def queue_credentials(self, mailing: CredentialMailing) -> None:
        """One more mail of credentials; a repeat finds it queued.

        Raises ServiceTerminated, TooEarlyToResend, TooManyResends.
        """
        async with self._sessions.begin() as session:
            order = await orders.lock(session, order_id=mailing.order_id)
            sent = await mails.of_kind(session, order_id=order.id, kind=MailKind.CREDENTIALS)
            if credential_mail_id(mailing) in {mail.id for mail in sent}:
                return
            service = await services.of_order(session, order_id=order.id)
            refuse(why_not(ServiceAction.MAIL_CREDENTIALS, service.service, on=rome_day(mailing.at)))
            unhurried = mailing.actor is not Actor.OPERATOR
            refuse(why_no_resend([mail.at for mail in sent], now=mailing.at, unhurried=unhurried))
            chosen = await responsabili.in_force(session, order_id=order.id)
            pec = chosen[Role.CONSERVAZIONE].titolare
            await self._letters.credentials(session, order, conservazione=pec, mailing=mailing)
            words = await notes.read(session, note_id=mailing.note_id)
            timeline.add(session, order.id, at=mailing.at, kind="credentials_resent", actor=mailing.actor, words=words)

    @activity.defn
    async def fail_activation(self, failing: Failing) -> Status:
        """The provider refused: an operator must look."""
        async with self._sessions.begin() as session:
            order = await orders.lock(session, order_id=failing.order_id)
            if order.status is Status.ACTIVATING and await self._letters.activation_failed(
                session, order, number=failing.number, at=failing.at
            ):  # a run that comes late, when it is being tried again, fails nothing
                order.status = Status.ACTIVATION_FAILED
                words = await _provider_words(session, order)
                timeline.add(
                    session, order.id, at=failing.at, kind="activation_failed", actor=Actor.PROVIDER, words=words
                )
            return order.status

    @activity.defn
    async def retry_activation(self, step: Retrying) -> Status:
        """An operator has looked: the provider is asked again."""
        async with self._sessions.begin() as session:
            order = await orders.lock(session, order_id=step.order_id)
            if order.status is Status.ACTIVATION_FAILED:
                order.status = Status.ACTIVATING
                words = await notes.read(session, note_id=step.note_id)
                timeline.add(
                    session, order.id, at=step.at, kind="activation_retried", actor=Actor.OPERATOR, words=words
                )
            return order.status


def _service(order: OrderRow, step: Step) -> ServiceRow:
    starts_on = rome_day(step.at)
    service = Service(
        id=uuid5(order.id, "service"),
        starts_on=starts_on,
        expires_on=add_years(starts_on, years=order.options.renewal_years),
        renewal_mode=order.options.renewal_mode,
        renewal_years=order.options.renewal_years,
        options=order.options,
    )
    as_opened = AccountWish.of(service, is_full=False)
    return ServiceRow(
        order_id=order.id,
        partner_id=order.partner_id,
        activated_at=step.at,
        wanted=as_opened,
        told=as_opened,
        **dict(service) | {"next_due_on": next_due_on(service, done=())},
    )


async def _provider_words(session: AsyncSession, order: OrderRow) -> str | None:
    said = await accounts.get(session, order_id=order.id)
    return said.reason if said is not None else None

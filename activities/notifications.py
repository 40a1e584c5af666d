"""Queued mails on their way out."""

import asyncio
import re
from collections.abc import AsyncIterator, Collection, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.composition import Writer
from db import erasures, mails, orders, services, timeline
from db.base import EVERY_PARTNER
from db.connection import Sessions
from db.mails import MailRow, MailState
from db.orders import OrderRow
from db.services import ServiceRow
from domain.errors import MailServerUnavailable, Unavailable
from domain.lifecycle import Actor, Status
from domain.mails import Box, MailKind
from domain.service_mails import RenewalFailed
from domain.service_orders import Delivered
from domain.services import ServiceStatus
from gateways.mail import Mailbox

LINK = re.compile(r"https?://\S+")
AT_ONCE = 20
"""Announcements that are sent in one step."""
BEAT_SECONDS = 10
"""Less than the heartbeat's time-out in `workflows/options.py`."""


class Notifications:
    """Delivers what the other steps queued."""

    def __init__(self, sessions: Sessions, *, writer: Writer, boxes: dict[Box, Mailbox]) -> None:
        self._sessions = sessions
        self._writer = writer
        self._boxes = boxes

    @activity.defn
    async def deliver_mails(self, order_id: UUID) -> None:
        """Send all the order's queued mails, and its partner's own. Raises Unavailable if any must be tried later.

        A mail is locked while it is on the wire, and marked in the same transaction: two runs don't send it
        twice. Whoever dies between the server's yes and the mark sends it again under the same Message-ID.
        """
        async with self._sessions() as session:
            waiting = await mails.queued(session, order_id=order_id)
        await self._deliver_all(waiting)

    @activity.defn
    async def deliver_announcements(self, after: UUID | None) -> Delivered:
        """Send the next mails that sweeps have queued. Those that must be tried again hold up no other.

        One that fails in a way nobody foresaw fails the step; its next attempt leaves that one out.
        """
        failed = {UUID(mail_id) for mail_id in activity.info().heartbeat_details}
        async with self._sessions() as session:
            waiting = await mails.announcements(session, after=after, limit=AT_ONCE)
        try:
            await self._deliver_all([mail_id for mail_id in waiting if mail_id not in failed], failed=failed)
        except Unavailable:
            return Delivered(last=waiting[-1], are_delayed=True)
        return Delivered(last=waiting[-1] if waiting else None, are_delayed=not failed.isdisjoint(waiting))

    async def _deliver_all(self, waiting: Sequence[UUID], *, failed: Collection[UUID] = ()) -> None:
        """`failed`: what earlier attempts had in hand at their end; the heartbeat tells the next one."""
        delayed: Unavailable | None = None
        for mail_id in waiting:
            if activity.is_worker_shutdown():  # what is begun now may not come to its end
                raise MailServerUnavailable
            try:
                async with _beating(*failed, mail_id):
                    await _to_its_end(self._deliver(mail_id))
            except Unavailable as error:
                delayed = error
        if delayed is not None:
            raise delayed

    async def _deliver(self, mail_id: UUID) -> None:
        async with self._sessions.begin() as session:
            if (mail := await mails.take(session, mail_id=mail_id)) is None:
                await self._insist(session, mail_id)
                return
            order = await _about(session, mail)
            if await _is_overtaken(session, mail, order):
                mail.state = MailState.DROPPED
            else:
                await self._send(session, mail, order)
            await erasures.catch_up(session, mail)

    async def _insist(self, session: AsyncSession, mail_id: UUID) -> None:
        """Another run has the mail in hand: come back and see whether it succeeded."""
        if (await session.get_one(MailRow, mail_id)).state is MailState.QUEUED:
            raise MailServerUnavailable

    async def _send(self, session: AsyncSession, mail: MailRow, order: OrderRow | None) -> None:
        box = self._boxes[mail.box]
        message = await self._writer.write(session, mail, order=order, sender=box.sender)
        refusal = await box.send(message)
        if order is not None:  # what names many holders at once isn't kept: no erasure of one would find it
            mail.subject, mail.text = str(message["Subject"]), _without_links(message)
        mail.state = MailState.SENT if refusal is None else MailState.REFUSED
        mail.error = None if refusal is None else f"{refusal.code} {refusal.words}"
        if order is None:
            return
        kind = "mail_sent" if refusal is None else "mail_refused"
        details = {"mail": mail.kind, "mail_id": str(mail.id), "code": refusal and refusal.code}
        at = activity.info().current_attempt_scheduled_time
        timeline.add(session, order.id, at=at, kind=kind, actor=Actor.SYSTEM, **details)


async def _to_its_end(delivery: Coroutine[Any, Any, None]) -> None:
    """Who is taken for dead, since Temporal was away for a while, must not have sent a mail without marking it."""
    going_on = asyncio.create_task(delivery)
    try:
        await asyncio.shield(going_on)
    except asyncio.CancelledError:
        if activity.is_worker_shutdown():  # nobody would wait for its end
            going_on.cancel()
        with suppress(Unavailable, asyncio.CancelledError):
            await going_on
        raise


@asynccontextmanager
async def _beating(*details: UUID) -> AsyncIterator[None]:
    """Say that we live, and what we have in hand, for as long as a slow server thinks."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            activity.heartbeat(*details)

    activity.heartbeat(*details)
    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()


def _without_links(message: EmailMessage) -> str:
    """The words, for those who help; its links stay with who has got the mail."""
    body = message.get_body(("plain",))
    return LINK.sub("[link]", body.get_content()) if body else ""


async def _about(session: AsyncSession, mail: MailRow) -> OrderRow | None:
    if mail.order_id is None:
        return None
    if mail.words is not None:
        return await orders.with_service(session, order_id=mail.order_id)
    return await orders.get(session, order_id=mail.order_id, owner=EVERY_PARTNER)


async def _is_overtaken(session: AsyncSession, mail: MailRow, order: OrderRow | None) -> bool:
    """Whether what the mail says no longer holds."""
    if order is None:
        return mail.kind is MailKind.RENEWAL_FAILED and await _are_all_renewed(session, mail)
    match mail.kind:
        case MailKind.CONTRACT_ACCEPTANCE:
            return order.status is not Status.AWAITING_DOCUMENTS or mail.id != order.living_mail_id
        case MailKind.ACCEPTANCE_REMINDER:
            return order.status is not Status.AWAITING_DOCUMENTS or order.held_at is not None
        case MailKind.EXPIRY_NOTICE | MailKind.SUSPENDED | MailKind.EXPORT_OFFER:
            return not _still_holds(mail, order.service) or await mails.has_newer(session, mail)
        case MailKind.SPACE_WARNING:
            return not _still_holds(mail, order.service)
        case MailKind.ORDER_CANCELLED_TITOLARE:
            return not await mails.has_gone_out(session, order_id=order.id, kind=MailKind.CONTRACT_ACCEPTANCE)
        case _:
            return False


async def _are_all_renewed(session: AsyncSession, mail: MailRow) -> bool:
    """Whether each service that the credit didn't cover has been renewed since."""
    left_out = RenewalFailed.model_validate(mail.words).left_out
    expires_on = await services.expiries(session, order_ids=[one.order_id for one in left_out])
    return all(expires_on[one.order_id] > one.expires_on for one in left_out)


def _still_holds(mail: MailRow, service: ServiceRow | None) -> bool:
    """Whether a service stands where the mail says, and hasn't been renewed since."""
    if service is None or mail.words is None:
        return False
    match mail.kind:
        case MailKind.SPACE_WARNING:
            return bool(mail.words["level"] == service.space_level)
        case MailKind.EXPIRY_NOTICE:
            stands = service.status is ServiceStatus.ACTIVE and mail.words["renewal_mode"] == service.renewal_mode
        case _:
            stands = service.status is ServiceStatus.SUSPENDED
    return stands and mail.words["expires_on"] == str(service.expires_on)

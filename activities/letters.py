"""Which mails an event of an order causes: queued in its transaction, delivered later."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from db import mails, partners
from db.mails import MailRow
from db.orders import OrderRow
from domain.mails import Box, MailKind
from domain.orders import CredentialMailing, Recipient, credential_mail_id, mail_id
from domain.titolari import Titolare
from domain.tokens import acceptance_token, fingerprint


@dataclass(frozen=True, kw_only=True)
class Letters:
    """Queues mails. Each id derives from its cause, so a repeated step queues nothing new."""

    secret: str
    operators_address: str

    async def contract(
        self, session: AsyncSession, order: OrderRow, *, mail: UUID, to: Recipient, at: datetime
    ) -> None:
        """One more contract mail, with a link that kills the older one."""
        token = fingerprint(acceptance_token(mail, secret=self.secret))
        address = order.titolare.email if to is Recipient.EMAIL else order.titolare.pec
        box = Box.ORDINARY if to is Recipient.EMAIL else Box.PEC
        row = MailRow(
            id=mail,
            order_id=order.id,
            kind=MailKind.CONTRACT_ACCEPTANCE,
            box=box,
            to=address,
            at=at,
            token_fingerprint=token,
        )
        await mails.queue(session, row)
        order.living_mail_id = mail

    async def reminder(self, session: AsyncSession, order: OrderRow, *, number: int, at: datetime) -> None:
        """A reminder to the titolare's PEC; it repeats the living link."""
        await _to_pec(session, order, MailKind.ACCEPTANCE_REMINDER, holder=order.titolare, at=at, cause=str(number))

    async def accepted(self, session: AsyncSession, order: OrderRow, *, at: datetime) -> None:
        """Titolare and partner get the receipt."""
        await _to_pec(session, order, MailKind.ACCEPTANCE_RECEIPT, holder=order.titolare, at=at)
        await _to_partner(session, order, MailKind.ACCEPTANCE_RECEIPT, at=at)

    async def activated(self, session: AsyncSession, order: OrderRow, *, conservazione: Titolare, at: datetime) -> None:
        """The partner learns of it; the responsabile della conservazione gets the credentials."""
        await _to_partner(session, order, MailKind.ORDER_ACTIVATED, at=at)
        await _to_pec(session, order, MailKind.CREDENTIALS, holder=conservazione, at=at)

    async def credentials(
        self, session: AsyncSession, order: OrderRow, *, conservazione: Titolare, mailing: CredentialMailing
    ) -> None:
        """One more mail with a one-time link, to the responsabile della conservazione."""
        row = MailRow(
            id=credential_mail_id(mailing),
            order_id=order.id,
            kind=MailKind.CREDENTIALS,
            box=Box.PEC,
            to=conservazione.pec,
            at=mailing.at,
        )
        await mails.queue(session, row)

    async def activation_failed(self, session: AsyncSession, order: OrderRow, *, number: int, at: datetime) -> bool:
        """Partner and operators learn that the provider refused; False if they have learnt of this refusal before."""
        await _to_partner(session, order, MailKind.ACTIVATION_FAILED, at=at, cause=str(number))
        return await self._to_operators(session, order, MailKind.ACTIVATION_FAILED, at=at, cause=str(number))

    async def held(self, session: AsyncSession, order: OrderRow, *, decision_id: UUID, at: datetime) -> bool:
        """Operators learn that the titolare doesn't know the partner; False if they have learnt of it before."""
        return await self._to_operators(session, order, MailKind.ORDER_HELD, at=at, cause=str(decision_id))

    async def cancelled(self, session: AsyncSession, order: OrderRow, *, at: datetime) -> None:
        """The partner learns of it, and the titolare if a contract mail had gone out (judged at delivery)."""
        await _to_partner(session, order, MailKind.ORDER_CANCELLED, at=at)
        await _to_pec(session, order, MailKind.ORDER_CANCELLED_TITOLARE, holder=order.titolare, at=at)

    async def _to_operators(
        self, session: AsyncSession, order: OrderRow, kind: MailKind, *, at: datetime, cause: str
    ) -> bool:
        mail = mail_id(order.id, cause=f"{kind}:{cause}:operators")
        row = MailRow(id=mail, order_id=order.id, kind=kind, box=Box.ORDINARY, to=self.operators_address, at=at)
        return await mails.queue(session, row)


async def _to_partner(session: AsyncSession, order: OrderRow, kind: MailKind, *, at: datetime, cause: str = "") -> None:
    partner = await partners.get(session, partner_id=order.partner_id)
    for address in partner.notification_addresses:
        mail = mail_id(order.id, cause=f"{kind}:{cause}:{address}")
        row = MailRow(id=mail, order_id=order.id, kind=kind, box=Box.ORDINARY, to=address, at=at)
        await mails.queue(session, row)


async def _to_pec(
    session: AsyncSession, order: OrderRow, kind: MailKind, *, holder: Titolare, at: datetime, cause: str = ""
) -> None:
    mail = mail_id(order.id, cause=f"{kind}:{cause}")
    await mails.queue(session, MailRow(id=mail, order_id=order.id, kind=kind, box=Box.PEC, to=holder.pec, at=at))

"""What each mail says, gathered from the rows when it leaves."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import TypedDict

from sqlalchemy.ext.asyncio import AsyncSession

from activities import service_letters
from activities.receipts import Receipts
from db import accounts, contracts, orders, partners, services
from db.accounts import ProviderAccountRow
from db.mails import MailRow
from db.orders import OrderRow
from domain.errors import AccountPending
from domain.lifecycle import Account, CancelReason
from domain.mails import Box, MailKind
from domain.products import Product
from domain.service_errors import ProviderRefused
from domain.titolari import display_name
from domain.tokens import acceptance_token
from emails import orders as letters
from emails.compose import Attachment, Envelope
from emails.services import About
from gateways.provider import Provider


class _About(TypedDict):
    number: str
    holder: str
    product: Product


class _Invitation(_About):
    partner: str
    link: str
    accept_by: datetime


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Turns a queued mail into a message. Links are made here, so that they stand in no history."""

    secret: str
    public_url: str
    provider: Provider
    receipts: Receipts

    async def write(self, session: AsyncSession, mail: MailRow, *, order: OrderRow | None, sender: str) -> EmailMessage:
        """The message; the same one each time, save for the credentials' one-time link."""
        envelope = Envelope(to=mail.to, sender=sender, cause=mail.id, at=mail.at)
        if order is None:
            return await _about_partner(session, envelope, mail)
        return await self._about_order(session, envelope, mail, order=order)

    async def _about_order(
        self, session: AsyncSession, envelope: Envelope, mail: MailRow, *, order: OrderRow
    ) -> EmailMessage:
        about = _About(number=order.number, holder=display_name(order.titolare), product=order.product)
        partner = (await partners.get(session, partner_id=order.partner_id)).name
        match mail.kind:
            case MailKind.CONTRACT_ACCEPTANCE:
                attached = await _contracts(session, order)
                return letters.contract_acceptance(
                    envelope, *attached, **self._invitation(order, about, partner=partner)
                )
            case MailKind.ACCEPTANCE_REMINDER:
                return letters.acceptance_reminder(envelope, **self._invitation(order, about, partner=partner))
            case MailKind.ACCEPTANCE_RECEIPT:
                receipt = Attachment(f"ricevuta-{order.number}.pdf", await self.receipts.sealed(order))
                link = self._acceptance_link(order) if mail.box is Box.PEC else self._panel_link(order)
                return letters.acceptance_receipt(envelope, receipt=receipt, partner=partner, link=link, **about)
            case MailKind.ORDER_HELD:
                return letters.order_held(envelope, number=order.number, partner=partner)
            case MailKind.ORDER_ACTIVATED:
                service = await services.of_order(session, order_id=order.id)
                return letters.order_activated(envelope, expires_on=service.expires_on, **about)
            case MailKind.CREDENTIALS:
                return await self._credentials(session, envelope, order=order, about=about)
            case MailKind.ACTIVATION_FAILED:
                said = await accounts.get(session, order_id=order.id)
                return letters.activation_failed(envelope, reason=said.reason if said else None, **about)
            case MailKind.ORDER_CANCELLED | MailKind.ORDER_CANCELLED_TITOLARE:
                return _cancelled(mail.kind, envelope, order=order, about=about, partner=partner)
            case kind:
                return service_letters.about_service(kind, envelope, words=mail.words, **about)

    def _invitation(self, order: OrderRow, about: _About, *, partner: str) -> _Invitation:
        return _Invitation(partner=partner, link=self._acceptance_link(order), accept_by=order.accept_by, **about)

    def _acceptance_link(self, order: OrderRow) -> str:
        """The titolare's page: before the decision to decide, afterwards to see where the order stands."""
        return f"{self.public_url}/accept/{acceptance_token(order.living_mail_id, secret=self.secret)}"

    def _panel_link(self, order: OrderRow) -> str:
        """The order's page for those who sign in."""
        return f"{self.public_url}/pannello/ordini/{order.id}"

    async def _credentials(
        self, session: AsyncSession, envelope: Envelope, *, order: OrderRow, about: _About
    ) -> EmailMessage:
        username = await self._username(session, order)
        link = await self.provider.password_link(order.id)
        return letters.credentials(envelope, username=username, link=link.url, **about)

    async def _username(self, session: AsyncSession, order: OrderRow) -> str:
        """As the provider has told it; a callback need not. Raises AccountPending while there is none."""
        said = await accounts.get(session, order_id=order.id)
        if said is not None and said.username is not None:
            return said.username
        try:
            told = await self.provider.account(order.id)
        except ProviderRefused as error:  # of an account that it has told to be live: it will know of it again
            raise AccountPending from error
        if told.username is None:
            raise AccountPending
        names = told.model_dump(include={"account", "username"})
        await accounts.keep(session, ProviderAccountRow(order_id=order.id, state=Account.ACTIVE, **names))
        return told.username


async def _about_partner(session: AsyncSession, envelope: Envelope, mail: MailRow) -> EmailMessage:
    assert mail.partner_id is not None  # noqa: S101 - a mail is about an order or about a partner
    partner = await partners.get(session, partner_id=mail.partner_id)
    told_of = await orders.some(session, ids=service_letters.told_of(mail.kind, mail.words), owner=partner.id)
    names = {
        row.id: About(number=row.number, holder=display_name(row.titolare), product=row.product) for row in told_of
    }
    return service_letters.about_partner(mail.kind, envelope, words=mail.words, partner=partner.name, orders=names)


async def _contracts(session: AsyncSession, order: OrderRow) -> list[Attachment]:
    rows = await contracts.read(session, order_id=order.id)
    return [Attachment(f"{row.name}.pdf", row.content) for row in rows]


def _cancelled(kind: MailKind, envelope: Envelope, *, order: OrderRow, about: _About, partner: str) -> EmailMessage:
    reason = _reason(order)
    if kind is MailKind.ORDER_CANCELLED:
        return letters.order_cancelled(envelope, reason=reason, refunded_cents=order.price.total_cents, **about)
    return letters.order_cancelled_titolare(
        envelope, number=order.number, partner=partner, product=order.product, reason=reason
    )


def _reason(order: OrderRow) -> CancelReason:
    assert order.reason is not None  # noqa: S101 - a cancelled order has one
    return order.reason

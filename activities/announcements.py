"""Which mails the life of a service causes, all to its partner: queued with their facts, delivered later."""

from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from activities.coming import next_30_days_cents
from db import ledger, mails, partners
from db.mails import MailRow
from db.partners import PartnerRow
from db.renewals import RenewalRow
from db.services import ServiceRow
from domain import credit
from domain.calendar import rome_day
from domain.mails import Box, MailKind
from domain.service_mails import (
    SERVICE_WORDS,
    LowCreditNotice,
    PartnerWords,
    RenewalFailed,
    Renewed,
    ServiceWords,
)

KINDS = {words: kind for kind, words in SERVICE_WORDS.items()}


async def about_service(
    session: AsyncSession, row: ServiceRow, words: ServiceWords, *, day: date, at: datetime
) -> None:
    """Tell the partner of something that happened to a service, once a kind and day."""
    kind = KINDS[type(words)]
    partner = await partners.get(session, partner_id=row.partner_id)
    for address in partner.notification_addresses:
        cause = uuid5(row.id, f"{kind}:{day}:{address}")
        mail = MailRow(id=cause, order_id=row.order_id, kind=kind, box=Box.ORDINARY, to=address, at=at)
        mail.words = words.model_dump(mode="json")
        await mails.queue(session, mail)


async def renewed(session: AsyncSession, row: ServiceRow, renewal: RenewalRow) -> None:
    """The next period is paid for."""
    words = Renewed(
        expires_on=renewal.period_end,
        years=renewal.years,
        price_cents=renewal.price.total_cents,
        asked_by=renewal.asked_by,
    )
    await about_service(session, row, words, day=renewal.period_start, at=renewal.at)
    await spent(session, partner_id=row.partner_id, cents=words.price_cents, cause=renewal.id, at=renewal.at)


async def left_out(
    session: AsyncSession, partner: PartnerRow, words: RenewalFailed, *, day: date, at: datetime
) -> None:
    """One mail that names all that the credit didn't cover on a day; another, if a later sweep left out others."""
    cause = f"{day}:{'.'.join(sorted(str(one.order_id) for one in words.left_out))}"
    await _about_partner(session, partner, MailKind.RENEWAL_FAILED, words, cause=cause, at=at)


async def spent(session: AsyncSession, *, partner_id: UUID, cents: int, cause: UUID, at: datetime) -> None:
    """Tell the partner if what was just charged has brought the credit below the threshold."""
    partner = await partners.get(session, partner_id=partner_id)
    balance_cents = await ledger.balance_cents(session, partner_id=partner_id)
    threshold_cents = partner.low_credit_threshold_cents
    if threshold_cents is None or not balance_cents < threshold_cents <= balance_cents + cents:
        return
    soon_cents = await next_30_days_cents(session, partner_id=partner_id, on=rome_day(at))
    low = credit.low_credit(balance_cents, threshold_cents=threshold_cents, next_30_days_cents=soon_cents)
    partner.low_credit = low  # the next sweep need not say it again
    words = LowCreditNotice(
        why=credit.LowCredit.THRESHOLD,
        balance_cents=balance_cents,
        threshold_cents=threshold_cents,
        next_30_days_cents=soon_cents,
    )
    await low_credit(session, partner, words, cause=str(cause), at=at)


async def low_credit(
    session: AsyncSession, partner: PartnerRow, words: LowCreditNotice, *, cause: str, at: datetime
) -> None:
    """The credit is low, and why."""
    await _about_partner(session, partner, MailKind.LOW_CREDIT, words, cause=cause, at=at)


async def _about_partner(
    session: AsyncSession, partner: PartnerRow, kind: MailKind, words: PartnerWords, *, cause: str, at: datetime
) -> None:
    for address in partner.notification_addresses:
        mail_id = uuid5(partner.id, f"{kind}:{cause}:{address}")
        mail = MailRow(id=mail_id, partner_id=partner.id, kind=kind, box=Box.ORDINARY, to=address, at=at)
        mail.words = words.model_dump(mode="json")
        await mails.queue(session, mail)

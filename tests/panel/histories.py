"""What years leave in a service's tabs: their rows stand as if it had all been done then."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from db.documents import DocumentRow
from db.mails import MailRow, MailState
from db.renewals import RenewalOutcome, RenewalRow
from db.services import ServiceRow
from db.space import SpacePurchaseRow
from domain.calendar import add_years
from domain.documents import MediaType
from domain.lifecycle import Actor
from domain.mails import Box, MailKind
from domain.orders import Role
from domain.prices import quote
from local.demo import PRICES
from tests.personas import Stage


async def with_history(stage: Stage, row: ServiceRow, *, file_name: str = "delega.pdf") -> ServiceRow:
    """A renewal that failed and one that didn't, space that was bought twice; a document and a mail for each."""
    now, of = datetime.now(UTC), {"service_id": row.id, "partner_id": row.partner_id}
    async with stage.sessions.begin() as session:
        for days, outcome in ((9, RenewalOutcome.FAILED), (8, RenewalOutcome.RENEWED)):
            session.add(
                RenewalRow(
                    id=uuid4(),
                    at=now - timedelta(days=days),
                    period_start=row.starts_on,
                    period_end=add_years(row.starts_on, years=1, anchor=row.starts_on),
                    years=1,
                    price=quote(row.options, under=PRICES),
                    outcome=outcome,
                    asked_by=Actor.SYSTEM,
                    **of,
                )
            )
        for gb in (2, 3):
            price = quote(row.options, under=PRICES)
            bought = SpacePurchaseRow(id=uuid4(), at=now, gb=gb, price=price, asked_by=Actor.PARTNER, **of)
            session.add(bought)
        for responsabile in (None, Role.CONSERVAZIONE):
            session.add(
                DocumentRow(
                    id=uuid4(),
                    order_id=row.order_id,
                    name=file_name,
                    media_type=MediaType.PDF,
                    size_bytes=15,
                    sha256="0" * 64,
                    responsabile=responsabile,
                    at=now,
                    by=Actor.PARTNER,
                )
            )
            session.add(
                MailRow(
                    id=uuid4(),
                    order_id=row.order_id,
                    kind=MailKind.EXPIRY_NOTICE,
                    box=Box.ORDINARY,
                    to="avvisi@partner.example",
                    at=now,
                    state=MailState.SENT,
                )
            )
    return row

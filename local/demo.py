"""`python -m local.demo`: two partners with EUR 1,000.00 each, an operator, and an invented price list; once."""

import asyncio
import os
import secrets
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db import connection, ledger
from db.connection import Sessions
from db.partners import ApiKeyRow, PartnerRow
from db.prices import PriceListRow
from db.users import UserRow
from domain.prices import Item, PriceList
from domain.tokens import fingerprint
from domain.users import UserRole
from local.home import Home
from settings import Given, SettingsError, with_driver

CREDIT_CENTS = 100_000
PARTNERS = {"bianchi": "Studio Bianchi", "verdi": "Studio Verdi"}
PRICES = PriceList(
    valid_from=date(2026, 1, 1),
    vat_percent=22,
    net_cents={
        Item.DOCFLY_PA: 1900,
        Item.DOCFLY: 2900,
        Item.EXTRA_GB: 400,
        Item.EXTRA_USER: 500,
        Item.EXTRA_ARCHIVE: 800,
        Item.EXTRA_DEFINITION: 600,
        Item.KIT_5GB: 1500,
        Item.KIT_10GB: 2700,
        Item.KIT_20GB: 4900,
        Item.KIT_50GB: 10900,
    },
    note="Listino inventato per lo sviluppo: non è un'offerta.",
)


async def seed(sessions: Sessions, *, home: Home) -> None:
    """Write the demo into an empty database, and the logins, which are known only now, into demo.json.

    The file comes before the commit: whoever dies between the two finds an empty database and begins anew.
    """
    async with sessions.begin() as session:
        if await session.scalar(select(PartnerRow.id).limit(1)) is not None:
            return
        now = datetime.now(UTC)
        session.add(PriceListRow(valid_from=PRICES.valid_from, price_list=PRICES))
        partners = [await _partner(session, login=login, name=name, now=now) for login, name in PARTNERS.items()]
        operator = await _login(session, login="olga", partner_id=None, now=now)
        home.refresh_demo({"partners": partners, "operator": operator})


async def _partner(session: AsyncSession, *, login: str, name: str, now: datetime) -> dict[str, Any]:
    partner_id = uuid4()
    addresses = [f"{login}@partner.example"]
    session.add(PartnerRow(id=partner_id, name=name, notification_addresses=addresses, created_at=now))
    await session.flush()
    await ledger.open_accounts(session, partner_id=partner_id)
    await ledger.top_up(
        session, top_up_id=uuid4(), partner_id=partner_id, amount_cents=CREDIT_CENTS, reference=f"demo-{login}", at=now
    )
    return {"id": str(partner_id), "name": name, **await _login(session, login=login, partner_id=partner_id, now=now)}


async def _login(session: AsyncSession, *, login: str, partner_id: UUID | None, now: datetime) -> dict[str, str]:
    key, password = f"dfk_{secrets.token_urlsafe(32)}", secrets.token_urlsafe(12)
    role = UserRole.OWNER if partner_id else None
    hashed = PasswordHasher().hash(password)
    session.add(UserRow(id=uuid4(), login=login, password_hash=hashed, partner_id=partner_id, role=role))
    session.add(ApiKeyRow(id=uuid4(), name="demo", fingerprint=fingerprint(key), partner_id=partner_id, created_at=now))
    await session.flush()
    return {"api_key": key, "user": login, "password": password}


async def main() -> None:
    """Seed what DOCFLY_DATABASE_URL names."""
    given = Given.read_or_exit(os.environ)
    if given.database_url is None:
        raise SettingsError("DOCFLY_DATABASE_URL is not set: name the database to seed.")
    engine = connection.engine(with_driver(given.database_url.get_secret_value()))
    await seed(connection.sessions(engine), home=Home(given.home))
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())

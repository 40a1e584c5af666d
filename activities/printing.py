"""Contracts on their way from rows to paper."""

import asyncio
from datetime import datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from db import contracts, partners
from db.contracts import ContractRow
from db.orders import OrderRow
from domain.calendar import rome_day
from pdfs.contracts import ContractFacts, contract_set


async def print_contracts(session: AsyncSession, order: OrderRow, *, at: datetime) -> None:
    """One more edition of the order's contract set, with the titolare as the order has them now."""
    partner = await partners.get(session, partner_id=order.partner_id)
    facts = ContractFacts(
        number=order.number,
        placed_on=rome_day(order.placed_at),
        options=order.options,
        price=order.price,
        titolare=order.titolare,
        partner=partner.name,
    )
    files = await asyncio.to_thread(contract_set, facts)  # it computes, and others must go on meanwhile
    before = await contracts.newest(session, order_id=order.id)
    session.add_all(
        ContractRow(
            order_id=order.id,
            edition=before[0].edition + 1 if before else 1,
            position=position,
            name=file.name,
            title=file.title,
            version=file.version,
            sha256=sha256(file.content).digest(),
            content=file.content,
            at=at,
        )
        for position, file in enumerate(files)
    )

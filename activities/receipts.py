"""The receipt of an acceptance: printed, sealed and kept once, when the first mail wants it."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from db import decisions, partners, receipts, timeline
from db.connection import Sessions
from db.decisions import DecisionRow
from db.orders import OrderRow
from db.receipts import ReceiptRow
from domain.acceptance import CAPACITIES, TICKS, Capacity
from gateways.seal import Seal
from pdfs.receipt import AcceptedDocument, Holder, ReceiptFacts, receipt


class Receipts:
    """Whoever comes second finds the first one's: two runs that seal at once keep one receipt."""

    def __init__(self, sessions: Sessions, *, seal: Seal) -> None:
        self._sessions = sessions
        self._seal = seal

    async def sealed(self, order: OrderRow) -> bytes:
        """The sealed PDF of an accepted order. Raises TimestampUnavailable."""
        async with self._sessions() as session:
            if (kept := await receipts.get(session, order_id=order.id)) is not None:
                return kept.content
            printed, decision = await _print(session, order)
        content = await self._seal.seal(printed)
        made = ReceiptRow(
            order_id=order.id,
            decision_id=decision.id,
            sha256=sha256(content).digest(),
            content=content,
            sealed_at=datetime.now(UTC),
        )
        async with self._sessions.begin() as session:  # kept before it is mailed: what is mailed is what is kept
            return (await receipts.keep(session, made)).content


async def _print(session: AsyncSession, order: OrderRow) -> tuple[bytes, DecisionRow]:
    assert order.decision_id is not None  # noqa: S101 - an accepted order has one
    decision = await decisions.get(session, decision_id=order.decision_id)
    partner = await partners.get(session, partner_id=order.partner_id)
    evidence = decision.evidence
    facts = ReceiptFacts(
        number=order.number,
        order_id=order.id,
        partner=partner.name,
        titolare=Holder.model_validate(decisions.who_decided(decision, order=order)),
        accepted_by=evidence["name"],
        capacity=CAPACITIES[Capacity(evidence["capacity"])],
        accepted_at=decision.at,
        ip=evidence["ip"],
        user_agent=evidence["user_agent"],
        ticks=tuple(TICKS.values()),
        mail_id=decision.mail_id,
        documents=tuple(_accepted(document) for document in evidence.get("documents", ())),
        evidence_sha256=sha256(decisions.evidence_file(decision, order=order)).hexdigest(),
        chained_sha256=(await timeline.chained(session, order_id=order.id, kind="contract_accepted")).hex(),
    )
    return await asyncio.to_thread(receipt, facts), decision


def _accepted(document: Mapping[str, str]) -> AcceptedDocument:
    return AcceptedDocument(title=document["title"], version=document["version"], sha256=document["sha256"])

"""Who decided on contracts is erased, and the proof of it stays."""

import asyncio
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

from sqlalchemy import select

from db.decisions import DecisionRow
from db.mails import MailRow
from tests.api.test_titolare_erasure import UNTIL, erase
from tests.pdfs.reading import squeezed, text
from tests.personas import Partner, Stage, eventually
from tests.simulators.hands import Timestamps


async def test_a_proof_stays_the_same_to_the_byte(bianchi: Partner) -> None:
    holder = await bianchi.titolare()
    order_id = await bianchi.placed(titolare_id=holder["id"])
    assert (await bianchi.decide(order_id)).status_code == 303

    async def evidence() -> bytes | None:
        answer = await bianchi.get(f"/v1/orders/{order_id}/proof")
        return ZipFile(BytesIO(answer.content)).read("evidence.json") if answer.status_code == 200 else None

    before = await eventually(evidence)
    await bianchi.cancel(order_id)
    await bianchi.until(order_id, "cancelled")
    await erase(bianchi, holder["id"])
    assert await evidence() == before
    assert before is not None
    assert holder["denominazione"] in before.decode()


async def test_a_decision_stays_with_its_proof(bianchi: Partner, stage: Stage) -> None:
    holder = await bianchi.titolare()
    order_id = await bianchi.placed(titolare_id=holder["id"])
    assert (await bianchi.decide(order_id, "decline")).status_code == 303
    await bianchi.until(order_id, "cancelled")
    told = await erase(bianchi, holder["id"])
    assert [kept["until"] for kept in told["kept"] if "2946" in kept["why"]] == [UNTIL, UNTIL]
    async with stage.sessions() as session:
        (decision,) = await session.scalars(select(DecisionRow).where(DecisionRow.order_id == UUID(order_id)))
        asked = await session.get_one(MailRow, decision.mail_id)
    assert (decision.evidence["name"], asked.to) == ("Maria Rossi", holder["pec"])


async def test_a_receipt_that_is_sealed_later_names_who_has_accepted(bianchi: Partner, timestamps: Timestamps) -> None:
    timestamps.mode("error")
    holder = await bianchi.titolare()
    order_id = await bianchi.placed(titolare_id=holder["id"])
    await bianchi.decide(order_id)
    await bianchi.cancel(order_id)
    await bianchi.until(order_id, "cancelled")
    await erase(bianchi, holder["id"])
    await asyncio.to_thread(timestamps.mode, "stamp")

    async def proof() -> ZipFile | None:
        answer = await bianchi.get(f"/v1/orders/{order_id}/proof")
        return ZipFile(BytesIO(answer.content)) if answer.status_code == 200 else None

    sealed = await eventually(proof, within=60)
    assert sealed is not None
    receipt = text(sealed.read("receipt.pdf"))
    assert squeezed(holder["denominazione"]) in receipt
    assert holder["codice_fiscale"] in receipt

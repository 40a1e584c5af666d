"""Whoever is erased is erased from the mails, too, as far as operators can read them, and from what was on its way."""

from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import undefer
from temporalio.client import Client

from db import orders
from db.mails import MailRow
from db.notes import NoteRow
from domain.errors import Unavailable
from domain.lifecycle import Actor
from domain.titolari import Contacts
from front import contacts
from tests import identities
from tests.api.test_titolare_erasure import erase
from tests.personas import Partner, Stage, eventually
from tests.simulators.hands import Catcher
from workflows.connection import CONVERTER

KEPT = text("select count(text) from mails where order_id = :id")
CONTACTS = Contacts(email="nuova@rossi.example", pec="nuova@pec.rossi.example")


async def settled(stage: Stage, order_id: str) -> list[MailRow]:
    """The order's mails, once all have gone out."""

    async def gone() -> list[MailRow] | None:
        async with stage.sessions() as session:
            mine = select(MailRow).where(MailRow.order_id == UUID(order_id)).options(undefer(MailRow.text))
            mails = (await session.scalars(mine)).all()
        return None if any(mail.state == "queued" for mail in mails) else list(mails)

    found = await eventually(gone)
    assert found
    return found


async def test_it_forgets_the_words_of_mails_about_them(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    holder = (await bianchi.order(order_id))["titolare"]["id"]
    await bianchi.links(order_id)
    async with stage.sessions() as session:
        assert await session.scalar(KEPT, {"id": order_id}) > 0
    await bianchi.cancel(order_id)
    await settled(stage, order_id)
    await erase(bianchi, holder)
    async with stage.sessions() as session:
        assert await session.scalar(KEPT, {"id": order_id}) == 0


async def test_a_mail_that_was_still_queued_is_forgotten_when_it_has_arrived(
    bianchi: Partner, stage: Stage, catcher: Catcher
) -> None:
    holder = await bianchi.titolare()
    order_id = await bianchi.placed(titolare_id=holder["id"])
    await bianchi.links(order_id)
    for to in (holder["pec"], bianchi.address):
        catcher.mode("defer", to=to)
    await bianchi.cancel(order_id)
    await bianchi.until(order_id, "cancelled")
    await erase(bianchi, holder["id"])
    catcher.mode("accept")
    mails = await settled(stage, order_id)
    assert {(mail.kind, mail.to, mail.subject, mail.text) for mail in mails} == {
        ("contract_acceptance", "", None, None),
        ("order_cancelled_titolare", "", None, None),
        ("order_cancelled", bianchi.address, None, None),
    }
    assert len(await stage.mails(holder["pec"])) == 2


async def test_who_was_replaced_takes_nobody_elses_mails_along(bianchi: Partner, stage: Stage) -> None:
    order_id, person = await bianchi.placed(), await bianchi.titolare(identities.person())
    roles = {"conservazione": person["id"], "produzione": person["id"]}
    assert (await bianchi.put(f"/v1/orders/{order_id}/responsabili", json=roles)).status_code == 200
    assert (await bianchi.assign(order_id)).status_code == 200
    before = {mail.id: (mail.to, mail.text) for mail in await settled(stage, order_id)}
    assert all(words for _, words in before.values())
    await erase(bianchi, person["id"])
    assert {mail.id: (mail.to, mail.text) for mail in await settled(stage, order_id)} == before


async def test_addresses_that_never_came_through_are_told_and_forgotten(bianchi: Partner, stage: Stage) -> None:
    holder = (await bianchi.titolare())["id"]
    order_id = await bianchi.placed(titolare_id=holder)
    nowhere = await Client.connect("127.0.0.1:9", lazy=True, data_converter=CONVERTER)
    async with stage.sessions() as session:
        order = await orders.get(session, order_id=UUID(order_id), owner=bianchi.partner_id)
        with pytest.raises(Unavailable):
            await contacts.correct(order, CONTACTS, session=session, temporal=nowhere, actor=Actor.PARTNER)
    (left,) = (await bianchi.get(f"/v1/titolari/{holder}/export")).json()["contacts"]
    assert (left["order_id"], left["email"], left["pec"]) == (order_id, CONTACTS.email, CONTACTS.pec)
    await bianchi.cancel(order_id)
    await erase(bianchi, holder)
    async with stage.sessions() as session:
        assert (await session.scalars(select(NoteRow).where(NoteRow.text.contains(CONTACTS.pec)))).all() == []

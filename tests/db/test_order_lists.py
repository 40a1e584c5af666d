"""What is read for a list of orders: no more than it tells."""

from sqlalchemy import inspect

from db import mails, orders
from tests.personas import Partner, Stage


async def test_answers_read_no_mails_text(stage: Stage, bianchi: Partner) -> None:
    await bianchi.placed()
    async with stage.sessions() as session:
        (row,) = await orders.page(session, owner=bianchi.partner_id, before=None, limit=2)
        assert ["text" in inspect(mail).unloaded for mail in row.mails] == [True]
        assert row.transfers
    async with stage.sessions() as session:
        mail = await mails.get(session, mail_id=row.mails[0].id, owner=bianchi.partner_id)
        assert "text" not in inspect(mail).unloaded


async def test_a_table_reads_the_partner_and_nothing_else_besides(stage: Stage, bianchi: Partner) -> None:
    await bianchi.placed()
    async with stage.sessions() as session:
        (row,) = await orders.page(session, owner=bianchi.partner_id, before=None, limit=2, parts=())
        assert inspect(row).unloaded == {"mails", "responsabili", "service", "transfers"}
        assert row.partner.name == "Studio Bianchi"

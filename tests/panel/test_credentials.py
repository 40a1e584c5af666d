"""Credentials, mailed anew from the order's page."""

from uuid import UUID, uuid4

from sqlalchemy import text

from panel.visitors import HOME
from tests.panel.browsing import Browser, hidden
from tests.personas import Partner, Stage, eventually


async def test_a_partner_is_told_from_when_on(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.activated()
    page = (await anna.get(f"/ordini/{order_id}")).text
    assert "Invia di nuovo le credenziali: Si può inviare di nuovo dal" in page
    assert (await anna.get(f"/ordini/{order_id}/credenziali")).status_code == 409
    assert (await anna.post(f"/ordini/{order_id}/credenziali", wish=str(uuid4()))).status_code == 409
    assert (await anna.get(f"/ordini/{await bianchi.placed()}/credenziali")).status_code == 404


async def test_an_operator_says_why_and_the_form_sent_twice_is_one_mail(
    ugo: Browser, bianchi: Partner, stage: Stage
) -> None:
    order_id = await bianchi.activated()
    path = f"/ordini/{order_id}/credenziali"
    assert (await ugo.send(path, reason="")).status_code == 422
    asked = await ugo.get(path)
    (pec,) = [word for word in asked.text.split() if "@pec." in word]
    form = {**hidden(asked), "reason": "smarrite"}
    for _ in range(2):
        assert (await ugo.http.post(f"{HOME}{path}", data=form)).status_code == 303
    told = (await ugo.get(f"/ordini/{order_id}")).text
    assert told.count("Credenziali inviate di nuovo (operatore): «smarrite»") == 1

    async def both() -> bool:
        return len(await stage.mails(pec)) == 2

    await eventually(both)


async def test_a_form_that_was_open_meanwhile_is_a_wish_of_its_own(ugo: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.activated()
    path = f"/ordini/{order_id}/credenziali"
    one, other = hidden(await ugo.get(path)), hidden(await ugo.get(path))
    for form, reason in ((other, "smarrite"), (one, "link scaduto"), (one, "link perso")):
        assert (await ugo.http.post(f"{HOME}{path}", data={**form, "reason": reason})).status_code == 303
    told = (await ugo.get(f"/ordini/{order_id}")).text
    for reason in ("smarrite", "link scaduto", "link perso"):
        assert told.count(f"Credenziali inviate di nuovo (operatore): «{reason}»") == 1


async def test_a_partner_whose_form_was_open_meanwhile_is_told_from_when_on(
    anna: Browser, ugo: Browser, bianchi: Partner, stage: Stage
) -> None:
    order_id = await bianchi.activated()
    path = f"/ordini/{order_id}/credenziali"
    async with stage.sessions.begin() as session:
        waited = "update mails set at = at - interval '16 minutes' where kind = 'credentials' and order_id = :order"
        await session.execute(text(waited), {"order": UUID(order_id)})
    form = hidden(await anna.get(path))
    assert (await ugo.send(path, reason="smarrite")).status_code == 303
    late = await anna.http.post(f"{HOME}{path}", data=form)
    assert (late.status_code, "Riprovi dal" in late.text) == (409, True)

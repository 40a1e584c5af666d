"""Operators at the panel: everybody's orders, and what only they may do."""

import re
from html import unescape
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from panel.visitors import HOME
from tests.panel.browsing import Browser, hidden
from tests.panel.visits import wrong
from tests.personas import Partner, Stage
from tests.services import in_days, service
from tests.simulators.hands import Provider
from tests.workflows.test_order_provider import through_the_gates


async def test_they_see_all_partners_orders(ugo: Browser, bianchi: Partner, verdi: Partner) -> None:
    for partner in (bianchi, verdi):
        order = await partner.order(await partner.placed())
        assert order["number"] in (await ugo.get("/docfly-pa", params={"q": order["number"]})).text
        assert order["number"] in (await ugo.get(f"/ordini/{order['id']}")).text


async def test_a_refused_activation_is_tried_again(ugo: Browser, bianchi: Partner, provider: Provider) -> None:
    order_id = await through_the_gates(bianchi, provider, "refuse")
    await bianchi.until(order_id, "activation_failed")
    provider.mode("instant", order=UUID(order_id))
    assert "Riprova l&#39;attivazione" in (await ugo.get(f"/ordini/{order_id}")).text.replace("'", "&#39;")
    assert (await ugo.send(f"/ordini/{order_id}/riprova", reason="")).status_code == 422
    assert (await ugo.send(f"/ordini/{order_id}/riprova", reason="sentito il fornitore")).status_code == 303
    assert (await ugo.post(f"/ordini/{order_id}/riprova", reason="ancora")).status_code == 303
    await bianchi.until(order_id, "active")
    assert (await ugo.post(f"/ordini/{order_id}/riprova", reason="ancora")).status_code == 303
    assert (await bianchi.timeline(order_id)).count("activation_retried") == 1


async def test_a_held_order_is_released_with_a_reason(ugo: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    assert (await bianchi.decide(order_id, "report")).status_code == 303
    assert "Revoca la sospensione" in (await ugo.get(f"/ordini/{order_id}")).text
    assert (await ugo.send(f"/ordini/{order_id}/sblocca", reason="")).status_code == 422
    assert (await ugo.send(f"/ordini/{order_id}/sblocca", reason="sentito al telefono")).status_code == 303
    assert (await bianchi.order(order_id))["held"] is None
    assert (await ugo.get(f"/ordini/{order_id}/sblocca")).status_code == 409
    assert (await ugo.post(f"/ordini/{order_id}/sblocca", reason="ancora")).status_code == 303
    assert "ancora" not in (await ugo.get(f"/ordini/{order_id}")).text


@pytest.mark.parametrize(
    ("path", "form", "event"),
    [
        ("indirizzi", {"email": "nuova@rossi.example", "pec": "nuova@pec.example"}, "contacts_corrected"),
        ("proroga", {"days": "15"}, "acceptance_extended"),
    ],
)
async def test_they_say_why_they_help_a_titolare(
    ugo: Browser, bianchi: Partner, path: str, form: dict[str, str], event: str
) -> None:
    order_id = await bianchi.placed()
    address = f"/ordini/{order_id}/{path}"
    unexplained = await ugo.send(address, **form, reason=" ")
    assert (unexplained.status_code, wrong(unexplained)) == (422, {"reason"})
    assert all(f'value="{value}"' in unexplained.text for value in form.values())
    assert event not in await bianchi.timeline(order_id)
    assert (await ugo.send(address, **form, reason="chiesto dal titolare")).status_code == 303
    assert event in await bianchi.timeline(order_id)
    assert "(operatore): «chiesto dal titolare»" in (await ugo.get(f"/ordini/{order_id}")).text


async def test_another_address_or_reason_by_a_form_that_was_sent_is_another_mail(
    ugo: Browser, bianchi: Partner
) -> None:
    order_id = await bianchi.placed()
    path = f"/ordini/{order_id}/invia-email"
    form = hidden(await ugo.get(path))
    wishes = [
        ("pec", "non arrivata"),
        ("email", "non arrivata"),
        ("email", "casella piena"),
        ("email", "casella piena"),
    ]
    for to, reason in wishes:
        assert (await ugo.http.post(f"{HOME}{path}", data={**form, "to": to, "reason": reason})).status_code == 303
    mailed = (await bianchi.order(order_id))["contract_mails"]
    assert [mail["to"] for mail in mailed] == ["pec", "pec", "email", "email"]
    story = (await ugo.get(f"/ordini/{order_id}")).text
    assert [story.count(f"(operatore): «{reason}»") for reason in ("non arrivata", "casella piena")] == [2, 1]


async def test_a_reason_of_what_was_refused_is_not_kept(ugo: Browser, bianchi: Partner, stage: Stage) -> None:
    order_id, why = await bianchi.activated(), f"doppione {uuid4()}"
    for path in ("cancella", "riprova"):
        await ugo.post(f"/ordini/{order_id}/{path}", reason=why)
    await ugo.post(f"/ordini/{order_id}/invia-email", reason=why, to="pec", wish=str(uuid4()))
    await ugo.post(f"/ordini/{order_id}/proroga", reason=why, days="1", wish=str(uuid4()))
    async with stage.sessions() as session:
        assert await session.scalar(text("select count(*) from notes where text = :why"), {"why": why}) == 0


@pytest.mark.parametrize("path", ["/sblocca", "/riprova"])
async def test_partners_may_not(anna: Browser, bianchi: Partner, path: str) -> None:
    order_id = await bianchi.placed()
    assert (await anna.get(f"/ordini/{order_id}{path}")).status_code == 403
    form = {"form_token": hidden(await anna.get("/"))["form_token"], "reason": "x"}
    assert (await anna.http.post(f"{HOME}/ordini/{order_id}{path}", data=form)).status_code == 403


async def test_they_spend_no_partners_credit(ugo: Browser, bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(5))
    for path in ("rinnova", "acquista-spazio"):
        assert (await ugo.get(f"/ordini/{row.order_id}/{path}")).status_code == 403
        assert f'id="fai-{path}"' not in (await ugo.get(f"/ordini/{row.order_id}")).text
    assert "Rinnova: Solo un partner può farlo." in (await ugo.get(f"/ordini/{row.order_id}")).text


@pytest.mark.parametrize("path", ["/docfly-pa/acquista", "/titolari/nuovo", "/credito"])
async def test_they_buy_nothing_in_a_partners_name(ugo: Browser, path: str) -> None:
    assert (await ugo.get(path)).status_code == 403


async def test_they_find_one_partners_orders(ugo: Browser, anna: Browser, bianchi: Partner, verdi: Partner) -> None:
    owners = (bianchi, bianchi, verdi)
    first, second, other = [(await owner.order(await owner.placed()))["number"] for owner in owners]
    assert f"/docfly-pa?partner={bianchi.partner_id}" in (await ugo.get(f"/partner/{bianchi.partner_id}")).text
    found = (await ugo.get("/docfly-pa", params={"partner": str(bianchi.partner_id), "limit": "1"})).text
    assert [number in found for number in (first, second, other)] == [False, True, False]
    assert f'name="partner" value="{bianchi.partner_id}"' in found  # a search stays with them
    (more,) = re.findall(r'<a href="(\?cursor=[^"]+)">Ordini meno recenti', found)
    rest = (await ugo.get(f"/docfly-pa{unescape(more)}")).text
    assert [number in rest for number in (first, second, other)] == [True, False, False]
    assert (await ugo.get(f"/docfly-pa?partner={uuid4()}")).status_code == 404
    assert first in (await anna.get(f"/docfly-pa?partner={verdi.partner_id}")).text  # partners see their own


async def test_they_see_whose_titolari_they_are(ugo: Browser, anna: Browser, bianchi: Partner) -> None:
    holder = await bianchi.titolare()
    found = (await ugo.get("/titolari", params={"q": holder["partita_iva"]})).text
    assert f'<a href="{HOME}/partner/{bianchi.partner_id}">Studio Bianchi</a>' in found
    assert f"/partner/{bianchi.partner_id}" not in (await anna.get("/titolari")).text

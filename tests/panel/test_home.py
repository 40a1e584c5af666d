"""Home: what waits, whose move it is, and the order that was left half-way."""

import re
from urllib.parse import urlencode

from db import orders
from domain.lifecycle import Status
from tests.panel.browsing import Browser, hidden
from tests.personas import Partner, Stage

DRAFT = re.compile(r'lasciato un ordine a metà: <a href="/pannello([^"]+)"')


async def test_it_counts_the_orders_in_each_status(anna: Browser, bianchi: Partner) -> None:
    await bianchi.cancel(await bianchi.placed())
    await bianchi.placed()
    page = (await anna.get("/")).text
    shown = [int(number) for number in re.findall(r'<td class="number">(\d+)</td>', page)]
    counts = dict(zip(Status, shown, strict=True))
    assert {status: number for status, number in counts.items() if number} == {
        Status.AWAITING_DOCUMENTS: 1,
        Status.CANCELLED: 1,
    }


async def test_operators_see_first_what_waits_for_them(ugo: Browser, bianchi: Partner, stage: Stage) -> None:
    waiting, held = await bianchi.placed(), await bianchi.placed()
    await bianchi.decide(held, "report")
    async with stage.sessions() as session:
        found = await orders.most_overdue(session, limit=10_000)
    ids = [str(row.id) for row, _ in found]
    assert ids.index(held) < ids.index(waiting)
    (since,) = [at for row, at in found if str(row.id) == held]
    (row,) = [row for row, _ in found if str(row.id) == held]
    assert since == row.held_at
    assert "Aspetta dal" in (await ugo.get("/")).text


async def test_an_order_left_half_way_is_taken_up_again(anna: Browser, bianchi: Partner) -> None:
    holder = (await bianchi.titolare())["id"]
    assert not DRAFT.search((await anna.get("/")).text)
    step = f"/docfly/acquista/extra?{urlencode({'titolare': holder, 'starter_kit': 'kit_5gb'})}"
    await anna.get(step)
    (address,) = DRAFT.findall((await anna.get("/")).text)
    assert address.replace("&amp;", "&") == step
    confirming = step.replace("/extra?", "/conferma?")
    assert (await anna.send(confirming)).status_code == 303
    assert not DRAFT.search((await anna.get("/")).text)


async def test_without_the_credit_nothing_can_be_confirmed(anna: Browser, bianchi: Partner) -> None:
    holder = (await bianchi.titolare())["id"]
    wish = urlencode({"titolare": holder, "extra_gb": "10000"})
    page = await anna.get(f"/docfly-pa/acquista/conferma?{wish}")
    assert "Il credito non basta" in page.text
    assert ">Conferma<" not in page.text
    form = hidden(page)
    answer = await anna.post(f"/docfly-pa/acquista/conferma?{wish}", **form)
    assert answer.status_code == 402


async def test_a_page_that_follows_an_order_changes_only_with_it(anna: Browser, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    page = (await anna.get(f"/ordini/{order_id}")).text
    (polls,) = re.findall(r'hx-get="/pannello([^"]+)"', page)
    assert (await anna.get(polls)).status_code == 204
    await bianchi.assign(order_id)
    await bianchi.decide(order_id)
    await bianchi.until(order_id, "active")
    changed = await anna.get(polls)
    assert (changed.status_code, "Il servizio è attivo" in changed.text) == (200, True)

"""Home: what waits, whose move it is, and the order that was left half-way."""

import re
from datetime import datetime
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from sqlalchemy import text

from db import orders
from domain.lifecycle import Status
from domain.users import Right, UserRole
from panel.words import istante
from tests.panel.browsing import Browser, browser, hidden
from tests.personas import Partner, Stage
from tests.services import in_days, service

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
        found = await orders.most_overdue(session, skip=0, limit=10_000)
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
    confirming = f"{step.replace('/extra?', '/conferma?')}&key={uuid4()}"
    assert (await anna.send(confirming)).status_code == 303
    assert not DRAFT.search((await anna.get("/")).text)
    await anna.get(confirming)  # by the browser's back button
    assert not DRAFT.search((await anna.get("/")).text)


async def test_an_order_left_half_way_is_let_go(anna: Browser, bianchi: Partner) -> None:
    for forget in ("leave", "erase"):
        holder = (await bianchi.titolare())["id"]
        await anna.get(f"/docfly/acquista/extra?{urlencode({'titolare': holder})}")
        assert DRAFT.search((await anna.get("/")).text)
        if forget == "leave":
            assert (await anna.send("/", action="/bozza/lascia")).status_code == 303
        else:
            assert (await bianchi.http.delete(f"/v1/titolari/{holder}")).status_code == 200
        assert not DRAFT.search((await anna.get("/")).text)


@pytest.mark.parametrize("role", UserRole)
async def test_it_is_offered_to_who_may_order(stage: Stage, bianchi: Partner, role: UserRole) -> None:
    holder = (await bianchi.titolare())["id"]
    async with await browser(stage, partner_id=bianchi.partner_id) as carla:
        await carla.sign_in()
        await carla.get(f"/docfly/acquista/extra?{urlencode({'titolare': holder})}")
        async with stage.sessions.begin() as session:
            now = text("update users set role = :role where login = :login")
            await session.execute(now, {"role": role, "login": carla.login})
        assert bool(DRAFT.search((await carla.get("/")).text)) is (Right.ORDERS in role.rights)


async def test_without_the_credit_nothing_can_be_confirmed(anna: Browser, bianchi: Partner) -> None:
    holder = (await bianchi.titolare())["id"]
    wish = urlencode({"titolare": holder, "extra_gb": "10000", "key": str(uuid4())})
    page = await anna.get(f"/docfly-pa/acquista/conferma?{wish}")
    assert "Il credito non basta" in page.text
    assert ">Conferma<" not in page.text
    form = hidden(page)
    answer = await anna.post(f"/docfly-pa/acquista/conferma?{wish}", **form)
    assert answer.status_code == 402


def in_a_row(page: str, order_id: str) -> str:
    """What the table says of an order."""
    return str(re.findall(rf"<tr>(?:(?!</tr>).)*/ordini/{order_id}.*?</tr>", page, re.DOTALL)[0])


async def test_partners_see_first_what_waits_for_them_and_reach_the_rest(anna: Browser, bianchi: Partner) -> None:
    titolares, held = await bianchi.placed(), await bianchi.placed()
    mine = await bianchi.placed()
    await bianchi.decide(mine)
    await bianchi.decide(held, "report")
    await bianchi.assign(titolares)
    first = (await anna.get("/?limit=2")).text
    assert [one for one in (mine, titolares, held) if one in first] == [mine, titolares]
    assert first.index(mine) < first.index(titolares)
    assert "attesa responsabile" in in_a_row(first, mine)
    due = datetime.fromisoformat((await bianchi.order(titolares))["next_action"]["due_at"])
    assert istante(due) in in_a_row(first, titolares)
    assert "mancano i responsabili" not in in_a_row(first, titolares)
    (more,) = re.findall(r'<a href="(\?cursor=[^"]+)">Altri ordini in corso', first)
    rest = (await anna.get(f"/{more}&limit=2")).text
    assert [one for one in (mine, titolares, held) if one in rest] == [held]
    assert "attesa documentazione, sospeso, mancano i responsabili" in in_a_row(rest, held)
    assert "Altri ordini in corso" not in rest


async def test_operators_reach_every_open_order(ugo: Browser, bianchi: Partner) -> None:
    placed, found, path = await bianchi.placed(), set[str](), "/"
    while path:
        page = (await ugo.get(path)).text
        found |= set(re.findall(r"/ordini/([0-9a-f-]{36})", page))
        path = "".join(f"/{more}" for more in re.findall(r'<a href="(\?cursor=[^"]+)">Altri ordini', page))
    assert placed in found


async def test_home_tells_what_renewals_will_take(anna: Browser, bianchi: Partner, stage: Stage) -> None:
    await service(stage, bianchi, expires_on=in_days(50))
    told = " ".join((await anna.get("/")).text.split())
    assert "Entro 30 giorni: 0 rinnovi, per 0,00 €" in told
    assert "Entro 60 giorni: 1 rinnovo, per 23,18 €" in told

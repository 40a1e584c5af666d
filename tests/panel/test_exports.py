"""Lists as tables for a spreadsheet."""

import csv
import re
from datetime import UTC, datetime
from html import unescape
from inspect import signature
from io import StringIO
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from db import orders
from front.callers import Caller
from panel import exports
from panel.exports import Table
from panel.orders import Search
from panel.visitors import HOME
from tests import identities
from tests.panel.browsing import Browser
from tests.panel.histories import with_history
from tests.panel.pages import addresses, of_operators
from tests.personas import Partner, Stage
from tests.services import DOCFLY, in_days, many_services
from tests.simulators.hands import Provider

LINK = re.compile(rf'href="{HOME}([^"]+\.csv[^"]*)">Esporta')
A_LIST = re.compile(r"<caption>(?!Prezzo)")
NO_LISTS = {"home", "home-draft", "ops-home"}
"""Their tables are beginnings and sums of lists."""


async def saved(who: Browser, path: str) -> list[list[str]]:
    answer = await who.get(path)
    assert answer.status_code == 200, answer.text
    name = path.partition("?")[0].rpartition("/")[2]
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


async def test_all_orders_are_in_it_and_no_word_is_a_formula(anna: Browser, bianchi: Partner) -> None:
    orders = []
    for name in ("=1+1", "Rossi; +1 S.r.l.", "Caffè S.r.l."):
        holder = await bianchi.titolare(identities.company(denominazione=name))
        orders.append(await bianchi.order(await bianchi.placed(titolare_id=holder["id"])))
    first, *rows = await saved(anna, "/docfly-pa.csv")
    assert first == ["Numero", "Prodotto", "Titolare", "Stato", "Inserito", "Importo"]
    assert [row[0] for row in rows] == [order["number"] for order in reversed(orders)]
    assert [row[2] for row in rows] == ["Caffè S.r.l.", "Rossi; '+1 S.r.l.", "'=1+1"]
    assert {row[-1] for row in rows} == {"23,18"}


async def test_what_is_shown_is_what_is_saved(anna: Browser, bianchi: Partner) -> None:
    kept, gone = await bianchi.placed(), await bianchi.placed()
    await bianchi.cancel(gone)
    number = (await bianchi.order(gone))["number"]
    for wish in ("q=&stato=cancelled", f"q={number}&stato="):
        page = await anna.get(f"/docfly-pa?{wish}")
        (link,) = LINK.findall(page.text)
        assert [row[0] for row in await saved(anna, unescape(link))] == ["Numero", number]
    assert len(await saved(anna, "/docfly-pa.csv")) == 3
    assert len(await saved(anna, f"/titolari.csv?q={await bianchi.pec_of(kept)}")) == 2
    assert (await anna.get("/docfly-pa.csv?stato=altro")).status_code == 404


async def test_whose_it_is_is_said_to_operators(ugo: Browser, bianchi: Partner) -> None:
    order = await bianchi.order(await bianchi.activated())
    for path, q in (("docfly-pa", order["number"]), ("titolari", await bianchi.pec_of(order["id"]))):
        first, row = await saved(ugo, f"/{path}.csv?q={q}")
        assert (first[0], row[0]) == ("Partner", "Studio Bianchi")
    (link,) = LINK.findall((await ugo.get(f"/docfly-pa?partner={bianchi.partner_id}")).text)
    assert [row[1] for row in await saved(ugo, unescape(link))] == ["Numero", order["number"]]
    mine = [row[0] for row in await saved(ugo, "/storage.csv") if order["number"] in row]
    assert mine == ["Studio Bianchi"]


async def filled(bianchi: Partner, stage: Stage) -> None:
    """Words of people's that a spreadsheet would compute."""
    bad = "=1+1 Bianchi"
    holder = await bianchi.titolare(identities.company(denominazione=bad))
    await bianchi.placed(titolare_id=holder["id"])
    acted = (
        "insert into operator_acts (id, partner_id, user_id, kind, at, reason)"
        " select gen_random_uuid(), :id, id, 'view', now(), :bad from users, generate_series(1, 2)"
        " where partner_id = :id"
    )
    named = ("update api_keys set name = :bad where partner_id = :id", "update partners set name = :bad where id = :id")
    async with stage.sessions.begin() as session:
        for change in (acted, *named):
            await session.execute(text(change), {"bad": bad, "id": bianchi.partner_id})
    await stage.top_up(bianchi, cents=1)


async def test_every_list_has_one_and_none_has_a_formula_or_is_another_partners(
    anna: Browser, vito: Browser, bianchi: Partner, stage: Stage
) -> None:
    await filled(bianchi, stage)
    links = []
    for name, path in (await addresses(bianchi)).items():
        page = (await anna.get(path)).text
        found = [unescape(link) for link in LINK.findall(page)]
        assert found or name in NO_LISTS or not A_LIST.search(page), name
        links += found
    for link in links:
        rows = await saved(anna, link)
        assert len(rows) > 1
        assert not [cell for row in rows for cell in row if re.match(r"[=+@]|-(?![0-9.]+,[0-9]{2}$)", cell)]
        hidden = (await vito.get(link)).status_code == 404
        assert hidden or not {tuple(row) for row in rows[1:]} & {tuple(row) for row in await saved(vito, link)}
    assert {link.partition("?")[0].rpartition("/")[2].removesuffix(".csv") for link in links} >= {
        "docfly-pa", "titolari", "storage", "credito", "utenti", "interventi", "chiavi", "rinnovi", "spazio",
        "documenti", "associazione-storage",
    }  # fmt: skip


async def test_operators_save_theirs_and_nobody_else_does(
    ugo: Browser, anna: Browser, bianchi: Partner, stage: Stage, provider: Provider
) -> None:
    await filled(bianchi, stage)
    links = []
    for name, path in (await of_operators(bianchi, provider)).items():
        page = (await ugo.get(path)).text
        found = [unescape(link) for link in LINK.findall(page)]
        assert found or name in NO_LISTS or not A_LIST.search(page), name
        links += [link for link in found if link.startswith(("/partner", "/email"))]
    assert len(links) == 4
    for link in links:
        rows = await saved(ugo, link)
        assert len(rows) > 1
        assert not [cell for row in rows for cell in row if cell.startswith("=")]
        assert (await anna.get(link)).status_code == 403


async def told(stage: Stage, wanted: Table[Any], **how: int) -> str:
    return "".join([piece async for piece in exports.text(stage.sessions, wanted, **how)])


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("address", exports.LISTS)
async def test_a_long_list_is_told_to_its_end(bianchi: Partner, stage: Stage, address: str) -> None:
    rows = await many_services(stage, bianchi, number=2, expires_on=in_days)
    rows += await many_services(stage, bianchi, number=2, expires_on=in_days, options=DOCFLY)
    await with_history(stage, rows[0])
    await filled(bianchi, stage)
    who = Caller(id=uuid4(), partner_id=bianchi.partner_id)
    async with stage.sessions() as session:
        order = await orders.get(session, order_id=rows[0].order_id, owner=who.owner)
    given: dict[str, Any] = {"who": who, "order": order, "partner": SimpleNamespace(id=bianchi.partner_id), "q": ""}
    given["now"] = datetime.now(UTC)
    given["wish"] = Search(q=order.number if address == "/email" else "")
    make = exports.LISTS[address]
    wanted = make(**{name: given[name] for name in signature(make).parameters})
    whole = await told(stage, wanted)
    assert await told(stage, wanted, at_once=1) == whole
    assert len(whole.splitlines()) > 2 or wanted.mark is None


async def test_what_is_no_list_has_none(anna: Browser) -> None:
    assert (await anna.get("/segreti.csv")).status_code == 404

"""Lists as tables for a spreadsheet."""

import pytest

from panel import exports
from tests import identities
from tests.panel.browsing import Browser
from tests.personas import Partner


async def test_all_orders_are_in_it_and_no_word_is_a_formula(
    anna: Browser, vito: Browser, bianchi: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    orders = []
    for name in ("=1+1", "Rossi; +1 S.r.l.", "Caffè S.r.l."):
        holder = await bianchi.titolare(identities.company(denominazione=name))
        orders.append(await bianchi.order(await bianchi.placed(titolare_id=holder["id"])))
    saved = await anna.get("/esporta/docfly-pa.csv")
    first, *lines = saved.content.decode("utf-8-sig").splitlines()
    assert first == "Numero;Prodotto;Titolare;Stato;Inserito;Importo"
    assert [line.partition(";")[0] for line in lines] == [order["number"] for order in reversed(orders)]
    assert ";'=1+1;" in lines[2]
    assert '"Rossi; \'+1 S.r.l."' in lines[1]
    assert lines[0].endswith(";23,18")
    assert len((await vito.get("/esporta/docfly-pa.csv")).text.splitlines()) == 1


@pytest.mark.parametrize("entry", ["docfly", "titolari", "storage"])
async def test_every_list_has_one(anna: Browser, bianchi: Partner, entry: str) -> None:
    await bianchi.titolare()
    saved = await anna.get(f"/esporta/{entry}.csv")
    assert saved.status_code == 200
    assert saved.headers["content-disposition"] == f'attachment; filename="{entry}.csv"'
    assert len(saved.text.splitlines()) == (2 if entry == "titolari" else 1)


async def test_what_is_no_list_has_none(anna: Browser) -> None:
    assert (await anna.get("/esporta/segreti.csv")).status_code == 404

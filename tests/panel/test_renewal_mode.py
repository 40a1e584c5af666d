"""How a service is renewed, and how it stands, on its order's page."""

import csv
from io import StringIO
from typing import Any

import pytest

from domain.services import ServiceStatus
from domain.space import SpaceLevel
from panel.visitors import HOME
from panel.words import SERVICE_LABELS
from tests.panel.browsing import Browser, hidden
from tests.personas import Partner, Stage
from tests.services import in_days, service
from tests.sweeps.sweeping import as_it_is


def address(row: Any, **wish: str) -> str:
    query = "&".join(f"renewal_{name}={value}" for name, value in wish.items())
    return f"/ordini/{row.order_id}/modo-rinnovo?{query}"


async def test_the_page_tells_how_the_service_stands_today(anna: Browser, bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30), renewal_years=2, added_gb=4)
    page = " ".join((await anna.get(f"/ordini/{row.order_id}")).text.split())
    for facts in ("Scade</dt>", f"{in_days(30):%d/%m/%Y}", "tacito </dd>", "2 anni </dd>", "5 GB, di cui usati 0,0 GB"):
        assert facts in page


@pytest.mark.parametrize(
    ("changes", "expires_in", "label", "told"),
    [
        ({}, 0, "attivo", "Il servizio è attivo."),
        ({"space_level": SpaceLevel.FULL}, 0, "attivo, pieno: sola lettura", "Il servizio è pieno: è in sola lettura"),
        ({}, -1, "sospeso", "Il servizio è sospeso: è scaduto il"),  # which the sweep has still to write down
        ({"space_level": SpaceLevel.FULL}, -1, "sospeso", "Il servizio è sospeso: è scaduto il"),
        ({"status": ServiceStatus.SUSPENDED}, -91, "cessato", "Il servizio è cessato: era scaduto il"),
    ],
)
async def test_pages_and_tables_tell_its_status_as_the_api_does(
    anna: Browser, bianchi: Partner, stage: Stage, *, changes: dict[str, Any], expires_in: int, label: str, told: str
) -> None:
    row = await service(stage, bianchi, expires_on=in_days(expires_in), **changes)
    answered = (await bianchi.get(f"/v1/services/{row.id}")).json()["status"]
    assert label.startswith(SERVICE_LABELS[ServiceStatus(answered)])
    page = " ".join((await anna.get(f"/ordini/{row.order_id}")).text.split())
    assert (told in page, f"<dt>Stato</dt> <dd> {label} </dd>" in page) == (True, True)
    for path in ("/storage", f"/ordini/{row.order_id}/associazione-storage"):
        assert f"<td>{label}</td>" in (await anna.get(path)).text
        head, line = csv.reader(StringIO((await anna.get(f"{path}.csv")).text), delimiter=";")
        assert line[head.index("Stato")] == label


async def test_it_is_shown_what_a_change_will_do_and_then_done(anna: Browser, bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    longer = " ".join((await anna.get(address(row, years="3"))).text.split())
    assert f"il primo tentativo sarà il {in_days(23):%d/%m/%Y} e costerà 69,54 €" in longer
    path = address(row, mode="on_request", years="2")
    assert "non si rinnoverà da sé" in (await anna.get(path)).text
    assert (await anna.send(path)).status_code == 303
    changed = await as_it_is(stage, row.id)
    assert (changed.renewal_mode, changed.renewal_years) == ("on_request", 2)
    assert "Rinnovo cambiato: a scadenza, 2 anni (partner)" in (await anna.get(f"/ordini/{row.order_id}")).text
    assert await bianchi.balance() == "1000.00"


async def test_what_another_has_changed_is_shown_first(anna: Browser, bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    path = address(row, mode="on_request")
    mine = hidden(await anna.get(path))
    assert (await anna.send(address(row, years="3"))).status_code == 303
    late = await anna.http.post(f"{HOME}{path}", data=mine)
    assert (late.status_code, "Nel frattempo un altro" in late.text) == (409, True)
    assert (await as_it_is(stage, row.id)).renewal_mode == "automatic"
    assert (await anna.http.post(f"{HOME}{path}", data=mine | hidden(late))).status_code == 303
    again = await anna.http.post(f"{HOME}{path}", data=mine)  # it is so already
    assert again.status_code == 303
    assert (await bianchi.timeline(str(row.order_id))) == ["renewal_changed"] * 2


async def test_an_operator_says_why(ugo: Browser, bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    path = address(row, mode="on_request")
    assert (await ugo.send(path, reason=" ")).status_code == 422
    assert (await as_it_is(stage, row.id)).renewal_mode == "automatic"
    assert (await ugo.send(path, reason="chiesto al telefono")).status_code == 303
    assert "(operatore): «chiesto al telefono»" in (await ugo.get(f"/ordini/{row.order_id}")).text


@pytest.mark.parametrize(
    ("wish", "status"), [({"years": "4"}, 422), ({"years": "0"}, 404), ({"mode": "never"}, 404)], ids=str
)
async def test_nonsense_is_refused(
    anna: Browser, bianchi: Partner, stage: Stage, wish: dict[str, str], status: int
) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    assert (await anna.get(address(row, **wish))).status_code == status


async def test_of_an_ended_service_it_says_why_not(anna: Browser, bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(-91), status=ServiceStatus.TERMINATED)
    assert "Cambia il rinnovo: Il servizio è cessato." in (await anna.get(f"/ordini/{row.order_id}")).text
    assert (await anna.get(address(row))).status_code == 409
    waiting = await bianchi.placed()
    assert (await anna.get(f"/ordini/{waiting}/modo-rinnovo")).status_code == 404

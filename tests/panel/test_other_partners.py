"""Every address of the panel that is about a partner's own thing: for another partner it isn't there."""

from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from fastapi.routing import APIRoute

from db import partners, users
from panel.app import ROUTERS
from panel.visitors import HOME
from tests.panel.browsing import Browser, browser, hidden
from tests.personas import Partner, Stage

ROUTES = [
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and ("_id}" in route.path or "{entry}/" in route.path)
    for method in sorted(route.methods or ())
    if route.path != "/{entry}/acquista"  # for nobody yet
]
FORM = {"role": "orders", "to": "pec", "reason": "x", "expected_total_cents": "2318", "expires_on": "2027-01-01"}
FORM |= {"seen": "automatic 1", "number": "2"}


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_it_is_not_there_for_verdi(vito: Browser, bianchi: Partner, stage: Stage, method: str, path: str) -> None:
    order_id = await bianchi.placed()
    titolare_id = (await bianchi.order(order_id))["titolare"]["id"]
    mine = {
        "order_id": order_id,
        "titolare_id": titolare_id,
        "document_id": uuid4(),
        "mail_id": uuid4(),
        "edition": 1,
        "name": "modulo-d-ordine",
        "entry": "docfly",
    }
    mine |= {"partner_id": bianchi.partner_id, **await people_and_keys(stage, bianchi)}
    asked = {"years": 1, "gb": 1, "key": uuid4()} if "{order_id}" in path else {}
    if path.endswith("/conferma"):
        asked = {"key": uuid4()}
    query = urlencode({"titolare": titolare_id, **asked})
    person = str(uuid4())
    form = {"form_token": hidden(await vito.get("/"))["form_token"], "key": str(uuid4()), **FORM}
    form |= {"conservazione": person, "produzione": person, "wish": person}
    address = f"{HOME}{path.format(**mine)}?{query}"
    answer = await vito.http.request(method, address, data=form if method == "POST" else None)
    operators_only = path.endswith(("/sblocca", "/riprova")) or path.startswith(("/partner/", "/email/"))
    assert answer.status_code in ((403, 404) if operators_only else (404,)), answer.text
    assert (await bianchi.order(order_id))["status"] == "awaiting_documents"
    assert await bianchi.balance() == "976.82"


async def people_and_keys(stage: Stage, partner: Partner) -> dict[str, UUID]:
    """One of each of the partner's own."""
    async with await browser(stage, partner_id=partner.partner_id), stage.sessions() as session:
        user = (await users.of_partner(session, partner_id=partner.partner_id))[0]
        key = (await partners.keys(session, partner_id=partner.partner_id))[0]
        return {"user_id": user.id, "key_id": key.id}


def test_all_that_is_anybodys_is_looked_at() -> None:
    assert len(ROUTES) > 20
    assert ("POST", "/ordini/{order_id}/cancella") in ROUTES

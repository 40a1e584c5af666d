"""Who has no key is nobody; partners and operators keep to their own."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import update

from db.partners import ApiKeyRow
from tests.api.checks import is_problem, send, state
from tests.api.routes import WITH_A_KEY, filled
from tests.personas import Operator, Partner, Stage


class _AnyId(dict[str, str]):
    def __missing__(self, _: str) -> str:
        return str(uuid4())


@pytest.mark.parametrize(("method", "path"), WITH_A_KEY)
async def test_it_wants_a_key_everywhere(bianchi: Partner, method: str, path: str) -> None:
    for key in ("", f"Bearer dfk_{'x' * 43}"):
        answer = await bianchi.http.request(method, filled(path, _AnyId()), headers={"Authorization": key})
        assert is_problem(answer, 401, "Unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "key",
    ["Bearer", "Bearer x", "Basic eDp5", "Bearer dfk_é", "dfk_x", "Bearer \x80", "Bearer " + "x" * 9000],
)
async def test_it_takes_no_garbage_for_a_key(bianchi: Partner, key: str) -> None:
    answer = await bianchi.get("/v1/orders", headers={"Authorization": key.encode("latin-1")})
    assert is_problem(answer, 401, "Unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_it_forgets_a_revoked_key(bianchi: Partner, stage: Stage) -> None:
    assert (await bianchi.get("/v1/credit")).status_code == 200
    async with stage.sessions.begin() as session:
        mine = ApiKeyRow.partner_id == bianchi.partner_id
        await session.execute(update(ApiKeyRow).where(mine).values(revoked_at=datetime.now(UTC)))
    assert is_problem(await bianchi.get("/v1/credit"), 401, "Unauthenticated")


async def test_it_does_not_care_how_bearer_is_written(bianchi: Partner) -> None:
    key = bianchi.http.headers["authorization"].removeprefix("Bearer ")
    assert (await bianchi.get("/v1/credit", headers={"Authorization": f"bearer {key}"})).status_code == 200


async def test_it_keeps_partners_from_what_operators_do(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    before = await state(bianchi)
    amount = {"amount": "1.00", "currency": "EUR"}
    top_up = {"partner_id": str(bianchi.partner_id), "amount": amount, "reference": str(uuid4())}
    correction = {"entry_id": str(before["entries"][-1]["id"]), "amount": amount, "reason": "errore"}
    for path, body in {
        "/v1/credit/top-ups": top_up,
        "/v1/credit/corrections": correction,
        f"/v1/orders/{order_id}/release": {"reason": "chiarito"},
        f"/v1/orders/{order_id}/activation": {},
    }.items():
        assert is_problem(await send(bianchi, path, body), 403, "OnlyOperators")
    assert await state(bianchi) == before


async def test_it_keeps_operators_from_what_partners_do(bianchi: Partner, olga: Operator) -> None:
    holder = (await bianchi.titolare())["id"]
    order = {"product": "docfly_pa", "titolare_id": holder}
    for path, body in {"/v1/orders": order, "/v1/quotes": order, "/v1/titolari": {}}.items():
        assert is_problem(await send(olga, path, body), 403, "OnlyPartners")
    for path in ("/v1/credit", "/v1/credit/entries", "/v1/credit/statements/2026-01"):
        assert is_problem(await olga.get(path), 403, "OnlyPartners")
    assert (await state(bianchi))["orders"] == []


async def test_it_shows_operators_every_partner(bianchi: Partner, verdi: Partner, olga: Operator) -> None:
    orders = {await bianchi.placed(), await verdi.placed()}
    seen = (await olga.get("/v1/orders", params={"limit": 100})).json()["items"]
    assert orders <= {order["id"] for order in seen}
    for order_id in orders:
        holder = (await olga.order(order_id))["titolare"]["id"]
        assert (await olga.get(f"/v1/titolari/{holder}")).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/openapi.json"])
async def test_it_tells_anybody_how_it_is(bianchi: Partner, path: str) -> None:
    assert (await bianchi.get(path, headers={"Authorization": ""})).status_code == 200

"""The price list, and quotes that keep their word."""

import re
from typing import Any

import pytest

from tests.api.checks import eur, is_problem, send, state
from tests.personas import Operator, Partner

ORDERS: list[tuple[dict[str, Any], str]] = [
    ({"product": "docfly_pa"}, "23.18"),
    ({"product": "docfly_pa", "renewal_years": 3, "extra_gb": 7}, "172.02"),
    ({"product": "docfly"}, "35.38"),
    ({"product": "docfly", "starter_kit": "kit_1gb", "renewal_years": 10}, "353.80"),
    ({"product": "docfly", "starter_kit": "kit_50gb", "extra_users": 2}, "180.56"),
    ({"product": "docfly", "extra_archives": 3, "extra_definitions": 4, "renewal_years": 2}, "187.88"),
]


async def test_it_shows_the_list_in_force(bianchi: Partner, olga: Operator) -> None:
    prices = (await bianchi.get("/v1/price-list")).json()
    assert set(prices) == {"valid_from", "vat_percent", "items", "note"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", prices["valid_from"])
    assert (prices["vat_percent"], prices["items"]["docfly_pa"]) == (22, eur("19.00"))
    assert "inventato" in prices["note"]
    assert (await olga.get("/v1/price-list")).json() == prices


@pytest.mark.parametrize(("wish", "total"), ORDERS, ids=lambda given: str(given)[:60])
async def test_it_quotes_what_it_charges(bianchi: Partner, wish: dict[str, Any], total: str) -> None:
    holder = (await bianchi.titolare())["id"]
    before = await state(bianchi)
    answer = await bianchi.post("/v1/quotes", json={**wish, "titolare_id": holder})
    quote = answer.json()
    assert (answer.status_code, set(quote), quote["total"]) == (200, {"lines", "net", "vat", "total"}, eur(total))
    assert await state(bianchi) == before
    order = (await bianchi.place(**wish, titolare_id=holder, expected_total=quote["total"])).json()
    assert (order["price"], order["charged"]) == (quote, eur(total))
    assert float(await bianchi.balance()) == pytest.approx(1000 - float(total))


async def test_it_quotes_more_than_the_credit(bianchi: Partner) -> None:
    wish = {"product": "docfly", "titolare_id": (await bianchi.titolare())["id"], "extra_users": 10_000}
    quote = (await bianchi.post("/v1/quotes", json={**wish, "renewal_years": 10})).json()
    assert quote["total"] == eur("610353.80")


async def test_its_lines_add_up(bianchi: Partner) -> None:
    wish = {"product": "docfly", "titolare_id": (await bianchi.titolare())["id"], "extra_users": 3, "renewal_years": 7}
    quote = (await bianchi.post("/v1/quotes", json=wish)).json()
    cents = {name: int(quote[name]["amount"].replace(".", "")) for name in ("net", "vat", "total")}
    lines = [int(line["net"]["amount"].replace(".", "")) for line in quote["lines"]]
    assert (sum(lines), cents["net"] + cents["vat"]) == (cents["net"], cents["total"])
    for line in quote["lines"]:
        assert set(line) == {"item", "quantity", "years", "unit_net", "net"}


async def test_it_quotes_no_order_that_could_not_be_placed_by_its_fields(bianchi: Partner) -> None:
    wish = {"product": "docfly_pa", "titolare_id": (await bianchi.titolare())["id"], "renewal_years": 4}
    assert is_problem(await send(bianchi, "/v1/quotes", wish), 422, "InvalidRequest")

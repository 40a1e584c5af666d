"""The prepaid credit: in real time, with every movement."""

from uuid import uuid4

import pytest

from local.demo import PRICES
from tests.api.checks import INSTANT, eur, send, walk
from tests.personas import Operator, Partner

FIELDS = {
    "id", "at", "amount", "balance", "cause", "reverses", "reference", "reason", "order_id", "service_id",
    "price_list_valid_from", "asked_by",
}  # fmt: skip


async def test_it_tells_what_is_left_and_what_is_in_open_orders(bianchi: Partner) -> None:
    assert (await bianchi.get("/v1/credit")).json() == {"balance": eur("1000.00"), "in_open_orders": eur("0.00")}
    first, second = await bianchi.placed(), await bianchi.placed("docfly")
    assert (await bianchi.get("/v1/credit")).json() == {"balance": eur("941.44"), "in_open_orders": eur("58.56")}
    await bianchi.cancel(first)
    assert (await bianchi.get("/v1/credit")).json() == {"balance": eur("964.62"), "in_open_orders": eur("35.38")}
    await bianchi.cancel(second)
    assert (await bianchi.get("/v1/credit")).json() == {"balance": eur("1000.00"), "in_open_orders": eur("0.00")}


@pytest.mark.usefixtures("provider")
async def test_it_counts_an_active_order_as_spent(bianchi: Partner) -> None:
    await bianchi.activated()
    assert (await bianchi.get("/v1/credit")).json() == {"balance": eur("976.82"), "in_open_orders": eur("0.00")}


async def test_it_tells_every_movement_newest_first(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    await bianchi.cancel(order_id)
    refund, charge, top_up = (await bianchi.get("/v1/credit/entries")).json()["items"]
    for entry in (refund, charge, top_up):
        assert set(entry) == FIELDS
        assert INSTANT.fullmatch(entry["at"])
    assert (top_up["amount"], top_up["balance"]) == (eur("1000.00"), eur("1000.00"))
    assert (charge["amount"], charge["balance"]) == (eur("-23.18"), eur("976.82"))
    assert (refund["amount"], refund["balance"]) == (eur("23.18"), eur("1000.00"))
    assert charge["cause"] == {"kind": "order", "id": order_id}
    assert refund["cause"] == {"kind": "refund", "id": order_id}
    assert (top_up["cause"]["kind"], top_up["reverses"], charge["reverses"]) == ("top_up", None, None)
    assert refund["reverses"] == charge["id"]


@pytest.mark.usefixtures("provider")
async def test_every_movement_leads_to_what_caused_it(bianchi: Partner, olga: Operator) -> None:
    active, cancelled = await bianchi.activated(), await bianchi.placed("docfly")
    await bianchi.cancel(cancelled)
    service = (await bianchi.order(active))["service_id"]
    refund, charge, first, top_up = (await bianchi.get("/v1/credit/entries")).json()["items"]
    body = {"entry_id": first["id"], "amount": eur("0.18"), "reason": "arrotondato"}
    correction = (await send(olga, "/v1/credit/corrections", body)).json()
    names = ("order_id", "service_id", "price_list_valid_from", "asked_by", "reason", "reference")
    listed = PRICES.valid_from.isoformat()
    assert [[entry[name] for name in names] for entry in (correction, refund, charge, first, top_up)] == [
        [active, service, listed, "operator", "arrotondato", None],
        [cancelled, None, listed, "partner", None, None],
        [cancelled, None, listed, "partner", None, None],
        [active, service, listed, "partner", None, None],
        [None, None, None, "operator", None, str(bianchi.partner_id)],
    ]


async def test_it_tells_who_ended_the_order(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    await bianchi.decide(order_id, "decline")
    await bianchi.until(order_id, "cancelled")
    refund = (await bianchi.get("/v1/credit/entries")).json()["items"][0]
    assert (refund["cause"], refund["asked_by"]) == ({"kind": "refund", "id": order_id}, "titolare")


async def test_its_movements_add_up_page_by_page(bianchi: Partner, verdi: Partner) -> None:
    for _ in range(3):
        await bianchi.cancel(await bianchi.placed())
    await verdi.placed()
    pages = await walk(bianchi, "/v1/credit/entries", limit=3)
    assert [len(page) for page in pages] == [3, 3, 1]
    entries = [entry for page in pages for entry in page]
    cents = [round(float(entry["amount"]["amount"]) * 100) for entry in entries]
    balances = [round(float(entry["balance"]["amount"]) * 100) for entry in entries]
    assert balances == [sum(cents[at:]) for at in range(len(cents))]
    assert eur(f"{sum(cents) / 100:.2f}") == (await bianchi.get("/v1/credit")).json()["balance"]


async def test_it_is_topped_up_by_an_operator(bianchi: Partner, verdi: Partner, olga: Operator) -> None:
    body = {"partner_id": str(bianchi.partner_id), "amount": eur("12.50"), "reference": f"CRO {uuid4()}"}
    answer = await olga.post("/v1/credit/top-ups", json=body, headers={"Idempotency-Key": str(uuid4())})
    entry = answer.json()
    assert (answer.status_code, entry["amount"], entry["balance"]) == (201, eur("12.50"), eur("1012.50"))
    assert (entry["cause"]["kind"], entry["reverses"]) == ("top_up", None)
    assert (await bianchi.get("/v1/credit/entries")).json()["items"][0] == entry
    assert (await bianchi.balance(), await verdi.balance()) == ("1012.50", "1000.00")


async def test_it_takes_a_reference_once(bianchi: Partner, verdi: Partner, olga: Operator) -> None:
    reference = f"CRO {uuid4()}"
    statuses = []
    for partner in (bianchi, bianchi, verdi):
        body = {"partner_id": str(partner.partner_id), "amount": eur("0.10"), "reference": reference}
        answer = await olga.post("/v1/credit/top-ups", json=body, headers={"Idempotency-Key": str(uuid4())})
        statuses.append((answer.status_code, answer.json().get("type", "").rsplit("/", 1)[-1]))
    assert statuses == [(201, ""), (409, "ReferenceAlreadyUsed"), (409, "ReferenceAlreadyUsed")]
    assert (await bianchi.balance(), await verdi.balance()) == ("1000.10", "1000.00")


async def test_it_is_spent_to_the_last_cent(bianchi: Partner, olga: Operator) -> None:
    async def pay(amount: str) -> None:
        body = {"partner_id": str(bianchi.partner_id), "amount": eur(amount), "reference": str(uuid4())}
        await olga.post("/v1/credit/top-ups", json=body, headers={"Idempotency-Key": str(uuid4())})

    await bianchi.placed("docfly", renewal_years=10, starter_kit="kit_10gb")
    assert await bianchi.balance() == "316.80"
    await pay("1.61")
    dear = await bianchi.place(renewal_years=3, extra_gb=17)
    assert (dear.status_code, dear.json()["missing"]) == (402, eur("0.01"))
    await pay("0.01")
    assert (await bianchi.place(renewal_years=3, extra_gb=17)).status_code == 201
    assert await bianchi.balance() == "0.00"
    assert (await bianchi.place()).json()["missing"] == eur("23.18")

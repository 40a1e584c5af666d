"""Answers to the letter of the contract."""

import re
from typing import Any

import pytest

from tests import identities
from tests.personas import Partner
from tests.simulators.hands import SECRET

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
ORDER_FIELDS = {
    "id", "number", "external_id", "product", "status", "status_label", "reason", "titolare", "options", "price",
    "responsabili", "missing", "next_action", "allowed_actions", "contract_mails", "placed_at", "accepted_at",
    "activated_at", "cancelled_at", "service_id", "held", "charged", "refunded",
}  # fmt: skip


async def test_an_order(bianchi: Partner) -> None:
    holder = await bianchi.titolare()
    answer = await bianchi.place("docfly", titolare_id=holder["id"], starter_kit="kit_5gb", external_id="PO-7")
    order = answer.json()
    assert set(order) == ORDER_FIELDS
    assert answer.headers["location"] == f"/v1/orders/{order['id']}"
    assert order["titolare"] == {"id": holder["id"], "name": "Rossi & Figli S.r.l."}
    assert (order["product"], order["external_id"], order["status_label"]) == (
        "docfly",
        "PO-7",
        "attesa documentazione",
    )
    assert order["options"]["starter_kit"] == "kit_5gb"
    assert order["price"]["total"] == order["charged"] == {"amount": "53.68", "currency": "EUR"}
    assert (order["price"]["net"]["amount"], order["price"]["vat"]["amount"]) == ("44.00", "9.68")
    assert order["missing"] == ["acceptance", "responsabili"]
    assert (order["next_action"]["actor"], order["responsabili"], order["service_id"]) == ("titolare", None, None)
    assert INSTANT.fullmatch(order["placed_at"])
    assert INSTANT.fullmatch(order["next_action"]["due_at"])
    assert set(order["allowed_actions"][0]) == {"action", "allowed", "why_not", "from"}
    assert set(order["contract_mails"][0]) == {"at", "to", "state"}


async def test_one_thing_has_a_tag(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    await bianchi.cancel(order_id)  # what has ended changes no more
    order = await bianchi.get(f"/v1/orders/{order_id}")
    holder = await bianchi.get(f"/v1/titolari/{order.json()['titolare']['id']}")
    for answer in (order, holder):
        assert answer.headers["etag"].startswith('"')
        assert (await bianchi.get(str(answer.url))).headers["etag"] == answer.headers["etag"]


async def test_lists_are_walked_by_cursors_newest_first(bianchi: Partner, verdi: Partner) -> None:
    placed = [await bianchi.placed() for _ in range(5)]
    await verdi.placed()
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = (await bianchi.get("/v1/orders", params={"limit": 2, **cursor})).json()
        seen += [order["id"] for order in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == placed[::-1]


async def test_lists_are_filtered(bianchi: Partner) -> None:
    holder = (await bianchi.titolare(identities.company(denominazione="Ferramenta Òrsi 100%")))["id"]
    wanted = await bianchi.placed("docfly", titolare_id=holder, external_id="PO-8")
    await bianchi.placed()
    for filters in (
        {"product": "docfly"},
        {"external_id": "PO-8"},
        {"titolare_id": holder},
        {"q": "ferramenta òrsi"},
        {"q": "100%"},
        {"q": "PO-8", "status": "awaiting_documents"},
    ):
        found = (await bianchi.get("/v1/orders", params=filters)).json()["items"]
        assert [order["id"] for order in found] == [wanted], filters
    assert (await bianchi.get("/v1/orders", params={"status": "active"})).json()["items"] == []
    assert [one["id"] for one in (await bianchi.get("/v1/titolari", params={"q": "ferramenta"})).json()["items"]] == [
        holder
    ]


async def test_credit_tells_every_movement(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    credit = (await bianchi.get("/v1/credit")).json()
    assert (credit["balance"]["amount"], credit["in_open_orders"]["amount"]) == ("976.82", "23.18")
    await bianchi.cancel(order_id)
    refund, charge, top_up = (await bianchi.get("/v1/credit/entries")).json()["items"]
    told = [
        (one["amount"]["amount"], one["balance"]["amount"], one["cause"]["kind"]) for one in (refund, charge, top_up)
    ]
    assert told == [("23.18", "1000.00", "refund"), ("-23.18", "976.82", "order"), ("1000.00", "1000.00", "top_up")]
    assert refund["reverses"] == charge["id"]
    assert {refund["cause"]["id"], charge["cause"]["id"]} == {order_id}


async def test_a_quote_is_what_is_charged_and_stores_nothing(bianchi: Partner) -> None:
    body = {"product": "docfly_pa", "titolare_id": (await bianchi.titolare())["id"], "extra_gb": 3}
    quote = (await bianchi.post("/v1/quotes", json=body)).json()
    assert await bianchi.balance() == "1000.00"
    order = (await bianchi.place(**body)).json()
    assert quote == order["price"]
    prices = (await bianchi.get("/v1/price-list")).json()
    assert (prices["items"]["docfly_pa"]["amount"], prices["vat_percent"]) == ("19.00", 22)
    assert "inventato" in prices["note"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_it_is_alive_and_ready(bianchi: Partner, path: str) -> None:
    assert (await bianchi.get(path)).status_code == 200


async def test_it_describes_itself(bianchi: Partner) -> None:
    described = (await bianchi.get("/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    assert "/v1/orders/{order_id}/cancellation" in described["paths"]


@pytest.mark.parametrize("signed", ["not", "wrong", "late"])
async def test_a_report_must_be_the_providers(bianchi: Partner, signed: str) -> None:
    from datetime import UTC, datetime, timedelta

    from standardwebhooks import Webhook

    body = f'{{"order_id": "{await bianchi.placed()}", "state": "active"}}'
    at = datetime.now(UTC) - timedelta(minutes=10 if signed == "late" else 0)
    signature = Webhook(SECRET).sign("msg_1", at, body + ("x" if signed == "wrong" else ""))
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }
    answer = await bianchi.post("/v1/provider/reports", content=body, headers={} if signed == "not" else headers)
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (401, "InvalidSignature")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{}", 422),
        ("[]", 422),
        ('{"order_id": "x", "state": "active"}', 422),
        ('{"order_id": "6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8", "state": "gone"}', 422),
        ('{"order_id": "6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8", "state": "active"}', 404),
    ],
)
async def test_a_report_must_make_sense(bianchi: Partner, body: str, status: int) -> None:
    from datetime import UTC, datetime

    from standardwebhooks import Webhook

    at = datetime.now(UTC)
    headers = {
        "webhook-id": "msg_2",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("msg_2", at, body),
    }
    answer = await bianchi.post("/v1/provider/reports", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"

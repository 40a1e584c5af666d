"""An order, to the letter of the contract."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.api.checks import INSTANT, eur
from tests.personas import Operator, Partner

FIELDS = {
    "id", "number", "external_id", "product", "status", "status_label", "reason", "titolare", "options", "price",
    "responsabili", "missing", "next_action", "allowed_actions", "contract_mails", "placed_at", "accepted_at",
    "activated_at", "cancelled_at", "service_id", "held", "charged", "refunded",
}  # fmt: skip
ACTIONS = ["resend", "assign_responsabili", "add_document", "cancel", "retry_activation"]
DOCFLY: dict[str, Any] = {
    "renewal_years": 2,
    "renewal_mode": "on_request",
    "starter_kit": "kit_5gb",
    "extra_users": 1,
    "extra_archives": 2,
    "extra_definitions": 3,
}


async def test_it_answers_a_new_order_whole(bianchi: Partner) -> None:
    holder = await bianchi.titolare()
    answer = await bianchi.place("docfly", titolare_id=holder["id"], external_id="PO-7", **DOCFLY)
    order = answer.json()
    assert (answer.status_code, set(order)) == (201, FIELDS)
    assert answer.headers["location"] == f"/v1/orders/{order['id']}"
    assert re.fullmatch(r"\d{4}-\d{6}", order["number"])
    expected = {
        "external_id": "PO-7",
        "product": "docfly",
        "status": "awaiting_documents",
        "status_label": "attesa documentazione",
        "titolare": {"id": holder["id"], "name": "Rossi & Figli S.r.l."},
        "options": DOCFLY,
        "missing": ["acceptance", "responsabili"],
        "charged": eur("202.52"),
        "refunded": eur("0.00"),
    }
    assert {name: order[name] for name in expected} == expected
    later = ("reason", "responsabili", "accepted_at", "activated_at", "cancelled_at", "service_id", "held")
    assert [order[name] for name in later] == [None] * len(later)


async def test_it_prices_line_by_line(bianchi: Partner) -> None:
    price = (await bianchi.place("docfly", **DOCFLY)).json()["price"]
    assert set(price) == {"lines", "net", "vat", "total"}
    assert (price["net"], price["vat"], price["total"]) == (eur("166.00"), eur("36.52"), eur("202.52"))
    lines = [(line["item"], line["quantity"], line["unit_net"], line["net"]) for line in price["lines"]]
    assert lines == [
        ("docfly", 1, eur("29.00"), eur("58.00")),
        ("kit_5gb", 1, eur("15.00"), eur("30.00")),
        ("extra_user", 1, eur("5.00"), eur("10.00")),
        ("extra_archive", 2, eur("8.00"), eur("32.00")),
        ("extra_definition", 3, eur("6.00"), eur("36.00")),
    ]
    assert {line["years"] for line in price["lines"]} == {2}


async def test_it_fills_in_what_was_not_asked_for(bianchi: Partner) -> None:
    order = (await bianchi.place()).json()
    assert order["options"] == {"renewal_years": 1, "renewal_mode": "automatic", "extra_gb": 0}
    assert (order["external_id"], order["charged"]) == (None, eur("23.18"))
    order = (await bianchi.place("docfly")).json()
    assert order["options"] == {
        "renewal_years": 1,
        "renewal_mode": "automatic",
        "starter_kit": "kit_1gb",
        "extra_users": 0,
        "extra_archives": 0,
        "extra_definitions": 0,
    }


async def test_it_says_whose_move_it_is(bianchi: Partner) -> None:
    order = (await bianchi.place()).json()
    placed, due = (datetime.fromisoformat(at) for at in (order["placed_at"], order["next_action"]["due_at"]))
    assert order["next_action"] | {"due_at": None} == {"actor": "titolare", "action": "accept_contract", "due_at": None}
    assert due - placed == timedelta(days=90)
    await bianchi.decide(order["id"])
    move = (await bianchi.order(order["id"]))["next_action"]
    assert move == {"actor": "partner", "action": "assign_responsabili", "due_at": None}


async def test_it_says_what_may_be_done_and_from_when(bianchi: Partner, olga: Operator) -> None:
    order = await bianchi.order(await bianchi.placed())
    assert [one["action"] for one in order["allowed_actions"]] == ACTIONS
    for one in order["allowed_actions"]:
        assert set(one) == {"action", "allowed", "why_not", "from"}
    resend, retry = order["allowed_actions"][0], order["allowed_actions"][-1]
    assert (resend["allowed"], resend["why_not"], retry["why_not"]) == (
        False,
        "TooEarlyToResend",
        "NotActivationFailed",
    )
    assert datetime.fromisoformat(resend["from"]) - datetime.fromisoformat(order["placed_at"]) == timedelta(minutes=15)
    assert (await olga.order(order["id"]))["allowed_actions"][0]["allowed"]


async def test_it_tells_each_contract_mail(bianchi: Partner, olga: Operator) -> None:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    answer = await olga.post(f"/v1/orders/{order_id}/contract-mails", json={"to": "email"})
    first, second = answer.json()["contract_mails"]
    assert (answer.status_code, set(first), first["to"], second["to"]) == (202, {"at", "to", "state"}, "pec", "email")
    assert INSTANT.fullmatch(first["at"])
    assert first["at"] < second["at"]
    assert {first["state"], second["state"]} <= {"queued", "sent"}


@pytest.mark.usefixtures("provider")
async def test_it_writes_every_instant_in_utc(bianchi: Partner) -> None:
    order = await bianchi.order(await bianchi.activated())
    for name in ("placed_at", "accepted_at", "activated_at"):
        assert INSTANT.fullmatch(order[name]), name
    assert order["placed_at"] < order["accepted_at"] < order["activated_at"]


@pytest.mark.parametrize("path", ["/v1/credit", "/v1/credit/forecast", "/v1/price-list", "/v1/orders/{order}/timeline"])
async def test_what_is_one_thing_has_a_tag_and_is_not_told_again(bianchi: Partner, path: str) -> None:
    order_id = await bianchi.placed()
    await bianchi.cancel(order_id)
    await bianchi.stage.workflow(order_id).result()  # nothing moves any more
    path = path.format(order=order_id)
    tag = (await bianchi.get(path)).headers["etag"]
    assert (await bianchi.get(path, headers={"If-None-Match": tag})).status_code == 304


@pytest.mark.usefixtures("provider")
async def test_it_answers_an_active_order(bianchi: Partner) -> None:
    order = await bianchi.order(await bianchi.activated())
    assert (order["status_label"], order["missing"], order["next_action"]) == ("attivo", [], None)
    assert (order["charged"], order["refunded"], order["cancelled_at"]) == (eur("23.18"), eur("0.00"), None)
    assert order["service_id"]
    assert set(order["responsabili"]) == {"conservazione", "produzione"}


async def test_it_answers_a_cancelled_order(bianchi: Partner) -> None:
    answer = await bianchi.cancel(await bianchi.placed())
    order = answer.json()
    assert (answer.status_code, order["status"], order["reason"]) == (202, "cancelled", "partner_request")
    assert (order["status_label"], order["missing"], order["next_action"]) == ("annullato", [], None)
    assert (order["charged"], order["refunded"]) == (eur("23.18"), eur("23.18"))
    assert INSTANT.fullmatch(order["cancelled_at"])


async def test_it_answers_the_responsabili_that_were_assigned(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    answer = await bianchi.assign(order_id)
    assert answer.status_code == 200
    assert answer.json()["responsabili"] == (await bianchi.order(order_id))["responsabili"]
    assert answer.json()["missing"] == ["acceptance"]


async def test_it_freezes_the_titolare(bianchi: Partner) -> None:
    order = (await bianchi.place()).json()
    await bianchi.titolare()
    assert (await bianchi.order(order["id"]))["titolare"] == order["titolare"]


@pytest.mark.parametrize("product", ["docfly_pa", "docfly"])
async def test_it_tags_what_is_the_same_with_the_same(bianchi: Partner, product: str) -> None:
    order_id = await bianchi.placed(product)
    await bianchi.links(order_id)
    open_ = await bianchi.get(f"/v1/orders/{order_id}")
    await bianchi.cancel(order_id)
    ended = [await bianchi.get(f"/v1/orders/{order_id}") for _ in range(2)]
    assert re.fullmatch(r'"[^"]+"', open_.headers["etag"])
    assert open_.headers["etag"] != ended[0].headers["etag"] == ended[1].headers["etag"]


async def test_it_tells_its_story_oldest_first(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    await bianchi.decide(order_id)
    await bianchi.cancel(order_id)
    events: list[dict[str, Any]] = (await bianchi.get(f"/v1/orders/{order_id}/timeline")).json()["items"]
    assert all(set(event) == {"at", "kind", "actor", "detail"} and INSTANT.fullmatch(event["at"]) for event in events)
    told = {event["kind"]: event for event in events}
    kinds = [event["kind"] for event in events]
    assert kinds[0] == "order_placed"
    assert kinds.index("contract_accepted") < kinds.index("order_cancelled")
    assert (told["order_placed"]["actor"], told["contract_accepted"]["actor"]) == ("partner", "titolare")
    assert told["order_placed"]["detail"]["charged"] == eur("23.18")
    assert told["order_cancelled"]["detail"] == {
        "reason": "partner_request", "refunded": eur("23.18"), "words": "doppione"
    }  # fmt: skip

"""A wrong field of an order is named, and nothing is done."""

from uuid import uuid4

import pytest

from tests.api.checks import HOSTILE, is_problem, pointers, send, state
from tests.personas import Operator, Partner

EUR = {"currency": "EUR"}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"product": "fax"}, "/product"),
        ({"product": None}, "/product"),
        ({"product": ["docfly_pa"]}, "/product"),
        ({"product": "\ud800"}, "/product"),
        ({"renewal_years": True}, "/renewal_years"),
        ({"renewal_years": "1"}, "/renewal_years"),
        ({"renewal_years": 1.0}, "/renewal_years"),
        ({"renewal_years": 1.5}, "/renewal_years"),
        ({"renewal_years": None}, "/renewal_years"),
        ({"renewal_years": 0}, "/renewal_years"),
        ({"renewal_years": 4}, "/renewal_years"),
        ({"renewal_years": 10**400}, "/renewal_years"),
        ({"extra_gb": -1}, "/extra_gb"),
        ({"extra_gb": 10_001}, "/extra_gb"),
        ({"extra_gb": 2**63}, "/extra_gb"),
        ({"extra_gb": "1"}, "/extra_gb"),
        ({"extra_gb": [1]}, "/extra_gb"),
        ({"renewal_mode": "never"}, "/renewal_mode"),
        ({"renewal_mode": "AUTOMATIC"}, "/renewal_mode"),
        ({"renewal_mode": 1}, "/renewal_mode"),
        ({"titolare_id": "x"}, "/titolare_id"),
        ({"titolare_id": 7}, "/titolare_id"),
        ({"titolare_id": None}, "/titolare_id"),
        ({"titolare_id": "\ud800"}, "/titolare_id"),
        ({"external_id": ""}, "/external_id"),
        ({"external_id": "   "}, "/external_id"),
        ({"external_id": "x" * 201}, "/external_id"),
        ({"external_id": 7}, "/external_id"),
        ({"external_id": False}, "/external_id"),
        ({"starter_kit": "kit_5gb"}, "/starter_kit"),
        ({"extra_users": 1}, "/extra_users"),
        ({"colour": "red"}, "/colour"),
        ({"id": "6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8"}, "/id"),
        ({"a/b~c": 1}, "/a~1b~0c"),
        ({"\ud800": 1}, ""),
        ({"expected_total": "12.00"}, "/expected_total"),
        ({"expected_total": 12}, "/expected_total"),
        ({"expected_total": {"amount": 12, **EUR}}, "/expected_total/amount"),
        ({"expected_total": {"amount": "12", **EUR}}, "/expected_total/amount"),
        ({"expected_total": {"amount": "12,00", **EUR}}, "/expected_total/amount"),
        ({"expected_total": {"amount": "1e1", **EUR}}, "/expected_total/amount"),
        ({"expected_total": {"amount": "-1.00", **EUR}}, "/expected_total/amount"),
        ({"expected_total": {"amount": "0.00", **EUR}}, "/expected_total/amount"),
        ({"expected_total": {"amount": "٢٣.١٨", **EUR}}, "/expected_total/amount"),
        ({"expected_total": {"amount": "9" * 13 + ".00", **EUR}}, "/expected_total/amount"),
        ({"expected_total": {"amount": "1.00", "currency": "USD"}}, "/expected_total/currency"),
        ({"expected_total": {"amount": "1.00", "currency": "eur"}}, "/expected_total/currency"),
        ({"expected_total": {"amount": "1.00"}}, "/expected_total/currency"),
        ({"expected_total": {"amount": "1.00", **EUR, "vat": "0"}}, "/expected_total/vat"),
    ],
    ids=lambda given: ascii(given)[:60],
)
async def test_it_names_the_wrong_field(bianchi: Partner, change: dict[str, object], pointer: str) -> None:
    body = {"product": "docfly_pa", "titolare_id": (await bianchi.titolare())["id"], **change}
    before = await state(bianchi)
    for path in ("/v1/orders", "/v1/quotes"):
        answer = await send(bianchi, path, body)
        assert is_problem(answer, 422, "InvalidRequest")
        assert pointers(answer) == {pointer}
    assert await state(bianchi) == before


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"renewal_years": 11}, "/renewal_years"),
        ({"starter_kit": "kit_7gb"}, "/starter_kit"),
        ({"starter_kit": 5}, "/starter_kit"),
        ({"extra_users": True}, "/extra_users"),
        ({"extra_archives": -1}, "/extra_archives"),
        ({"extra_definitions": 1.0}, "/extra_definitions"),
        ({"extra_gb": 1}, "/extra_gb"),
        ({"docfly": 1}, "/docfly"),
    ],
)
async def test_it_names_the_wrong_field_of_the_other_product(
    bianchi: Partner, change: dict[str, object], pointer: str
) -> None:
    answer = await send(bianchi, "/v1/orders", {"product": "docfly", "titolare_id": str(uuid4()), **change})
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {pointer}


async def test_it_names_all_wrong_fields_at_once(bianchi: Partner) -> None:
    answer = await send(bianchi, "/v1/orders", {"product": "docfly_pa", "renewal_years": 0, "extra_gb": -1, "x": 1})
    assert pointers(answer) == {"/titolare_id", "/renewal_years", "/extra_gb", "/x"}


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
async def test_it_takes_visible_words_only(bianchi: Partner, olga: Operator, text: str) -> None:
    order_id = await bianchi.placed()
    before = await state(bianchi)
    order = {"product": "docfly", "titolare_id": str(uuid4()), "external_id": text}
    assert pointers(await send(bianchi, "/v1/orders", order)) == {"/external_id"}
    top_up = {"partner_id": str(bianchi.partner_id), "amount": {"amount": "1.00", **EUR}, "reference": text}
    assert pointers(await send(olga, "/v1/credit/top-ups", top_up)) == {"/reference"}
    reason = text.replace("\r\n", "\x07")  # a reason may have several lines
    cancellation = await send(bianchi, f"/v1/orders/{order_id}/cancellation", {"reason": reason})
    assert is_problem(cancellation, 422, "InvalidRequest")
    assert pointers(await send(olga, f"/v1/orders/{order_id}/release", {"reason": reason})) == {"/reason"}
    assert await state(bianchi) == before


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("contract-mails", {"to": "fax"}, "/to"),
        ("contract-mails", {"to": "rossi@evil.example"}, "/to"),
        ("contract-mails", {"cc": "pec"}, "/cc"),
        ("cancellation", {"reason": "x" * 2_001}, "/reason"),
        ("cancellation", {"reason": 1}, "/reason"),
        ("cancellation", {"why": "doppione"}, "/why"),
        ("responsabili", {"conservazione": str(uuid4())}, "/produzione"),
        ("responsabili", {"conservazione": 1, "produzione": str(uuid4())}, "/conservazione"),
        ("responsabili", {"conservazione": str(uuid4()), "produzione": "x"}, "/produzione"),
    ],
)
async def test_it_names_the_wrong_field_of_a_wish(
    bianchi: Partner, path: str, body: dict[str, object], pointer: str
) -> None:
    order_id = await bianchi.placed()
    before = await bianchi.order(order_id)
    method = "PUT" if path == "responsabili" else "POST"
    answer = await send(bianchi, f"/v1/orders/{order_id}/{path}", body, method=method)
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {pointer}
    assert (await bianchi.order(order_id))["status"] == before["status"]


async def test_what_needs_no_body_takes_no_unknown_field(bianchi: Partner, olga: Operator) -> None:
    answer = await send(olga, f"/v1/orders/{await bianchi.placed()}/activation", {"force": True})
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {"/force"}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"amount": {"amount": "0.00", **EUR}}, "/amount/amount"),
        ({"amount": {"amount": "-5.00", **EUR}}, "/amount/amount"),
        ({"amount": {"amount": 5, **EUR}}, "/amount/amount"),
        ({"amount": {"amount": "1000000000.00", **EUR}}, "/amount/amount"),
        ({"amount": "5.00"}, "/amount"),
        ({"reference": ""}, "/reference"),
        ({"partner_id": "x"}, "/partner_id"),
        ({"vat": 22}, "/vat"),
    ],
)
async def test_it_names_the_wrong_field_of_a_top_up(
    bianchi: Partner, olga: Operator, change: dict[str, object], pointer: str
) -> None:
    body = {"partner_id": str(bianchi.partner_id), "amount": {"amount": "1.00", **EUR}, "reference": "CRO 1", **change}
    answer = await send(olga, "/v1/credit/top-ups", body)
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {pointer}
    assert await bianchi.balance() == "1000.00"

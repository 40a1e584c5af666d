"""Bad input gets a clear problem document and changes nothing."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests import identities
from tests.personas import Operator, Partner

JSON = {"Content-Type": "application/json"}


def is_problem(answer: httpx.Response, status: int, name: str) -> bool:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert {"type", "title", "status", "detail"} <= set(body)
    assert (answer.status_code, body["status"]) == (status, status), body
    assert body["type"] == f"https://docfly.invalid/problems/{name}", body
    return True


def pointers(answer: httpx.Response) -> set[str]:
    return {error["pointer"] for error in answer.json()["errors"]}


async def nothing_happened(partner: Partner) -> bool:
    orders = (await partner.get("/v1/orders")).json()["items"]
    return (orders, await partner.balance()) == ([], "1000.00")


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b"{", 400, "MalformedBody"),
        (b"", 422, "InvalidRequest"),
        (b"\xff\xfe", 400, "MalformedBody"),
        (b"[" * 30_000, 400, "MalformedBody"),
        (b"[]", 422, "InvalidRequest"),
        (b'"x"', 422, "InvalidRequest"),
        (b"null", 422, "InvalidRequest"),
        (b'{"product": "fax"}', 422, "InvalidRequest"),
        (b" " * 70_000, 413, "BodyTooLarge"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/orders", "/v1/titolari", "/v1/quotes"])
async def test_a_body_that_is_none(bianchi: Partner, path: str, body: bytes, status: int, name: str) -> None:
    headers = {**JSON, "Idempotency-Key": str(uuid4())}
    assert is_problem(await bianchi.post(path, content=body, headers=headers), status, name)
    assert await nothing_happened(bianchi)


async def test_a_body_without_a_length_is_cut_off_too(bianchi: Partner) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b" " * 1_000

    assert is_problem(await bianchi.post("/v1/titolari", content=endless(), headers=JSON), 413, "BodyTooLarge")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"renewal_years": True}, "/renewal_years"),
        ({"renewal_years": "1"}, "/renewal_years"),
        ({"renewal_years": 1.5}, "/renewal_years"),
        ({"renewal_years": 0}, "/renewal_years"),
        ({"renewal_years": 4}, "/renewal_years"),
        ({"renewal_years": 10**400}, "/renewal_years"),
        ({"extra_gb": -1}, "/extra_gb"),
        ({"extra_gb": 10**30}, "/extra_gb"),
        ({"renewal_mode": "never"}, "/renewal_mode"),
        ({"titolare_id": "x"}, "/titolare_id"),
        ({"titolare_id": None}, "/titolare_id"),
        ({"external_id": "a\x00b"}, "/external_id"),
        ({"external_id": "x" * 201}, "/external_id"),
        ({"external_id": 7}, "/external_id"),
        ({"starter_kit": "kit_5gb"}, "/starter_kit"),
        ({"colour": "red"}, "/colour"),
        ({"expected_total": "12.00"}, "/expected_total"),
        ({"expected_total": {"amount": 12, "currency": "EUR"}}, "/expected_total/amount"),
        ({"expected_total": {"amount": "12", "currency": "EUR"}}, "/expected_total/amount"),
        ({"expected_total": {"amount": "-1.00", "currency": "EUR"}}, "/expected_total/amount"),
        ({"expected_total": {"amount": "1.00", "currency": "USD"}}, "/expected_total/currency"),
    ],
)
async def test_a_wrong_field_of_an_order(bianchi: Partner, change: dict[str, object], pointer: str) -> None:
    holder = (await bianchi.titolare())["id"]
    body = {"product": "docfly_pa", "titolare_id": holder, **change}
    answer = await bianchi.post("/v1/orders", json=body, headers={"Idempotency-Key": str(uuid4())})
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {pointer}
    assert await nothing_happened(bianchi)


async def test_a_lone_surrogate(bianchi: Partner) -> None:
    body = json.dumps(identities.company()).replace("Rossi & Figli S.r.l.", "\\ud800")
    answer = await bianchi.post("/v1/titolari", content=body, headers=JSON)
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"partita_iva": "01879020518"}, "/partita_iva"),
        ({"partita_iva": "00000000000"}, "/partita_iva"),
        ({"codice_fiscale": "RSSMRA85T10A562X"}, "/codice_fiscale"),
        ({"address": {**identities.address(), "postal_code": "٥٢١٠٠"}}, "/address/postal_code"),
        ({"address": {**identities.address(), "province": "ZZ"}}, "/address/province"),
        ({"email": "a@b\r\nBcc: x@y.example"}, "/email"),
        ({"phone": "0575"}, "/phone"),
        ({"birth": {"date": "2999-01-01", "place": "Arezzo", "sex": "F"}}, "/birth/date"),
        ({"denominazione": "Ros\x00si"}, "/denominazione"),
        ({"a/b~c": 1}, "/a~1b~0c"),
    ],
)
async def test_a_wrong_field_of_a_titolare(bianchi: Partner, change: dict[str, object], pointer: str) -> None:
    answer = await bianchi.post("/v1/titolari", json=identities.company(**change))
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointer in pointers(answer)
    assert (await bianchi.get("/v1/titolari")).json()["items"] == []


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        (f"/v1/orders/{uuid4()}", 404, "OrderNotFound"),
        (f"/v1/orders/{uuid4()}/timeline", 404, "OrderNotFound"),
        (f"/v1/titolari/{uuid4()}", 404, "TitolareNotFound"),
        ("/v1/orders/x", 422, "InvalidRequest"),
        ("/v1/orders?limit=0", 422, "InvalidRequest"),
        ("/v1/orders?limit=101", 422, "InvalidRequest"),
        ("/v1/orders?cursor=abc", 422, "InvalidRequest"),
        ("/v1/orders?cursor=é", 422, "InvalidRequest"),
        ("/v1/orders?status=gone", 422, "InvalidRequest"),
        ("/v1/orders?colour=red", 422, "InvalidRequest"),
        ("/v1/orders?q=%00", 422, "InvalidRequest"),
        ("/v1/titolari?cursor=MjAyNg==", 422, "InvalidRequest"),
        ("/v1/credit/entries?cursor=LTE=", 422, "InvalidRequest"),
        ("/v1/nothing", 404, "NoSuchResource"),
        ("/", 404, "NoSuchResource"),
    ],
)
async def test_a_wrong_address(bianchi: Partner, path: str, status: int, name: str) -> None:
    assert is_problem(await bianchi.get(path), status, name)


async def test_a_wrong_method(bianchi: Partner) -> None:
    assert is_problem(await bianchi.http.delete("/v1/orders"), 405, "MethodNotAllowed")


@pytest.mark.parametrize("key", [None, "", "Bearer", "Bearer x", "Basic eDp5", "Bearer dfk_é"])
async def test_a_wrong_key(bianchi: Partner, key: str | None) -> None:
    headers = {"Authorization": (key or "").encode()}
    answer = await bianchi.get("/v1/orders", headers=headers)
    assert is_problem(answer, 401, "Unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_partners_and_operators_keep_to_their_own(bianchi: Partner, olga: Operator) -> None:
    order_id = await bianchi.placed()
    top_up = {"partner_id": str(uuid4()), "amount": {"amount": "1.00", "currency": "EUR"}, "reference": "x"}
    key = {"Idempotency-Key": str(uuid4())}
    assert is_problem(await bianchi.post("/v1/credit/top-ups", json=top_up, headers=key), 403, "OnlyOperators")
    assert is_problem(await bianchi.post(f"/v1/orders/{order_id}/release", json={}), 403, "OnlyOperators")
    assert is_problem(await olga.post("/v1/credit/top-ups", json=top_up, headers=key), 404, "PartnerNotFound")
    assert is_problem(await olga.get("/v1/credit"), 403, "OnlyPartners")
    assert is_problem(await olga.post("/v1/titolari", json=identities.company()), 403, "OnlyPartners")


async def test_another_partners_titolare(bianchi: Partner, verdi: Partner) -> None:
    holder = (await bianchi.titolare())["id"]
    assert is_problem(await verdi.get(f"/v1/titolari/{holder}"), 404, "TitolareNotFound")
    assert is_problem(await verdi.place(titolare_id=holder), 404, "TitolareNotFound")
    body = {"product": "docfly_pa", "titolare_id": holder}
    assert is_problem(await verdi.post("/v1/quotes", json=body), 404, "TitolareNotFound")
    order_id = await verdi.placed()
    roles = {"conservazione": holder, "produzione": holder}
    answer = await verdi.put(f"/v1/orders/{order_id}/responsabili", json=roles)
    assert is_problem(answer, 404, "TitolareNotFound")


async def test_not_enough_credit(bianchi: Partner) -> None:
    answer = await bianchi.place("docfly", starter_kit="kit_50gb", renewal_years=10)
    assert is_problem(answer, 402, "InsufficientCredit")
    assert answer.json()["missing"] == {"amount": "683.60", "currency": "EUR"}
    assert await nothing_happened(bianchi)


async def test_a_second_live_order(bianchi: Partner, verdi: Partner) -> None:
    company = identities.company()
    holder = (await bianchi.titolare(company))["id"]
    first = await bianchi.placed(titolare_id=holder)
    again = await bianchi.place(titolare_id=holder)
    assert is_problem(again, 409, "DuplicateOpenOrder")
    assert again.json()["order_id"] == first
    elsewhere = await verdi.place(titolare_id=(await verdi.titolare(company))["id"])
    assert is_problem(elsewhere, 409, "DuplicateOpenOrder")
    assert elsewhere.json()["order_id"] is None
    await bianchi.cancel(first)
    assert (await bianchi.place(titolare_id=holder)).status_code == 201


async def test_a_price_that_is_not_the_expected_one(bianchi: Partner) -> None:
    answer = await bianchi.place(expected_total={"amount": "1.00", "currency": "EUR"})
    assert is_problem(answer, 409, "PriceChanged")
    assert answer.json()["total"] == {"amount": "23.18", "currency": "EUR"}
    assert await nothing_happened(bianchi)
    assert (await bianchi.place(expected_total=answer.json()["total"])).status_code == 201


async def test_a_titolare_that_may_not_order(bianchi: Partner) -> None:
    person = (await bianchi.titolare(identities.person()))["id"]
    answer = await bianchi.place(titolare_id=person)
    assert is_problem(answer, 422, "TitolareMayNotOrder")
    assert answer.json()["missing"] == "partita_iva"


@pytest.mark.parametrize(
    ("wanted", "language"), [("it", "it"), ("en", "en"), ("", "it"), ("de, en;q=0.5", "en"), ("it, en;q=x", "it")]
)
async def test_it_speaks_two_languages(bianchi: Partner, wanted: str, language: str) -> None:
    answer = await bianchi.get("/v1/nothing", headers={"Accept-Language": wanted})
    assert answer.headers["content-language"] == language
    assert answer.json()["title"].startswith("There" if language == "en" else "A questo")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)


@given(
    changes=st.dictionaries(
        st.sampled_from([*identities.company(), "product", "titolare_id", "renewal_years", "external_id", "extra_gb"]),
        ANYTHING,
        min_size=1,
        max_size=3,
    )
)
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
async def test_nothing_makes_it_stumble(bianchi: Partner, changes: dict[str, object]) -> None:
    order = {"product": "docfly_pa", "titolare_id": str(uuid4()), **changes}
    for path, body in {"/v1/titolari": identities.company() | changes, "/v1/orders": order}.items():
        headers = {**JSON, "Idempotency-Key": str(uuid4())}
        answer = await bianchi.post(path, content=json.dumps(body), headers=headers)
        assert answer.status_code < 500

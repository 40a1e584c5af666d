"""A wrong address, method or query is told apart from a wrong body."""

from base64 import urlsafe_b64encode

import pytest

from tests.api.checks import is_problem, pointers, send
from tests.personas import Operator, Partner

NOBODY = "6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8"
LISTS = ("/v1/orders", "/v1/titolari", "/v1/credit/entries")


def cursor(place: str) -> str:
    return urlsafe_b64encode(place.encode()).decode()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"/v1/orders/{NOBODY}", "OrderNotFound"),
        (f"/v1/orders/{NOBODY}/timeline", "OrderNotFound"),
        (f"/v1/titolari/{NOBODY}", "TitolareNotFound"),
        ("/v1/nothing", "NoSuchResource"),
        ("/v1", "NoSuchResource"),
        ("/docs", "NoSuchResource"),
        ("/v1/orders/%2e%2e/%2e%2e/etc/passwd", "NoSuchResource"),
        ("/static/nothing.css", "NoSuchResource"),
        ("/static/%2e%2e/words.py", "NoSuchResource"),
        ("/static/%00", "NoSuchResource"),
    ],
)
async def test_it_finds_nothing_there(bianchi: Partner, olga: Operator, path: str, name: str) -> None:
    assert is_problem(await bianchi.get(path), 404, name)
    assert is_problem(await olga.get(path), 404, name)


@pytest.mark.parametrize("order_id", ["x", "0", "%00", "%ED%A0%80", NOBODY + "0"])
async def test_it_wants_an_id_that_is_one(bianchi: Partner, order_id: str) -> None:
    for path in (f"/v1/orders/{order_id}", f"/v1/orders/{order_id}/timeline"):
        answer = await bianchi.get(path)
        assert is_problem(answer, 422, "InvalidRequest")
        assert pointers(answer) == {"/order_id"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/v1/orders"),
        ("PATCH", "/v1/orders"),
        ("OPTIONS", "/v1/orders"),
        ("BREW", "/v1/orders"),
        ("DELETE", f"/v1/orders/{NOBODY}"),
        ("GET", f"/v1/orders/{NOBODY}/cancellation"),
        ("POST", f"/v1/orders/{NOBODY}/timeline"),
        ("POST", "/v1/credit"),
        ("GET", "/v1/quotes"),
        ("POST", "/healthz"),
        ("PUT", "/accept/x"),
        ("POST", "/static/acceptance.css"),
    ],
)
async def test_it_refuses_another_method(bianchi: Partner, method: str, path: str) -> None:
    answer = await bianchi.http.request(method, path)
    assert is_problem(answer, 405, "MethodNotAllowed")
    assert answer.headers["allow"]


@pytest.mark.parametrize(("path", "methods"), [("/v1/orders", "GET, HEAD, POST"), ("/v1/titolari", "GET, HEAD, POST")])
async def test_it_names_every_method_of_an_address(bianchi: Partner, path: str, methods: str) -> None:
    assert (await bianchi.http.request("DELETE", path)).headers["allow"] == methods


async def test_an_address_is_written_in_one_way(bianchi: Partner) -> None:
    assert is_problem(await bianchi.get("/v1/orders/"), 404, "NoSuchResource")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "?limit"),
        ("limit=101", "?limit"),
        ("limit=-1", "?limit"),
        ("limit=", "?limit"),
        ("limit=ten", "?limit"),
        ("limit=1.5", "?limit"),
        ("limit=٣", "?limit"),
        ("limit=" + "9" * 40, "?limit"),
        ("cursor=", "?cursor"),
        ("cursor=abc", "?cursor"),
        ("cursor=é", "?cursor"),
        ("cursor=%00", "?cursor"),
        ("cursor=%ED%A0%80", "?cursor"),
        ("cursor=" + "A" * 201, "?cursor"),
        ("cursor=" + cursor("-1"), "?cursor"),
        ("cursor=" + cursor("9" * 30), "?cursor"),
        ("cursor=" + cursor("2026-01-01"), "?cursor"),
        ("cursor=" + cursor("2026-01-01T00:00:00+00:00|x"), "?cursor"),
        ("cursor=" + cursor(f"2026-01-01T00:00:00|{NOBODY}"), "?cursor"),
        ("cursor=" + cursor(f"0001-01-01T00:00:00+23:59|{NOBODY}"), "?cursor"),
        ("cursor=" + cursor(f"9999-12-31T23:59:59-23:59|{NOBODY}"), "?cursor"),
        ("colour=red", "?colour"),
        ("limit=5&partner_id=" + NOBODY, "?partner_id"),
    ],
    ids=lambda given: ascii(given)[:40],
)
async def test_it_refuses_a_wrong_query(bianchi: Partner, query: str, pointer: str) -> None:
    for path in LISTS:
        answer = await bianchi.get(f"{path}?{query}")
        assert is_problem(answer, 422, "InvalidRequest")
        assert pointers(answer) == {pointer}


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00"])
async def test_it_goes_on_from_any_time(bianchi: Partner, at: str) -> None:
    assert (await bianchi.get(f"/v1/orders?cursor={cursor(f'{at}|{NOBODY}')}")).status_code == 200


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("status=gone", "?status"),
        ("status=", "?status"),
        ("status=ACTIVE", "?status"),
        ("product=fax", "?product"),
        ("titolare_id=x", "?titolare_id"),
        ("external_id=", "?external_id"),
        ("external_id=" + "x" * 201, "?external_id"),
        ("q=", "?q"),
        ("q=%00", "?q"),
        ("q=%E2%80%8B", "?q"),
        ("q=" + "x" * 201, "?q"),
    ],
    ids=lambda given: given[:30],
)
async def test_it_refuses_a_wrong_filter(bianchi: Partner, query: str, pointer: str) -> None:
    answer = await bianchi.get(f"/v1/orders?{query}")
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {pointer}


async def test_it_finds_no_titolare_for_an_order_that_names_nobody(bianchi: Partner) -> None:
    order = {"product": "docfly_pa", "titolare_id": NOBODY}
    assert is_problem(await send(bianchi, "/v1/orders", order), 404, "TitolareNotFound")
    assert is_problem(await send(bianchi, "/v1/quotes", order), 404, "TitolareNotFound")


async def test_it_finds_no_partner_for_a_top_up_that_names_nobody(olga: Operator) -> None:
    amount = {"amount": "1.00", "currency": "EUR"}
    top_up = {"partner_id": NOBODY, "amount": amount, "reference": NOBODY}
    assert is_problem(await send(olga, "/v1/credit/top-ups", top_up), 404, "PartnerNotFound")

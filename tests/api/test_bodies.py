"""What is no JSON object, or too much of one, is told apart, and nothing is done."""

import json
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from tests import identities
from tests.api.checks import JSON, is_problem, pointers, state
from tests.personas import Partner

PATHS = ("/v1/orders", "/v1/titolari", "/v1/quotes")
ORDER = f'"product": "docfly_pa", "titolare_id": "{uuid4()}"'


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{'product': 'docfly'}",
        b'{"product": "docfly"} {}',
        b'{"product": "docfly",}',
        b"\xff\xfe",
        b'{"external_id": "\xe8"}',
        '{"product": "docfly"}'.encode("utf-16"),
        b"[" * 30_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"renewal_years": NaN}',
        b'{"renewal_years": -Infinity}',
        b'{"renewal_years": ' + b"9" * 5_000 + b"}",
    ],
    ids=lambda body: repr(body[:24]),
)
async def test_it_refuses_what_is_no_json(bianchi: Partner, body: bytes) -> None:
    before = await state(bianchi)
    for path in PATHS:
        answer = await bianchi.post(path, content=body, headers={**JSON, "Idempotency-Key": str(uuid4())})
        assert is_problem(answer, 400, "MalformedBody")
    assert await state(bianchi) == before


@pytest.mark.parametrize("body", ["", "[]", '"x"', "null", "true", "7", "[{}]"])
async def test_it_wants_an_object(bianchi: Partner, body: str) -> None:
    for path in PATHS:
        answer = await bianchi.post(path, content=body, headers={**JSON, "Idempotency-Key": str(uuid4())})
        assert is_problem(answer, 422, "InvalidRequest")
        assert pointers(answer) == {""}


@pytest.mark.parametrize(
    ("twice", "pointer"),
    [
        ('"extra_gb": 1, "extra_gb": 2', "/extra_gb"),
        ('"external_id": "a", "external_id": "a"', "/external_id"),
        ('"product": "docfly_pa"', "/product"),
        ('"colour": 1, "colour": 1', "/colour"),
        (
            '"expected_total": {"amount": "1.00", "amount": "2.00", "currency": "EUR"}',
            "/expected_total/amount",
        ),
    ],
    ids=["number", "text", "product", "unknown", "nested"],
)
async def test_it_refuses_a_field_that_is_given_twice(bianchi: Partner, twice: str, pointer: str) -> None:
    body = f"{{{ORDER}, {twice}}}"
    answer = await bianchi.post("/v1/orders", content=body, headers={**JSON, "Idempotency-Key": str(uuid4())})
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {pointer}


async def test_it_reads_a_byte_order_mark_as_nothing(bianchi: Partner) -> None:
    answer = await bianchi.post("/v1/quotes", content=b'\xef\xbb\xbf{"product": "docfly"}', headers=JSON)
    assert pointers(answer) == {"/titolare_id"}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "json", None])
async def test_it_reads_json_only(bianchi: Partner, kind: str | None) -> None:
    headers = {"Idempotency-Key": str(uuid4())} | ({"Content-Type": kind} if kind else {})
    for path in PATHS:
        answer = await bianchi.post(path, content='{"product": "docfly"}', headers=headers)
        assert is_problem(answer, 415, "UnsupportedBody")


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/merge-patch+json"]
)
async def test_it_reads_json_by_any_of_its_names(bianchi: Partner, kind: str) -> None:
    answer = await bianchi.post("/v1/quotes", content='{"product": "docfly"}', headers={"Content-Type": kind})
    assert pointers(answer) == {"/titolare_id"}


@pytest.mark.parametrize("path", [*PATHS, "/v1/provider/reports", "/v1/credit/top-ups"])
async def test_it_refuses_a_body_that_is_too_large(bianchi: Partner, path: str) -> None:
    headers = {**JSON, "Idempotency-Key": str(uuid4())}
    answer = await bianchi.post(path, content=b" " * (64 * 1024 + 1), headers=headers)
    assert is_problem(answer, 413, "BodyTooLarge")
    assert answer.json()["limit_bytes"] == 64 * 1024


async def test_it_cuts_off_a_body_that_does_not_say_its_length(bianchi: Partner) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1_000

    before = await state(bianchi)
    assert is_problem(await bianchi.post("/v1/titolari", content=endless(), headers=JSON), 413, "BodyTooLarge")
    assert await state(bianchi) == before


async def test_it_reads_a_body_in_pieces(bianchi: Partner) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for byte in json.dumps(identities.company()).encode():
            yield bytes([byte])

    assert (await bianchi.post("/v1/titolari", content=pieces(), headers=JSON)).status_code == 201

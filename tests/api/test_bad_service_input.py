"""A wrong field of a renewal or of more space is named, a key is wanted, and nothing is charged."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.checks import eur, is_problem, pointers, send, state
from tests.personas import Operator, Partner, Stage
from tests.services import DOCFLY, in_days, service

NO_NUMBERS: tuple[object, ...] = (True, False, 1.0, 1.5, "1", None, [1], {}, 10**400, -1, 0)
NO_DATES: tuple[object, ...] = (20270101, "2027-13-01", "2027-02-29", "01/01/2027", "2027-01-01T00:00:00Z", "", None)
NO_TOTALS: tuple[tuple[object, str], ...] = (
    ("12.00", ""),
    (eur("0.00"), "/amount"),
    (eur("-1.00"), "/amount"),
    ({"amount": "1.00", "currency": "USD"}, "/currency"),
    ({"amount": "1.00"}, "/currency"),
)
WRONG: list[tuple[str, dict[str, object], str]] = [
    *(("renewals", {"years": years}, "/years") for years in (*NO_NUMBERS, 11)),
    *(("renewals", {"expires_on": day}, "/expires_on") for day in NO_DATES),
    *(("renewals", {"expected_total": total}, f"/expected_total{where}") for total, where in NO_TOTALS),
    ("renewals", {"gb": 1}, "/gb"),
    ("renewals", {"colour": 1}, "/colour"),
    *(("space", {"gb": gb}, "/gb") for gb in (*NO_NUMBERS, 10_001, 2**63)),
    *(("space", {"expected_total": total}, f"/expected_total{where}") for total, where in NO_TOTALS),
    ("space", {"years": 1}, "/years"),
    ("space", {"a/b~c": 1}, "/a~1b~0c"),
]
BODIES: dict[str, dict[str, Any]] = {"renewals": {"years": 1, "expires_on": str(in_days(30))}, "space": {"gb": 1}}


@pytest.mark.parametrize(("path", "change", "pointer"), WRONG, ids=lambda given: ascii(given)[:60])
async def test_it_names_the_wrong_field(
    bianchi: Partner, stage: Stage, path: str, change: dict[str, object], pointer: str
) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30), options=DOCFLY)
    before = await state(bianchi)
    answer = await send(bianchi, f"/v1/services/{row.id}/{path}", BODIES[path] | change)
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {pointer}
    assert await state(bianchi) == before


@pytest.mark.parametrize(("path", "wrong"), [("renewals", {"/years", "/expires_on"}), ("space", {"/gb"})])
async def test_it_names_what_is_missing(bianchi: Partner, stage: Stage, path: str, wrong: set[str]) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    assert pointers(await send(bianchi, f"/v1/services/{row.id}/{path}", {})) == wrong


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("key", [None, "", "x" * 256, "with space", "è"], ids=ascii)
async def test_it_wants_a_key(bianchi: Partner, olga: Operator, stage: Stage, path: str, key: str | None) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    headers = {} if key is None else {b"Idempotency-Key": key.encode()}
    before = await state(bianchi)
    for caller in (bianchi, olga):
        answer = await caller.post(f"/v1/services/{row.id}/{path}", json=BODIES[path], headers=headers)
        assert is_problem(answer, 400, "IdempotencyKeyMissing")
    assert await state(bianchi) == before


@pytest.mark.parametrize("path", BODIES)
async def test_another_requests_key_is_no_key(bianchi: Partner, stage: Stage, path: str) -> None:
    row, key = await service(stage, bianchi, expires_on=in_days(30)), str(uuid4())
    await bianchi.placed(key=key)
    before = await state(bianchi)
    answer = await send(bianchi, f"/v1/services/{row.id}/{path}", BODIES[path], **{"Idempotency-Key": key})
    assert is_problem(answer, 422, "IdempotencyKeyReused")
    assert await state(bianchi) == before


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("query", [{"limit": "0"}, {"cursor": "x"}, {"status": "failed"}], ids=str)
async def test_it_names_the_wrong_filter(bianchi: Partner, stage: Stage, path: str, query: dict[str, str]) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    answer = await bianchi.get(f"/v1/services/{row.id}/{path}", params=query)
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == {f"?{name}" for name in query}


@pytest.mark.parametrize("path", BODIES)
async def test_verdi_charges_nothing_for_bianchi(bianchi: Partner, verdi: Partner, stage: Stage, path: str) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    before = await state(bianchi), await state(verdi)
    for service_id in (row.id, uuid4()):
        answer = await send(verdi, f"/v1/services/{service_id}/{path}", BODIES[path])
        assert is_problem(answer, 404, "ServiceNotFound")
        assert is_problem(await verdi.get(f"/v1/services/{service_id}/{path}"), 404, "ServiceNotFound")
    assert (await state(bianchi), await state(verdi)) == before

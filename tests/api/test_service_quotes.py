"""What a renewal or more space would cost; and what the union of quotes says to nonsense."""

from typing import Any
from uuid import uuid4

import pytest

from domain.products import DocflyOptions, Product, StarterKit
from domain.services import ServiceStatus
from tests.api.checks import eur, is_problem, pointers, send, state
from tests.personas import Operator, Partner, Stage
from tests.services import DOCFLY, in_days, service

PATH = "/v1/quotes"
WHOLE = DocflyOptions(product=Product.DOCFLY, starter_kit=StarterKit.KIT_5GB, extra_users=1, extra_archives=2)


async def test_it_quotes_a_renewal(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30), options=WHOLE, added_gb=2)
    before = await state(bianchi)
    answer = await send(bianchi, PATH, {"service_id": str(row.id), "years": 2})
    quote = answer.json()
    assert (answer.status_code, set(quote)) == (200, {"lines", "net", "vat", "total"})
    lines = [(line["item"], line["quantity"], line["years"], line["net"]) for line in quote["lines"]]
    assert lines == [
        ("docfly", 1, 2, eur("58.00")),
        ("kit_5gb", 1, 2, eur("30.00")),
        ("extra_user", 1, 2, eur("10.00")),
        ("extra_archive", 2, 2, eur("32.00")),
        ("extra_gb", 2, 2, eur("16.00")),
    ]
    assert (quote["net"], quote["vat"], quote["total"]) == (eur("146.00"), eur("32.12"), eur("178.12"))
    assert await state(bianchi) == before


@pytest.mark.parametrize(("expires_in", "total"), [(30, "24.40"), (0, "24.40"), (400, "48.80")])
async def test_it_quotes_space_for_the_years_begun(bianchi: Partner, stage: Stage, expires_in: int, total: str) -> None:
    row = await service(stage, bianchi, expires_on=in_days(expires_in))
    quote = (await send(bianchi, PATH, {"service_id": str(row.id), "gb": 5})).json()
    assert ([line["item"] for line in quote["lines"]], quote["total"]) == (["extra_gb"], eur(total))


async def test_it_quotes_what_is_charged(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30), added_gb=1)
    for wish, path, guard in (({"gb": 3}, "space", {}), ({"years": 2}, "renewals", {"expires_on": str(in_days(30))})):
        quote = (await send(bianchi, PATH, {"service_id": str(row.id), **wish})).json()
        body = {**wish, **guard, "expected_total": quote["total"]}
        made = await send(bianchi, f"/v1/services/{row.id}/{path}", body)
        assert (made.status_code, made.json()["price"]) == (201, quote)


async def test_it_quotes_more_than_the_credit(bianchi: Partner, stage: Stage) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30))
    assert (await send(bianchi, PATH, {"service_id": str(row.id), "gb": 10_000})).json()["total"] == eur("48800.00")


@pytest.mark.parametrize(
    ("expires_in", "status", "wish", "code", "name"),
    [
        (-91, ServiceStatus.TERMINATED, {"years": 1}, 409, "ServiceTerminated"),
        (-91, ServiceStatus.TERMINATED, {"gb": 1}, 409, "ServiceTerminated"),
        (-91, ServiceStatus.SUSPENDED, {"years": 1}, 409, "ServiceTerminated"),
        (-1, ServiceStatus.SUSPENDED, {"gb": 1}, 409, "ServiceSuspended"),
        (-1, ServiceStatus.ACTIVE, {"gb": 1}, 409, "ServiceSuspended"),
        (91, ServiceStatus.ACTIVE, {"years": 4}, 422, "TermOutOfRange"),
        (30, ServiceStatus.ACTIVE, {"years": 4}, 422, "TermOutOfRange"),
    ],
)
async def test_it_refuses_what_could_not_be_bought(
    bianchi: Partner,
    stage: Stage,
    *,
    expires_in: int,
    status: ServiceStatus,
    wish: dict[str, int],
    code: int,
    name: str,
) -> None:
    row = await service(stage, bianchi, expires_on=in_days(expires_in), status=status)
    assert is_problem(await send(bianchi, PATH, {"service_id": str(row.id), **wish}), code, name)


@pytest.mark.parametrize("wish", [{"years": 1}, {"gb": 1}])
async def test_it_quotes_nothing_of_bianchis_for_verdi(
    bianchi: Partner, verdi: Partner, olga: Operator, stage: Stage, wish: dict[str, int]
) -> None:
    row = await service(stage, bianchi, expires_on=in_days(30), options=DOCFLY)
    for service_id in (row.id, uuid4()):
        body = {"service_id": str(service_id), **wish}
        assert is_problem(await send(verdi, PATH, body), 404, "ServiceNotFound")
        assert is_problem(await send(olga, PATH, body), 403, "OnlyPartners")


ID = "6b0f4a52-6d6c-4a35-9d60-0f2d9b6a3c11"  # nobody's


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"service_id": ID}, {"/years"}),
        ({"years": 1}, {"/product"}),
        ({"gb": 1}, {"/product"}),
        ({}, {"/product"}),
        ({"service_id": "x", "years": 1}, {"/service_id"}),
        ({"service_id": None, "gb": 1}, {"/service_id"}),
        ({"service_id": 7, "gb": 0}, {"/service_id", "/gb"}),
        ({"service_id": ID, "years": 1, "gb": 1}, {"/gb"}),
        ({"service_id": ID, "years": 1, "expires_on": "2027-01-01"}, {"/expires_on"}),
        ({"service_id": ID, "gb": 1, "product": "docfly"}, {"/product"}),
        ({"service_id": ID, "years": 1, "titolare_id": ID}, {"/titolare_id"}),
        ({"service_id": ID, "years": 1, "renewal": 1}, {"/renewal"}),
        ({"service_id": ID, "years": 1, "space": 1}, {"/space"}),
        ({"service_id": ID, "gb": 1, "docfly": 1}, {"/docfly"}),
        ({"product": "docfly", "titolare_id": ID, "order": 1}, {"/order"}),
        ({"product": "docfly", "titolare_id": ID, "docfly": 1}, {"/docfly"}),
        ({"product": "docfly", "titolare_id": ID, "years": 1}, {"/years"}),
        *(
            ({"service_id": ID, "years": years}, {"/years"})
            for years in (0, -1, 11, 10**400, True, 1.0, 1.5, "1", None)
        ),
        *(({"service_id": ID, "gb": gb}, {"/gb"}) for gb in (0, -5, 10_001, 2**63, True, 1.0, "5", [1], None)),
    ],
    ids=lambda given: ascii(sorted(given) if isinstance(given, set) else given)[:70],
)
async def test_it_names_the_wrong_field(bianchi: Partner, body: dict[str, Any], wrong: set[str]) -> None:
    answer = await send(bianchi, PATH, body)
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == wrong

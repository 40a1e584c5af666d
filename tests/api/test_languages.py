"""Problems are told in Italian, or in English to who prefers it."""

from typing import Any

import pytest

from domain import errors
from domain.errors import DomainError
from front.problems import PROBLEMS
from tests import identities
from tests.api.checks import send
from tests.personas import Partner


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("it", "it"),
        ("en", "en"),
        ("", "it"),
        ("*", "it"),
        ("EN-gb", "en"),
        ("it-IT, it;q=0.9, en;q=0.8", "it"),
        ("de, en;q=0.5", "en"),
        ("it; q=0.1, en; q=0.9", "en"),
        ("en ; q = 0.5", "en"),
        ("it, en;q=x", "it"),
        ("en;q=nan", "it"),
        ("en;q=0", "it"),
        ("en;q=1;q=0", "it"),
        (",;=,,", "it"),
    ],
)
async def test_it_speaks_the_language_that_is_asked_for(bianchi: Partner, wanted: str, language: str) -> None:
    answer = await bianchi.get("/v1/nothing", headers={"Accept-Language": wanted})
    assert answer.headers["content-language"] == language
    assert answer.json()["title"].startswith("There" if language == "en" else "A questo")


@pytest.mark.parametrize("error", errors.by_name().values(), ids=lambda error: error.__name__)
def test_it_has_words_for_every_error(error: type[DomainError]) -> None:
    problem = PROBLEMS[error]
    assert 400 <= problem.status < 600
    assert all((problem.titolo, problem.dettaglio, problem.detail))
    facts = dict.fromkeys(error.__dataclass_fields__, "x")
    assert "{" not in problem.dettaglio.format(**facts) + problem.detail.format(**facts)


ORDER: dict[str, Any] = {
    "product": "docfly_pa", "titolare_id": 1, "renewal_years": "1", "extra_gb": -1, "external_id": " ",
    "expected_total": {"amount": "1", "currency": "USD"}, "renewal_mode": 7, "colour": 1,
}  # fmt: skip
TITOLARE: dict[str, Any] = {
    "kind": "x", "activity": [], "denominazione": "x" * 201, "given_name": 1, "family_name": "\x00", "email": "x",
    "codice_fiscale": "\ud800", "partita_iva": "1", "address": 7, "phone": "1", "pec": "x", "ipa_code": " ",
    "birth": {"date": "x", "sex": "x", "place": "x" * 1000}, "office_code": "x",
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/orders", ORDER),
        ("/v1/orders", ORDER | {"extra_gb": 10_001, "expected_total": 1, "titolare_id": "x"}),
        ("/v1/orders", {}),
        ("/v1/orders", {"product": "fax"}),
        ("/v1/orders", []),
        ("/v1/titolari", TITOLARE),
        ("/v1/titolari", {}),
        ("/v1/titolari", []),
        ("/v1/titolari", {"\ud800": 1}),
        ("/v1/titolari", identities.company(address={**identities.address(), "postal_code": "1", "province": "ZZ"})),
        ("/v1/titolari", identities.company(address={**identities.address(), "country": "x", "province": "Z"})),
        ("/v1/titolari", identities.company(birth={"date": "2999-01-01", "place": "Arezzo", "sex": "F"})),
        ("/v1/titolari", identities.company(birth={"date": "1985-02-30", "place": "Arezzo", "sex": "F"})),
        ("/v1/titolari", identities.company(birth={"date": "1899-12-31", "place": "Arezzo", "sex": "F"})),
        ("/v1/titolari", identities.person(denominazione="Bruni", codice_fiscale="01879020517")),
        ("/v1/titolari", identities.person(codice_fiscale="MRTMTT25D09F205Z")),
    ],
)
async def test_it_explains_every_wrong_field_in_both(bianchi: Partner, path: str, body: object) -> None:
    italian, english = [
        (await send(bianchi, path, body, **{"Accept-Language": language})).json()["errors"] for language in ("it", "en")
    ]
    assert [error["pointer"] for error in italian] == [error["pointer"] for error in english]
    for one, other in zip(italian, english, strict=True):
        assert one["detail"] != other["detail"]
        assert "{" not in one["detail"] + other["detail"]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=101", "cursor=x", "status=x", "titolare_id=x", "x=1"])
async def test_it_explains_a_wrong_query_in_both(bianchi: Partner, query: str) -> None:
    details = {
        (await bianchi.get(f"/v1/orders?{query}", headers={"Accept-Language": language})).json()["errors"][0]["detail"]
        for language in ("it", "en")
    }
    assert len(details) == 2


WRONG: list[tuple[str, Any]] = [
    ("notification_addresses", []),
    ("notification_addresses", ["a@b.example"] * 11),
    ("notification_addresses", "a@b.example"),
    ("notification_addresses", None),
    ("reminder_days", [90]),
    ("reminder_days", [1.5]),
    ("reminder_days", None),
    ("renewal_priority", "x"),
]
ITALIAN = {"Accept-Language": "it"}


def english_in(detail: str) -> set[str]:
    return {"should", "valid", "or", "Input", "List", "Tuple"} & set(detail.replace(".", " ").split())


@pytest.mark.parametrize(("field", "value"), WRONG, ids=str)
async def test_an_italian_reads_no_english_about_a_field(bianchi: Partner, field: str, value: object) -> None:
    answer = await bianchi.http.patch("/v1/partner", json={field: value}, headers={"If-Match": "*"} | ITALIAN)
    assert answer.status_code == 422
    (problem,) = answer.json()["errors"]
    assert problem["pointer"].startswith(f"/{field}")
    assert not english_in(problem["detail"])


@pytest.mark.parametrize("query", ["/orders?status=x", "/services?expires_before=0000-01-01", "/orders?limit=x"])
async def test_an_italian_reads_no_english_about_a_query(bianchi: Partner, query: str) -> None:
    (problem,) = (await bianchi.get(f"/v1{query}", headers=ITALIAN)).json()["errors"]
    assert not english_in(problem["detail"])


async def test_a_list_with_a_wrong_item_is_not_said_to_be_empty(bianchi: Partner) -> None:
    body = {"notification_addresses": ["x"]}
    answer = await bianchi.http.patch("/v1/partner", json=body, headers={"If-Match": "*"})
    assert [problem["pointer"] for problem in answer.json()["errors"]] == ["/notification_addresses/0"]

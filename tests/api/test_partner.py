"""What a partner sets for itself."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.checks import eur, is_problem, pointers
from tests.personas import Operator, Partner, Stage

PATH = "/v1/partner"


async def change(bianchi: Partner, tag: str | None = None, **changes: Any) -> httpx.Response:
    tag = tag or (await bianchi.get(PATH)).headers["etag"]
    return await bianchi.http.patch(PATH, json=changes, headers={"If-Match": tag})


async def test_it_begins_with_what_everybody_has(bianchi: Partner) -> None:
    assert (await bianchi.get(PATH)).json() == {
        "notification_addresses": [bianchi.address],
        "low_credit_threshold": None,
        "renewal_priority": "soonest_first",
        "reminder_days": [3, 8, 13, 18],
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"notification_addresses": ["a@studio.example", "b@studio.example"]},
        {"low_credit_threshold": eur("150.00")},
        {"renewal_priority": "cheapest_first"},
        {"reminder_days": [1, 2, 89]},
        {"reminder_days": []},
        {"renewal_priority": "cheapest_first", "low_credit_threshold": eur("0.01")},
        {},
    ],
)
async def test_what_is_given_changes_and_the_rest_stays(bianchi: Partner, changes: dict[str, Any]) -> None:
    before = (await bianchi.get(PATH)).json()
    answer = await change(bianchi, **changes)
    assert answer.status_code == 200, answer.text
    after = await bianchi.get(PATH)
    assert answer.json() == after.json() == {**before, **changes}
    assert answer.headers["etag"] == after.headers["etag"]


async def test_a_threshold_may_be_taken_away(bianchi: Partner) -> None:
    await change(bianchi, low_credit_threshold=eur("10.00"))
    assert (await change(bianchi, low_credit_threshold=None)).json()["low_credit_threshold"] is None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"notification_addresses": []}, "/notification_addresses"),
        ({"notification_addresses": ["x"]}, "/notification_addresses/0"),
        ({"notification_addresses": None}, "/notification_addresses"),
        ({"low_credit_threshold": eur("-1.00")}, "/low_credit_threshold/amount"),
        ({"low_credit_threshold": {"amount": "1.00", "currency": "USD"}}, "/low_credit_threshold/currency"),
        ({"renewal_priority": "dearest_first"}, "/renewal_priority"),
        ({"renewal_priority": None}, "/renewal_priority"),
        ({"reminder_days": [0]}, "/reminder_days/0"),
        ({"reminder_days": [90]}, "/reminder_days/0"),
        ({"reminder_days": ["3"]}, "/reminder_days/0"),
        ({"reminder_days": list(range(1, 12))}, "/reminder_days"),
        ({"reminder_days": None}, "/reminder_days"),
        ({"name": "Studio"}, "/name"),
    ],
)
async def test_nonsense_changes_nothing(bianchi: Partner, changes: dict[str, Any], pointer: str) -> None:
    before = (await bianchi.get(PATH)).json()
    answer = await change(bianchi, **changes)
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointer in pointers(answer)
    assert (await bianchi.get(PATH)).json() == before


async def test_of_two_changes_at_once_one_is_stale(bianchi: Partner) -> None:
    tag = (await bianchi.get(PATH)).headers["etag"]
    wishes = [change(bianchi, tag, reminder_days=[day]) for day in range(1, 6)]
    answers = await asyncio.gather(*wishes)
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]
    assert is_problem(await bianchi.http.patch(PATH, json={}), 428, "PreconditionRequired")


async def test_an_operator_has_no_settings(olga: Operator) -> None:
    assert is_problem(await olga.get(PATH), 403, "OnlyPartners")


async def test_titolari_are_reminded_on_the_partners_days(bianchi: Partner, stage: Stage) -> None:
    """Of orders that are placed from now on; those before keep their days."""
    older = await bianchi.placed()
    await change(bianchi, reminder_days=[1, 40])
    order_id = await bianchi.placed()
    for each in (older, order_id):
        await bianchi.links(each)
    await stage.fast_forward(order_id, days=2)
    assert len(await bianchi.links(order_id, at_least=2)) == 2
    await stage.fast_forward(order_id, days=20)
    await stage.fast_forward(older, days=2)
    assert len(await bianchi.links(order_id)) == 2
    assert len(await bianchi.links(older)) == 1

"""The provider's callback: believed if it is signed and fresh, and heard once."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from standardwebhooks import Webhook

from tests.api.checks import is_problem, pointers, state
from tests.personas import Operator, Partner, Stage, eventually
from tests.simulators.hands import SECRET, Provider

PATH = "/v1/provider/reports"
NOBODY = "6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8"


async def report(
    bianchi: Partner, body: str, *, age_minutes: float = 0, key: str = SECRET, **changes: str | None
) -> httpx.Response:
    """What the provider would send, with other headers if told so."""
    at = datetime.now(UTC) - timedelta(minutes=age_minutes)
    headers: dict[str, str | None] = {
        "authorization": "",
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(key).sign("msg_1", at, body),
    }
    headers |= {f"webhook-{name}": value for name, value in changes.items()}
    given = {name: value.encode() for name, value in headers.items() if value is not None}
    return await bianchi.post(PATH, content=body.encode(), headers=given)


def says(order_id: str, state: str, **more: object) -> str:
    return json.dumps({"order_id": order_id, "state": state, **more})


async def test_it_hears_what_became_of_the_account(bianchi: Partner, provider: Provider, stage: Stage) -> None:
    order_id = await bianchi.placed()
    provider.mode("pending", order=UUID(order_id))
    await bianchi.decide(order_id)
    await bianchi.assign(order_id)
    answer = await report(bianchi, says(order_id, "refused", reason="quota", more="than we know"))
    assert (answer.status_code, answer.json()) == (202, {})
    await bianchi.until(order_id, "activation_failed")

    async def told() -> bool:
        return any("ha risposto: quota" in mail["text"] for mail in await stage.mails(bianchi.address))

    await eventually(told)


async def test_a_refusal_that_is_told_again_says_nothing_of_the_next_try(
    bianchi: Partner, olga: Operator, provider: Provider
) -> None:
    order_id = await bianchi.placed()
    provider.mode("pending", order=UUID(order_id))
    await bianchi.decide(order_id)
    await bianchi.assign(order_id)
    refusal = says(order_id, "refused", reason="quota")
    await report(bianchi, refusal)
    await bianchi.until(order_id, "activation_failed")
    assert (await olga.post(f"/v1/orders/{order_id}/activation")).json()["status"] == "activating"
    assert (await report(bianchi, refusal)).status_code == 202
    provider.complete(UUID(order_id), "active")
    await bianchi.until(order_id, "active")
    assert (await bianchi.timeline(order_id)).count("activation_failed") == 1


@pytest.mark.parametrize(
    ("more", "changes"),
    [
        ({}, {"signature": None}),
        ({}, {"id": None}),
        ({}, {"timestamp": None}),
        ({}, {"id": "msg_2"}),
        ({}, {"signature": "v1,AAAA"}),
        ({}, {"signature": "v1,%%%"}),
        ({}, {"signature": "v1,è"}),
        ({}, {"signature": "v1"}),
        ({}, {"signature": "v1,a,b"}),
        ({}, {"signature": ","}),
        ({}, {"timestamp": "now"}),
        ({}, {"timestamp": "nan"}),
        ({}, {"timestamp": "inf"}),
        ({}, {"timestamp": "1e20"}),
        ({}, {"timestamp": "٣"}),
        ({"age_minutes": 6}, {}),
        ({"age_minutes": -6}, {}),
        ({"key": "whsec_" + "A" * 32}, {}),
    ],
    ids=str,
)
async def test_it_believes_the_provider_only(
    bianchi: Partner, more: dict[str, float], changes: dict[str, str | None]
) -> None:
    order_id = await bianchi.placed()
    before = await state(bianchi)
    answer = await report(bianchi, says(order_id, "active"), **more, **changes)  # type: ignore[arg-type]
    assert is_problem(answer, 401, "InvalidSignature")
    assert await state(bianchi) == before


async def test_it_believes_no_other_body_under_the_signature(bianchi: Partner) -> None:
    at = datetime.now(UTC)
    signature = Webhook(SECRET).sign("msg_1", at, says(NOBODY, "refused"))
    answer = await report(bianchi, says(NOBODY, "active"), signature=signature)
    assert is_problem(answer, 401, "InvalidSignature")


async def test_it_believes_one_of_several_signatures(bianchi: Partner) -> None:
    body = says(NOBODY, "active")
    right = Webhook(SECRET).sign("msg_1", datetime.now(UTC), body)
    assert is_problem(await report(bianchi, body, signature=f"v2,x v1,AAAA {right}"), 404, "OrderNotFound")


@pytest.mark.parametrize("body", ["", "{", "[" * 20_000, "{'a': 1}", '{"order_id": "\\ud800", "state": "active"}'])
async def test_it_refuses_what_is_no_json(bianchi: Partner, body: str) -> None:
    assert is_problem(await report(bianchi, body), 400, "MalformedBody")


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("{}", {"/order_id", "/state"}),
        ("[]", {""}),
        ("null", {""}),
        (says("x", "active"), {"/order_id"}),
        (says(NOBODY, "gone"), {"/state"}),
        (says(NOBODY, "pending"), {"/state"}),
        (says(NOBODY, "active", account=7), {"/account"}),
        (says(NOBODY, "active", username="a\x00b"), {"/username"}),
        (says(NOBODY, "refused", reason="x" * 2_001), {"/reason"}),
    ],
)
async def test_it_names_the_wrong_field(bianchi: Partner, body: str, wrong: set[str]) -> None:
    answer = await report(bianchi, body)
    assert is_problem(answer, 422, "InvalidRequest")
    assert pointers(answer) == wrong


async def test_it_knows_no_such_order(bianchi: Partner) -> None:
    assert is_problem(await report(bianchi, says(str(uuid4()), "active")), 404, "OrderNotFound")


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("said", ["active", "refused"])
async def test_a_repeat_changes_nothing(bianchi: Partner, said: str) -> None:
    order_id = await bianchi.activated()
    before, story = await bianchi.order(order_id), await bianchi.timeline(order_id)
    answers = [await report(bianchi, says(order_id, said)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    after = await bianchi.order(order_id)
    assert {**after, "contract_mails": None} == {**before, "contract_mails": None}
    assert "activation_failed" not in await bianchi.timeline(order_id)
    assert len(await bianchi.timeline(order_id)) >= len(story)


async def test_one_that_comes_after_the_cancellation_changes_nothing(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    await bianchi.cancel(order_id)
    before = await state(bianchi)
    for said in ("active", "refused"):
        assert (await report(bianchi, says(order_id, said))).status_code == 202
    assert await state(bianchi) == before


async def test_one_that_comes_before_it_was_asked_for_opens_nothing(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    before = await state(bianchi)
    assert (await report(bianchi, says(order_id, "active"))).status_code == 202
    assert await state(bianchi) == before
    await bianchi.decide(order_id)
    assert (await bianchi.order(order_id))["status"] == "awaiting_responsabile"

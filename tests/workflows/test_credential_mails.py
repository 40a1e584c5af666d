"""Credentials, mailed anew."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from tests.api.checks import is_problem
from tests.personas import Operator, Partner, Stage, eventually


async def service_of(partner: Partner) -> tuple[str, str]:
    """A service, and where its credentials go."""
    order_id = await partner.activated()
    await partner.stage.workflow(order_id).result()
    order = await partner.order(order_id)
    person = (await partner.get(f"/v1/titolari/{order['responsabili']['conservazione']}")).json()
    return f"/v1/services/{order['service_id']}/credential-mails", person["pec"]


async def test_an_operator_sends_a_new_link_at_once(bianchi: Partner, olga: Operator, stage: Stage) -> None:
    path, pec = await service_of(bianchi)
    answer = await olga.post(path)
    assert (answer.status_code, answer.json()["to"]) == (202, "pec")

    async def both() -> list[str] | None:
        texts = [mail["text"] for mail in await stage.mails(pec)]
        return texts if len(texts) == 2 else None

    second, first = await eventually(both) or ("", "")
    links = [next(word for word in said.split() if "/password/" in word) for said in (first, second)]
    assert links[0] != links[1]


async def test_a_partner_waits_as_between_contract_mails(bianchi: Partner, olga: Operator) -> None:
    path, _ = await service_of(bianchi)
    early = await bianchi.post(path)
    assert is_problem(early, 409, "TooEarlyToResend")
    assert datetime.fromisoformat(early.json()["can_resend_at"]) > datetime.now(UTC) + timedelta(minutes=14)
    for _number in range(9):
        assert (await olga.post(path)).status_code == 202
    assert is_problem(await olga.post(path), 409, "TooManyResends")


async def test_wishes_at_once_are_one_mail(bianchi: Partner, stage: Stage) -> None:
    path, pec = await service_of(bianchi)
    async with stage.sessions.begin() as session:
        service_id = UUID(path.split("/")[3])
        await session.execute(
            text("update mails set at = at - interval '16 minutes' where kind = 'credentials' and order_id ="
                 " (select order_id from services where id = :service)"),
            {"service": service_id},
        )  # fmt: skip
    answers = await asyncio.gather(*(bianchi.post(path) for _ in range(5)))
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert any(answer.status_code == 202 for answer in answers)
    assert is_problem(await bianchi.post(path), 409, "TooEarlyToResend")

    async def delivered() -> bool:
        return len(await stage.mails(pec)) == 2

    await eventually(delivered)


async def test_a_service_that_has_ended_has_none(bianchi: Partner, olga: Operator, stage: Stage) -> None:
    path, _ = await service_of(bianchi)
    async with stage.sessions.begin() as session:
        ending = text("update services set status = 'terminated', next_due_on = null where id = :service")
        await session.execute(ending, {"service": UUID(path.split("/")[3])})
    assert is_problem(await olga.post(path), 409, "ServiceTerminated")


async def test_nobody_elses_service_is_there(verdi: Partner, bianchi: Partner) -> None:
    path, _ = await service_of(bianchi)
    for wanted in (path, f"/v1/services/{uuid4()}/credential-mails"):
        assert is_problem(await verdi.post(wanted), 404, "ServiceNotFound")

"""The credit to come, and what its lines lead to once it is spent."""

from uuid import uuid4

import pytest

from domain.products import RenewalMode
from tests.personas import Partner, Stage
from tests.services import PA, in_days, open_account, service
from tests.sweeps.sweeping import sweep

pytestmark = pytest.mark.usefixtures("provider")


async def test_the_forecast_counts_what_renews_by_itself(stage: Stage, bianchi: Partner, verdi: Partner) -> None:
    by_hand = PA.model_copy(update={"renewal_mode": RenewalMode.ON_REQUEST})
    for days, options in ((3, PA), (37, PA), (38, PA), (97, PA), (98, PA), (20, by_hand)):
        await service(stage, bianchi, expires_on=in_days(days), options=options)
    items = (await bianchi.get("/v1/credit/forecast")).json()["items"]
    assert [(one["days"], one["renewals"], one["total"]["amount"], one["covered"]) for one in items] == [
        (30, 2, "46.36", True), (60, 3, "69.54", True), (90, 4, "92.72", True),
    ]  # fmt: skip
    await stage.spend(bianchi, cents=92_000)
    items = (await bianchi.get("/v1/credit/forecast")).json()["items"]
    assert [one["covered"] for one in items] == [True, True, False]
    assert (await verdi.get("/v1/credit/forecast")).json()["items"][2]["renewals"] == 0


async def test_a_renewals_line_leads_to_its_service_order_and_list(stage: Stage, bianchi: Partner) -> None:
    row = await service(stage, bianchi, expires_on=in_days(7))
    await open_account(stage, row)
    await sweep(stage, on=in_days(0))
    body, key = {"gb": 2}, {"Idempotency-Key": str(uuid4())}
    bought = await bianchi.post(f"/v1/services/{row.id}/space", json=body, headers=key)
    space, renewal, _ = (await bianchi.get("/v1/credit/entries")).json()["items"]
    assert (space["cause"], space["asked_by"]) == ({"kind": "space", "id": bought.json()["id"]}, "partner")
    assert (renewal["cause"]["kind"], renewal["asked_by"]) == ("renewal", "system")
    for line in (space, renewal):
        assert (line["order_id"], line["service_id"]) == (str(row.order_id), str(row.id))
        assert line["price_list_valid_from"] == "2026-01-01"

"""Whoever is erased is erased from the mails, too, as far as operators can read them."""

from sqlalchemy import text

from tests.api.test_titolare_erasure import erase
from tests.personas import Partner, Stage, eventually


async def test_it_forgets_the_words_of_mails_about_them(bianchi: Partner, stage: Stage) -> None:
    order_id = await bianchi.placed()
    holder = (await bianchi.order(order_id))["titolare"]["id"]
    await bianchi.links(order_id)
    kept = text("select count(text) from mails where order_id = :id")
    async with stage.sessions() as session:
        assert await session.scalar(kept, {"id": order_id}) > 0
    await bianchi.cancel(order_id)

    async def told() -> bool:
        return all(
            mail["state"] != "queued" for mail in (await bianchi.get(f"/v1/titolari/{holder}/export")).json()["mails"]
        )

    await eventually(told)
    await erase(bianchi, holder)
    async with stage.sessions() as session:
        assert await session.scalar(kept, {"id": order_id}) == 0

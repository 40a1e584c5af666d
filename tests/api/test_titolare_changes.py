"""A titolare is written anew by who knows how they stand; orders keep them as they were."""

import asyncio

import pytest

from tests import identities
from tests.api.checks import is_problem, pointers
from tests.personas import Operator, Partner

STALE = '"0123456789abcdef0123456789abcdef"'


async def at_hand(partner: Partner) -> tuple[str, str]:
    """The path and the tag of a new titolare."""
    path = f"/v1/titolari/{(await partner.titolare())['id']}"
    return path, (await partner.get(path)).headers["etag"]


async def test_it_is_written_anew_whole(bianchi: Partner) -> None:
    path, tag = await at_hand(bianchi)
    before = (await bianchi.get(path)).json()
    person = identities.person()
    answer = await bianchi.put(path, json=person, headers={"If-Match": tag})
    assert answer.status_code == 200
    kept = answer.json()
    assert {name: kept[name] for name in person} == person
    assert {kept[name] for name in ("denominazione", "partita_iva", "activity")} == {None}
    assert (kept["id"], kept["created_at"]) == (before["id"], before["created_at"])
    read = await bianchi.get(path)
    assert (read.json(), read.headers["etag"]) == (kept, answer.headers["etag"])
    assert read.headers["etag"] != tag


async def test_it_wants_to_know_which_state_is_changed(bianchi: Partner) -> None:
    path, _ = await at_hand(bianchi)
    before = (await bianchi.get(path)).json()
    assert is_problem(await bianchi.put(path, json=identities.company()), 428, "PreconditionRequired")
    assert (await bianchi.get(path)).json() == before


@pytest.mark.parametrize("named", [STALE, f"W/{STALE}", "W/{tag}", f"{STALE}, W/{{tag}}", "", "tag", "{bare}", "*, *"])
async def test_it_refuses_a_change_of_another_state(bianchi: Partner, named: str) -> None:
    path, tag = await at_hand(bianchi)
    before = (await bianchi.get(path)).json()
    named = named.format(tag=tag, bare=tag.strip('"'))
    answer = await bianchi.put(path, json=identities.company(), headers={"If-Match": named})
    assert is_problem(answer, 412, "PreconditionFailed")
    assert (await bianchi.get(path)).json() == before


@pytest.mark.parametrize("named", ["*", "{tag}", f"{STALE}, {{tag}}", f"W/{STALE},{{tag}} ,", ', "a,b", {tag}'])
async def test_it_takes_a_change_of_this_state(bianchi: Partner, named: str) -> None:
    path, tag = await at_hand(bianchi)
    answer = await bianchi.put(path, json=identities.company(), headers={"If-Match": named.format(tag=tag)})
    assert answer.status_code == 200


async def test_it_reads_tags_on_several_lines(bianchi: Partner) -> None:
    path, tag = await at_hand(bianchi)
    lines = [*bianchi.http.headers.items(), ("If-Match", STALE), ("If-Match", tag)]
    assert (await bianchi.put(path, json=identities.company(), headers=lines)).status_code == 200


async def test_of_two_at_once_one_wins(bianchi: Partner) -> None:
    path, tag = await at_hand(bianchi)
    bodies = [identities.company(family_name=f"Rossi {letter}") for letter in "ABCDEFGH"]
    answers = await asyncio.gather(*(bianchi.put(path, json=body, headers={"If-Match": tag}) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 7]
    (won,) = (answer.json() for answer in answers if answer.status_code == 200)
    assert (await bianchi.get(path)).json() == won


async def test_it_is_checked_as_when_it_was_made(bianchi: Partner) -> None:
    path, tag = await at_hand(bianchi)
    tomorrow = {"date": "2999-01-01", "place": "Arezzo", "sex": "F"}
    for body, wrong in (
        (identities.company(birth=tomorrow), {"/birth/date"}),
        (identities.company(partita_iva="00000000000"), {"/partita_iva"}),
        ({"family_name": "Verdi"}, {"/kind", "/given_name", "/codice_fiscale", "/address", "/phone", "/email"}),
        (identities.company(id="6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8"), {"/id"}),
    ):
        answer = await bianchi.put(path, json=body, headers={"If-Match": tag})
        assert is_problem(answer, 422, "InvalidRequest")
        assert pointers(answer) == wrong
    assert (await bianchi.get(path)).headers["etag"] == tag


async def test_orders_keep_the_titolare_as_they_were(bianchi: Partner) -> None:
    path, tag = await at_hand(bianchi)
    holder = (await bianchi.get(path)).json()
    order_id = await bianchi.placed(titolare_id=holder["id"])
    body = identities.company(denominazione="Nuova S.r.l.", pec="nuova@pec.example")
    assert (await bianchi.put(path, json=body, headers={"If-Match": tag})).status_code == 200
    assert (await bianchi.order(order_id))["titolare"] == {"id": holder["id"], "name": holder["denominazione"]}
    (frozen,) = (await bianchi.get(f"{path}/export")).json()["orders"]
    fields = holder.keys() - {"id", "created_at"}
    assert frozen["titolare"] == {name: holder[name] for name in fields}
    (found,) = (await bianchi.get("/v1/orders", params={"q": holder["partita_iva"]})).json()["items"]
    assert found["id"] == order_id


async def test_only_its_partner_writes(bianchi: Partner, verdi: Partner, olga: Operator) -> None:
    path, tag = await at_hand(bianchi)
    for named in (tag, "*"):
        answer = await verdi.put(path, json=identities.company(), headers={"If-Match": named})
        assert is_problem(answer, 404, "TitolareNotFound")
    assert is_problem(await olga.put(path, json=identities.company(), headers={"If-Match": tag}), 403, "OnlyPartners")
    assert (await bianchi.get(path)).headers["etag"] == tag


@pytest.mark.parametrize(
    ("named", "status"),
    [("{tag}", 304), ("W/{tag}", 304), ("*", 304), (f"{STALE}, {{tag}}", 304), (STALE, 200), ("tag", 200), ("", 200)],
)
async def test_it_is_not_sent_again_to_who_has_it(bianchi: Partner, named: str, status: int) -> None:
    path, tag = await at_hand(bianchi)
    answer = await bianchi.get(path, headers={"If-None-Match": named.format(tag=tag)})
    assert (answer.status_code, answer.headers["etag"]) == (status, tag)
    assert (answer.content == b"") is (status == 304)

"""Whoever's service has ended may be erased, and not before."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from db.responsabili import ResponsabileRow
from db.services import ServiceRow
from db.titolari import TitolareRow
from domain.calendar import end_of_day
from domain.erasure import kept_until
from domain.orders import Role
from domain.services import GRACE, ServiceStatus
from tests import identities
from tests.api.checks import is_problem
from tests.api.test_titolare_erasure import erase
from tests.personas import Partner, Stage
from tests.services import in_days, service

ENDED = -GRACE.days - 1


async def answering(stage: Stage, row: ServiceRow, person: str, *, replaced: bool = False) -> None:
    """A person in both roles of the service's order, since it was placed."""
    async with stage.sessions.begin() as session:
        titolare = (await session.get_one(TitolareRow, UUID(person))).titolare
        at = end_of_day(row.starts_on)
        for role in Role:
            values = {"titolare_id": UUID(person), "titolare": titolare, "assigned_at": at}
            replaced_at = at + timedelta(minutes=1) if replaced else None
            session.add(
                ResponsabileRow(id=uuid4(), order_id=row.order_id, role=role, replaced_at=replaced_at, **values)
            )


def until(row: ServiceRow) -> str:
    return str(kept_until(end_of_day(row.service.grace_ends_on)))


async def test_its_holder_may_go(bianchi: Partner, stage: Stage) -> None:
    holder = (await bianchi.titolare())["id"]
    row = await service(stage, bianchi, expires_on=in_days(ENDED), titolare_id=holder, status=ServiceStatus.TERMINATED)
    told = await erase(bianchi, holder)
    assert {kept["until"] for kept in told["kept"]} == {until(row)}


async def test_its_responsabile_may_go(bianchi: Partner, stage: Stage) -> None:
    person = (await bianchi.titolare(identities.person()))["id"]
    row = await service(stage, bianchi, expires_on=in_days(ENDED), status=ServiceStatus.TERMINATED)
    await answering(stage, row, person)
    told = await erase(bianchi, person)
    assert [kept["until"] for kept in told["kept"]] == [until(row)]


@pytest.mark.parametrize("status", [ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED])
async def test_while_it_lives_both_stay(bianchi: Partner, stage: Stage, status: ServiceStatus) -> None:
    holder, person = (await bianchi.titolare())["id"], (await bianchi.titolare(identities.person()))["id"]
    row = await service(stage, bianchi, expires_on=in_days(-1), titolare_id=holder, status=status)
    await answering(stage, row, person)
    for one in (holder, person):
        assert is_problem(await bianchi.http.delete(f"/v1/titolari/{one}"), 409, "TitolareInUse")


async def test_what_is_kept_is_counted_from_its_end(bianchi: Partner, stage: Stage) -> None:
    """Renewed for years, it ends long after it was activated."""
    holder = (await bianchi.titolare())["id"]
    row = await service(
        stage,
        bianchi,
        expires_on=in_days(ENDED),
        titolare_id=holder,
        starts_on=in_days(ENDED - 365 * 4),
        status=ServiceStatus.TERMINATED,
    )
    told = await erase(bianchi, holder)
    assert {kept["until"] for kept in told["kept"]} == {until(row)}

"""Each step is safe to repeat: the second run tells the same status and changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from db.decisions import Answer, DecisionRow
from domain.errors import OrderNotHeld, TokenDead
from domain.lifecycle import Actor, CancelReason, Status
from domain.orders import (
    Assigning,
    Assignment,
    Cancellation,
    Cancelling,
    Deciding,
    Failing,
    Mailing,
    Recipient,
    Releasing,
    Reminding,
    Retrying,
    Step,
    contract_mail_id,
)
from tests.activities.conftest import NOW, Desk

BY_PARTNER = Cancellation(reason=CancelReason.PARTNER_REQUEST, actor=Actor.PARTNER)
Made = Callable[[Desk], Awaitable[Status]]


async def place(desk: Desk) -> Status:
    return await desk.credit.place_order(desk.placing)


async def resend(desk: Desk) -> Status:
    mailing = desk.at(Mailing, to=Recipient.EMAIL, number=2, actor=Actor.OPERATOR, words="non l'ha ricevuta")
    return await desk.records.queue_contract_mail(mailing)


async def remind(desk: Desk) -> Status:
    return await desk.records.queue_reminder(desk.at(Reminding, number=1))


async def accept(desk: Desk) -> Status:
    return await desk.records.accept_contract(desk.at(Deciding, decision_id=desk.decision))


async def hold(desk: Desk) -> Status:
    return await desk.records.hold_order(desk.at(Deciding, decision_id=desk.decision))


async def assign(desk: Desk) -> Status:
    roles = Assignment(conservazione=desk.person, produzione=desk.person)
    return await desk.records.assign_responsabili(desk.at(Assigning, responsabili=roles))


async def fail(desk: Desk) -> Status:
    return await desk.activation.fail_activation(desk.at(Failing, number=1))


async def retry(desk: Desk) -> Status:
    return await desk.activation.retry_activation(desk.at(Retrying))


async def activate(desk: Desk) -> Status:
    return await desk.activation.record_activation(desk.at(Step))


async def refund(desk: Desk) -> Status:
    return await desk.credit.refund(desk.at(Cancelling, cancellation=BY_PARTNER))


async def release(desk: Desk) -> Status:
    return await desk.records.release_order(desk.at(Releasing, note_id=None))


STORIES: list[tuple[Made, ...]] = [
    (place,),
    (place, resend),
    (place, remind),
    (place, hold),
    (place, hold, remind),
    (place, hold, release),
    (place, accept),
    (place, assign),
    (place, assign, accept),
    (place, accept, assign),
    (place, accept, assign, fail),
    (place, accept, assign, fail, assign),
    (place, accept, assign, fail, retry),
    (place, accept, assign, activate),
    (place, accept, assign, fail, retry, activate),
    (place, refund),
    (place, hold, refund),
    (place, accept, assign, fail, refund),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: "-".join(step.__name__ for step in story))
async def test_a_repeat_changes_nothing(desk: Desk, story: tuple[Made, ...]) -> None:
    for step in story:
        status = await step(desk)
    before = await desk.rows()
    for _ in range(2):
        assert await story[-1](desk) is status
    assert await desk.rows() == before


@pytest.mark.parametrize(
    "story",
    [story for story in STORIES if story[-1] is not release],  # which says that there is nothing to release any more
    ids=lambda story: "-".join(step.__name__ for step in story),
)
async def test_a_repeat_may_come_later(desk: Desk, story: tuple[Made, ...]) -> None:
    """The step was done, and the workflow's task was lost: what the next task does again, it does at its own time."""
    for step in story:
        status = await step(desk)
    before = await desk.rows()
    desk.now += timedelta(seconds=10)
    assert await story[-1](desk) is status
    assert await desk.rows() == before


@pytest.mark.parametrize(
    ("story", "late"),
    [((place, hold, release), hold), ((place, accept, assign, fail, retry), fail)],
    ids=["hold", "fail"],
)
async def test_what_was_overcome_does_not_come_back(desk: Desk, story: tuple[Made, ...], late: Made) -> None:
    """A run that was given up for dead, and wasn't, comes when life has gone on."""
    for step in story:
        status = await step(desk)
    before = await desk.rows()
    assert await late(desk) is status
    assert await desk.rows() == before


async def test_two_reports_are_told_to_operators_once(desk: Desk) -> None:
    await place(desk)
    await hold(desk)
    before = await desk.rows()
    desk.decision = uuid4()
    assert await hold(desk) is Status.AWAITING_DOCUMENTS
    assert await desk.rows() == before


async def test_an_order_that_is_placed_twice_at_once_is_one(desk: Desk) -> None:
    """The first run was given up for dead, and then it wasn't: the second finds its order, no other's."""
    assert list(await asyncio.gather(place(desk), place(desk))) == [Status.AWAITING_DOCUMENTS] * 2
    rows = await desk.rows()
    assert (len(rows["orders"]), len(rows["transfers"]), len(rows["mails"])) == (1, 1, 1)


@pytest.mark.parametrize(("first", "second"), [(activate, refund), (refund, activate)])
async def test_what_has_ended_ends_no_other_way(desk: Desk, first: Made, second: Made) -> None:
    for step in (place, accept, assign):
        await step(desk)
    status = await first(desk)
    before = await desk.rows()
    for late in (second, fail, retry, remind, place):
        assert await late(desk) is status
    assert await desk.rows() == before


async def test_a_release_ends_one_hold_and_the_link_lives_again(desk: Desk) -> None:
    for step in (place, hold):
        await step(desk)
    assert await release(desk) is Status.AWAITING_DOCUMENTS
    assert await accept(desk) is Status.AWAITING_RESPONSABILE


async def test_a_link_that_a_newer_mail_has_killed_accepts_nothing(desk: Desk) -> None:
    """Not even if the page was open before."""
    await place(desk)
    await decide(desk, by_mail=1)
    await resend(desk)
    with pytest.raises(TokenDead):
        await accept(desk)
    desk.decision = uuid4()
    await decide(desk, by_mail=2, to=Recipient.EMAIL)
    assert await accept(desk) is Status.AWAITING_RESPONSABILE


async def decide(desk: Desk, *, by_mail: int, to: Recipient = Recipient.PEC) -> None:
    """What the page keeps."""
    order_id = desk.placing.order_id
    async with desk.sessions.begin() as session:
        mail_id = contract_mail_id(order_id, number=by_mail, to=to)
        session.add(
            DecisionRow(id=desk.decision, order_id=order_id, mail_id=mail_id, answer=Answer.ACCEPT, evidence={}, at=NOW)
        )


async def test_what_has_ended_is_released_no_more(desk: Desk) -> None:
    for step in (place, hold, refund):
        await step(desk)
    with pytest.raises(OrderNotHeld):
        await release(desk)

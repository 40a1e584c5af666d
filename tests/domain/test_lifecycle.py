"""Every cell of "what may be done, when", without any server."""

import pytest

from domain import errors
from domain.lifecycle import ALLOWED, MOVERS, Action, Actor, Status, at_the_gates, check, why_not

REFUSALS = {
    Action.RESEND: errors.NotAwaitingDocuments,
    Action.DECIDE: errors.NotAwaitingDocuments,
    Action.ASSIGN_RESPONSABILI: errors.ResponsabiliNotAssignable,
    Action.ADD_DOCUMENT: errors.DocumentsClosed,
    Action.CANCEL: errors.OrderNotCancellable,
    Action.RETRY_ACTIVATION: errors.NotActivationFailed,
}


@pytest.mark.parametrize("status", [*Status, None])
@pytest.mark.parametrize("action", Action)
def test_it_is_allowed_or_says_why_not(action: Action, status: Status | None) -> None:
    if status in ALLOWED[action]:
        check(action, status)
        assert why_not(action, status) is None
    else:
        with pytest.raises(REFUSALS[action]):
            check(action, status)


def test_two_statuses_are_final() -> None:
    assert {status for status in Status if status.is_final} == {Status.ACTIVE, Status.CANCELLED}
    assert {status for status in Status if status.mover is None} == {Status.ACTIVE, Status.CANCELLED}
    assert MOVERS[Status.AWAITING_DOCUMENTS] is Actor.TITOLARE


@pytest.mark.parametrize(
    ("accepted", "assigned", "status"),
    [
        (False, False, Status.AWAITING_DOCUMENTS),
        (False, True, Status.AWAITING_DOCUMENTS),
        (True, False, Status.AWAITING_RESPONSABILE),
        (True, True, Status.ACTIVATING),
    ],
)
def test_the_first_gate_that_is_shut_shows(*, accepted: bool, assigned: bool, status: Status) -> None:
    assert at_the_gates(accepted=accepted, assigned=assigned) is status

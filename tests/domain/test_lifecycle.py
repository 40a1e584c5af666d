"""Every cell of "what may be done, when", without any server."""

import pytest

from domain import errors
from domain.lifecycle import ALLOWED, Action, Actor, Status, at_the_gates, check, why_not

REFUSALS = {
    Action.RESEND: errors.NotAwaitingDocuments,
    Action.EXTEND: errors.NotAwaitingDocuments,
    Action.CORRECT_CONTACTS: errors.NotAwaitingDocuments,
    Action.DECIDE: errors.NotAwaitingDocuments,
    Action.EXTEND: errors.NotAwaitingDocuments,
    Action.CORRECT_CONTACTS: errors.NotAwaitingDocuments,
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


YES, NO = True, False
# fmt: off
TABLE = {
    #                                DECIDE RESEND EXTEND CONTACTS ASSIGN DOCUMENT CANCEL RETRY
    None:                            (NO,   NO,    NO,    NO,      NO,    NO,      NO,    NO),
    Status.AWAITING_DOCUMENTS:       (YES,  YES,   YES,   YES,     YES,   YES,     YES,   NO),
    Status.AWAITING_RESPONSABILE:    (NO,   NO,    NO,    NO,      YES,   YES,     YES,   NO),
    Status.ACTIVATING:               (NO,   NO,    NO,    NO,      NO,    YES,     YES,   NO),
    Status.ACTIVATION_FAILED:        (NO,   NO,    NO,    NO,      YES,   YES,     YES,   YES),
    Status.ACTIVE:                   (NO,   NO,    NO,    NO,      NO,    YES,     NO,    NO),
    Status.CANCELLED:                (NO,   NO,    NO,    NO,      NO,    NO,      NO,    NO),
}
# fmt: on


@pytest.mark.parametrize("status", [*Status, None])
def test_the_table_is_the_domains(status: Status | None) -> None:
    columns = (
        Action.DECIDE,
        Action.RESEND,
        Action.EXTEND,
        Action.CORRECT_CONTACTS,
        Action.ASSIGN_RESPONSABILI,
        Action.ADD_DOCUMENT,
        Action.CANCEL,
        Action.RETRY_ACTIVATION,
    )
    like_resend = (Action.EXTEND, Action.CORRECT_CONTACTS)
    assert {*columns, *like_resend} == set(Action)
    assert {ALLOWED[action] for action in like_resend} == {ALLOWED[Action.RESEND]}
    assert tuple(why_not(action, status) is None for action in columns) == TABLE[status]


def test_whose_move_it_is() -> None:
    assert {status: status.mover for status in Status} == {
        Status.AWAITING_DOCUMENTS: Actor.TITOLARE,
        Status.AWAITING_RESPONSABILE: Actor.PARTNER,
        Status.ACTIVATING: Actor.PROVIDER,
        Status.ACTIVATION_FAILED: Actor.OPERATOR,
        Status.ACTIVE: None,
        Status.CANCELLED: None,
    }


def test_two_statuses_are_final() -> None:
    assert {status for status in Status if status.is_final} == {Status.ACTIVE, Status.CANCELLED}


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

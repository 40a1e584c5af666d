"""Double entry: two sides, one cause, one id."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ledger import SIDES, Account, Cause, transfer_id

ORDER = UUID("6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8")


@given(st.sampled_from(Cause), st.sampled_from(Cause), st.uuids(), st.uuids())
def test_same_cause_same_id_and_no_other(one: Cause, other: Cause, subject: UUID, another: UUID) -> None:
    assert transfer_id(one, subject) == transfer_id(one, str(subject))
    same = (one, subject) == (other, another)
    assert (transfer_id(one, subject) == transfer_id(other, another)) is same


def test_ids_stay_what_they_are() -> None:
    """They stand in books that are never rewritten."""
    assert {cause: str(transfer_id(cause, ORDER)) for cause in Cause} == {
        Cause.ORDER: "b26277d9-ba2f-5324-979e-9629e974c5bf",
        Cause.RENEWAL: "4831823b-dfaa-5c41-b7d4-7f7a429309ae",
        Cause.SPACE: "041943e9-fd9d-57ce-823d-763a2bdcc1f6",
        Cause.REFUND: "e9ff18e7-4dad-5b38-9cd4-9371bcb8a480",
        Cause.TOP_UP: "d321a1d4-8949-5cf9-b290-0c98bec82ead",
        Cause.CORRECTION: "287a4d85-b7cc-5b28-b4bc-2b979a08520c",
    }


@pytest.mark.parametrize("cause", SIDES)
def test_every_cause_has_two_sides(cause: Cause) -> None:
    debit, credit = cause.sides
    assert debit is not credit


def test_only_a_corrections_sides_depend_on_its_entry() -> None:
    assert set(Cause) - set(SIDES) == {Cause.CORRECTION}


@pytest.mark.parametrize("cause", [Cause.ORDER, Cause.RENEWAL, Cause.SPACE])
def test_a_charge_turns_credit_into_sales(cause: Cause) -> None:
    assert cause.sides == (Account.CREDIT, Account.SALES)


def test_a_refund_is_a_charge_the_other_way_round() -> None:
    assert Cause.ORDER.sides == (Account.CREDIT, Account.SALES)
    assert Cause.REFUND.sides == Cause.ORDER.sides[::-1]
    assert Cause.TOP_UP.sides == (Account.FUNDS, Account.CREDIT)

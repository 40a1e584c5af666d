"""What an action is said to do is what it does to the books."""

from hypothesis import given
from hypothesis import strategies as st

from domain import effects
from domain.ledger import Account
from domain.lifecycle import Actor, Status
from domain.mails import MailKind

cents = st.integers(1, 10**9)


@given(charged=cents, was_mailed=st.booleans())
def test_a_cancellation_gives_the_whole_charge_back(*, charged: int, was_mailed: bool) -> None:
    effect = effects.of_cancellation(charged_cents=charged, titolare_was_mailed=was_mailed)
    assert effect.status is Status.CANCELLED
    assert effect.credit_change_cents == charged
    assert (MailKind.ORDER_CANCELLED, Actor.PARTNER) in effect.mails
    assert ((MailKind.ORDER_CANCELLED_TITOLARE, Actor.TITOLARE) in effect.mails) == was_mailed


@given(cents)
def test_a_top_up_is_all_credit(paid: int) -> None:
    effect = effects.of_top_up(amount_cents=paid)
    assert [tuple(one) for one in effect.bookings] == [(Account.FUNDS, Account.CREDIT, paid)]
    assert effect.credit_change_cents == paid
    assert effect.status is None


def test_a_booking_beside_the_credit_leaves_it() -> None:
    assert effects.Booking(Account.FUNDS, Account.SALES, 5).credit_change_cents == 0
    assert effects.Booking(Account.CREDIT, Account.SALES, 5).credit_change_cents == -5


def test_the_others_move_no_money() -> None:
    assert effects.of_resend().mails == ((MailKind.CONTRACT_ACCEPTANCE, Actor.TITOLARE),)
    assert effects.of_retry().status is Status.ACTIVATING
    assert effects.of_release().status is Status.AWAITING_DOCUMENTS
    assert effects.of_extension() == (Status.AWAITING_DOCUMENTS, (), ())
    for effect in (effects.of_resend(), effects.of_retry(), effects.of_release(), effects.of_extension()):
        assert effect.credit_change_cents == 0

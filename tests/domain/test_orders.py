"""What travels through an order's workflow."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.lifecycle import Actor
from domain.orders import (
    MAX_WORDS,
    Mailing,
    Order,
    Recipient,
    Resend,
    Responsabili,
    Role,
    clean_words,
    contract_mail_id,
    mail_id,
)

ORDER = UUID("6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8")
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


@given(st.uuids(), st.uuids(), st.text(), st.text())
def test_one_cause_one_mail(order: UUID, other: UUID, cause: str, another: str) -> None:
    same = (order, cause) == (other, another)
    assert (mail_id(order, cause=cause) == mail_id(other, cause=another)) is same


def test_each_contract_mail_has_an_id_of_its_own_that_stays() -> None:
    ids = {contract_mail_id(ORDER, number=number, to=to) for number in range(1, 11) for to in Recipient}
    assert len(ids) == 20
    assert str(contract_mail_id(ORDER, number=1, to=Recipient.PEC)) == "8271e29f-58ea-513e-94d1-fe420f5bc57e"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("doppione", "doppione"),
        ("  perché sì \n", "perché sì"),
        ("a\x00b\x1b[31mc\u202ed\ud800e", "ab[31mcde"),
        ("", None),
        (" \t\r\n\x00", None),
        ("x" * 501, "x" * 500),
    ],
)
def test_words_from_a_terminal_are_cleaned(text: str, kept: str | None) -> None:
    assert clean_words(text) == kept


@given(st.text(st.characters(exclude_categories=[]), max_size=2_000))
def test_words_from_a_terminal_are_fit_to_be_kept(text: str) -> None:
    kept = clean_words(text)
    if kept is not None:
        assert kept.isprintable()
        assert kept == kept.strip()
        assert 0 < len(kept) <= MAX_WORDS
        assert clean_words(kept) == kept
        kept.encode()


def test_one_person_may_take_both_roles() -> None:
    person, other = uuid4(), uuid4()
    chosen = Responsabili(conservazione=person, produzione=person)
    assert chosen.by_role() == dict.fromkeys(Role, person)
    chosen = Responsabili(conservazione=person, produzione=other)
    assert chosen.by_role() == {Role.CONSERVAZIONE: person, Role.PRODUZIONE: other}


def test_a_wish_without_details_is_the_partners_and_goes_to_the_pec() -> None:
    assert Resend() == Resend(to=Recipient.PEC, actor=Actor.PARTNER, words=None)


def test_a_step_knows_its_zone() -> None:
    with pytest.raises(ValidationError):
        Mailing(order_id=ORDER, at=AT.replace(tzinfo=None), to=Recipient.PEC, number=1, actor=Actor.PARTNER)


def test_an_order_of_an_older_shape_still_decodes() -> None:
    body = {"order_id": ORDER, "partner_id": ORDER, "titolare_id": ORDER, "options": {"product": "docfly_pa"}}
    order = Order.model_validate(body)
    assert (order.expected_total_cents, order.external_id_note) == (None, None)
    assert Order.model_validate_json(order.model_dump_json()) == order


def test_what_it_refuses_it_doesnt_repeat() -> None:
    with pytest.raises(ValidationError) as refusal:
        Order.model_validate({"order_id": "Maria Rossi", "Mario Bruni": 1})
    assert "Maria" not in str(refusal.value)

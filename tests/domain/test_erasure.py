"""What is left of a titolare, and for how long."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from domain.erasure import erased, fields_of, for_appointments, is_pseudonym, kept_until, pseudonym
from domain.titolari import Kind, Titolare, display_name
from tests.domain.test_titolari import BODIES


@pytest.mark.parametrize(
    ("ended_at", "until"),
    [
        (datetime(2026, 1, 1, 12, tzinfo=UTC), date(2036, 12, 31)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2036, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2037, 12, 31)),
    ],
    ids=str,
)
def test_it_is_kept_for_ten_years_from_the_end_of_the_year_in_rome(ended_at: datetime, until: date) -> None:
    assert kept_until(ended_at) == until


@pytest.mark.parametrize("kind", Kind)
def test_of_an_erased_titolare_the_kind_is_left(kind: Kind) -> None:
    titolare = Titolare.model_validate(BODIES[kind])
    left = erased(titolare).model_dump(mode="json")
    assert Titolare.from_stored(left) == erased(titolare)
    assert left.pop("kind") == kind
    assert set(left.pop("address").values()) == {""}
    assert set(left.values()) == {"", None}


@pytest.mark.parametrize("kind", Kind)
def test_an_order_keeps_a_pseudonym_that_tells_one_from_another(kind: Kind) -> None:
    titolare = Titolare.model_validate(BODIES[kind])
    one, other = (pseudonym(titolare, titolare_id=UUID(id_ * 8)) for id_ in ("1234", "abcd"))
    assert display_name(one) == "Titolare cancellato 12341234"
    assert display_name(one) != display_name(other)
    assert (is_pseudonym(one), is_pseudonym(titolare)) == (True, False)
    assert one.model_copy(update={"denominazione": None}) == erased(titolare)
    assert Titolare.from_stored(one.model_dump(mode="json")) == one


def test_an_appointment_needs_a_name_and_a_code() -> None:
    mario = Titolare.model_validate(BODIES[Kind.PERSONA_FISICA])
    left = for_appointments(mario)
    same = {name for name in fields_of(mario) if getattr(left, name) == getattr(mario, name)}
    assert same == {"given_name", "family_name", "codice_fiscale"}
    assert Titolare.from_stored(left.model_dump(mode="json")) == left


def test_it_names_the_fields_that_there_are() -> None:
    mario = Titolare.model_validate(BODIES[Kind.PERSONA_FISICA] | {"birth": None})
    assert set(fields_of(mario)) == {
        "given_name", "family_name", "codice_fiscale", "address", "phone", "email", "pec",
    }  # fmt: skip

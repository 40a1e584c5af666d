"""The life of a service: every cell of "what may be done, when", and periods that never drift."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain import service_errors as errors
from domain.calendar import add_years
from domain.products import DocflyPaOptions, Product, Quotas
from domain.services import (
    ALLOWED,
    Period,
    Service,
    ServiceAction,
    ServiceStatus,
    StatusReason,
    next_period,
    renewal_id,
    renewed,
    status_on,
    status_reason,
    why_no_renewal,
    why_no_term,
    why_not,
)
from tests.domain.keeping import EXPIRY, SERVICE, START, a_service, from_expiry

ACTIVE, SUSPENDED, TERMINATED = ServiceStatus
YES, NO = True, False
# fmt: off
TABLE = {
    #           RENEW BUY   CHANGE CREDENTIALS
    ACTIVE:     (YES, YES,  YES,   YES),
    SUSPENDED:  (YES, NO,   YES,   YES),
    TERMINATED: (NO,  NO,   NO,    NO),
}
# fmt: on


@pytest.mark.parametrize("status", ServiceStatus)
def test_the_table_is_the_domains(status: ServiceStatus) -> None:
    service = a_service(status=status)
    refusals = [why_not(action, service, on=from_expiry(0)) for action in ServiceAction]
    assert tuple(refusal is None for refusal in refusals) == TABLE[status]
    assert set(ALLOWED) == set(ServiceAction)
    says = errors.ServiceSuspended if status is SUSPENDED else errors.ServiceTerminated
    assert all(isinstance(refusal, says) for refusal in refusals if refusal)


def test_who_is_suspended_is_told_until_when_to_renew() -> None:
    refusal = why_not(ServiceAction.BUY_SPACE, a_service(status=SUSPENDED), on=from_expiry(1))
    assert isinstance(refusal, errors.ServiceSuspended)
    assert refusal.renewable_until == date(2027, 6, 8)


@pytest.mark.parametrize(
    ("status", "days", "then"),
    [
        (ACTIVE, -400, ACTIVE),
        (ACTIVE, 0, ACTIVE),
        (ACTIVE, 1, SUSPENDED),
        (ACTIVE, 90, SUSPENDED),
        (ACTIVE, 91, TERMINATED),
        (SUSPENDED, 1, SUSPENDED),
        (SUSPENDED, 90, SUSPENDED),
        (SUSPENDED, 91, TERMINATED),
        (TERMINATED, -400, TERMINATED),
        (TERMINATED, 91, TERMINATED),
    ],
)
def test_the_status_doesnt_wait_for_the_sweep(status: ServiceStatus, days: int, then: ServiceStatus) -> None:
    assert status_on(a_service(status=status), on=from_expiry(days)) is then


@pytest.mark.parametrize(
    ("status", "is_full", "reason"),
    [
        (ACTIVE, NO, None),
        (ACTIVE, YES, StatusReason.SPACE_FULL),
        (SUSPENDED, NO, StatusReason.EXPIRED),
        (SUSPENDED, YES, StatusReason.EXPIRED),
        (TERMINATED, YES, StatusReason.GRACE_ENDED),
    ],
)
def test_it_says_why_it_isnt_at_work(status: ServiceStatus, *, is_full: bool, reason: StatusReason | None) -> None:
    assert status_reason(status, is_full=is_full) is reason


@pytest.mark.parametrize(
    ("status", "days", "refusal"),
    [
        (ACTIVE, -91, errors.RenewalTooEarly),
        (ACTIVE, -90, None),
        (ACTIVE, 1, None),
        (ACTIVE, 91, errors.ServiceTerminated),
        (SUSPENDED, -91, None),  # by the sweep of a day to come
        (SUSPENDED, 90, None),
        (SUSPENDED, 91, errors.ServiceTerminated),
        (TERMINATED, 90, errors.ServiceTerminated),
    ],
)
def test_a_renewal_may_be_asked_for_from_90_days_before_the_expiry_to_the_end_of_grace(
    status: ServiceStatus, days: int, refusal: type[Exception] | None
) -> None:
    said = why_no_renewal(a_service(status=status), years=1, expires_on=EXPIRY, on=from_expiry(days))
    assert type(said) is (refusal or type(None))


def test_who_is_too_early_is_told_from_when() -> None:
    said = why_no_renewal(a_service(), years=1, expires_on=EXPIRY, on=START)
    assert isinstance(said, errors.RenewalTooEarly)
    assert said.renewable_from == date(2026, 12, 10)


def test_a_second_click_meets_another_expiry() -> None:
    service = a_service()
    after = renewed(service, period=next_period(service, years=1))
    said = why_no_renewal(after, years=1, expires_on=EXPIRY, on=from_expiry(0))
    assert isinstance(said, errors.ExpiryChanged)
    assert said.expires_on == date(2028, 3, 10)


@pytest.mark.parametrize(("product", "longest"), [(Product.DOCFLY_PA, 3), (Product.DOCFLY, 10)])
def test_a_term_lasts_a_year_at_least_and_as_long_as_the_product_allows(product: Product, longest: int) -> None:
    options = {"product": product}
    service = a_service(options=options)
    assert [years for years in range(-1, 12) if why_no_term(service, years=years) is None] == [*range(1, longest + 1)]
    said = why_no_renewal(service, years=longest + 1, expires_on=EXPIRY, on=from_expiry(0))
    assert isinstance(said, errors.TermOutOfRange)
    assert said.longest_years == longest
    with pytest.raises(ValidationError):
        type(service.options).model_validate(options | {"renewal_years": longest + 1})


def test_space_bought_since_is_granted_with_what_was_ordered() -> None:
    ordered = DocflyPaOptions(product=Product.DOCFLY_PA, extra_gb=4)
    assert a_service(options=ordered, added_gb=7).quotas == Quotas(gb=12, users=1, archives=1, definitions=0)


@pytest.mark.parametrize("status", [ACTIVE, SUSPENDED])
def test_a_renewed_service_is_active_and_otherwise_as_it_was(status: ServiceStatus) -> None:
    before = a_service(status=status, added_gb=3)
    after = renewed(before, period=Period(start=EXPIRY, end=date(2029, 3, 10)))
    assert after == a_service(expires_on=date(2029, 3, 10), added_gb=3)


TERMS = st.lists(st.integers(1, 10), min_size=20, max_size=20)
STARTS = st.dates(date(1990, 1, 1), date(2100, 1, 1)) | st.sampled_from([date(2024, 2, 29), date(2096, 2, 29)])


@given(STARTS, TERMS)
def test_twenty_renewals_never_drift(start: date, terms: list[int]) -> None:
    service = a_service(starts_on=start)
    for n, years in enumerate(terms, start=1):
        period = next_period(service, years=years)
        assert period.start == service.expires_on
        assert period.end == add_years(start, years=1 + sum(terms[:n]))
        service = renewed(service, period=period)


@given(st.uuids(), st.uuids(), st.dates(), st.dates())
def test_one_renewal_for_a_service_and_the_start_of_a_period(one: UUID, other: UUID, day: date, another: date) -> None:
    same = (one, day) == (other, another)
    assert (renewal_id(one, period_start=day) == renewal_id(other, period_start=another)) is same


def test_ids_of_renewals_stay_what_they_are() -> None:
    assert str(renewal_id(SERVICE, period_start=EXPIRY)) == "ac83235a-3156-5b97-b02e-e934f77c21b6"


class Row:
    """A row is no service, but may be read as one."""

    id, status, starts_on, expires_on, added_gb = SERVICE, ACTIVE, START, EXPIRY, 0
    renewal_mode, renewal_years, options = a_service().renewal_mode, 1, a_service().options


def test_a_row_can_be_read_as_a_service() -> None:
    assert Service.model_validate(Row(), from_attributes=True) == a_service()


def test_a_rule_that_is_broken_raises_and_one_that_is_kept_does_not() -> None:
    errors.refuse(None)
    with pytest.raises(errors.ServiceTerminated):
        errors.refuse(errors.ServiceTerminated())

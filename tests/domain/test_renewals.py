"""What renewals cost, and which are charged where the credit covers only part of them."""

from datetime import date
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.partners import RenewalPriority
from domain.prices import Item
from domain.products import DocflyOptions, DocflyPaOptions, Product, RenewalMode, StarterKit
from domain.renewals import Claim, allot, in_order, next_renewal, renewal_price
from local.demo import PRICES
from tests.domain.keeping import a_service, from_expiry

SOONEST, CHEAPEST = RenewalPriority


def test_all_that_the_service_has_is_paid_for_again() -> None:
    options = DocflyOptions(
        product=Product.DOCFLY,
        renewal_years=3,
        starter_kit=StarterKit.KIT_10GB,
        extra_users=2,
        extra_archives=1,
        extra_definitions=4,
    )
    price = renewal_price(a_service(options=options, added_gb=5), years=2, under=PRICES)
    assert [(line.item, line.quantity, line.years) for line in price.lines] == [
        (Item.DOCFLY, 1, 2),
        (Item.KIT_10GB, 1, 2),
        (Item.EXTRA_USER, 2, 2),
        (Item.EXTRA_ARCHIVE, 1, 2),
        (Item.EXTRA_DEFINITION, 4, 2),
        (Item.EXTRA_GB, 5, 2),
    ]
    assert price.net_cents == 2 * (2900 + 2700 + 2 * 500 + 800 + 4 * 600 + 5 * 400)


def test_gb_ordered_and_gb_bought_since_are_one_line() -> None:
    options = DocflyPaOptions(product=Product.DOCFLY_PA, extra_gb=3)
    price = renewal_price(a_service(options=options, added_gb=5), years=1, under=PRICES)
    assert [(line.item, line.quantity) for line in price.lines] == [(Item.DOCFLY_PA, 1), (Item.EXTRA_GB, 8)]


def test_what_renews_itself_costs_what_the_list_of_its_day_says() -> None:
    dearer = PRICES.model_copy(update={"valid_from": from_expiry(-7), "vat_percent": 0})
    on, price = next_renewal(a_service(renewal_years=2), lists=[PRICES, dearer], today=from_expiry(-60)) or (None, None)
    assert on == from_expiry(-7)
    assert price
    assert price.total_cents == 2 * 2900


def test_what_does_not_renew_itself_costs_nothing_by_itself() -> None:
    on_request = a_service(renewal_mode=RenewalMode.ON_REQUEST)
    assert next_renewal(on_request, lists=[PRICES], today=from_expiry(-60)) is None


def claim(number: int, *, day: int, cents: int) -> Claim:
    return Claim(service_id=UUID(int=number), expires_on=date(2027, 3, day), total_cents=cents)


LARGE, MIDDLE, SMALL = claim(1, day=10, cents=30), claim(2, day=11, cents=20), claim(3, day=12, cents=10)
CLAIMS = (SMALL, LARGE, MIDDLE)


@pytest.mark.parametrize(
    ("priority", "balance", "charged", "left_out", "missing"),
    [
        (SOONEST, 60, (LARGE, MIDDLE, SMALL), (), 0),
        (SOONEST, 59, (LARGE, MIDDLE), (SMALL,), 1),
        (SOONEST, 45, (LARGE, SMALL), (MIDDLE,), 15),  # what isn't covered holds nothing up
        (SOONEST, 9, (), (LARGE, MIDDLE, SMALL), 51),
        (CHEAPEST, 45, (SMALL, MIDDLE), (LARGE,), 15),
        (CHEAPEST, 10, (SMALL,), (MIDDLE, LARGE), 50),
        (CHEAPEST, 0, (), (SMALL, MIDDLE, LARGE), 60),
    ],
)
def test_the_partners_own_order_decides_who_is_left_out(
    priority: RenewalPriority, balance: int, charged: tuple[Claim, ...], left_out: tuple[Claim, ...], missing: int
) -> None:
    allotment = allot(CLAIMS, balance_cents=balance, priority=priority)
    assert (allotment.charged, allotment.left_out, allotment.missing_cents) == (charged, left_out, missing)


@pytest.mark.parametrize("priority", RenewalPriority)
def test_equals_come_by_service_id(priority: RenewalPriority) -> None:
    equals = [claim(number, day=10, cents=20) for number in (3, 1, 2)]
    assert [one.service_id.int for one in in_order(equals, priority=priority)] == [1, 2, 3]


ONE = st.builds(claim, st.integers(1, 99), day=st.integers(1, 31), cents=st.integers(0, 50))
MANY = st.lists(ONE, max_size=12, unique_by=lambda one: one.service_id)  # a service has one renewal due at a time


@given(
    MANY,
    st.integers(0, 300),
    st.sampled_from(RenewalPriority),
    st.randoms(use_true_random=False),
)
def test_the_credit_is_never_overdrawn_and_what_is_missing_would_do(
    claims: list[Claim], balance: int, priority: RenewalPriority, chance: object
) -> None:
    allotment = allot(claims, balance_cents=balance, priority=priority)
    spent = sum(one.total_cents for one in allotment.charged)
    assert spent <= balance
    assert sorted(map(repr, allotment.charged + allotment.left_out)) == sorted(map(repr, claims))
    assert all(one.total_cents > balance - spent for one in allotment.left_out)
    assert bool(allotment.left_out) is (allotment.missing_cents > 0)
    topped_up = allot(claims, balance_cents=balance + allotment.missing_cents, priority=priority)
    assert topped_up.left_out == ()
    assert topped_up.charged == in_order(claims, priority=priority)
    shuffled = sorted(claims, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert allot(shuffled, balance_cents=balance, priority=priority) == allotment


@given(MANY)
def test_soonest_is_by_expiry_and_cheapest_by_price(claims: list[Claim]) -> None:
    assert all(one.expires_on <= next_.expires_on for one, next_ in pairwise(in_order(claims, priority=SOONEST)))
    assert all(one.total_cents <= next_.total_cents for one, next_ in pairwise(in_order(claims, priority=CHEAPEST)))

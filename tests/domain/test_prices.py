"""What an order costs: exact to the cent, whatever is in it."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import NoPriceList
from domain.prices import Item, half_up, in_force, quote, quote_renewal, quote_space
from domain.products import DocflyOptions, DocflyPaOptions, Options, Product, StarterKit
from local.demo import PRICES

EXTRA = st.integers(0, 10_000)
PA = st.builds(DocflyPaOptions, product=st.just("docfly_pa"), renewal_years=st.integers(1, 3), extra_gb=EXTRA)
DOCFLY = st.builds(
    DocflyOptions,
    product=st.just("docfly"),
    renewal_years=st.integers(1, 10),
    starter_kit=st.sampled_from(StarterKit),
    extra_users=EXTRA,
    extra_archives=EXTRA,
    extra_definitions=EXTRA,
)


@given(PA | DOCFLY)
def test_lines_add_up_and_vat_is_rounded_once(options: Options) -> None:
    price = quote(options, under=PRICES)
    assert price.net_cents == sum(line.net_cents for line in price.lines)
    for line in price.lines:
        assert line.net_cents == line.unit_net_cents * line.quantity * line.years
        assert line.unit_net_cents == PRICES.net_cents[line.item]
        assert line.years == options.renewal_years
        assert line.quantity
    exact = Fraction(price.net_cents * price.vat_percent, 100)
    assert price.vat_cents - Fraction(1, 2) <= exact < price.vat_cents + Fraction(1, 2)
    assert price.total_cents == price.net_cents + price.vat_cents


@given(st.integers(0, 10**12), st.integers(1, 10**6))
def test_a_half_is_rounded_up(numerator: int, denominator: int) -> None:
    rounded = half_up(numerator, denominator)
    assert Fraction(-1, 2) < rounded - Fraction(numerator, denominator) <= Fraction(1, 2)


def test_the_base_bundle_has_one_line_and_a_kit_its_own() -> None:
    base = quote(DocflyOptions(product="docfly"), under=PRICES)
    assert [line.item for line in base.lines] == [Item.DOCFLY]
    kit = quote(DocflyOptions(product="docfly", starter_kit="kit_5gb"), under=PRICES)
    assert [line.item for line in kit.lines] == [Item.DOCFLY, Item.KIT_5GB]
    assert (kit.net_cents, kit.vat_cents) == (4400, 968)


def test_the_demo_prices_everything() -> None:
    assert set(PRICES.net_cents) == set(Item)


@given(PA | DOCFLY, st.integers(0, 100))
def test_vat_is_the_lists(options: Options, vat_percent: int) -> None:
    price = quote(options, under=PRICES.model_copy(update={"vat_percent": vat_percent}))
    assert price.vat_cents == half_up(price.net_cents * vat_percent, 100)
    assert price.list_valid_from == PRICES.valid_from


@given(PA | DOCFLY, st.data())
def test_more_of_anything_never_costs_less(options: Options, data: st.DataObject) -> None:
    counted = [name for name in type(options).model_fields if name.startswith("extra_")]
    field = data.draw(st.sampled_from(counted))
    more = options.model_copy(update={field: getattr(options, field) + data.draw(st.integers(1, 100))})
    assert quote(more, under=PRICES).total_cents > quote(options, under=PRICES).total_cents


@given(PA | DOCFLY)
def test_years_multiply_the_net_price(options: Options) -> None:
    one_year = options.model_copy(update={"renewal_years": 1})
    assert quote(options, under=PRICES).net_cents == quote(one_year, under=PRICES).net_cents * options.renewal_years


def test_every_item_can_be_ordered() -> None:
    """And so has a use in a price list."""
    wishes: list[Options] = [DocflyPaOptions(product=Product.DOCFLY_PA, extra_gb=1)]
    wishes += [
        DocflyOptions(product=Product.DOCFLY, starter_kit=kit, extra_users=1, extra_archives=1, extra_definitions=1)
        for kit in StarterKit
    ]
    assert {line.item for wish in wishes for line in quote(wish, under=PRICES).lines} == set(Item)


@given(PA | DOCFLY, st.integers(1, 10))
def test_a_renewal_without_more_space_costs_what_such_an_order_would(options: Options, years: int) -> None:
    order = options.model_copy(update={"renewal_years": years})
    assert quote_renewal(options, added_gb=0, years=years, under=PRICES) == quote(order, under=PRICES)


@given(PA | DOCFLY, st.integers(1, 1_000), st.integers(1, 10))
def test_space_bought_since_is_renewed_at_its_own_price(options: Options, gb: int, years: int) -> None:
    without = quote_renewal(options, added_gb=0, years=years, under=PRICES)
    price = quote_renewal(options, added_gb=gb, years=years, under=PRICES)
    assert price.net_cents - without.net_cents == quote_space(gb=gb, years=years, under=PRICES).net_cents
    assert [line.item for line in price.lines].count(Item.EXTRA_GB) == 1


def test_space_has_one_line() -> None:
    (line,) = quote_space(gb=5, years=2, under=PRICES).lines
    assert (line.item, line.quantity, line.years, line.net_cents) == (Item.EXTRA_GB, 5, 2, 4000)


def test_the_newest_list_that_has_begun_is_in_force() -> None:
    later, latest = (PRICES.model_copy(update={"valid_from": date(2027, month, 1)}) for month in (1, 6))
    known = [latest, PRICES, later]
    assert in_force(known, on=PRICES.valid_from) is PRICES
    assert in_force(known, on=date(2027, 5, 31)) is later
    assert in_force(known, on=date(2027, 6, 1)) is latest
    with pytest.raises(NoPriceList):
        in_force(known, on=date(2025, 12, 31))

"""What an order costs: exact to the cent, whatever is in it."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.prices import Item, half_up, quote
from domain.products import DocflyOptions, DocflyPaOptions, Options, StarterKit
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


@given(DOCFLY)
def test_the_account_holds_what_was_ordered(options: DocflyOptions) -> None:
    quotas = options.quotas
    assert (quotas.users, quotas.archives, quotas.definitions) == (
        1 + options.extra_users,
        1 + options.extra_archives,
        2 + options.extra_definitions,
    )
    assert quotas.gb == int(options.starter_kit.split("_")[1].removesuffix("gb"))


@given(PA)
def test_one_gigabyte_is_included(options: DocflyPaOptions) -> None:
    assert options.quotas.gb == 1 + options.extra_gb

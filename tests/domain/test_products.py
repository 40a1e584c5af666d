"""What can be ordered, with which options."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.products import DocflyOptions, DocflyPaOptions, Options, Product, Quotas, RenewalMode, StarterKit

OPTIONS: TypeAdapter[DocflyPaOptions | DocflyOptions] = TypeAdapter(Options)


def test_the_base_bundles_hold_what_the_guide_says() -> None:
    assert OPTIONS.validate_python({"product": "docfly_pa"}).quotas == Quotas(gb=1, users=1, archives=1, definitions=0)
    assert OPTIONS.validate_python({"product": "docfly"}).quotas == Quotas(gb=1, users=1, archives=1, definitions=2)


@pytest.mark.parametrize(("kit", "gb"), [*zip(StarterKit, [1, 5, 10, 20, 50], strict=True)])
def test_a_kit_holds_what_its_name_says(kit: StarterKit, gb: int) -> None:
    assert DocflyOptions(product=Product.DOCFLY, starter_kit=kit).quotas.gb == kit.gb == gb


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_account_holds_what_was_ordered(users: int, archives: int, definitions: int) -> None:
    wish = {"extra_users": users, "extra_archives": archives, "extra_definitions": definitions}
    quotas = OPTIONS.validate_python({"product": "docfly", **wish}).quotas
    assert quotas == Quotas(gb=1, users=1 + users, archives=1 + archives, definitions=2 + definitions)


@given(st.integers(0, 10_000))
def test_one_gigabyte_is_included(extra: int) -> None:
    assert OPTIONS.validate_python({"product": "docfly_pa", "extra_gb": extra}).quotas.gb == 1 + extra


@pytest.mark.parametrize(
    "body",
    [
        {"product": "docfly_pa", "renewal_years": 1},
        {"product": "docfly_pa", "renewal_years": 3, "extra_gb": 10_000, "renewal_mode": "on_request"},
        {"product": "docfly", "renewal_years": 10, "extra_users": 10_000, "starter_kit": "kit_50gb"},
    ],
)
def test_the_limits_belong_to_what_may_be_ordered(body: dict[str, Any]) -> None:
    options = OPTIONS.validate_python(body)
    assert options.product == body["product"]
    assert OPTIONS.validate_json(OPTIONS.dump_json(options)) == options


@pytest.mark.parametrize(
    "body",
    [
        {"product": "docfly_pa", "renewal_years": 0},
        {"product": "docfly_pa", "renewal_years": 4},
        {"product": "docfly", "renewal_years": 11},
        {"product": "docfly", "renewal_years": "1"},
        {"product": "docfly", "renewal_years": 1.0},
        {"product": "docfly", "renewal_years": True},
        {"product": "docfly_pa", "extra_gb": -1},
        {"product": "docfly_pa", "extra_gb": 10_001},
        {"product": "docfly", "extra_gb": 1},
        {"product": "docfly_pa", "starter_kit": "kit_5gb"},
        {"product": "docfly", "starter_kit": "kit_2gb"},
        {"product": "docfly", "renewal_mode": "never"},
        {"product": "storage"},
        {},
    ],
)
def test_nothing_else_may_be_ordered(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        OPTIONS.validate_python(body)


def test_a_renewal_is_tacit_unless_told_otherwise() -> None:
    assert OPTIONS.validate_python({"product": "docfly"}).renewal_mode is RenewalMode.AUTOMATIC

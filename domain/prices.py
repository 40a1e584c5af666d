"""Dated price lists, and what an order, a renewal or more space costs under one."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import assert_never

from pydantic import NonNegativeInt, PositiveInt

from domain.errors import NoPriceList
from domain.model import Value
from domain.products import DocflyOptions, DocflyPaOptions, StarterKit


class Item(StrEnum):
    """What has a price of its own, per year."""

    DOCFLY_PA = "docfly_pa"
    DOCFLY = "docfly"
    EXTRA_GB = "extra_gb"
    EXTRA_USER = "extra_user"
    EXTRA_ARCHIVE = "extra_archive"
    EXTRA_DEFINITION = "extra_definition"
    KIT_5GB = "kit_5gb"
    KIT_10GB = "kit_10gb"
    KIT_20GB = "kit_20gb"
    KIT_50GB = "kit_50gb"


class PriceList(Value):
    """Net cents per item and year, in force from a civil day (Rome) until the next list."""

    valid_from: date
    vat_percent: NonNegativeInt
    net_cents: dict[Item, PositiveInt]
    note: str


class Change(Value):
    """What a new list makes of an item: net cents before (None: there was no price) and after."""

    item: Item
    before_cents: int | None
    after_cents: int


def changes(before: PriceList | None, after: PriceList) -> tuple[Change, ...]:
    """Every item under the new list, beside the old one."""
    old = before.net_cents if before is not None else {}
    return tuple(Change(item=item, before_cents=old.get(item), after_cents=after.net_cents[item]) for item in Item)


class Line(Value):
    """One line of a price, frozen into what was charged."""

    item: Item
    quantity: NonNegativeInt
    years: NonNegativeInt
    unit_net_cents: NonNegativeInt
    net_cents: NonNegativeInt


class Price(Value):
    """What is charged: VAT is rounded once, on the sum (d.P.R. 633/1972 art. 13)."""

    list_valid_from: date
    lines: tuple[Line, ...]
    vat_percent: NonNegativeInt
    net_cents: NonNegativeInt
    vat_cents: NonNegativeInt

    @property
    def total_cents(self) -> int:
        """What the partner's credit is charged."""
        return self.net_cents + self.vat_cents


def quote(options: DocflyPaOptions | DocflyOptions, *, under: PriceList) -> Price:
    """The price of an order under a list, for its whole first term."""
    return _price(dict(_items(options)), years=options.renewal_years, under=under)


def quote_renewal(options: DocflyPaOptions | DocflyOptions, *, added_gb: int, years: int, under: PriceList) -> Price:
    """The price of a further term of all that was ordered, and of the GB bought since."""
    items = dict(_items(options))
    items[Item.EXTRA_GB] = items.get(Item.EXTRA_GB, 0) + added_gb
    return _price(items, years=years, under=under)


def quote_space(*, gb: int, years: int, under: PriceList) -> Price:
    """The price of more GB for some years."""
    return _price({Item.EXTRA_GB: gb}, years=years, under=under)


def in_force(lists: Iterable[PriceList], *, on: date) -> PriceList:
    """Of the lists that are known, the one that is valid on a civil day. Raises NoPriceList."""
    begun = [one for one in lists if one.valid_from <= on]
    if not begun:
        raise NoPriceList
    return max(begun, key=lambda one: one.valid_from)


def _price(items: dict[Item, int], *, years: int, under: PriceList) -> Price:
    lines = tuple(
        _line(item, quantity=quantity, years=years, under=under) for item, quantity in items.items() if quantity
    )
    net_cents = sum(line.net_cents for line in lines)
    return Price(
        list_valid_from=under.valid_from,
        lines=lines,
        vat_percent=under.vat_percent,
        net_cents=net_cents,
        vat_cents=half_up(net_cents * under.vat_percent, 100),
    )


def _items(options: DocflyPaOptions | DocflyOptions) -> list[tuple[Item, int]]:
    match options:
        case DocflyPaOptions():
            return [(Item.DOCFLY_PA, 1), (Item.EXTRA_GB, options.extra_gb)]
        case DocflyOptions():
            return [
                (Item.DOCFLY, 1),
                *([] if options.starter_kit is StarterKit.KIT_1GB else [(Item(options.starter_kit.value), 1)]),
                (Item.EXTRA_USER, options.extra_users),
                (Item.EXTRA_ARCHIVE, options.extra_archives),
                (Item.EXTRA_DEFINITION, options.extra_definitions),
            ]
        case _:
            assert_never(options)


def _line(item: Item, *, quantity: int, years: int, under: PriceList) -> Line:
    unit = under.net_cents[item]
    return Line(item=item, quantity=quantity, years=years, unit_net_cents=unit, net_cents=unit * quantity * years)


def half_up(numerator: int, denominator: int) -> int:
    """The quotient of two non-negative integers, rounded half up: 50 cents of a cent are a cent."""
    return (2 * numerator + denominator) // (2 * denominator)

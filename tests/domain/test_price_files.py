"""Price lists as operators write them: the same list out of TOML and CSV, or words that say what is wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.price_files import COLUMNS, BadPriceFileError, read_csv, read_toml
from domain.prices import Item, PriceList, changes

WHOLE = PriceList(
    valid_from=date(2027, 1, 1),
    vat_percent=22,
    net_cents={item: 1_250 + number for number, item in enumerate(Item)},
    note="-",
)


def net(price_list: PriceList) -> dict[str, str]:
    return {item: f"{cents // 100}.{cents % 100:02d}" for item, cents in price_list.net_cents.items()}


def toml(price_list: PriceList, *, head: str | None = None, **changes: str) -> str:
    items = net(price_list) | changes
    lines = "\n".join(f'{item} = "{amount}"' for item, amount in items.items() if amount)
    first = f"valid_from = {price_list.valid_from}\nvat_percent = {price_list.vat_percent}"
    return f"{head or first}\n[net]\n{lines}\n"


def table(price_list: PriceList, *, separator: str = ",") -> str:
    start = [str(price_list.valid_from), str(price_list.vat_percent)]
    rows = [COLUMNS, *([*start, item, amount] for item, amount in net(price_list).items())]
    return "\n".join(separator.join(row) for row in rows)


@given(st.dates(), st.integers(0, 100), st.lists(st.integers(1, 99_999_99), min_size=len(Item), max_size=len(Item)))
def test_both_ways_of_writing_say_the_same(day: date, vat: int, cents: list[int]) -> None:
    price_list = PriceList(valid_from=day, vat_percent=vat, net_cents=dict(zip(Item, cents, strict=True)), note="-")
    for read, text in (
        (read_toml, toml(price_list)),
        (read_csv, table(price_list)),
        (read_csv, table(price_list, separator=";")),
    ):
        assert read(text) == price_list


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "valid_from"),
        ("valid_from", "no TOML"),
        (toml(WHOLE, docfly=""), "There is no price of docfly"),
        (toml(WHOLE, docfly="0.00"), "net.docfly: nothing is free"),
        (toml(WHOLE, docfly="12,50"), "net.docfly"),
        (toml(WHOLE, docfly="12.5"), "net.docfly"),
        (toml(WHOLE, docfly="-1.00"), "net.docfly"),
        (toml(WHOLE, docfly="99999999.00"), "net.docfly"),
        (toml(WHOLE, fax="1.00"), "net.fax"),
        (toml(WHOLE, head="valid_from = 2027-01-01\nvat_percent = 101"), "vat_percent"),
        (toml(WHOLE, head='valid_from = "1.1.2027"\nvat_percent = 22'), "valid_from"),
        (toml(WHOLE, head="valid_from = 2027-01-01\nvat_percent = 22\ncurrency = 'USD'"), "currency"),
        (toml(WHOLE, head="valid_from = 2027-01-01\nvat_percent = true"), "vat_percent"),
        (toml(WHOLE, head="valid_from = 2027-01-01\nvat_percent = 22.0"), "vat_percent"),
        (toml(WHOLE, head="valid_from = 2027-01-01\nvat_percent = '22'"), "vat_percent"),
        (toml(WHOLE, head=f"valid_from = 2027-01-01\nvat_percent = {'1' * 5000}"), "no TOML"),
        (toml(WHOLE, head=f"valid_from = 2027-01-01\nvat_percent = 0x{'f' * 5000}"), "vat_percent"),
        ("a = " + "[" * 100_000, "no TOML"),
    ],
)
def test_a_wrong_toml_is_explained(text: str, words: str) -> None:
    with pytest.raises(BadPriceFileError) as refusal:
        read_toml(text)
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "columns"),
        ("valid_from,vat_percent,item\n2027-01-01,22,docfly", "columns"),
        (table(WHOLE) + ",x", "columns"),
        (table(WHOLE) + "\n2027-01-01,22,docfly", "columns"),
        (table(WHOLE) + "\n2027-02-01,22,docfly,1.00", "the same in every line"),
        (table(WHOLE) + "\n2027-01-01,22,docfly,1.00", "twice"),
        (table(WHOLE).replace(",22,", ",x,"), "vat_percent"),
        (table(WHOLE).replace(",22,", ",²,"), "vat_percent"),
        (table(WHOLE).replace(",22,", f",{'1' * 5000},"), "vat_percent"),
        (table(WHOLE).replace("docfly", "d" * 200_000), "no CSV"),
        (table(WHOLE) + "\n\0", "columns"),
        (table(WHOLE).replace(",docfly,", ",fax,"), "fax"),
    ],
)
def test_a_wrong_csv_is_explained(text: str, words: str) -> None:
    with pytest.raises(BadPriceFileError) as refusal:
        read_csv(text)
    assert words in str(refusal.value)


def test_what_changes_is_said_item_by_item() -> None:
    dearer = WHOLE.model_copy(update={"net_cents": {**WHOLE.net_cents, Item.DOCFLY: 9_900}})
    told = {change.item: (change.before_cents, change.after_cents) for change in changes(WHOLE, dearer)}
    assert told == {item: (cents, dearer.net_cents[item]) for item, cents in WHOLE.net_cents.items()}
    assert all(change.before_cents is None for change in changes(None, dearer))

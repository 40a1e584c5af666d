"""Price lists as operators write them: TOML, or CSV out of a spreadsheet. Euros and cents, e.g. "25.00"."""

import csv
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from io import StringIO
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from domain.identifiers import CivilDate, LongText
from domain.prices import Item, PriceList

COLUMNS = ["valid_from", "vat_percent", "item", "net"]
PERCENT = re.compile("[0-9]{1,3}")


class BadPriceFileError(ValueError):
    """What is wrong, a line each, for whoever wrote the file."""


def _is_whole(net: dict[Item, str]) -> dict[Item, str]:
    if missing := [item for item in Item if item not in net]:
        raise PydanticCustomError("missing_items", "There is no price of {items}", {"items": ", ".join(missing)})
    return net


Net = Annotated[str, Field(pattern=r"^[0-9]{1,7}\.[0-9]{2}$")]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    valid_from: CivilDate
    vat_percent: Annotated[int, Field(ge=0, le=100, strict=True)]
    net: Annotated[dict[Item, Net], AfterValidator(_is_whole)]
    note: LongText = "-"


def read_toml(text: str) -> PriceList:
    """`valid_from`, `vat_percent`, perhaps `note`, and a table `[net]` of items. Raises BadPriceFileError."""
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # its own; and of numbers and nests without end
        message = f"This is no TOML: {error}."
        raise BadPriceFileError(message) from None
    return _price_list(content)


def read_csv(text: str) -> PriceList:
    """A line an item, under `valid_from,vat_percent,item,net`; `;` may separate. Raises BadPriceFileError."""
    header, *_ = text.splitlines() or [""]
    try:
        rows = list(csv.DictReader(StringIO(text), delimiter=";" if ";" in header else ","))
    except csv.Error as error:
        message = f"This is no CSV: {error}."
        raise BadPriceFileError(message) from None
    if not rows or list(rows[0]) != COLUMNS or any(None in row or None in row.values() for row in rows):
        message = f"Each line must have the columns {', '.join(COLUMNS)}, and the first must name them."
        raise BadPriceFileError(message)
    if len({(row["valid_from"], row["vat_percent"]) for row in rows}) > 1:
        raise BadPriceFileError("valid_from and vat_percent must be the same in every line.")
    if len({row["item"] for row in rows}) < len(rows):
        raise BadPriceFileError("An item is there twice.")
    first = rows[0]
    net = {row["item"]: row["net"] for row in rows}
    vat = int(first["vat_percent"]) if PERCENT.fullmatch(first["vat_percent"]) else first["vat_percent"]
    return _price_list({"valid_from": first["valid_from"], "vat_percent": vat, "net": net})


def _price_list(content: Mapping[str, Any]) -> PriceList:
    try:
        file = _File.model_validate(content)
    except ValidationError as error:
        raise BadPriceFileError("\n".join(_explain(error))) from None
    cents = {item: int(Decimal(net) * 100) for item, net in file.net.items()}
    if free := [item for item, net in cents.items() if not net]:
        message = f"net.{free[0]}: nothing is free."
        raise BadPriceFileError(message)
    return PriceList(valid_from=file.valid_from, vat_percent=file.vat_percent, net_cents=cents, note=file.note)


def _explain(error: ValidationError) -> list[str]:
    return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}." for one in error.errors(include_url=False)]

"""Tables that Italian spreadsheets open: `;`, UTF-8 with BOM, and no word that they would take for a formula."""

import csv
import re
from collections.abc import Iterable
from io import StringIO

_FORMULA = re.compile(r"(^|[,;|\t\"'])(\s*)([=+\-@\uff1d\uff0b\uff0d\uff20])")
"""Where a spreadsheet may see a formula: at a cell's start, also of a cell that another separator makes."""

BOM = "\ufeff"


def lines(rows: Iterable[tuple[str, ...]]) -> str:
    """Rows as CSV; a file of them begins with BOM."""
    table = StringIO()
    csv.writer(table, delimiter=";", quoting=csv.QUOTE_MINIMAL).writerows(rows)
    return table.getvalue()


def plain(words: str) -> str:
    """Somebody's words on one line, which no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1\2'\3", " ".join(words.split()))

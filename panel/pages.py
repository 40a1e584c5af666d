"""The acceptance page's faces: data in, HTML out."""

from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from domain.acceptance import CAPACITIES, TICKS
from domain.lifecycle import Status
from domain.model import Value
from domain.prices import Price
from domain.products import DocflyOptions, DocflyPaOptions
from domain.words import ITEM_NAMES, PRODUCT_NAMES, RENEWAL_MODES, STATUS_LABELS, euro, giorno

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters.update(
    euro=euro,
    giorno=giorno,
    prodotto=PRODUCT_NAMES.__getitem__,
    stato=STATUS_LABELS.__getitem__,
    voce=ITEM_NAMES.__getitem__,
    rinnovo=RENEWAL_MODES.__getitem__,
)


class Printed(Value):
    """A contract, as the links to it call it."""

    name: str
    title: str


class AcceptanceView(Value):
    """What the titolare is shown: who ordered what, at which price, until when."""

    number: str
    partner: str
    holder: str
    options: DocflyPaOptions | DocflyOptions
    price: Price
    expires_on: date
    contracts: tuple[Printed, ...]
    address: str
    """The page's own path, for the links to the papers."""


def form(view: AcceptanceView, *, errors: dict[str, str], entered: dict[str, str]) -> str:
    """The three ticks and the three buttons; after a mistake, with what was entered and what is wrong."""
    return _render("form", view=view, errors=errors, entered=entered, capacities=CAPACITIES, ticks=TICKS)


def outcome(view: AcceptanceView, *, status: Status, held: bool, declined: bool) -> str:
    """Where the order stands after the decision."""
    return _render("outcome", view=view, status=status, held=held, declined=declined)


def dead() -> str:
    """The link was replaced, or the order is over."""
    return _render("dead")


def unknown() -> str:
    """Nobody ever sent this link."""
    return _render("unknown")


def try_again() -> str:
    """Nothing is lost; the system is busy."""
    return _render("try_again")


def _render(page: str, **words: Any) -> str:
    return TEMPLATES.get_template(f"acceptance/{page}.html").render(words)

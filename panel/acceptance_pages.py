"""The acceptance page's faces: data in, HTML out."""

from datetime import datetime
from typing import Any

from domain.acceptance import CAPACITIES, TICKS
from domain.lifecycle import Status
from domain.model import Value
from domain.prices import Price
from domain.products import DocflyOptions, DocflyPaOptions
from panel.templating import TEMPLATES


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
    accept_by: datetime
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


def overtaken() -> str:
    """Something else was decided at this moment, and what it is can't be read yet."""
    return _render("overtaken")


def unknown() -> str:
    """Nobody ever sent this link."""
    return _render("unknown")


def try_again() -> str:
    """Nothing is lost; the system is busy."""
    return _render("try_again")


def _render(page: str, **words: Any) -> str:
    return TEMPLATES.get_template(f"acceptance/{page}.html").render(words)

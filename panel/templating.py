"""The templates of all pages, and the words and formats that they share."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from domain.titolari import display_name
from domain.words import ITEM_NAMES, PRODUCT_NAMES, RENEWAL_MODES, STATUS_LABELS, anni, euro, giorno
from panel.words import istante

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters.update(
    anni=anni,
    euro=euro,
    giorno=giorno,
    istante=istante,
    nome=display_name,
    prodotto=PRODUCT_NAMES.__getitem__,
    stato=STATUS_LABELS.__getitem__,
    voce=ITEM_NAMES.__getitem__,
    rinnovo=RENEWAL_MODES.__getitem__,
)

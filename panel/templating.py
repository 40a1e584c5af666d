"""The templates of all pages, and the words and formats that they share."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from domain.space import GB
from domain.titolari import display_name
from domain.words import (
    CAUSE_NAMES,
    ITEM_NAMES,
    PRODUCT_NAMES,
    RENEWAL_MODES,
    STATUS_LABELS,
    anni,
    euro,
    gigabyte,
    giorno,
    mese,
    termine,
)
from panel.words import (
    ACCOUNTS,
    ACTORS,
    ACTS,
    MAIL_STATES,
    MAILS,
    MISSING,
    RENEWAL_OUTCOMES,
    istante,
    refused_contracts,
    service_label,
    what_happened,
)

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals.update(GB=GB)
TEMPLATES.filters.update(
    anni=anni,
    euro=euro,
    gigabyte=gigabyte,
    giorno=giorno,
    mese=mese,
    accaduto=what_happened,
    attore=ACTORS.__getitem__,
    atto=ACTS.__getitem__,
    conto=ACCOUNTS.__getitem__,
    consegna=MAIL_STATES.__getitem__,
    esito=RENEWAL_OUTCOMES.__getitem__,
    email=MAILS.__getitem__,
    causa=CAUSE_NAMES.__getitem__,
    servizio=service_label,
    istante=istante,
    manca=MISSING.__getitem__,
    nome=display_name,
    prodotto=PRODUCT_NAMES.__getitem__,
    stato=STATUS_LABELS.__getitem__,
    termine=termine,
    rifiutata=refused_contracts,
    voce=ITEM_NAMES.__getitem__,
    rinnovo=RENEWAL_MODES.__getitem__,
)

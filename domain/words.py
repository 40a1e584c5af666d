"""Italian words that mails, pages and answers share."""

from datetime import date, datetime

from domain.calendar import ROME
from domain.ledger import Cause
from domain.lifecycle import CancelReason, Status
from domain.prices import Item
from domain.products import Product, RenewalMode
from domain.space import GB

PRODUCT_NAMES = {
    Product.DOCFLY_PA: "DocFly Fatturazione PA",
    Product.DOCFLY: "DocFly Conservazione",
}

STATUS_LABELS = {
    Status.AWAITING_DOCUMENTS: "attesa documentazione",
    Status.AWAITING_RESPONSABILE: "attesa responsabile",
    Status.ACTIVATING: "in attivazione",
    Status.ACTIVATION_FAILED: "attivazione non riuscita",
    Status.ACTIVE: "attivo",
    Status.CANCELLED: "annullato",
}

CANCEL_REASONS = {
    CancelReason.PARTNER_REQUEST: "richiesta del partner",
    CancelReason.OPERATOR_REQUEST: "richiesta di un operatore",
    CancelReason.DECLINED: "contratti rifiutati dal titolare",
    CancelReason.ACCEPTANCE_EXPIRED: "contratti non accettati entro il termine",
    CancelReason.ACTIVATION_REFUSED: "attivazione rifiutata dal fornitore",
}

ITEM_NAMES = {
    Item.DOCFLY_PA: "DocFly Fatturazione PA",
    Item.DOCFLY: "DocFly Conservazione",
    Item.EXTRA_GB: "GB aggiuntivi",
    Item.EXTRA_USER: "Utenti aggiuntivi",
    Item.EXTRA_ARCHIVE: "Archivi aggiuntivi",
    Item.EXTRA_DEFINITION: "Definizioni aggiuntive",
    Item.KIT_5GB: "Starter kit 5 GB",
    Item.KIT_10GB: "Starter kit 10 GB",
    Item.KIT_20GB: "Starter kit 20 GB",
    Item.KIT_50GB: "Starter kit 50 GB",
}

RENEWAL_MODES = {
    RenewalMode.AUTOMATIC: "tacito",
    RenewalMode.ON_REQUEST: "a scadenza",
}

CAUSE_NAMES = {
    Cause.ORDER: "Ordine",
    Cause.RENEWAL: "Rinnovo",
    Cause.SPACE: "Spazio",
    Cause.REFUND: "Rimborso",
    Cause.TOP_UP: "Ricarica",
    Cause.CORRECTION: "Rettifica",
}

MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
    "novembre", "dicembre",
)  # fmt: skip


def importo(cents: int) -> str:
    """Cents as Italians write amounts: -123450 is "-1.234,50"."""
    euros, rest = divmod(abs(cents), 100)
    grouped = f"{euros:,}".replace(",", ".")
    return f"{'-' if cents < 0 else ''}{grouped},{rest:02d}"


def euro(cents: int) -> str:
    """The same with its sign: "1.234,50 €"."""
    return f"{importo(cents)} €"


def mese(day: date) -> str:
    """The month of a civil date: "novembre 2026"."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def giorno(day: date) -> str:
    """A civil date as gg/mm/aaaa."""
    return f"{day:%d/%m/%Y}"


def termine(at: datetime) -> str:
    """When a time is over, in Rome, said after "entro le" and "fino alle": "ore 09:12 del 30/05/2026"."""
    return f"ore {at.astimezone(ROME):%H:%M del %d/%m/%Y}"


def anni(years: int) -> str:
    """How many years, in words that agree: "1 anno", "3 anni"."""
    return f"{years} {'anno' if years == 1 else 'anni'}"


def gigabyte(used_bytes: int) -> str:
    """Bytes as GB with one decimal: "3,5 GB". Rounded down, so that what isn't full never looks full."""
    whole, tenth = divmod(used_bytes * 10 // GB, 10)
    grouped = f"{whole:,}".replace(",", ".")
    return f"{grouped},{tenth} GB"

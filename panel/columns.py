"""What a table for a spreadsheet tells of each row: by heading, the words."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from db.acts import ActRow
from db.documents import DocumentRow
from db.entries import Entry
from db.mails import MailRow
from db.orders import OrderRow
from db.partners import ApiKeyRow, PartnerRow
from db.renewals import RenewalRow
from db.space import SpacePurchaseRow
from db.titolari import TitolareRow
from db.users import UserRow
from domain.titolari import display_name
from domain.words import CAUSE_NAMES, PRODUCT_NAMES, STATUS_LABELS, giorno, importo
from panel.people import ROLES
from panel.titolare_form import KINDS
from panel.words import ACTORS, ACTS, MAIL_STATES, MAILS, RENEWAL_OUTCOMES, istante, service_label

R = TypeVar("R")
Columns = dict[str, Callable[[R], str | None]]

ORDER: Columns[OrderRow] = {
    "Numero": lambda row: row.number,
    "Prodotto": lambda row: PRODUCT_NAMES[row.product],
    "Titolare": lambda row: display_name(row.titolare),
    "Stato": lambda row: STATUS_LABELS[row.status],
    "Inserito": lambda row: istante(row.placed_at),
    "Importo": lambda row: importo(row.price.total_cents),
}


def storage(today: date) -> Columns[OrderRow]:
    """The space of each, and the status as it stands today."""
    return {
        "Ordine": lambda row: row.number,
        "Prodotto": lambda row: PRODUCT_NAMES[row.product],
        "Titolare": lambda row: display_name(row.titolare),
        "Stato": lambda row: service_label(row.service, today=today) if row.service else STATUS_LABELS[row.status],
        "Scade": lambda row: giorno(row.service.expires_on) if row.service else None,
        "GB": lambda row: str(row.service.service.quotas.gb if row.service else row.options.quotas.gb),
        "Byte usati": lambda row: str(row.service.used_bytes) if row.service else None,
        "Pieno dal": lambda row: giorno(row.service.full_on) if row.service and row.service.full_on else None,
    }


TITOLARE: Columns[TitolareRow] = {
    "Tipo": lambda row: KINDS[row.titolare.kind],
    "Nome": lambda row: display_name(row.titolare),
    "Codice fiscale": lambda row: row.titolare.codice_fiscale,
    "Partita IVA": lambda row: row.titolare.partita_iva,
    "E-mail": lambda row: row.titolare.email,
    "PEC": lambda row: row.titolare.pec,
}
RENEWAL: Columns[RenewalRow] = {
    "Quando": lambda row: istante(row.at),
    "Dal": lambda row: giorno(row.period_start),
    "Al": lambda row: giorno(row.period_end),
    "Esito": lambda row: RENEWAL_OUTCOMES[row.outcome],
    "Chiesto da": lambda row: ACTORS[row.asked_by],
    "Importo": lambda row: importo(row.price.total_cents),
}
SPACE: Columns[SpacePurchaseRow] = {
    "Quando": lambda row: istante(row.at),
    "GB": lambda row: str(row.gb),
    "Chiesto da": lambda row: ACTORS[row.asked_by],
    "Importo": lambda row: importo(row.price.total_cents),
}
DOCUMENT: Columns[DocumentRow] = {
    "Nome": lambda row: row.name,
    "Quando": lambda row: istante(row.at),
    "Responsabile": lambda row: row.responsabile,
    "Tipo": lambda row: row.media_type,
    "Byte": lambda row: str(row.size_bytes),
}
MOVEMENT: Columns[Entry] = {
    "Quando": lambda entry: istante(entry.row.at),
    "Causale": lambda entry: CAUSE_NAMES[entry.row.cause],
    "Ordine": lambda entry: entry.order_number,
    "Riferimento": lambda entry: entry.row.reference,
    "Motivo": lambda entry: entry.row.reason,
    "Importo": lambda entry: importo(entry.row.signed_cents),
    "Saldo": lambda entry: importo(entry.row.credit_balance_cents),
}
USER: Columns[UserRow] = {
    "Utente": lambda row: row.login,
    "Ruolo": lambda row: ROLES[row.role] if row.role else None,
    "Secondo fattore": lambda row: "attivo" if row.totp_secret else "non attivo",
}
KEY: Columns[ApiKeyRow] = {
    "Nome": lambda row: row.name,
    "Creata": lambda row: istante(row.created_at),
    "Revocata": lambda row: istante(row.revoked_at) if row.revoked_at else None,
}
ACT: Columns[ActRow] = {
    "Quando": lambda row: istante(row.at),
    "Che cosa": lambda row: ACTS[row.kind],
    "Motivo": lambda row: row.reason,
}
OPERATOR: Columns[ActRow] = {"Operatore": lambda row: row.user.login}
"""Who it was, for operators only."""
PARTNER: Columns[tuple[PartnerRow, int]] = {
    "Nome": lambda row: row[0].name,
    "Credito": lambda row: importo(row[1]),
}
MAIL: Columns[MailRow] = {
    "Quando": lambda row: istante(row.at),
    "Che cosa": lambda row: MAILS[row.kind],
    "A": lambda row: row.to,
    "Casella": lambda row: row.box,
    "Ordine": lambda row: row.order.number if row.order else None,
    "Consegna": lambda row: MAIL_STATES[row.state],
    "Errore": lambda row: row.error,
}

"""Italian words of the panel: instants, what happened, whose move it is."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from db.acts import ActKind
from db.mails import MailRow, MailState
from db.orders import OrderRow
from db.renewals import RenewalOutcome
from db.services import ServiceRow
from db.timeline import EventRow
from domain.calendar import ROME
from domain.errors import (
    ContactsChanged,
    DomainError,
    DuplicateOpenOrder,
    EngineUnavailable,
    InsufficientCredit,
    NotActivationFailed,
    NotAwaitingDocuments,
    OnlyPartners,
    OrderHeld,
    OrderNotCancellable,
    OrderNotFound,
    OrderNotHeld,
    PriceChanged,
    TitolareMayNotOrder,
    TooEarlyToResend,
    TooManyResends,
)
from domain.ledger import Account
from domain.lifecycle import Actor, CancelReason, Status
from domain.mails import MailKind
from domain.products import RenewalMode
from domain.services import ServiceStatus, StatusReason, status_on, status_reason
from domain.words import CANCEL_REASONS, RENEWAL_MODES, anni, euro, giorno, termine
from front.errors import NoSuchResource

EVENTS = {
    "order_placed": "Ordine inserito",
    "contract_resent": "Email di accettazione inviata di nuovo",
    "contacts_corrected": "Indirizzi del titolare corretti",
    "acceptance_extended": "Termine per l'accettazione prorogato",
    "contract_accepted": "Contratti accettati",
    "order_held": "Ordine sospeso: il titolare non conosce il partner",
    "order_released": "Sospensione dell'ordine revocata",
    "responsabili_assigned": "Responsabili assegnati",
    "activation_failed": "Attivazione non riuscita",
    "activation_retried": "Attivazione richiesta di nuovo",
    "order_activated": "Servizio attivato",
    "order_cancelled": "Ordine annullato, importo riaccreditato",
    "credentials_resent": "Credenziali inviate di nuovo",
    "document_added": "Documento allegato",
    "mail_sent": "Email consegnata al server di posta",
    "mail_refused": "Email rifiutata dal server di posta",
    "service_renewed": "Servizio rinnovato",
    "service_suspended": "Servizio sospeso",
    "service_terminated": "Servizio cessato",
    "space_bought": "Spazio acquistato",
    "space_warning": "Spazio quasi esaurito",
    "renewal_changed": "Rinnovo cambiato",
    "provider_refused": "Il fornitore ha rifiutato la modifica del servizio",
}
MOVED_ON = "Nel frattempo l'ordine è andato avanti: lo riapra per vedere a che punto è."
PANEL_WORDS: dict[type[DomainError], str] = {
    NoSuchResource: "Controlli l'indirizzo, oppure riparta dal menu.",
    PriceChanged: "Nulla è stato addebitato. Torni indietro, ricarichi la pagina e confermi il nuovo prezzo.",
    InsufficientCredit: "Nulla è stato addebitato. Ricarichi il credito, poi riprovi.",
    OnlyPartners: "Qui acquista solo chi è entrato come utente di un partner.",
    TitolareMayNotOrder: "Nulla è stato addebitato. I dati del titolare non bastano più per questo prodotto.",
    DuplicateOpenOrder: "Nulla è stato addebitato. Prosegua con l'ordine esistente, oppure prima lo annulli.",
    NotAwaitingDocuments: MOVED_ON,
    OrderNotCancellable: MOVED_ON,
    OrderNotHeld: MOVED_ON,
    NotActivationFailed: MOVED_ON,
    ContactsChanged: "Nulla è cambiato. Torni all'ordine, guardi gli indirizzi di adesso e, se serve, li corregga.",
    TooEarlyToResend: "Riprovi dal {can_resend_at}.",
    TooManyResends: "Contatti il destinatario per altra via.",
    OrderHeld: "Un operatore deve prima sbloccarlo: non serve che Lei faccia altro.",
    EngineUnavailable: "Il sistema è occupato: aspetti un poco e controlli se è già stato fatto, prima di riprovare.",
}
"""Where what a program should do next is nothing for people."""
MAILS = {
    MailKind.CONTRACT_ACCEPTANCE: "contratti e link di accettazione",
    MailKind.ACCEPTANCE_REMINDER: "promemoria al titolare",
    MailKind.ACCEPTANCE_RECEIPT: "ricevuta dell'accettazione",
    MailKind.ORDER_HELD: "ordine sospeso",
    MailKind.ORDER_ACTIVATED: "servizio attivato",
    MailKind.CREDENTIALS: "credenziali al responsabile",
    MailKind.ACTIVATION_FAILED: "attivazione non riuscita",
    MailKind.ORDER_CANCELLED: "ordine annullato",
    MailKind.ORDER_CANCELLED_TITOLARE: "ordine annullato, al titolare",
    MailKind.EXPIRY_NOTICE: "avviso di scadenza",
    MailKind.RENEWED: "servizio rinnovato",
    MailKind.RENEWAL_FAILED: "rinnovo non riuscito",
    MailKind.SUSPENDED: "servizio sospeso",
    MailKind.EXPORT_OFFER: "esportazione dei dati",
    MailKind.TERMINATED: "servizio cessato",
    MailKind.SPACE_WARNING: "spazio quasi esaurito",
    MailKind.LOW_CREDIT: "credito basso",
}
MISSING = {
    "partita_iva": "la partita IVA",
    "activity": "l'attività svolta",
    "pec": "la PEC",
}
"""What a titolare may lack to order."""
ACTORS = {
    Actor.TITOLARE: "titolare",
    Actor.PARTNER: "partner",
    Actor.OPERATOR: "operatore",
    Actor.PROVIDER: "fornitore",
    Actor.SYSTEM: "sistema",
}
MAIL_STATES = {
    MailState.QUEUED: "in coda",
    MailState.SENT: "consegnata al server di posta",
    MailState.REFUSED: "rifiutata dal server di posta",
    MailState.DROPPED: "superata, non inviata",
}
ACTS = {
    ActKind.VIEW: "ha guardato il pannello come il partner",
    ActKind.TOP_UP: "ha ricaricato il credito",
}
RENEWAL_OUTCOMES = {
    RenewalOutcome.RENEWED: "rinnovato",
    RenewalOutcome.FAILED: "non riuscito: credito insufficiente",
}
ACCOUNTS = {
    Account.CREDIT: "credito del partner",
    Account.SALES: "vendite",
    Account.FUNDS: "versamenti",
}
SERVICE_LABELS = {
    ServiceStatus.ACTIVE: "attivo",
    ServiceStatus.SUSPENDED: "sospeso",
    ServiceStatus.TERMINATED: "cessato",
}


def advice(error: DomainError) -> str | None:
    """What people should do next, where that is other than what a program should."""
    if isinstance(error, DuplicateOpenOrder) and error.order_id is None:
        return "Nulla è stato addebitato. L'ordine è di un altro partner: ne parli con il titolare, o con noi."
    return PANEL_WORDS.get(type(error))


def way_on(error: DomainError, *, order_id: str | None) -> tuple[str, str] | None:
    """Where it can be mended, or seen: an address below HOME, and what it is called. `order_id`: whose page it was."""
    match error:
        case TitolareMayNotOrder():
            return f"/titolari/{error.titolare_id}/modifica", "Completi il titolare"
        case DuplicateOpenOrder(order_id=UUID() as other):
            return f"/ordini/{other}", "Apra l'ordine esistente"
        case InsufficientCredit():
            return "/credito", "Vada al credito"
        case OrderNotFound() | NoSuchResource():
            return None
        case _:
            return (f"/ordini/{order_id}", "Torni all'ordine") if order_id else None


def istante(at: datetime) -> str:
    """An instant in Rome, as gg/mm/aaaa hh:mm."""
    return f"{at.astimezone(ROME):%d/%m/%Y %H:%M}"


def what_happened(event: EventRow, recipients: Mapping[str, str]) -> str:
    """One line of *Storico dell'ordine*; of a mail also which and to whom, of a change of money also how much.

    `recipients`: the addresses that may be told, by the mail's id.
    """
    words, detail = EVENTS[event.kind], event.detail
    if "mail" in detail:
        words = f"{words}: {MAILS[MailKind(detail['mail'])]}"
    if to := recipients.get(detail.get("mail_id", "")):
        words = f"{words}, a {to}"
    if "charged_cents" in detail:
        words = f"{words}, {euro(detail['charged_cents'])}"
    if event.kind == "renewal_changed":
        words = f"{words}: {RENEWAL_MODES[RenewalMode(detail['mode'])]}, {anni(detail['years'])}"
    told = f"{words} ({ACTORS[event.actor]})"
    return f"{told}: «{detail['words']}»" if detail.get("words") else told


def where_it_stands(order: OrderRow, *, today: date) -> str:
    """Whose move it is, in plain Italian."""
    if order.held_at is not None and not order.status.is_final:
        return "Il titolare dice di non conoscere il partner: un operatore verifica, e per ora nessuno può accettare."
    match order.status:
        case Status.AWAITING_DOCUMENTS:
            until = termine(order.accept_by)
            also = "" if order.responsabili else " Intanto indichi i responsabili di conservazione e di produzione."
            if (mail := refused_contracts(order)) is not None:
                why = f"L'e-mail dei contratti a {mail.to} è stata rifiutata"
                return f"{why}: corregga l'indirizzo, e partirà di nuovo. Si può accettare entro le {until}.{also}"
            return f"Aspettiamo che il titolare accetti i contratti, entro le {until}.{also}"
        case Status.AWAITING_RESPONSABILE:
            return "Aspettiamo che Lei indichi i responsabili di conservazione e di produzione."
        case Status.ACTIVATING:
            return "Aspettiamo che il fornitore attivi il servizio."
        case Status.ACTIVATION_FAILED:
            return "L'attivazione non è riuscita: un operatore la riproverà o annullerà l'ordine."
        case Status.ACTIVE:
            return "Il servizio è attivo." if order.service is None else _of_service(order.service, today=today)
        case Status.CANCELLED:
            return f"L'ordine è annullato ({CANCEL_REASONS[_reason(order)]}) e l'importo è stato riaccreditato."
        case _:
            assert_never(order.status)


def refused_contracts(order: OrderRow) -> MailRow | None:
    """The mail with the living link, where the titolare's server refused it and so nobody can accept."""
    if order.status is not Status.AWAITING_DOCUMENTS or order.held_at is not None:
        return None
    refused = (mail for mail in order.mails if mail.state is MailState.REFUSED)
    return next((mail for mail in refused if mail.id == order.living_mail_id), None)


def _of_service(row: ServiceRow, *, today: date) -> str:
    reason = status_reason(status_on(row.service, on=today), is_full=row.is_full)
    match reason:
        case None:
            return "Il servizio è attivo."
        case StatusReason.SPACE_FULL:
            return "Il servizio è pieno: è in sola lettura finché non si acquista altro spazio."
        case StatusReason.EXPIRED:
            return f"Il servizio è sospeso: è scaduto il {giorno(row.expires_on)} e si può ancora rinnovare."
        case StatusReason.GRACE_ENDED:
            return f"Il servizio è cessato: era scaduto il {giorno(row.expires_on)}."
        case _:
            assert_never(reason)


def service_label(row: ServiceRow, *, today: date) -> str:
    """The status of a service as it stands today, also before the sweep; and whether it is read-only all the same."""
    status = status_on(row.service, on=today)
    is_read_only = status_reason(status, is_full=row.is_full) is StatusReason.SPACE_FULL
    return f"{SERVICE_LABELS[status]}, pieno: sola lettura" if is_read_only else SERVICE_LABELS[status]


def _reason(order: OrderRow) -> CancelReason:
    assert order.reason is not None  # noqa: S101 - a cancelled order has one
    return order.reason

"""What the API tells of all that is held about a titolare, and of what an erasure leaves."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from db.decisions import Answer
from db.holdings import Holdings
from db.mails import MailState
from db.notes import NoteRow
from db.orders import OrderRow
from db.papers import PaperKind
from db.responsabili import ResponsabileRow
from domain.documents import MediaType
from domain.erasure import Keeping, Kept
from domain.lifecycle import Status
from domain.mails import MailKind
from domain.orders import Role
from domain.products import Product
from domain.titolari import Contacts, Titolare


class _OfAnOrder(BaseModel):
    order_id: UUID
    number: str
    product: Product
    status: Status

    @classmethod
    def of(cls, order: OrderRow, **more: Any) -> Any:
        """The order's own, and what else is told."""
        named = {"number": order.number, "product": order.product, "status": order.status}
        return cls.model_validate({"order_id": order.id, **named, **more})


class HeldOrder(_OfAnOrder):
    """An order in the titolare's name, with their data as they were when it was placed."""

    titolare: Titolare
    placed_at: datetime
    accepted_at: datetime | None
    activated_at: datetime | None
    cancelled_at: datetime | None
    starts_on: date | None
    expires_on: date | None
    username: str | None
    """At the provider."""
    refusal: str | None
    """The provider's words, when it refused."""


class HeldRole(_OfAnOrder):
    """A role of responsabile, with their data as they were when they were chosen."""

    role: Role
    assigned_at: datetime
    replaced_at: datetime | None
    titolare: Titolare
    username: str | None
    """At the provider, of the responsabile della conservazione."""


class HeldMail(_OfAnOrder):
    """A mail to the titolare."""

    kind: MailKind
    at: datetime
    state: MailState
    address: str
    subject: str | None
    text: str | None
    """As it was sent, without its links; None until then."""


class HeldDecision(_OfAnOrder):
    """What was decided on the acceptance page, with the evidence."""

    answer: Answer
    at: datetime
    evidence: dict[str, Any]


class HeldPaper(_OfAnOrder):
    """A contract, a receipt or a document that was attached, told by what its bytes are known by."""

    kind: PaperKind
    name: str
    media_type: MediaType
    size_bytes: int
    sha256: str
    at: datetime


class HeldContacts(_OfAnOrder):
    """Other addresses that were asked for, and never came through."""

    email: str
    pec: str
    at: datetime


class Export(BaseModel):
    """Everything kept about one titolare."""

    exported_at: datetime
    id: UUID
    created_at: datetime
    titolare: Titolare
    orders: list[HeldOrder]
    responsabile: list[HeldRole]
    mails: list[HeldMail]
    decisions: list[HeldDecision]
    papers: list[HeldPaper]
    contacts: list[HeldContacts]

    @classmethod
    def of(cls, held: Holdings, *, at: datetime) -> "Export":
        """The holdings, as one document."""
        return cls(
            exported_at=at,
            id=held.row.id,
            created_at=held.row.created_at,
            titolare=held.row.titolare,
            orders=[HeldOrder.of(order, **_order(order, held)) for order in held.orders],
            responsabile=[HeldRole.of(order, **_role(role, held)) for role, order in held.roles],
            mails=[HeldMail.of(order, **_some(HeldMail, mail), address=mail.to) for mail, order in held.mails],
            decisions=[HeldDecision.of(order, **_some(HeldDecision, decision)) for decision, order in held.decisions],
            papers=[HeldPaper.of(order, **_some(HeldPaper, paper)) for paper, order in held.papers],
            contacts=[HeldContacts.of(order, **_contacts(note)) for note, order in held.contacts],
        )


def _some(answer: type[_OfAnOrder], row: object) -> dict[str, Any]:
    """What the row and the answer call by the same name."""
    names = answer.model_fields.keys() - _OfAnOrder.model_fields.keys()
    return {name: getattr(row, name) for name in names if hasattr(row, name)}


def _order(order: OrderRow, held: Holdings) -> dict[str, Any]:
    service, account = order.service, held.accounts.get(order.id)
    return {
        **_some(HeldOrder, order),
        "starts_on": service and service.starts_on,
        "expires_on": service and service.expires_on,
        "username": account and account.username,
        "refusal": account and account.reason,
    }


def _role(role: ResponsabileRow, held: Holdings) -> dict[str, Any]:
    has_access = role.role is Role.CONSERVAZIONE and role.replaced_at is None
    account = held.accounts.get(role.order_id) if has_access else None
    return {**_some(HeldRole, role), "username": account and account.username}


def _contacts(note: NoteRow) -> dict[str, Any]:
    return {**Contacts.model_validate_json(note.text).model_dump(), "at": note.created_at}


class KeptAnswer(BaseModel):
    """What an erasure leaves, why, and to which day."""

    what: str
    why: str
    until: date


class Erasure(BaseModel):
    """What became of a titolare who was erased."""

    id: UUID
    erased: list[str]
    kept: list[KeptAnswer]


def kept_answer(keeping: Keeping, *, english: bool) -> KeptAnswer:
    """One thing that is kept, in words."""
    what, why = (ENGLISH if english else ITALIAN)[keeping.what]
    return KeptAnswer(what=what.format(number=keeping.number), why=why, until=keeping.until)


ITALIAN = {
    Kept.ORDER: (
        "Ordine {number}: prezzo e date, sotto uno pseudonimo",
        "Art. 17(3)(b) GDPR; art. 2220 c.c. e art. 22 d.P.R. 600/1973: scritture e fatture, 10 anni",
    ),
    Kept.PAPERS: (
        "Ordine {number}: i contratti inviati, la ricevuta di accettazione e i documenti allegati",
        "Art. 17(3)(e) GDPR; art. 2946 c.c.: prova del contratto, 10 anni",
    ),
    Kept.APPOINTMENT: (
        "Ordine {number}: nome e codice fiscale del responsabile",
        "Art. 17(3)(e) GDPR; art. 2946 c.c.: prova della nomina, 10 anni",
    ),
    Kept.DECISION: (
        "Ordine {number}: la decisione sul contratto con le sue prove e l'e-mail che l'ha chiesta",
        "Art. 17(3)(e) GDPR; art. 2946 c.c.: prova del contratto, 10 anni",
    ),
    Kept.MAIL: (
        "Ordine {number}: l'indirizzo di un'e-mail ancora in partenza",
        "Art. 17(3)(e) GDPR: la comunicazione è dovuta",
    ),
}
ENGLISH = {
    Kept.ORDER: (
        "Order {number}: its price and dates, under a pseudonym",
        "Art. 17(3)(b) GDPR; art. 2220 c.c. and art. 22 d.P.R. 600/1973: books and invoices, 10 years",
    ),
    Kept.PAPERS: (
        "Order {number}: the contracts as sent, the receipt of their acceptance, and the documents attached",
        "Art. 17(3)(e) GDPR; art. 2946 c.c.: proof of the contract, 10 years",
    ),
    Kept.APPOINTMENT: (
        "Order {number}: name and codice fiscale of the responsabile",
        "Art. 17(3)(e) GDPR; art. 2946 c.c.: proof of the appointment, 10 years",
    ),
    Kept.DECISION: (
        "Order {number}: the decision on the contract with its evidence, and the mail that asked for it",
        "Art. 17(3)(e) GDPR; art. 2946 c.c.: proof of the contract, 10 years",
    ),
    Kept.MAIL: (
        "Order {number}: the address of a mail that is still on its way",
        "Art. 17(3)(e) GDPR: the notice is owed",
    ),
}

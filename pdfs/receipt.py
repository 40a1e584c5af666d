"""The receipt of an acceptance: who accepted which documents, when and from where."""

from datetime import UTC
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from domain.calendar import ROME
from domain.model import Value
from pdfs.rows import Row
from pdfs.typeset import typeset

VERSION = "2026-12"
INSTANT = "%d/%m/%Y %H:%M:%S %Z"

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
"""SHA-256, in hex digits."""


class AcceptedDocument(Value):
    """A document as it was sent: its digest says which bytes were accepted."""

    title: str
    version: str
    sha256: Digest


class Holder(Value):
    """The titolare, as the evidence names them."""

    name: str
    codice_fiscale: str
    partita_iva: str | None


class ReceiptFacts(Value):
    """The evidence. `capacity` and `ticks` are the words that the page showed; `mail_id` is the mail of the link."""

    number: str
    order_id: UUID
    partner: str
    titolare: Holder
    accepted_by: str
    capacity: str
    accepted_at: AwareDatetime
    ip: str | None
    user_agent: str
    ticks: tuple[str, ...]
    mail_id: UUID
    documents: tuple[AcceptedDocument, ...]
    evidence_sha256: Digest
    """Of the proof's `evidence.json`."""
    chained_sha256: Digest
    """Of the acceptance in the timeline, and so of all that came before it."""


def receipt(facts: ReceiptFacts) -> bytes:
    """The *ricevuta di accettazione* as PDF/A-2b, to be sealed and kept."""
    words = {
        "form": {"name": "ricevuta-di-accettazione", "title": "Ricevuta di accettazione", "version": VERSION},
        "number": facts.number,
        "order": _order(facts),
        "acceptance": _acceptance(facts),
        "ticks": facts.ticks,
        "documents": [document.model_dump() for document in facts.documents],
        "proof": [("evidence.json", facts.evidence_sha256), ("contract_accepted", facts.chained_sha256)],
    }
    return typeset("ricevuta-di-accettazione", at=facts.accepted_at, words=words)


def _order(facts: ReceiptFacts) -> list[Row]:
    titolare = facts.titolare
    return [
        ("Ordine", facts.number),
        ("Identificativo dell'ordine", str(facts.order_id)),
        ("Partner", facts.partner),
        ("Titolare", titolare.name),
        ("Codice fiscale", titolare.codice_fiscale),
        ("Partita IVA", titolare.partita_iva or "non ha"),
    ]


def _acceptance(facts: ReceiptFacts) -> list[Row]:
    return [
        ("Accettato da", facts.accepted_by),
        ("In qualità di", facts.capacity),
        ("Istante (UTC)", f"{facts.accepted_at.astimezone(UTC):{INSTANT}}"),
        ("Istante (ora di Roma)", f"{facts.accepted_at.astimezone(ROME):{INSTANT}}"),
        ("Indirizzo IP", facts.ip or "non rilevato"),
        ("Programma usato", facts.user_agent or "non dichiarato"),
        ("Identificativo del messaggio", str(facts.mail_id)),
    ]

"""The receipt holds the whole evidence, and stays whole itself."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from domain.titolari import display_name
from pdfs.contracts import contract_set
from pdfs.receipt import AcceptedDocument, Holder, ReceiptFacts, receipt
from tests.pdfs.reading import pages, places, squeezed, text
from tests.pdfs.samples import COMPANY, HOSTILE, LONG, facts
from tests.pdfs.test_contracts import HIGHEST, WIDEST

ORDER_ID, MAIL_ID = UUID("6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8"), UUID("0d7c1f0e-95a4-5b2b-8c5d-1f2e3d4c5b6a")
DOCUMENTS = tuple(
    AcceptedDocument(title=file.title, version=file.version, sha256=sha256(file.content).hexdigest())
    for file in contract_set(facts())
)
HOLDER = Holder(name=display_name(COMPANY), codice_fiscale=COMPANY.codice_fiscale, partita_iva=COMPANY.partita_iva)
TICKS = ("Accetto il contratto.", "Approvo le clausole vessatorie.", "Nomino il responsabile del trattamento.")


def evidence(**changes: Any) -> ReceiptFacts:
    given: dict[str, Any] = {
        "number": "2026-000001",
        "order_id": ORDER_ID,
        "partner": "Studio Bianchi",
        "titolare": HOLDER,
        "accepted_by": "Niccolò D'Àngelo",
        "capacity": "legale rappresentante",
        "accepted_at": datetime(2026, 3, 29, 1, 30, 15, 999_999, tzinfo=UTC),
        "ip": "2001:db8::7334",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64)",
        "ticks": TICKS,
        "mail_id": MAIL_ID,
        "documents": DOCUMENTS,
        "evidence_sha256": "e" * 64,
        "chained_sha256": "c" * 64,
    }
    return ReceiptFacts(**{**given, **changes})


def test_it_holds_the_whole_evidence() -> None:
    (page,) = pages(receipt(evidence()))
    for words in (
        *("2026-000001", str(ORDER_ID), "Studio Bianchi", COMPANY.denominazione, COMPANY.codice_fiscale),
        *(
            "Niccolò D'Àngelo",
            "legale rappresentante",
            "2001:db8::7334",
            "Mozilla/5.0 (X11; Linux x86_64)",
            str(MAIL_ID),
        ),
        *("29/03/2026 01:30:15 UTC", "29/03/2026 03:30:15 CEST", *TICKS),
        *(f"{document.title}{document.sha256}{document.version}" for document in DOCUMENTS),
        *("e" * 64, "c" * 64),
    ):
        assert squeezed(str(words)) in page
    assert "Testodiesempio" not in page


def test_what_the_browser_did_not_say_is_said_to_be_missing() -> None:
    page = text(receipt(evidence(ip=None, user_agent="")))
    assert "IndirizzoIPnonrilevato" in page
    assert "Programmausatonondichiarato" in page


@pytest.mark.parametrize("agent", ["W" * 500, ("\x80\t" + HOSTILE) * 6, "a/b " * 125])
def test_any_browser_fits(agent: str) -> None:
    content = receipt(evidence(user_agent=agent, accepted_by=LONG, partner=LONG))
    assert squeezed(agent.replace("\x80", "[U+0080]").replace("\t", "[U+0009]")) in text(content)
    assert all(0 < x <= WIDEST and 0 < y < HIGHEST for x, y in places(content))


def test_the_same_evidence_is_the_same_bytes() -> None:
    assert receipt(evidence()) == receipt(evidence())
    assert receipt(evidence()) != receipt(evidence(ip=None))


def test_a_digest_is_one() -> None:
    with pytest.raises(ValidationError):
        AcceptedDocument(title="x", version="1", sha256="0" * 63)

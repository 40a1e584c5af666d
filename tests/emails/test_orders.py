"""The words we send: whole, recognisable when repeated, and proof against hostile names."""

from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.lifecycle import CancelReason
from domain.mails import MailKind
from domain.products import Product
from emails import orders
from emails.compose import Attachment, Envelope

CAUSE = UUID("6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8")
ENVELOPE = Envelope(
    to="rossi@pec.example", sender="docfly@pec.docfly.invalid", cause=CAUSE, at=datetime(2026, 3, 1, 9, tzinfo=UTC)
)
HOLDER = "D'Àngelo <script>alert(1)</script> & Figli\r\nBcc: x@evil.example"
LINK = "https://ordini.example/accept/abc-DEF_123"
INVITATION: dict[str, Any] = {
    "number": "2026-000001",
    "holder": HOLDER,
    "partner": "Studio Bianchi",
    "product": Product.DOCFLY,
    "link": LINK,
    "accept_by": datetime(2026, 5, 30, 7, 12, 59, tzinfo=UTC),
}
ABOUT = {"number": "2026-000001", "holder": HOLDER, "product": Product.DOCFLY_PA}
RECEIPT = Attachment("ricevuta-2026-000001.pdf", b"%PDF-1.7 sealed")
WORDS: dict[MailKind, dict[str, object]] = {
    MailKind.CONTRACT_ACCEPTANCE: INVITATION,
    MailKind.ACCEPTANCE_REMINDER: INVITATION,
    MailKind.ACCEPTANCE_RECEIPT: {**ABOUT, "partner": "Studio Bianchi", "receipt": RECEIPT, "link": LINK},
    MailKind.ORDER_HELD: {"number": "2026-000001", "partner": "Studio Bianchi"},
    MailKind.ORDER_ACTIVATED: {**ABOUT, "expires_on": date(2027, 3, 1)},
    MailKind.CREDENTIALS: {**ABOUT, "username": "df-1", "link": LINK},
    MailKind.ACTIVATION_FAILED: {**ABOUT, "reason": None},
    MailKind.ORDER_CANCELLED: {**ABOUT, "reason": CancelReason.DECLINED, "refunded_cents": 123450},
    MailKind.ORDER_CANCELLED_TITOLARE: {
        "number": "2026-000001",
        "partner": "Studio Bianchi",
        "product": Product.DOCFLY,
        "reason": CancelReason.ACCEPTANCE_EXPIRED,
    },
}


def mail(kind: MailKind, **changes: object) -> EmailMessage:
    composed: EmailMessage = getattr(orders, kind)(ENVELOPE, **(WORDS[kind] | changes))
    return composed


def parts(message: EmailMessage) -> tuple[str, str]:
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def test_what_is_attached_arrives_to_the_byte() -> None:
    contracts = [Attachment(f"{name}.pdf", name.encode() * 100) for name in ("modulo-d-ordine", "nomina")]
    message = orders.contract_acceptance(ENVELOPE, *contracts, **INVITATION)
    for sent, (name, content) in zip(message.iter_attachments(), contracts, strict=True):
        assert (sent.get_filename(), sent.get_content_type(), sent.get_content()) == (name, "application/pdf", content)
    text, html = parts(message)
    assert LINK in text
    assert LINK in html
    assert bytes(message) == bytes(orders.contract_acceptance(ENVELOPE, *contracts, **INVITATION))


@pytest.mark.parametrize("kind", WORDS)
def test_it_is_the_same_to_the_byte_when_it_is_sent_again(kind: MailKind) -> None:
    first = mail(kind)
    assert first.as_bytes() == mail(kind).as_bytes()
    assert first["Message-ID"] == f"<{CAUSE}@pec.docfly.invalid>"
    assert first["From"] == "DocFly <docfly@pec.docfly.invalid>"
    assert first["To"] == "rossi@pec.example"
    assert first["Bcc"] is None


@pytest.mark.parametrize("kind", WORDS)
def test_a_hostile_name_breaks_nothing(kind: MailKind) -> None:
    message = mail(kind)
    text, html = parts(message)
    assert "<script>" not in html
    assert "\n" not in message["Subject"]
    assert "2026-000001" in message["Subject"] + text
    if "holder" in WORDS[kind]:
        assert "D'Àngelo" in text
        assert "D&#39;Àngelo &lt;script&gt;" in html
    assert {name.lower() for name in message} >= {"date", "subject", "content-language"}


@pytest.mark.parametrize(
    "kind",
    [MailKind.CONTRACT_ACCEPTANCE, MailKind.ACCEPTANCE_REMINDER, MailKind.ACCEPTANCE_RECEIPT, MailKind.CREDENTIALS],
)
def test_the_link_is_in_both_parts(kind: MailKind) -> None:
    text, html = parts(mail(kind))
    assert LINK in text.splitlines()
    assert f'href="{LINK}"' in html


def test_dates_and_euros_are_italian() -> None:
    for kind in (MailKind.CONTRACT_ACCEPTANCE, MailKind.ACCEPTANCE_REMINDER):
        assert all("entro le ore 09:12 del 30/05/2026" in part for part in parts(mail(kind)))
    assert "1.234,50 €" in parts(mail(MailKind.ORDER_CANCELLED))[0]


def test_the_providers_words_are_told_when_there_are_any() -> None:
    assert "ha risposto" not in parts(mail(MailKind.ACTIVATION_FAILED))[0]
    assert "ha risposto: quota" in parts(mail(MailKind.ACTIVATION_FAILED, reason="quota"))[0]


def test_every_kind_has_its_templates() -> None:
    folder = Path(orders.__file__).parent / "templates"
    assert {one.name for one in folder.iterdir() if one.is_dir()} == set(MailKind)
    for kind in MailKind:
        assert {one.name for one in (folder / kind).iterdir()} == {"subject.txt", "body.txt", "body.html"}

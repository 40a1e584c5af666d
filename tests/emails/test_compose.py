"""What leaves is what was meant: read back from its bytes, nothing added and nothing lost."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest
from jinja2 import UndefinedError

from domain.products import Product
from emails import compose as composing
from emails import orders
from emails.compose import Envelope, compose

CAUSE = UUID("6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8")
HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("MIME-Version", "Content-Type", "Content-Language"),
]


def envelope(to: str = "rossi@pec.example", cause: UUID = CAUSE) -> Envelope:
    return Envelope(to=to, sender="docfly@pec.docfly.invalid", cause=cause, at=datetime(2026, 3, 1, 9, tzinfo=UTC))


def failed(holder: str) -> EmailMessage:
    return orders.activation_failed(envelope(), number="1", holder=holder, product=Product.DOCFLY, reason=None)


def read_back(message: EmailMessage) -> EmailMessage:
    return message_from_bytes(message.as_bytes(), policy=default)


@pytest.mark.parametrize(
    "holder",
    [
        "Rossi\r\nBcc: x@evil.example",
        "Rossi\nBcc: x@evil.example\n\nCiao",
        "Rossi\u2028Bcc: x@evil.example",
        "Rossi =?utf-8?q?=0D=0ABcc=3A_x=40evil.example?=",
        "Rossi =?utf-8?b?DQpCY2M6IHhAZXZpbC5leGFtcGxl?=",
        "Rossi " * 60 + "\r\n Bcc: x@evil.example",
    ],
)
def test_a_name_in_the_subject_adds_no_header(holder: str) -> None:
    assert read_back(failed(holder)).keys() == HEADERS
    assert b"\nBcc" not in failed(holder).as_bytes().partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize("holder", ["D'Àngelo & Più", "Société Générale", "Nicolò " * 25 + "Żółć", "R=?S", "x" * 200])
def test_accents_survive_the_journey(holder: str) -> None:
    holder = holder.strip()
    message = read_back(failed(holder))
    assert message["Subject"] == f"Attivazione non riuscita: ordine 1, {holder}"
    text, html = message.iter_parts()
    assert holder in text.get_content()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert "non è riuscita" in html.get_content()
    assert {part.get_content_charset() for part in (text, html)} == {"utf-8"}
    assert max(map(len, message.as_bytes().splitlines())) <= 998


@pytest.mark.parametrize(
    "to", ["a@b.example\r\nBcc: x@evil.example", "a@b.example, x@evil.example", "Rossi <a@b.example>"]
)
def test_there_is_one_recipient(to: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        orders.order_held(envelope(to), number="1", partner="Studio Bianchi")


def test_the_cause_is_what_two_mails_differ_by() -> None:
    first, second = (
        orders.order_held(envelope(cause=UUID(int=at)), number="1", partner="Studio Bianchi") for at in (1, 2)
    )
    assert first["Message-ID"] != second["Message-ID"]
    assert first.as_string().replace(UUID(int=1).hex, UUID(int=2).hex) != second.as_string()
    assert [part.get_content() for part in first.iter_parts()] == [part.get_content() for part in second.iter_parts()]
    assert (first["Date"], first["Auto-Submitted"]) == ("Sun, 01 Mar 2026 09:00:00 +0000", "auto-generated")


def test_a_word_that_is_missing_is_no_mail() -> None:
    with pytest.raises(UndefinedError):
        compose("order_held", envelope(), number="1")


def test_both_parts_end_alike() -> None:
    text, html = (part.get_content() for part in failed("Rossi").iter_parts())
    last = "DocFly · messaggio inviato automaticamente, non occorre rispondere."
    assert text.endswith(f"\n\n-- \n{last}\n")
    assert last in html
    assert "\n\n\n" not in text


def test_no_mail_asks_for_anything_from_outside() -> None:
    """No pictures, styles or scripts: what isn't there can't track a reader, nor be blocked."""
    for file in (Path(composing.__file__).parent / "templates").rglob("*.html"):
        assert not re.search(r"<(img|script|style|link)\b|\bstyle=|https?:", file.read_text()), file.name

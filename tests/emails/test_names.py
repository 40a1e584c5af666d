"""Whatever name the address book takes, the mail that bears it says that name and nothing more."""

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape
from uuid import UUID

from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.identifiers import Text
from domain.products import Product
from emails import orders
from emails.compose import Envelope

ENVELOPE = Envelope(
    to="rossi@pec.example",
    sender="docfly@pec.docfly.invalid",
    cause=UUID("6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8"),
    at=datetime(2026, 3, 1, 9, tzinfo=UTC),
)


def is_a_name(words: str) -> bool:
    try:
        return bool(TypeAdapter(Text).validate_python(words) == words)
    except ValidationError:
        return False


@given(name=st.text(min_size=1, max_size=200).filter(is_a_name))
@example(name="=?utf-8?q?=0D=0ABcc:_x=40evil.example?=")
@example(name="=?utf-8?b?DQpCY2M6IHg=?= =?x")
@example(name="€ " * 99 + "€")
@example(name="Società per più caffè " * 9 + "S.r.l.")
@example(name="😀" * 200)
@example(name="a:b,c;<d@e>")
def test_any_name_survives_the_journey(name: str) -> None:
    mail = orders.order_activated(
        ENVELOPE, number="2026-000001", holder=name, product=Product.DOCFLY, expires_on=date(2027, 3, 1)
    )
    read: EmailMessage = message_from_bytes(mail.as_bytes(), policy=default)
    assert read.keys() == mail.keys()
    assert read["Subject"] == mail["Subject"] == " ".join(f"Servizio attivo: ordine 2026-000001, {name}".split())
    text, html = (part.get_content() for part in read.iter_parts())
    assert f" per {name} è attivo." in text
    assert escape(name).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in html

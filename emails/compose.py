"""From a template's name and its words to a message."""

from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from domain.words import CANCEL_REASONS, PRODUCT_NAMES, RENEWAL_MODES, anni, euro, gigabyte, giorno, termine

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters.update(euro=euro, giorno=giorno, anni=anni, gigabyte=gigabyte, termine=termine)
TEMPLATES.filters.update(prodotto=PRODUCT_NAMES.__getitem__, motivo=CANCEL_REASONS.__getitem__)
TEMPLATES.filters.update(rinnovo=RENEWAL_MODES.__getitem__)


class _Subject(UnstructuredHeader, BaseHeader):
    """Words as they are: the library's own header would decode "=?…?=" in somebody's name, line breaks included."""

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Nothing is read out of the words."""
        kwds["parse_tree"], kwds["decoded"] = cls.value_parser(""), value

    def fold(self, *, policy: Policy) -> str:
        """ASCII stays readable, unless a reader would decode it; the rest is encoded (RFC 2047)."""
        words = Header(self, "utf-8" if "=?" in self else None, header_name=self.name)
        return f"{self.name}: {words.encode(linesep=policy.linesep)}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("subject", _Subject)
POLICY = SMTP.clone(header_factory=HEADERS)


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """To whom, from which box, and the cause that a repeated mail is recognised by (RFC 5322 § 3.6.4)."""

    to: str
    sender: str
    cause: UUID
    at: datetime


class Attachment(NamedTuple):
    """A PDF that goes along."""

    name: str
    content: bytes


def compose(name: str, envelope: Envelope, *attachments: Attachment, **words: Any) -> EmailMessage:
    """The message in text and HTML. Composed twice, it is the same to the byte."""
    message = EmailMessage(policy=POLICY)
    mailbox, _, domain = envelope.sender.partition("@")
    message["From"] = Address("DocFly", mailbox, domain)
    message["To"] = Address(addr_spec=envelope.to)
    message["Subject"] = " ".join(_render(f"{name}/subject.txt", words).split())
    message["Date"] = format_datetime(envelope.at)
    message["Message-ID"] = f"<{envelope.cause}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices back
    message.set_content(_render(f"{name}/body.txt", words))
    message.add_alternative(_render(f"{name}/body.html", words), subtype="html")
    message.set_boundary(f"=_{envelope.cause.hex}_words")
    for attachment in attachments:
        message.add_attachment(attachment.content, maintype="application", subtype="pdf", filename=attachment.name)
    message["Content-Language"] = "it"  # after the parts, which would take it for theirs
    message.set_boundary(f"=_{envelope.cause.hex}")
    return message


def _render(template: str, words: dict[str, Any]) -> str:
    return TEMPLATES.get_template(template).render(words)

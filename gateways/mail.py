"""Mail servers: one client per box, ordinary and PEC."""

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from domain.errors import MailServerUnavailable

SECONDS = 10
"""How long the server may take to be ready for a mail."""
ENVELOPE_SECONDS = 300
"""How long it may look at a sender, or at a recipient (RFC 5321 § 4.5.3.2.2, 3)."""
ANSWER_SECONDS = 600
"""How long it may think about the message (RFC 5321 § 4.5.3.2.6): who gives up sooner sends again what it has taken."""

OURS = frozenset({530, 534, 535, 538})
"""Who sends must show first who they are (RFC 4954 § 6): nothing is wrong with the mail."""

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """The server's final no (5xx). Its words may name the recipient: for the database only."""

    code: int
    words: str


class _PatientSMTP(aiosmtplib.SMTP):
    """The library has one time-out for all that is said about a mail."""

    async def data(self, message: str | bytes, **_: Any) -> aiosmtplib.SMTPResponse:
        """The message, and the answer to it."""
        return await super().data(message, timeout=ANSWER_SECONDS)


class Mailbox:
    """A box that mail leaves from. `url`: smtp://, smtp+starttls:// or smtps://, with user and password."""

    def __init__(self, url: str, *, sender: str) -> None:
        self._url = urlsplit(url)
        if self._url.scheme not in PORTS or not self._url.hostname:
            raise ValueError("a mail URL reads smtp://, smtp+starttls:// or smtps://, then the host")
        self.sender = sender

    async def send(self, message: EmailMessage) -> Refusal | None:
        """Hand one message over; the envelope's sender is the From.

        Raises MailServerUnavailable on 4xx, and when it is we who are refused, not the mail.
        """
        try:
            async with self._connection() as smtp:
                return await _hand_over(smtp, message)
        except aiosmtplib.SMTPResponseException as error:
            raise MailServerUnavailable(code=error.code) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailServerUnavailable from error

    def _connection(self) -> aiosmtplib.SMTP:
        url = self._url
        return _PatientSMTP(
            hostname=url.hostname,
            port=url.port or PORTS[url.scheme],
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=url.scheme == "smtps",
            start_tls=url.scheme == "smtp+starttls",
            timeout=SECONDS,
        )


async def _hand_over(smtp: aiosmtplib.SMTP, message: EmailMessage) -> Refusal | None:
    try:
        await smtp.send_message(message, timeout=ENVELOPE_SECONDS)
    except aiosmtplib.SMTPRecipientsRefused as error:
        return _judge(error.recipients[0].code, error.recipients[0].message)
    except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
        return _judge(error.code, error.message)
    return None


def _judge(code: int, words: str) -> Refusal:
    if code < 500 or code in OURS:  # noqa: PLR2004 - RFC 5321 § 4.2.1
        raise MailServerUnavailable(code=code)
    return Refusal(code=code, words=words.encode(errors="replace").decode().replace("\0", "?"))

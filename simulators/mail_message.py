"""A caught message, read: what the page shows and tests ask for."""

from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from pydantic import BaseModel, ConfigDict, Field


class Attachment(BaseModel):
    """A part with a file name; its bytes are at `/messages/{id}/attachments/{number}`."""

    number: int
    name: str
    media_type: str
    size_bytes: int


class CaughtMessage(BaseModel):
    """A message in plain words. `from` and `to` are headers, the envelope stands beside them."""

    model_config = ConfigDict(validate_by_name=True)

    id: str
    sender: str = Field(serialization_alias="from")
    to: str
    subject: str
    message_id: str
    date: str
    mail_from: str
    rcpt_to: list[str]
    headers: list[tuple[str, str]]
    text: str
    html: str
    attachments: list[Attachment]


def summary(name: str, *, content: bytes) -> dict[str, str]:
    """A line of the list: the headers alone, read quickly."""
    message = message_from_bytes(content.partition(b"\n\n")[0])
    return {"id": name, **{key: _header(message, key) for key in ("from", "to", "subject", "date")}}


def read(name: str, *, content: bytes) -> CaughtMessage:
    """All of it."""
    message = message_from_bytes(content)
    return CaughtMessage(
        id=name,
        sender=_header(message, "from"),
        to=_header(message, "to"),
        subject=_header(message, "subject"),
        message_id=_header(message, "message-id"),
        date=_header(message, "date"),
        mail_from=_header(message, "x-mailfrom"),
        rcpt_to=[one.strip() for one in _header(message, "x-rcptto").split(",")],
        headers=[(key, _words(value)) for key, value in message.items()],
        text=_body(message, media_type="text/plain"),
        html=_body(message, media_type="text/html"),
        attachments=[_describe(number, part) for number, part in enumerate(_files(message))],
    )


def attachment(content: bytes, *, number: int) -> tuple[Attachment, bytes] | None:
    """The attachment and its bytes."""
    for found, part in enumerate(_files(message_from_bytes(content))):
        if found == number:
            return _describe(number, part), _bytes(part)
    return None


def _header(message: Message, name: str) -> str:
    return _words(message.get(name, ""))


def _words(value: object) -> str:
    """Decoded (RFC 2047); as it stands when it is malformed."""
    try:
        return str(make_header(decode_header(str(value)))).replace("\n", "")
    except (HeaderParseError, LookupError, ValueError):
        return str(value)


def _body(message: Message, *, media_type: str) -> str:
    """The first part of this type that is no file."""
    for part in message.walk():
        if part.get_content_type() == media_type and part.get_filename() is None:
            return _text(part)
    return ""


def _text(part: Message) -> str:
    content = _bytes(part)
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _files(message: Message) -> Iterator[Message]:
    return (part for part in message.walk() if part.get_filename() is not None)


def _describe(number: int, part: Message) -> Attachment:
    return Attachment(
        number=number,
        name=_words(part.get_filename()),
        media_type=part.get_content_type(),
        size_bytes=len(_bytes(part)),
    )


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""

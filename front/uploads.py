"""A document on its way in: counted, hashed and judged while it goes to the store, and never whole in memory."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from uuid import UUID, uuid4, uuid5

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import ClientDisconnect, Request

from context import DocumentStore
from db import documents
from db.documents import DocumentRow
from domain.contents.judge import Judge
from domain.documents import LARGEST_BYTES, MediaType
from domain.errors import DomainError
from domain.lifecycle import Actor
from domain.orders import Role
from front.errors import BodyTooLarge, MalformedForm
from front.forms import LONGEST_FIELD_BYTES, FileForm, refuse

PIECE_BYTES = 64 * 1024
FORM_BYTES = 64 * 1024
"""What a form may have besides its file."""
RESPONSABILE = "responsabile"
WISH = "wish"
"""What a page's form is recognised by when the same is sent again."""

NOTHING: Mapping[str, int] = MappingProxyType({})


class Upload:
    """What is known of it once `pieces` have come to their end; before, nothing is."""

    name: str
    media_type: MediaType
    sha256: str
    responsabile: Role | None
    words: str | None = None
    """Why it is added, where that is asked."""

    def __init__(self, request: Request, *, also: Mapping[str, int] = NOTHING) -> None:
        self._request = request
        self._form = FileForm(request, fields={RESPONSABILE: LONGEST_FIELD_BYTES, **also})
        self._judge, self._hash = Judge(), sha256()
        self.size_bytes = 0

    @property
    def fields(self) -> Mapping[str, str]:
        """What the form has besides its file, as far as it has come."""
        return self._form.fields

    async def pieces(self) -> AsyncIterator[bytes]:
        """The file's bytes. Whatever is wrong with it or with the form is raised before they end."""
        piece = bytearray()
        async for data in self._body():
            piece += self._form.feed(data)
            if len(piece) >= PIECE_BYTES:
                yield await self._passed(bytes(piece))
                piece.clear()
        self._form.finish()
        if piece:
            yield await self._passed(bytes(piece))
        await self._conclude()

    async def _body(self) -> AsyncIterator[bytes]:
        size, largest = 0, LARGEST_BYTES + FORM_BYTES
        is_too_large = _declared(self._request) > largest
        try:
            async for data in self._request.stream():
                size += len(data)
                if size > largest:
                    raise BodyTooLarge(limit_bytes=LARGEST_BYTES)
                yield data
                if is_too_large:  # only now: the fields before the file are known
                    raise BodyTooLarge(limit_bytes=LARGEST_BYTES)
        except ClientDisconnect as error:
            raise MalformedForm from error

    async def _passed(self, piece: bytes) -> bytes:
        self.size_bytes += len(piece)
        if self.size_bytes > LARGEST_BYTES:
            raise BodyTooLarge(limit_bytes=LARGEST_BYTES)
        await asyncio.to_thread(self._look_at, piece)  # others have their turn meanwhile
        return piece

    def _look_at(self, piece: bytes) -> None:
        self._hash.update(piece)
        self._judge.feed(piece)

    async def _conclude(self) -> None:
        self.media_type = await asyncio.to_thread(self._judge.finish)
        self.sha256 = self._hash.hexdigest()
        self.name = self._form.file_name or ""
        self.responsabile = _role(self._form.fields.get(RESPONSABILE))
        self.check()

    def check(self) -> None:
        """For who has more to ask of the form before anything is kept."""


async def deposit(
    upload: Upload, session: AsyncSession, store: DocumentStore, *, order_id: UUID, at: datetime, by: Actor
) -> DocumentRow:
    """Keep it, and make it the order's. What the order refuses, or has already, is removed from the store again.

    If the database is lost on the way the object stays: the row may have been written all the same, and without
    one it is an orphan that nobody can ask for.
    """
    document_id = uuid4()
    await store.keep(document_id, upload.pieces())
    row = DocumentRow(
        id=document_id,
        order_id=order_id,
        name=upload.name,
        media_type=upload.media_type,
        size_bytes=upload.size_bytes,
        sha256=upload.sha256,
        responsabile=upload.responsabile,
        at=at,
        by=by,
        wish=_wish(upload, order_id),
    )
    try:
        is_new = await documents.add(session, row, words=upload.words)
    except DomainError:
        await store.forget(document_id)
        raise
    await session.commit()
    if not is_new:
        await store.forget(document_id)
    return row


def _wish(upload: Upload, order_id: UUID) -> UUID | None:
    """Of the form and of all that it brought: with another file or other words it is no repeat."""
    given = upload.fields.get(WISH)
    brought = (given, upload.responsabile, upload.sha256, upload.name, upload.words)
    return None if given is None else uuid5(order_id, repr(brought))


def _declared(request: Request) -> int:
    """How long the body says that it is."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


def _role(given: str | None) -> Role | None:
    if given is not None and given not in set(Role):
        expected = " or ".join(f"'{role}'" for role in Role)
        refuse(RESPONSABILE, "enum", f"Input should be {expected}", expected=expected)
    return None if given is None else Role(given)

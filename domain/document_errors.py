"""What can go wrong with a document by design. Like `domain/errors.py`, of which it is a part."""

from dataclasses import dataclass
from uuid import UUID

from domain.errors import Rejected, Unavailable


class UnsupportedDocument(Rejected):
    """The file isn't a whole document of a kind that is kept here."""


@dataclass(eq=False, kw_only=True)
class DocumentNotFound(Rejected):
    """There is no such document."""

    document_id: UUID


class DocumentStoreUnavailable(Unavailable):
    """The store of documents is out of reach."""

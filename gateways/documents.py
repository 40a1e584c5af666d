"""Where documents are kept: a folder, or a bucket that speaks S3. Keys are our own ids; names are never paths."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from domain.document_errors import DocumentStoreUnavailable

if TYPE_CHECKING:
    from obstore import GetResult
    from obstore.store import ClientConfig, ObjectStore, RetryConfig, S3Config

PART_BYTES = 5 * 1024 * 1024
"""The smallest part that S3 takes; one is in memory at a time."""
PIECE_BYTES = 64 * 1024
PATIENCE: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=15)}
"""Somebody waits for an answer."""

log = structlog.get_logger()


class StoredDocuments:
    """Each document is one object, there as a whole or not at all. Raises DocumentStoreUnavailable."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def keep(self, document_id: UUID, pieces: AsyncIterator[bytes]) -> None:
        """Store what comes. If it doesn't come to its end, what was begun is given up, and its error raised."""
        with _reachable():
            await obstore.put_async(
                self._store, str(document_id), pieces, chunk_size=PART_BYTES, max_concurrency=1, use_multipart=True
            )

    async def read(self, document_id: UUID) -> AsyncIterator[bytes]:
        """The bytes, as they come; whether they are there is known before the first."""
        with _reachable():
            found = await obstore.get_async(self._store, str(document_id))
        return _pieces(found)

    async def forget(self, document_id: UUID) -> None:
        """Remove what nothing refers to."""
        with _reachable():
            await obstore.delete_async(self._store, str(document_id))


def connect(url: str) -> StoredDocuments:
    """The store at a `file:///folder` or `s3://bucket/prefix?endpoint=…&region=…`; a folder is made if it is missing.

    Who we are to S3 stands where its programs look for it: in AWS_ACCESS_KEY_ID and its like, or with the machine.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return StoredDocuments(LocalStore(folder))
    options = dict(parse_qsl(parts.query))
    plain: ClientConfig = {"allow_http": options.get("endpoint", "").startswith("http:")}
    config: S3Config = {name: options[name] for name in ("endpoint", "region") if name in options}  # type: ignore[assignment]
    prefix = parts.path.strip("/") or None
    store = S3Store(parts.netloc, prefix=prefix, config=config, client_options=plain, retry_config=PATIENCE)
    return StoredDocuments(store)


async def _pieces(found: GetResult) -> AsyncIterator[bytes]:
    async for piece in found.stream(min_chunk_size=PIECE_BYTES):
        yield bytes(piece)


@contextmanager
def _reachable() -> Iterator[None]:
    """Its words name folders and buckets: they stay here."""
    try:
        yield
    except (BaseError, OSError) as error:
        log.warning("documents_unavailable", error=type(error).__name__)
        raise DocumentStoreUnavailable from error

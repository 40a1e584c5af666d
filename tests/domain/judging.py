"""How the tests have a file judged."""

import pytest

from domain.contents.judge import Judge
from domain.document_errors import UnsupportedDocument
from domain.documents import MediaType


def judge(content: bytes, *, piece_bytes: int = 64 * 1024) -> MediaType:
    """What it is, when it comes in pieces of a size."""
    judging = Judge()
    for at in range(0, len(content), piece_bytes):
        judging.feed(content[at : at + piece_bytes])
    return judging.finish()


def refused(content: bytes, *, piece_bytes: int = 64 * 1024) -> bool:
    """Whether it is refused; fails if it isn't."""
    with pytest.raises(UnsupportedDocument):
        judge(content, piece_bytes=piece_bytes)
    return True

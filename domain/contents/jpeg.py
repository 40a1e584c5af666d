"""JPEG (ISO/IEC 10918-1): segment after segment to the end of the image. Pictures aren't decoded."""

import re

from domain.contents.tape import Reading, Tape
from domain.document_errors import UnsupportedDocument

SIGNATURE = b"\xff\xd8\xff"
_END, _SCAN = 0xD9, 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITH_A_LENGTH = frozenset(range(0xC0, 0xFF)) - frozenset(range(0xD0, 0xDA))
_AFTER_A_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""In coded data 0xFF stands before zero, fill bytes and restarts only."""


def jpeg(tape: Tape) -> Reading[None]:
    """Read one. Raises UnsupportedDocument."""
    yield from tape.skip(2)
    marker, seen = (yield from _marker(tape)), set[int]()
    while marker != _END:
        seen.add(marker)
        yield from _segment(tape, marker)
        after_a_scan = marker == _SCAN
        marker = (yield from tape.past(_AFTER_A_SCAN))[1] if after_a_scan else (yield from _marker(tape))
    if not (seen & _FRAMES and _SCAN in seen):
        raise UnsupportedDocument


def _marker(tape: Tape) -> Reading[int]:
    """Which marker stands here; fill bytes may come before it."""
    if (yield from tape.take(1)) != b"\xff":
        raise UnsupportedDocument
    code = 0xFF
    while code == 0xFF:  # noqa: PLR2004 - fill
        code = (yield from tape.take(1))[0]
    return code


def _segment(tape: Tape, marker: int) -> Reading[None]:
    """The length counts its own two bytes."""
    length = int.from_bytes((yield from tape.take(2)), "big")
    if marker not in _WITH_A_LENGTH or length < 2:  # noqa: PLR2004 - as above
        raise UnsupportedDocument
    yield from tape.skip(length - 2)

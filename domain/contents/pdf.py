"""PDF (ISO 32000): begins at the first byte, and ends with its own end."""

import re

from domain.contents.tape import Reading, Tape
from domain.errors import UnsupportedDocument

_BEGIN = re.compile(rb"%PDF-(1\.[0-7]|2\.0)")
_END = re.compile(rb"%%EOF[ \t\r\n\f\0]*\Z")
_TAIL_BYTES = 2048


def pdf(tape: Tape) -> Reading[None]:
    """Read one. Raises UnsupportedDocument."""
    if not _BEGIN.fullmatch((yield from tape.take(8))):
        raise UnsupportedDocument
    tail = b""
    while piece := (yield from tape.some()):
        tail = (tail + piece)[-_TAIL_BYTES:]
    if not _END.search(tail):
        raise UnsupportedDocument

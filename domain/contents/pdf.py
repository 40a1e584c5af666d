"""PDF (ISO 32000): begins at the first byte, and ends with its own end."""

import re

from domain.contents.tape import Reading, Tape
from domain.errors import UnsupportedDocument

_BEGIN = re.compile(rb"%PDF-(1\.[0-7]|2\.0)")
_END = re.compile(rb"startxref[ \t\f]*[\r\n]\s*([0-9]{1,10})\s+%%EOF[ \t\r\n\f]*\Z")
_TAIL_BYTES = 2048


def pdf(tape: Tape) -> Reading[None]:
    """Read one. Raises UnsupportedDocument."""
    if not _BEGIN.fullmatch((yield from tape.take(8))):
        raise UnsupportedDocument
    tail = b""
    while piece := (yield from tape.some()):
        tail = (tail + piece)[-_TAIL_BYTES:]
    end = _END.search(tail)
    if end is None or not 0 < int(end[1]) < tape.position:
        raise UnsupportedDocument

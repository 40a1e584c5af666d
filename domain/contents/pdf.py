"""PDF (ISO 32000): begins at the first byte, and its own end points at its table of objects."""

import re
from array import array
from bisect import bisect_left

from domain.contents.tape import MOST_LOOKS, Reading, Tape
from domain.document_errors import UnsupportedDocument

_BEGIN = re.compile(rb"%PDF-(1\.[0-7]|2\.0)")
_SPACE = rb"[ \t\r\n\f\0]"
_END = re.compile(rb"startxref%b+(\d{1,10})%b+%%%%EOF%b*\Z" % (_SPACE, _SPACE, _SPACE))
_TAIL_BYTES = 2048
_MARK = re.compile(rb"(xref|obj)(?<!startxref)(?<!endobj)")
_NUMBERS = re.compile(rb"(?<!\d)\d{1,10}%b{1,4}\d{1,5}%b{1,4}\Z" % (_SPACE, _SPACE))
_LONGEST_MARK = 32


def pdf(tape: Tape) -> Reading[None]:
    """Read one. Raises UnsupportedDocument."""
    if not _BEGIN.fullmatch((yield from tape.take(8))):
        raise UnsupportedDocument
    marks, tail = _Marks(), b""
    while piece := (yield from tape.some()):
        marks.look(tail[-_LONGEST_MARK:], piece, begins=tape.position - len(piece))
        tail = (tail + piece)[-_TAIL_BYTES:]
    end = _END.search(tail)
    if end is None or not marks.hold(int(end[1])):
        raise UnsupportedDocument


class _Marks:
    """Where tables (`xref`) and objects (`1 0 obj`; a table may be one) begin: no more than a file may have parts."""

    def __init__(self) -> None:
        self._at = array("Q")
        self._looks = 0
        self._has_objects = False

    def look(self, before: bytes, piece: bytes, *, begins: int) -> None:
        """Note those that end in the piece; `begins` is the piece's own place."""
        window = before + piece
        for found in _MARK.finditer(window):
            self._looks += 1
            if self._looks > MOST_LOOKS:
                raise UnsupportedDocument
            start = _beginning(window, found) if found.end() > len(before) else None
            if start is not None:
                self._at.append(begins - len(before) + start)
                self._has_objects = self._has_objects or found[0] == b"obj"

    def hold(self, place: int) -> bool:
        """Whether one begins just there, and there are objects at all."""
        at = bisect_left(self._at, place)
        return self._has_objects and self._at[at : at + 1] == array("Q", [place])


def _beginning(window: bytes, found: re.Match[bytes]) -> int | None:
    """Of a table, or of the numbers that an object begins with; without them, it is none."""
    if found[0] == b"xref":
        return found.start()
    start = max(0, found.start() - _LONGEST_MARK)
    numbers = _NUMBERS.search(window[start : found.start()])
    return numbers and start + numbers.start()

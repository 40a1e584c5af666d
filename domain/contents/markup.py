"""XML 1.0: well-formed to the end, without a document type, so that nothing is expanded or fetched."""

from typing import NoReturn
from xml.parsers import expat

from domain.contents.tape import Reading, Tape
from domain.document_errors import UnsupportedDocument

DEEPEST = 200
MOST_NAMES = 10_000
LONGEST_BYTES = 1024 * 1024
"""Of one tag, comment or instruction. These three are what the parser keeps in memory."""
_FOR_BROWSERS = frozenset({"html", "svg"})


def xml(tape: Tape) -> Reading[None]:
    """Read one. Raises UnsupportedDocument."""
    parser = _Parser()
    while piece := (yield from tape.some()):
        parser.feed(piece, position=tape.position)
    parser.finish()


class _Parser:
    def __init__(self) -> None:
        self._depth = 0
        self._expat = expat.ParserCreate()
        self._expat.StartDoctypeDeclHandler = _refuse
        self._expat.StartElementHandler = self._opened
        self._expat.EndElementHandler = self._closed

    def feed(self, piece: bytes, *, position: int) -> None:
        self._parse(piece, is_last=False)
        if position - self._expat.CurrentByteIndex > LONGEST_BYTES + len(piece):
            raise UnsupportedDocument

    def finish(self) -> None:
        self._parse(b"", is_last=True)

    def _parse(self, piece: bytes, *, is_last: bool) -> None:
        try:
            self._expat.Parse(piece, is_last)
        except (
            expat.ExpatError,
            LookupError,
            ValueError,
        ) as error:  # the last two: an encoding that Python can't give it
            raise UnsupportedDocument from error

    def _opened(self, name: str, _: object) -> None:
        is_page = not self._depth and name.rpartition(":")[2].lower() in _FOR_BROWSERS
        self._depth += 1
        if is_page or self._depth > DEEPEST or len(self._expat.intern) > MOST_NAMES:
            raise UnsupportedDocument

    def _closed(self, _: str) -> None:
        self._depth -= 1


def _refuse(*_: object) -> NoReturn:
    raise UnsupportedDocument

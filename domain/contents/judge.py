"""Which of the kinds we keep a file is, told while it comes."""

import re

from domain.contents.armour import armoured
from domain.contents.jpeg import SIGNATURE as JPEG
from domain.contents.jpeg import jpeg
from domain.contents.markup import xml
from domain.contents.p7m import p7m
from domain.contents.pdf import pdf
from domain.contents.png import SIGNATURE as PNG
from domain.contents.png import png
from domain.contents.tape import Playing, Reading, Tape, whole
from domain.document_errors import UnsupportedDocument
from domain.documents import MediaType

KINDS = (
    (re.compile(rb"%PDF-"), MediaType.PDF, pdf),
    (re.compile(re.escape(PNG)), MediaType.PNG, png),
    (re.compile(re.escape(JPEG)), MediaType.JPEG, jpeg),
    (re.compile(rb"\x30[\x80-\x84]"), MediaType.P7M, p7m),
    (re.compile(rb"MI|-----BEGIN "), MediaType.P7M, armoured),
    (re.compile(rb"(\xef\xbb\xbf)?[ \t\r\n]*<|\xff\xfe|\xfe\xff"), MediaType.XML, xml),
)
"""How each begins. The longest beginning that is told apart is 64 bytes: more space comes before no XML."""
_BEGINNING_BYTES = 64
_PICTURES = frozenset({MediaType.PNG, MediaType.JPEG})
_COULD_BE_MORE = _PICTURES | {MediaType.PDF}
_PAGE = re.compile(rb"<!doctype html|<html|<script|<body", re.IGNORECASE)
_HEAD_BYTES = 1445
"""As far as a browser looks for a page (MIME Sniffing § 5.2)."""
_PDF = b"%PDF-"
_LENIENT_BYTES = 1024 + len(_PDF) - 1
"""As far as lenient readers look for a PDF."""
_ARCHIVE = b"PK\x05\x06"
_TAIL_BYTES = 22 + 65535
"""As far back as a ZIP's end is looked for."""


class Judge:
    """Takes a file's pieces, in order. Raises UnsupportedDocument as soon as it is nothing that we keep."""

    def __init__(self) -> None:
        self._playing = Playing(_judged(Tape()))
        self._head = self._tail = b""

    def feed(self, piece: bytes) -> None:
        """The next piece; never an empty one."""
        self._playing.feed(piece)
        if len(self._head) < _HEAD_BYTES:
            self._head += piece[:_HEAD_BYTES]
        self._tail = (self._tail + piece)[-_TAIL_BYTES:]

    def finish(self) -> MediaType:
        """There is no more: what it is."""
        kind = self._playing.finish()
        if kind in _COULD_BE_MORE and (_PAGE.search(self._head[:_HEAD_BYTES]) or _ARCHIVE in self._tail):
            raise UnsupportedDocument
        if kind in _PICTURES and _PDF in self._head[:_LENIENT_BYTES]:
            raise UnsupportedDocument
        return kind


def _judged(tape: Tape) -> Reading[MediaType]:
    beginning = yield from tape.peek(_BEGINNING_BYTES)
    for mark, media_type, read in KINDS:
        if mark.match(beginning):
            yield from whole(tape, read(tape))
            return media_type
    raise UnsupportedDocument

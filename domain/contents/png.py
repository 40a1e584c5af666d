"""PNG (ISO/IEC 15948): chunk after chunk, each with its right sum, to IEND. Pictures aren't decoded."""

import re
import struct
from zlib import crc32

from domain.contents.tape import Reading, Tape
from domain.document_errors import UnsupportedDocument

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KIND = re.compile(rb"[A-Za-z]{4}")
_HEADER_BYTES = 13
_LARGEST = 2**31 - 1


def png(tape: Tape) -> Reading[None]:
    """Read one. Raises UnsupportedDocument."""
    yield from tape.skip(len(SIGNATURE))
    yield from _header(tape)
    has_pixels = False
    while (kind := (yield from _chunk(tape))) != b"IEND":
        has_pixels = has_pixels or kind == b"IDAT"
    if not has_pixels:
        raise UnsupportedDocument


def _header(tape: Tape) -> Reading[None]:
    """IHDR comes first, and says how large the picture is."""
    length, kind, width, height = struct.unpack(">I4sII", (yield from tape.peek(16)).ljust(16, b"\0"))
    if (length, kind) != (_HEADER_BYTES, b"IHDR") or not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        raise UnsupportedDocument
    yield from _chunk(tape)


def _chunk(tape: Tape) -> Reading[bytes]:
    """One chunk's kind."""
    length, kind = struct.unpack(">I4s", (yield from tape.take(8)))
    if not _KIND.fullmatch(kind) or (kind == b"IEND" and length):
        raise UnsupportedDocument
    check = crc32(kind)
    while length:
        if not (piece := (yield from tape.some(length))):
            raise UnsupportedDocument
        check, length = crc32(piece, check), length - len(piece)
    if (yield from tape.take(4)) != check.to_bytes(4, "big"):
        raise UnsupportedDocument
    found: bytes = kind
    return found

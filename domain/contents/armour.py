"""P7M written in letters: base64 (RFC 4648), bare or as PEM (RFC 7468)."""

import binascii
import re

from domain.contents.p7m import p7m
from domain.contents.tape import Playing, Reading, Tape, whole
from domain.document_errors import UnsupportedDocument

_BEGIN = re.compile(rb"-----BEGIN (PKCS7|CMS|SIGNED MESSAGE|PKCS #7 SIGNED DATA)-----")
_LINE_BYTES = 64
_SPACE = b" \t\r\n"


def armoured(tape: Tape) -> Reading[None]:
    """Read one. Raises UnsupportedDocument."""
    label = _BEGIN.match((yield from tape.peek(_LINE_BYTES)))
    yield from tape.skip(label.end() if label else 0)
    letters = _Letters()
    while piece := (yield from tape.some()):
        text, dash, rest = piece.partition(b"-")
        letters.feed(text)
        if dash:
            more = yield from tape.peek(_LINE_BYTES)
            footer = dash + rest + more
            if label is None or footer.rstrip(_SPACE) != label[0].replace(b"BEGIN", b"END"):
                raise UnsupportedDocument
            yield from tape.skip(len(more))  # what may come after is judged as it comes
            label = None
    if label is not None:
        raise UnsupportedDocument
    letters.finish()


class _Letters:
    """What the letters stand for is read on the way."""

    def __init__(self) -> None:
        tape = Tape()
        self._inner = Playing(whole(tape, p7m(tape)))
        self._left = b""
        self._is_padded = False

    def feed(self, text: bytes) -> None:
        self._left += text.translate(None, _SPACE)
        if self._left and self._is_padded:
            raise UnsupportedDocument
        now = self._left[: len(self._left) // 4 * 4]
        if now:
            self._left = self._left[len(now) :]
            self._is_padded = now.endswith(b"=")
            self._inner.feed(_decode(now))

    def finish(self) -> None:
        if self._left:
            raise UnsupportedDocument
        self._inner.finish()


def _decode(text: bytes) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error as error:
        raise UnsupportedDocument from error

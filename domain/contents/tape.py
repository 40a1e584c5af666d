"""A file that comes in pieces, read as if it were there.

A reading is a generator: it asks the tape by `yield from`, and stands still until the next piece comes. An empty piece
is the end of the file.
"""

import re
from collections.abc import Generator
from typing import Generic, TypeVar

from domain.document_errors import UnsupportedDocument

T = TypeVar("T")
Reading = Generator[None, bytes, T]

MOST_LOOKS = 500_000
"""No honest file has as many parts; to go on would cost more than the file is worth."""


class Tape:
    """What has come of a file and isn't read yet."""

    def __init__(self) -> None:
        self._piece = b""
        self._at = self._before = self._looks = 0

    @property
    def position(self) -> int:
        """How many bytes have been read."""
        return self._before + self._at

    def peek(self, length: int) -> Reading[bytes]:
        """The next bytes, which stay unread; fewer if the file ends before."""
        while len(self._piece) - self._at < length and (yield from self._more()):
            pass
        return self._piece[self._at : self._at + length]

    def take(self, length: int) -> Reading[bytes]:
        """The next bytes, all of them. Raises UnsupportedDocument if the file ends before."""
        self._look()
        found = yield from self.peek(length)
        if len(found) < length:
            raise UnsupportedDocument
        self._at += length
        return found

    def some(self, most: int | None = None) -> Reading[bytes]:
        """What is there, `most` bytes at most; nothing at the end."""
        if self._at == len(self._piece):
            yield from self._more()
        found = self._piece[self._at :] if most is None else self._piece[self._at : self._at + most]
        self._at += len(found)
        return found

    def skip(self, length: int) -> Reading[None]:
        """Go past bytes that don't matter. Raises UnsupportedDocument if the file ends before."""
        while length:
            if not (found := (yield from self.some(length))):
                raise UnsupportedDocument
            length -= len(found)

    def past(self, mark: re.Pattern[bytes]) -> Reading[bytes]:
        """Go past the next mark of two bytes, and say which it is. Raises UnsupportedDocument if none comes."""
        self._look()
        while not (found := mark.search(self._piece, self._at)):
            self._at = max(self._at, len(self._piece) - 1)
            if not (yield from self._more()):
                raise UnsupportedDocument
        self._at = found.end()
        return found[0]

    def _look(self) -> None:
        self._looks += 1
        if self._looks > MOST_LOOKS:
            raise UnsupportedDocument

    def _more(self) -> Reading[bool]:
        fresh = yield
        self._piece, self._before, self._at = self._piece[self._at :] + fresh, self.position, 0
        return bool(fresh)


class Playing(Generic[T]):
    """A reading under way. Whoever feeds it sees what it raises."""

    def __init__(self, reading: Reading[T]) -> None:
        self._reading = reading
        next(reading)

    def feed(self, piece: bytes) -> None:
        """The next piece; never an empty one."""
        self._reading.send(piece)

    def finish(self) -> T:
        """There is no more: the result."""
        while True:
            try:
                self._reading.send(b"")
            except StopIteration as end:
                result: T = end.value
                return result


def whole(tape: Tape, reading: Reading[T]) -> Reading[T]:
    """A reading after which nothing may come. Raises UnsupportedDocument."""
    result = yield from reading
    if (yield from tape.some()):
        raise UnsupportedDocument
    return result

"""Reads a page back: what a reader's search or copy would find."""

import re
from collections.abc import Iterator
from io import BytesIO

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, Reference, read_object
from pyhanko.pdf_utils.reader import PdfFileReader

PLACED = re.compile(rb"1 0 0 -1 ([\d.-]+) ([\d.-]+) cm")
SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf [-\d. ]+ Tm")
GLYPH = re.compile(rb"^<(\w{4})> <(\w+)>$", re.MULTILINE)


def pages(content: bytes) -> list[str]:
    """Each page's text without its spaces: where a line ends is no part of a promise."""
    tree = PdfFileReader(BytesIO(content)).root["/Pages"]
    return ["".join("".join(_shown(page)).split()) for page in _leaves(tree)]


def text(content: bytes) -> str:
    return "".join(pages(content))


def places(content: bytes) -> list[tuple[float, float]]:
    """Where each run of letters begins, in points from the lower left corner."""
    streams = [page["/Contents"].data for page in _leaves(PdfFileReader(BytesIO(content)).root["/Pages"])]
    return [(float(x), float(y)) for stream in streams for x, y in PLACED.findall(stream)]


def squeezed(words: str) -> str:
    return "".join(words.split())


def _leaves(node: DictionaryObject) -> Iterator[DictionaryObject]:
    if "/Kids" not in node:
        yield node
        return
    kids = node["/Kids"]
    for at in range(len(kids)):  # asked for by its place, a kid comes itself, not as a reference
        yield from _leaves(kids[at])


def _shown(page: DictionaryObject) -> Iterator[str]:
    fonts = page["/Resources"]["/Font"].items()
    glyphs = {name[1:].encode(): _glyphs(font.get_object()["/ToUnicode"].data) for name, font in fonts}
    stream = BytesIO(page["/Contents"].data)
    for found in SHOWN.finditer(stream.getvalue()):
        stream.seek(found.end())
        shown = read_object(stream, Reference(0, 0))
        for part in shown if isinstance(shown, ArrayObject) else [shown]:
            code = getattr(part, "original_bytes", b"")  # what lies between two strings is the space they keep
            yield from (glyphs[found[1]][code[at : at + 2]] for at in range(0, len(code), 2))


def _glyphs(table: bytes) -> dict[bytes, str]:
    pairs = (map(bytes.fromhex, map(bytes.decode, found)) for found in GLYPH.findall(table))
    return {code: words.decode("utf-16-be") for code, words in pairs}

"""P7M: CMS signed data (RFC 5652) that holds what was signed, in BER or DER.

What was signed is gone past, whatever it is; the rest is parsed strictly. No signature is verified.
"""

from typing import Any, NamedTuple

from asn1crypto import algos, cms, core, x509

from domain.contents.tape import Reading, Tape
from domain.document_errors import UnsupportedDocument

_INTEGER, _OCTETS, _OID, _OCTETS_IN_PARTS, _SEQUENCE, _SET = 0x02, 0x04, 0x06, 0x24, 0x30, 0x31
_TAG_0, _TAG_1 = 0xA0, 0xA1
_SIGNED_DATA = core.ObjectIdentifier("1.2.840.113549.1.7.2").dump()
_PARTS: dict[int, Any] = {_TAG_0: x509.Certificate, _TAG_1: None, _SET: cms.SignerInfo}
_NEEDED = {
    x509.Certificate: (
        ("tbs_certificate", "serial_number"),
        ("signature_algorithm", "algorithm"),
        ("signature_value",),
    ),
    cms.SignerInfo: (("version",), ("digest_algorithm", "algorithm"), ("signature_algorithm", "algorithm")),
    core.Integer: ((),),
    algos.DigestAlgorithm: (("algorithm",),),
}
_DEEPEST = 16
_MOST_PARTS = 1000
_LARGEST_PART = 4 * 1024 * 1024
_LONG_TAG, _CONSTRUCTED, _LONG, _INDEFINITE, _LONGEST = 0x1F, 0x20, 0x7F, 0x80, 0x84
_END = b"\0\0"


class _Element(NamedTuple):
    """A tag, where its contents end (None: at an end of their own), and the bytes that said so."""

    tag: int
    end: int | None
    head: bytes = b""


def p7m(tape: Tape) -> Reading[None]:
    """Read one. Raises UnsupportedDocument."""
    outer = yield from _header(tape)
    if outer.tag != _SEQUENCE:
        raise UnsupportedDocument
    if (yield from _bytes(tape, (yield from _child(tape, outer, _OID)))) != _SIGNED_DATA:
        raise UnsupportedDocument
    wrapper = yield from _child(tape, outer, _TAG_0)
    yield from _signed_data(tape, (yield from _child(tape, wrapper, _SEQUENCE)))
    yield from _close(tape, wrapper)
    yield from _close(tape, outer)


def _signed_data(tape: Tape, signed: _Element) -> Reading[None]:
    _parse(core.Integer, (yield from _bytes(tape, (yield from _child(tape, signed, _INTEGER)))))
    yield from _each(tape, (yield from _child(tape, signed, _SET)), algos.DigestAlgorithm)
    yield from _contents(tape, (yield from _child(tape, signed, _SEQUENCE)))
    signers = 0
    while (part := (yield from _next(tape, signed))) is not None:
        if part.tag not in _PARTS:
            raise UnsupportedDocument
        found = yield from _each(tape, part, _PARTS[part.tag])
        signers += found if part.tag == _SET else 0
    if not signers:
        raise UnsupportedDocument


def _contents(tape: Tape, enclosed: _Element) -> Reading[None]:
    """What was signed: there, and in octets."""
    yield from _bytes(tape, (yield from _child(tape, enclosed, _OID)))
    wrapper = yield from _child(tape, enclosed, _TAG_0)
    octets = yield from _next(tape, wrapper)
    yield from _octets(tape, octets, deep=0)
    yield from _close(tape, wrapper)
    yield from _close(tape, enclosed)


def _octets(tape: Tape, element: _Element | None, *, deep: int) -> Reading[None]:
    if element is None or element.tag not in (_OCTETS, _OCTETS_IN_PARTS) or deep > _DEEPEST:
        raise UnsupportedDocument
    if element.tag == _OCTETS and element.end is not None:
        yield from tape.skip(element.end - tape.position)
        return
    while (part := (yield from _next(tape, element))) is not None:
        yield from _octets(tape, part, deep=deep + 1)


def _each(tape: Tape, element: _Element, kind: Any) -> Reading[int]:
    """How many there are in a set of a kind; of certificates, the older kinds are let pass."""
    count = 0
    while (part := (yield from _next(tape, element))) is not None:
        count += 1
        if count > _MOST_PARTS:
            raise UnsupportedDocument
        found = yield from _bytes(tape, part)
        if kind and (part.tag == _SEQUENCE or kind is not x509.Certificate):
            _parse(kind, found)
    return count


def _parse(kind: Any, found: bytes) -> None:
    """Nothing missing, nothing besides."""
    try:
        value = kind.load(found, strict=True)
        for path in _NEEDED[kind]:
            part = value
            for name in path:
                part = part[name]
            _ = part.native
    except (ValueError, TypeError, LookupError) as error:  # the parser's ways to stumble over damage
        raise UnsupportedDocument from error


def _child(tape: Tape, parent: _Element, tag: int) -> Reading[_Element]:
    """The next element within another, which must be of a kind."""
    found = yield from _next(tape, parent)
    if found is None or found.tag != tag:
        raise UnsupportedDocument
    return found


def _close(tape: Tape, parent: _Element) -> Reading[None]:
    if (yield from _next(tape, parent)) is not None:
        raise UnsupportedDocument


def _next(tape: Tape, parent: _Element) -> Reading[_Element | None]:
    """The next element within another; None after the last."""
    if tape.position == parent.end:
        return None
    found = yield from _header(tape)
    if parent.end is None:
        return None if found.head == _END else found
    if found.head == _END or tape.position > parent.end or (found.end or 0) > parent.end:
        raise UnsupportedDocument
    return found


def _bytes(tape: Tape, element: _Element, *, deep: int = 0) -> Reading[bytes]:
    """A whole element, as it came."""
    if element.end is not None:
        length = element.end - tape.position
        if length > _LARGEST_PART:
            raise UnsupportedDocument
        return element.head + (yield from tape.take(length))
    if deep > _DEEPEST:
        raise UnsupportedDocument
    found = bytearray(element.head)
    while (part := (yield from _next(tape, element))) is not None:
        found += yield from _bytes(tape, part, deep=deep + 1)
        if len(found) > _LARGEST_PART:
            raise UnsupportedDocument
    return bytes(found) + _END


def _header(tape: Tape) -> Reading[_Element]:
    head = yield from tape.take(2)
    tag, length = head
    if tag & _LONG_TAG == _LONG_TAG or length > _LONGEST:
        raise UnsupportedDocument
    if length == _INDEFINITE:
        if not tag & _CONSTRUCTED:
            raise UnsupportedDocument
        return _Element(tag, None, head)
    if length > _INDEFINITE:
        more = yield from tape.take(length & _LONG)
        head, length = head + more, int.from_bytes(more, "big")
    return _Element(tag, tape.position + length, head)

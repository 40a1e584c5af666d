"""Documents as small as can be, one of each kind, made here."""

import base64
import struct
import zlib
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

XML = b'<?xml version="1.0" encoding="UTF-8"?>\n<delega xmlns="urn:x"><di nome="Rossi"/>perch\xc3\xa9</delega>'
SIGNED_DATA, DATA = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010701")


def pdf(filling: bytes = b"") -> bytes:
    """One empty page; the filling stands in a comment."""
    parts = [
        b"%PDF-1.7\n",
        b"%" + filling + b"\n" if filling else b"",
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n",
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>\nendobj\n",
    ]
    at = [sum(map(len, parts[:count])) for count in range(2, 6)]
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in at[:3])
    return b"".join(parts) + table + b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % at[3]


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*more: bytes, width: int = 1, height: int = 1) -> bytes:
    """One black pixel, with more chunks before it."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + pixels + chunk(b"IEND")


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(*more: bytes) -> bytes:
    """One grey pixel, with more segments before it."""
    tables = segment(0xDB, b"\0" + b"\x01" * 64) + segment(0xC0, bytes([8, 0, 1, 0, 1, 1, 1, 0x11, 0]))
    tables += segment(0xC4, b"\0\1" + b"\0" * 15 + b"\0") + segment(0xC4, b"\x10\1" + b"\0" * 15 + b"\0")
    scan = segment(0xDA, bytes([1, 1, 0, 0, 63, 0])) + b"\x2b\xff\x00\xff\xd0\x15"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0") + b"".join(more) + tables + scan + b"\xff\xd9"


@cache
def signer() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime(2026, 1, 1, tzinfo=UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Maria Rossi")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + timedelta(days=1))
    return builder.sign(key, SHA256()), key


@cache
def p7m(content: bytes = XML, *options: pkcs7.PKCS7Options, encoding: Encoding = Encoding.DER) -> bytes:
    """Signed by Maria Rossi."""
    chosen = [pkcs7.PKCS7Options.Binary, *options]
    signing = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(*signer(), SHA256())
    return signing.sign(encoding, chosen)


def pem() -> bytes:
    return p7m(encoding=Encoding.PEM).strip()


def base64_p7m() -> bytes:
    return base64.encodebytes(p7m()).strip()


def tlv(tag: int, *contents: bytes) -> bytes:
    """DER, with a length of four bytes: DER's own rules about the shortest one are nobody's business here."""
    data = b"".join(contents)
    return bytes([tag, 0x84]) + len(data).to_bytes(4, "big") + data


def endless(tag: int, *contents: bytes) -> bytes:
    """BER, of a length that isn't said."""
    return bytes([tag, 0x80]) + b"".join(contents) + b"\0\0"


def ber(*octets: bytes) -> bytes:
    """As signing programs write it that don't know the length before: in pieces."""
    from asn1crypto import cms

    signed = cms.ContentInfo.load(p7m())["content"]
    octets = octets or (tlv(0x04, b"<a>"), endless(0x24, tlv(0x04, b"</"), tlv(0x04, b"a>")))
    inner = endless(0x30, DATA, endless(0xA0, endless(0x24, *octets)))
    certificates = endless(0xA0, *(one.chosen.dump() for one in signed["certificates"]))
    signers = endless(0x31, *(one.dump() for one in signed["signer_infos"]))
    parts = (signed["version"].dump(), signed["digest_algorithms"].dump(), inner, certificates, signers)
    return endless(0x30, SIGNED_DATA, endless(0xA0, endless(0x30, *parts)))


SAMPLES = {
    "pdf": ("application/pdf", pdf()),
    "png": ("image/png", png()),
    "jpeg": ("image/jpeg", jpeg()),
    "xml": ("application/xml", XML),
    "xml-utf16": ("application/xml", XML.decode().replace("UTF-8", "UTF-16").encode("utf-16")),
    "p7m-der": ("application/pkcs7-mime", p7m()),
    "p7m-ber": ("application/pkcs7-mime", ber()),
    "p7m-pem": ("application/pkcs7-mime", pem()),
    "p7m-base64": ("application/pkcs7-mime", base64_p7m()),
}

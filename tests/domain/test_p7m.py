"""P7M: signed data that holds what was signed, in whatever of its spellings."""

import base64

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from domain.contents import p7m as reader
from domain.contents.judge import Judge
from domain.document_errors import UnsupportedDocument
from tests.domain.judging import judge, refused
from tests.samples import DATA, SIGNED_DATA, base64_p7m, ber, endless, p7m, pem, tlv

SIGNED = cms.ContentInfo.load(p7m())["content"]
VERSION, DIGESTS = SIGNED["version"].dump(), SIGNED["digest_algorithms"].dump()
CONTENTS = tlv(0x30, DATA, tlv(0xA0, tlv(0x04, b"<a/>")))
SIGNERS = SIGNED["signer_infos"].dump()
(SIGNER,) = (one.dump() for one in SIGNED["signer_infos"])
(CERTIFICATE,) = (one.chosen.dump() for one in SIGNED["certificates"])


def signed(*parts: bytes, kind: bytes = SIGNED_DATA) -> bytes:
    return tlv(0x30, kind, tlv(0xA0, tlv(0x30, *parts)))


def test_it_may_have_no_certificates_and_lists_of_revoked_ones() -> None:
    for parts in (
        (SIGNERS,),
        (tlv(0xA1, tlv(0x30)), SIGNERS),
        (tlv(0xA0, CERTIFICATE, endless(0xA1, b"\x05\0")), SIGNERS),
    ):
        assert judge(signed(VERSION, DIGESTS, CONTENTS, *parts)) == "application/pkcs7-mime"


def test_what_was_signed_may_be_anything() -> None:
    for content in (b"", b"PK\x05\x06" + bytes(18), bytes(300_000)):
        assert judge(p7m(content)) == "application/pkcs7-mime"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(p7m(b"x", PKCS7Options.DetachedSignature), id="detached"),
        pytest.param(CERTIFICATE, id="certificate"),
        pytest.param(signed(VERSION, DIGESTS, CONTENTS, SIGNERS, kind=DATA), id="other-kind"),
        pytest.param(signed(VERSION, DIGESTS, CONTENTS), id="no-signers"),
        pytest.param(signed(VERSION, DIGESTS, CONTENTS, tlv(0x31)), id="nobody"),
        pytest.param(signed(VERSION, DIGESTS, CONTENTS, tlv(0x31, tlv(0x30))), id="empty-signer"),
        pytest.param(signed(VERSION, DIGESTS, CONTENTS, tlv(0x31, tlv(0x04))), id="signer-of-no-kind"),
        pytest.param(signed(VERSION, DIGESTS, CONTENTS, tlv(0xA2), SIGNERS), id="unknown-part"),
        pytest.param(signed(VERSION, DIGESTS, CONTENTS, tlv(0xA0, tlv(0x30)), SIGNERS), id="empty-certificate"),
        pytest.param(signed(VERSION, DIGESTS, CONTENTS, tlv(0x31, SIGNER[:-1])), id="cut-off-signer"),
        pytest.param(signed(VERSION, tlv(0x31, b"\x05\x00"), CONTENTS, SIGNERS), id="digests"),
        pytest.param(signed(DIGESTS, CONTENTS, SIGNERS), id="no-version"),
        pytest.param(signed(VERSION, DIGESTS, tlv(0x30, DATA), SIGNERS), id="no-contents"),
        pytest.param(signed(VERSION, DIGESTS, tlv(0x30, DATA, tlv(0xA0)), SIGNERS), id="no-octets"),
        pytest.param(signed(VERSION, DIGESTS, tlv(0x30, DATA, tlv(0xA0, tlv(0x30))), SIGNERS), id="no-octets-but"),
        pytest.param(signed(VERSION, DIGESTS, tlv(0x30, DATA, tlv(0xA0, tlv(4), tlv(4))), SIGNERS), id="twice"),
        pytest.param(b"\x31" + p7m()[1:], id="no-sequence"),
        pytest.param(b"\x30\x80" + b"\x06\x80", id="endless-primitive"),
        pytest.param(b"\x30\x80" + b"\x1f\x80", id="long-tag"),
        pytest.param(b"\x30\x84\0\0\0\x02\0\0", id="end-of-nothing"),
        pytest.param(b"\x30\x84\0\0\0\x04" + tlv(0x06, b"12345678"), id="child-beyond-its-parent"),
        pytest.param(b"\x30\x84\0\0\0\x03" + tlv(0x06), id="head-beyond-its-parent"),
        pytest.param(signed(b"\x02\x84\x7f\xff\xff\xff"), id="large-number"),
        pytest.param(signed(VERSION, DIGESTS, CONTENTS, tlv(0xA1, *[b"\x05\0"] * 1001), SIGNERS), id="many-parts"),
    ],
)
def test_it_refuses(content: bytes) -> None:
    assert refused(content)


def test_it_refuses_what_is_nested_without_end() -> None:
    octets, certificate = tlv(0x04, b"x"), CERTIFICATE
    for _ in range(20):
        octets, certificate = endless(0x24, octets), endless(0xA3, certificate)
    assert refused(ber(octets))
    assert refused(signed(VERSION, DIGESTS, CONTENTS, endless(0xA0, certificate), SIGNERS))


def test_it_refuses_parts_that_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_LARGEST_PART", 50)
    assert refused(p7m())
    many = endless(0xA1, endless(0xA3, *[tlv(0x04, bytes(20))] * 3))
    assert refused(signed(VERSION, tlv(0x31), CONTENTS, many, SIGNERS))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(pem().replace(b"END PKCS7", b"END CMS"), id="another-end"),
        pytest.param(pem().replace(b"PKCS7", b"CERTIFICATE"), id="label"),
        pytest.param(pem().rpartition(b"-----END")[0], id="no-end"),
        pytest.param(base64_p7m() + b"\n-----END PKCS7-----", id="no-beginning"),
        pytest.param(base64_p7m()[:-3] + b"*" + base64_p7m()[-2:], id="no-letter"),
        pytest.param(base64.b64encode(p7m() + b"x"), id="one-byte-more"),
        pytest.param(base64.b64encode(p7m()) + b"M", id="one-letter-more"),
        pytest.param(base64.b64encode(p7m()[:100]) + base64.b64encode(p7m()[100:]), id="two"),
        pytest.param(b"-----BEGIN CMS-----\nMQAA\n-----END CMS-----", id="no-sequence"),
    ],
)
def test_it_refuses_letters(content: bytes) -> None:
    assert refused(content)
    assert refused(content, piece_bytes=4)


def test_nothing_comes_after_letters_wherever_they_are_cut() -> None:
    more = pem() + b" " * 60 + b"<html>" * 20
    for at in range(len(pem()) - 30, len(pem()) + 60):
        with pytest.raises(UnsupportedDocument):
            in_two(more[:at], more[at:])


def in_two(one: bytes, other: bytes) -> None:
    judging = Judge()
    judging.feed(one)
    judging.feed(other)
    judging.finish()


def test_letters_may_be_spaced() -> None:
    for content in (pem() + b"\r\n", pem().replace(b"PKCS7", b"CMS"), base64.b64encode(p7m()) + b"\n"):
        assert judge(content) == "application/pkcs7-mime"


@given(at=st.integers(0, len(p7m()) - 1), byte=st.integers(0, 255))
@example(at=370, byte=129)  # an empty string of bits
@hypothesis_settings(max_examples=500)
def test_a_damaged_one_never_makes_it_stumble(at: int, byte: int) -> None:
    for content in (p7m(), ber()):
        damaged = bytearray(content)
        damaged[at % len(content)] = byte
        try:
            judge(bytes(damaged))
        except UnsupportedDocument:
            continue

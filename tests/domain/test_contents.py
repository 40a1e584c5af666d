"""What a file is, told from its bytes: whole samples pass in whatever pieces; anything less, or more, doesn't."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from domain.contents import pdf as printed
from domain.contents import tape
from tests.domain.judging import judge, refused
from tests.pdfs.samples import contents, facts
from tests.samples import SAMPLES, XML, chunk, jpeg, pdf, png, segment

CALMLY = hypothesis_settings(max_examples=100)
KINDS = st.sampled_from(sorted(SAMPLES))
EACH = pytest.mark.parametrize("kind", SAMPLES)
SPACE = b" \t\r\n\f"


@given(kind=KINDS, piece_bytes=st.integers(1, 100))
@CALMLY
def test_a_whole_one_passes_in_whatever_pieces(kind: str, piece_bytes: int) -> None:
    media_type, content = SAMPLES[kind]
    assert judge(content, piece_bytes=piece_bytes) == media_type


@EACH
def test_it_refuses_one_that_is_cut_off_anywhere(kind: str) -> None:
    content = SAMPLES[kind][1]
    assert all(refused(content[:at]) for at in range(len(content)))


@given(kind=KINDS, more=st.binary(min_size=1).filter(lambda more: bool(more.strip(SPACE + b"\0"))))
@CALMLY
def test_it_refuses_anything_after_the_end(kind: str, more: bytes) -> None:
    assert refused(SAMPLES[kind][1] + more)


@given(kind=KINDS, more=st.binary(min_size=1).filter(lambda more: bool(more.strip(SPACE))))
@CALMLY
def test_it_refuses_anything_before_the_beginning(kind: str, more: bytes) -> None:
    assert refused(more + SAMPLES[kind][1])


@given(content=st.binary(max_size=2000))
@CALMLY
def test_it_refuses_random_bytes(content: bytes) -> None:
    assert refused(content)


@given(kind=KINDS, content=st.binary(max_size=2000))
@CALMLY
def test_it_refuses_random_bytes_after_a_good_beginning(kind: str, content: bytes) -> None:
    assert refused(SAMPLES[kind][1][:16] + content)


@EACH
def test_two_are_not_one(kind: str) -> None:
    """But of PDF, which grows by what is written after its end."""
    assert kind == "pdf" or refused(SAMPLES[kind][1] * 2)


@pytest.mark.parametrize("more", [b"PK\x05\x06" + bytes(18), b"<HTML>"], ids=["archive", "page"])
def test_it_refuses_what_could_be_something_else_as_well(more: bytes) -> None:
    assert refused(pdf(more))
    assert refused(png(chunk(b"tEXt", more)))
    assert refused(jpeg(segment(0xFE, more)))
    assert judge(pdf(bytes(2000) + b"<html>")) == "application/pdf"  # no browser looks so far


def test_it_gives_up_a_file_of_too_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    many = png(*[chunk(b"tEXt")] * 200)
    assert judge(many) == "image/png"
    monkeypatch.setattr(tape, "MOST_LOOKS", 100)
    assert refused(many)


TABLE = pdf().rindex(b"xref\n0")
WHERE = b"%d\n%%%%EOF" % TABLE


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(pdf().replace(b"1.7", b"1.8"), id="version"),
        pytest.param(pdf() + b" " * 3000, id="end-far-from-the-end"),
        pytest.param(b"%PDF-1.4\n%%EOF", id="nothing"),
        pytest.param(b"%PDF-1.4\nMZ\x90\0\3\n%%EOF", id="program"),
        pytest.param(b"%PDF-1.4\nrm -rf ~\nexit\n%%EOF\n", id="commands"),
        pytest.param(b"%PDF-1.4\nxref\nstartxref\n9\n%%EOF", id="no-objects"),
        pytest.param(pdf().replace(b"startxref", b"startxxxx"), id="no-place"),
        pytest.param(pdf().replace(WHERE, b"%d\n%%%%EOF" % (TABLE + 1)), id="beside-the-table"),
        pytest.param(pdf().replace(WHERE, b"99999\n%%EOF"), id="behind-the-end"),
        pytest.param(pdf().replace(WHERE, b"%d\n%%%%EOF" % pdf().rindex(b"xref")), id="at-itself"),
        pytest.param(pdf().replace(WHERE, b"%d\n%%%%EOF" % (pdf().index(b"1 0 obj") + 2)), id="in-an-object"),
    ],
)
def test_it_refuses_a_pdf(content: bytes) -> None:
    assert refused(content)


@given(piece_bytes=st.integers(1, 100))
@CALMLY
def test_a_pdf_whose_table_is_an_object_passes(piece_bytes: int) -> None:
    place = pdf().index(b"2 0 obj")
    assert judge(pdf().replace(WHERE, b"%d\n%%%%EOF" % place), piece_bytes=piece_bytes) == "application/pdf"


def test_a_pdf_that_goes_on_with_what_was_added_passes() -> None:
    added = b"\n4 0 obj\n<<>>\nendobj\nxref\n4 1\n%010d 00000 n \ntrailer\n<</Prev %d>>\n" % (len(pdf()) + 1, TABLE)
    place = len(pdf()) + added.index(b"xref")
    assert judge(pdf() + added + b"startxref\n%d\n%%%%EOF\n" % place) == "application/pdf"


@pytest.mark.parametrize("name", ["modulo-d-ordine", "richiesta-di-erogazione"])
def test_what_we_print_passes(name: str) -> None:
    assert judge(contents(facts())[name]) == "application/pdf"


def test_it_gives_up_a_pdf_of_too_many_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [pdf(b"1 0 obj " * 200), pdf(b"obj" * 200)]  # the latter begins none, and each is looked at all the same
    assert [judge(one) for one in many] == ["application/pdf"] * 2
    monkeypatch.setattr(printed, "MOST_LOOKS", 100)
    assert all(refused(one) for one in many)


@pytest.mark.parametrize("before", [0, 900])
def test_it_refuses_a_picture_that_is_a_pdf_as_well(before: int) -> None:
    assert refused(png(chunk(b"tEXt", bytes(before) + pdf())))
    assert refused(jpeg(segment(0xFE, bytes(before) + pdf())))


def test_no_reader_looks_far_into_a_picture_for_a_pdf() -> None:
    assert judge(png(chunk(b"tEXt", bytes(1024) + pdf()))) == "image/png"


@pytest.mark.parametrize("end", [b"\r\n", b" \n", b"\0\0"], ids=repr)
def test_a_pdf_may_end_with_nothing_much(end: bytes) -> None:
    assert judge(pdf() + end) == "application/pdf"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(png(width=0), id="no-width"),
        pytest.param(png(height=0), id="no-height"),
        pytest.param(png(height=2**31), id="too-high"),
        pytest.param(png().replace(b"IHDR", b"tEXt"), id="no-header"),
        pytest.param(png().replace(b"IDAT", b"IDAX"), id="sum"),
        pytest.param(png()[:33] + chunk(b"IEND"), id="no-pixels"),
        pytest.param(png()[:-12] + chunk(b"IEND", b"x"), id="full-end"),
        pytest.param(png(chunk(b"a\0b\0")), id="kind"),
        pytest.param(png()[:33] + b"\xff\xff\xff\xffIDAT", id="cut-off-chunk"),
    ],
)
def test_it_refuses_a_png(content: bytes) -> None:
    assert refused(content)


def test_an_absurd_picture_is_not_decoded() -> None:
    assert judge(png(width=2**31 - 1, height=2**31 - 1)) == "image/png"


SCAN = jpeg().index(b"\xff\xda")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xff\xd8\xff\xd9", id="nothing"),
        pytest.param(jpeg()[:SCAN] + b"\xff\xd9", id="no-scan"),
        pytest.param(jpeg().replace(b"\xff\xc0", b"\xff\xfe"), id="no-frame"),
        pytest.param(jpeg(b"\xff\xd8"), id="another-within"),
        pytest.param(jpeg(b"\xff\xfe\0\1"), id="short-segment"),
        pytest.param(jpeg(b"\xff\x01"), id="reserved"),
        pytest.param(jpeg(b"xx"), id="no-marker"),
    ],
)
def test_it_refuses_a_jpeg(content: bytes) -> None:
    assert refused(content)


def test_a_jpeg_may_have_fill_bytes_and_several_scans() -> None:
    scan = jpeg()[SCAN:-2]
    assert judge(jpeg(b"\xff\xff\xff" + segment(0xE1, b"Exif")[1:])[:-2] + b"\xff" + scan + b"\xff\xff\xd9")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"<a><b></a></b>", id="crossed"),
        pytest.param(b"<a>&b;</a>", id="unknown-entity"),
        pytest.param(b"<!DOCTYPE a><a/>", id="doctype"),
        pytest.param(b"<a>\0</a>", id="nul"),
        pytest.param(b"<a>\xe8</a>", id="no-utf-8"),
        pytest.param(b'<?xml version="1.0" encoding="x-unknown"?><a/>', id="encoding"),
        pytest.param(b'<?xml version="1.0" encoding="shift_jis"?><a/>', id="encoding-of-several-bytes"),
        pytest.param(b"<a>" * 201 + b"</a>" * 201, id="too-deep"),
        pytest.param(b"<a>" + b"".join(b"<b%d/>" % count for count in range(10_001)) + b"</a>", id="many-names"),
        pytest.param(b"<a>" + b"<!--" + b"x" * 1_200_000 + b"--></a>", id="long-comment"),
        pytest.param(b'<a b="' + b"x" * 1_200_000 + b'"/>', id="long-value"),
        pytest.param(b"<html/>", id="page"),
        pytest.param(b'<x:HTML xmlns:x="http://www.w3.org/1999/xhtml"/>', id="xhtml"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"/>', id="svg"),
    ],
)
def test_it_refuses_an_xml(content: bytes) -> None:
    assert refused(content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + XML, id="byte-order-mark"),
        pytest.param(b"\n <a/>\n<!-- c -->\n", id="space"),
        pytest.param(b'<?xml version="1.0" encoding="windows-1252"?><a>\x80</a>', id="windows-1252"),
        pytest.param(b'<?xml-stylesheet type="text/xsl" href="fatturapa_v1.2.xsl"?><a><html/></a>', id="style"),
        pytest.param(b"<a>" * 200 + b"</a>" * 200, id="deep"),
        pytest.param(b"<a>" + b"QUFB" * 1_000_000 + b"</a>", id="long-text"),
    ],
)
def test_it_takes_an_xml(content: bytes) -> None:
    assert judge(content) == "application/xml"

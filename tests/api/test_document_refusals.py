"""What is no document, or no form, is refused in clear words, and nothing of it is left behind."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator

import pytest

from domain.documents import LARGEST_BYTES
from tests.api.checks import is_problem, pointers
from tests.api.documents import FORM, part, post, send, traces
from tests.personas import Caller, Partner, Stage, eventually
from tests.samples import SAMPLES, XML, jpeg, p7m, pdf, png, segment

ELF, EXE = b"\x7fELF\x02\x01\x01" + bytes(64), b"MZ\x90\0" + bytes(60) + b"PE\0\0"
FILE = part('name="file"; filename="a.xml"', XML)
BOMB = b'<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'


@pytest.fixture(scope="module")
async def bianchi(stage: Stage) -> AsyncIterator[Partner]:
    """The same one for all: what is refused leaves nothing to the next."""
    async with await stage.partner("Studio Bianchi") as partner:
        yield partner


@pytest.fixture(scope="module")
async def order_id(bianchi: Partner) -> str:
    return await bianchi.placed()


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("bomb", bytes(1024 * 1024))
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(ELF, id="elf"),
        pytest.param(EXE, id="exe"),
        pytest.param(archive(), id="zip"),
        pytest.param(b"<!DOCTYPE html><html><script>alert(1)</script></html>", id="html"),
        pytest.param(b"ciao\n", id="text"),
        pytest.param(b" " + pdf(), id="pdf-not-at-the-first-byte"),
        pytest.param(pdf() + archive(), id="pdf-and-zip"),
        pytest.param(pdf(archive()), id="pdf-with-a-zip-within"),
        pytest.param(pdf(b"<html><script>alert(1)</script></html>"), id="pdf-and-page"),
        pytest.param(jpeg() + archive(), id="jpeg-and-zip"),
        pytest.param(jpeg(segment(0xFE, archive())), id="jpeg-with-a-zip-within"),
        pytest.param(jpeg(segment(0xFE, b"<html>")), id="jpeg-and-page"),
        pytest.param(png() + b"<?php", id="png-and-more"),
        pytest.param(BOMB, id="billion-laughs"),
        pytest.param(b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', id="dtd"),
        pytest.param(p7m() + b"\0", id="p7m-and-more"),
    ],
)
async def test_it_keeps_nothing_that_is_not_a_document(bianchi: Partner, order_id: str, content: bytes) -> None:
    before = await traces(bianchi.stage)
    answer = await send(bianchi, order_id, content, name="contratto.pdf")
    assert is_problem(answer, 415, "UnsupportedDocument")
    assert await traces(bianchi.stage) == before


@pytest.mark.parametrize("kind", SAMPLES)
async def test_it_keeps_nothing_that_is_cut_off(bianchi: Partner, order_id: str, kind: str) -> None:
    before = await traces(bianchi.stage)
    assert is_problem(await send(bianchi, order_id, SAMPLES[kind][1][:-1]), 415, "UnsupportedDocument")
    assert await traces(bianchi.stage) == before


NAMES = (
    "", " ", "../x", "a/b.pdf", "/etc/passwd", r"C:\\x.pdf", r"..\\x", "C:x", "a\0b", "a\x07b", "a\x7fb",
    "a\u202efdp.exe",
    "a\u2028b", "\ufeffa", "x" * 256, ".", "..", "con", "NUL.pdf", "com1.xml", "a.", "a?.pdf", "a\udcffb",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=ascii)
async def test_it_refuses_a_name_that_is_none(bianchi: Partner, order_id: str, name: str) -> None:
    before = await traces(bianchi.stage)
    answer = await post(bianchi, order_id, part(f'name="file"; filename="{name}"', XML))
    if answer.status_code == 422:
        assert pointers(answer) == {"/file"}
    else:
        assert is_problem(answer, 400, "MalformedForm")
    assert await traces(bianchi.stage) == before


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ('filename="perché.pdf"', "perché.pdf"),
        ('filename="perche\u0301.pdf"', "perché.pdf"),
        ("filename*=UTF-8''perch%C3%A9.pdf", "perché.pdf"),
        ("filename=\"perche.pdf\"; filename*=UTF-8''perch%C3%A9.pdf", "perché.pdf"),
        ('filename=" a b.pdf "', "a b.pdf"),
        ("filename=senza-virgolette", "senza-virgolette"),
        (f'filename="{"x" * 255}"', "x" * 255),
    ],
    ids=ascii,
)
async def test_it_reads_a_name_as_it_is_meant(bianchi: Partner, order_id: str, parameters: str, name: str) -> None:
    answer = await post(bianchi, order_id, part(f'name="file"; {parameters}', XML))
    assert (answer.status_code, answer.json().get("name")) == (201, name)


@pytest.mark.parametrize(
    ("parts", "pointer"),
    [
        ((FILE, FILE), "/file"),
        ((FILE, part('name="file"', XML)), "/file"),
        ((part('name="file"', XML),), "/file"),
        ((part('name="responsabile"', b"produzione"),), "/file"),
        ((), "/file"),
        ((part('name="other"; filename="a.xml"', XML), FILE), "/other"),
        ((FILE, part('name="colour"', b"red")), "/colour"),
        ((FILE, part('filename="a.xml"', XML)), "/"),
        ((FILE, part('name="responsabile"', b"nessuno")), "/responsabile"),
        ((FILE, part('name="responsabile"', b"")), "/responsabile"),
        ((FILE, part('name="responsabile"', b"x" * 101)), "/responsabile"),
        ((FILE, *[part('name="responsabile"', b"produzione")] * 2), "/responsabile"),
        ((part("name=\"file\"; filename*=UTF-8''%FF.pdf", XML),), "/file"),
        ((part("name=\"file\"; filename*=UTF-8''..%2Fx", XML),), "/file"),
    ],
    ids=[
        "two-files", "file-and-field", "no-name", "no-file", "no-part", "another-file", "unknown-field", "nameless",
        "nobody", "no-role", "long-role", "two-roles", "no-utf-8", "encoded-path",
    ],
)  # fmt: skip
async def test_it_names_the_wrong_field(
    bianchi: Partner, order_id: str, parts: tuple[bytes, ...], pointer: str
) -> None:
    before = await traces(bianchi.stage)
    answer = await post(bianchi, order_id, *parts)
    if parts:
        assert is_problem(answer, 422, "InvalidRequest")
        assert pointers(answer) == {pointer}
    else:
        assert answer.status_code in (400, 422)
    assert await traces(bianchi.stage) == before


@pytest.mark.parametrize("end", [b"", b"--confine", b"--confine-", b"--confine\r\n", b"--other--\r\n"], ids=ascii)
async def test_it_refuses_a_form_without_its_end(bianchi: Partner, order_id: str, end: bytes) -> None:
    before = await traces(bianchi.stage)
    assert is_problem(await post(bianchi, order_id, FILE, end=end), 400, "MalformedForm")
    assert await traces(bianchi.stage) == before


@pytest.mark.parametrize(
    ("kind", "status", "name"),
    [
        ("application/json", 415, "UnsupportedBody"),
        ("application/pdf", 415, "UnsupportedBody"),
        ("multipart/mixed; boundary=confine", 415, "UnsupportedBody"),
        ("multipart/form-data", 400, "MalformedForm"),
        ("multipart/form-data; boundary=" + "x" * 71, 400, "MalformedForm"),
        ("multipart/form-data; boundary=altro", 400, "MalformedForm"),
    ],
)
async def test_it_reads_forms_only(bianchi: Partner, order_id: str, kind: str, status: int, name: str) -> None:
    path = f"/v1/orders/{order_id}/documents"
    answer = await bianchi.post(path, content=FILE + b"--confine--\r\n", headers={"Content-Type": kind})
    assert is_problem(answer, status, name)
    assert status != 415 or "multipart/form-data" in answer.json()["detail"]


async def test_it_takes_what_is_just_small_enough(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    filling = b"x" * (LARGEST_BYTES - len(pdf(b"x")) + 1)
    largest = pdf(filling)
    largest = pdf(filling[: len(filling) - (len(largest) - LARGEST_BYTES)])
    assert len(largest) == LARGEST_BYTES
    answer = await send(bianchi, order_id, largest)
    assert (answer.status_code, answer.json()["size_bytes"]) == (201, LARGEST_BYTES)
    before = await traces(bianchi.stage)
    for content in (largest + b"\n", largest + bytes(1024 * 1024)):
        answer = await send(bianchi, order_id, content)
        assert is_problem(answer, 413, "BodyTooLarge")
        assert answer.json()["limit_bytes"] == LARGEST_BYTES
    assert await traces(bianchi.stage) == before


async def test_it_cuts_off_a_form_that_does_not_say_its_length(bianchi: Partner, order_id: str) -> None:
    before = await traces(bianchi.stage)

    async def endless() -> AsyncIterator[bytes]:
        yield FILE.removesuffix(b"</delega>\r\n")
        for _ in range(21 * 16):
            yield b" " * 64 * 1024

    answer = await bianchi.post(f"/v1/orders/{order_id}/documents", content=endless(), headers=FORM)
    assert is_problem(answer, 413, "BodyTooLarge")
    assert await traces(bianchi.stage) == before


async def test_a_client_that_hangs_up_leaves_nothing(bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    before = await traces(bianchi.stage)
    whole = part('name="file"; filename="a.pdf"', pdf(b"x" * 8 * 1024 * 1024))
    for sent in (whole[: 7 * 1024 * 1024], whole, whole + b"--confine--"):
        await _hang_up(bianchi, order_id, sent, length=len(whole) + 1000)

        async def is_over() -> bool:
            return await traces(bianchi.stage) == before

        await eventually(is_over)
        await asyncio.sleep(0.2)
        assert await is_over()


async def _hang_up(caller: Caller, order_id: str, sent: bytes, *, length: int) -> None:
    """Promise more than is sent."""
    settings = caller.stage.settings
    _, writer = await asyncio.open_connection(settings.host, settings.port)
    head = (
        f"POST /v1/orders/{order_id}/documents HTTP/1.1\r\nHost: {settings.host}\r\n"
        f"Authorization: {caller.http.headers['authorization']}\r\n"
        f"Content-Type: {FORM['Content-Type']}\r\nContent-Length: {length}\r\n\r\n"
    )
    writer.write(head.encode() + sent)
    await writer.drain()
    writer.close()
    await writer.wait_closed()

"""The press: any words at all, and the same bytes each time."""

import sys
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.identifiers import Text
from pdfs.contracts import ORDER_FORM, contract_set
from pdfs.rows import midnight
from pdfs.typeset import printable, typeset
from tests.pdfs.reading import squeezed, text
from tests.pdfs.samples import COMPANY, HOSTILE, facts

EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def page(*words: str, at: datetime = AT) -> bytes:
    form: dict[str, Any] = {"title": "Prova", "version": "1"}
    return typeset(
        "ricevuta-di-accettazione",
        at=at,
        words={
            "form": form,
            "number": "1",
            "order": [],
            "acceptance": [],
            "ticks": words,
            "documents": [],
            "proof": [],
        },
    )


def is_a_name(words: str) -> bool:
    try:
        return bool(TypeAdapter(Text).validate_python(words) == words)
    except ValidationError:
        return False


@settings(max_examples=30)
@given(name=st.text(min_size=1, max_size=200).filter(is_a_name))
@example(name=HOSTILE)
@example(name="李" * 200)
@example(name="Z" + "\u0335" * 199)
@example(name="إ\u0651 א 👩🏽‍⚕ \U000e0100 \ue000 \uffff".replace("\u200d", ""))
def test_any_name_is_printed(name: str) -> None:
    """In the order form, which has it in prose, in a table, in bold and plain."""
    named = COMPANY.model_copy(update={"denominazione": name})
    content = contract_set(facts(titolare=named))[0].content
    assert squeezed(printable(name)) in text(content)


def test_every_character_has_a_glyph_or_a_code() -> None:
    drawn = "".join(one for one in EVERY if printable(one) == one)
    assert len(drawn) > 1000
    assert squeezed(drawn) in text(page(drawn))
    named = COMPANY.model_copy(update={"denominazione": drawn})
    assert squeezed(drawn) in text(contract_set(facts(titolare=named))[0].content)


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("Nicolò", "Nicolò"),
        ("李 S.r.l.", "[U+674E] S.r.l."),
        ("a\x00b\tc\ud800", "a[U+0000]b[U+0009]c[U+D800]"),
        ("a\u202eb\u00ad", "a[U+202E]b[U+00AD]"),
        ("😀", "[U+1F600]"),
    ],
)
def test_what_has_no_glyph_is_printed_as_its_code(words: str, printed: str) -> None:
    assert printable(words) == printed
    assert squeezed(printed) in text(page(words))


def test_the_day_in_the_file_is_the_one_that_was_told() -> None:
    assert b"2026-03-29T01:30:00" in page()
    assert page() == page(at=AT.astimezone(timezone(timedelta(hours=2))))
    assert page() != page(at=AT + timedelta(seconds=1))
    assert midnight(date(2026, 3, 1)) == datetime(2026, 3, 1, tzinfo=UTC)


def test_it_says_that_it_is_pdf_a_2b() -> None:
    assert b"pdfaid:part>2<" in page()
    assert b"pdfaid:conformance>B<" in page()


def test_a_seal_begins_on_a_line_of_its_own() -> None:
    """ISO 19005-2, 6.1.9; and 6.1.3 lets one line end follow the file's."""
    assert page().endswith(b"%%EOF\n")


def test_a_word_that_is_missing_is_no_page() -> None:
    with pytest.raises(typst.TypstError, match="does not contain key"):
        typeset(ORDER_FORM.name, at=AT, words={"form": ORDER_FORM.model_dump(), "number": "1"})

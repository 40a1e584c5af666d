"""Names of documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.documents import document_name


@pytest.mark.parametrize(
    ("given_", "name"),
    [
        ("delega.pdf", "delega.pdf"),
        (" delega firmata.pdf.p7m ", "delega firmata.pdf.p7m"),
        ("perche\u0301.pdf", "perché.pdf"),
        ("契約書.pdf", "契約書.pdf"),
        ("aux-menu.pdf", "aux-menu.pdf"),
        ("x" * 255, "x" * 255),
        ("..a", "..a"),
        ("con", None),
        ("Aux.pdf", None),
        ("com¹.pdf", None),
        ("a.", None),
        ("..", None),
        ("../a", None),
        ("a\\b", None),
        ("a:b", None),
        ("a\u202eb", None),
        ("a\u200bb", None),
        ("a\nb", None),
        ("a\ud800b", None),
        ("x" * 256, None),
        ("", None),
    ],
    ids=ascii,
)
def test_a_name_has_one_form_or_is_none(given_: str, name: str | None) -> None:
    assert document_name(given_) == name


@given(st.text(max_size=300))
def test_a_name_stays_a_name(text: str) -> None:
    name = document_name(text)
    assert name is None or document_name(name) == name

"""Of two formats, the one that is wanted most."""

import pytest
from fastapi import Request

from api.accept import preferred
from front.errors import NotAcceptable

OFFERS = ("application/pdf", "text/csv")


def asked(*accept: str) -> Request:
    return Request({"type": "http", "headers": [(b"accept", header.encode()) for header in accept]})


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ((), "application/pdf"),
        (("",), "application/pdf"),
        (("*/*",), "application/pdf"),
        (("application/*",), "application/pdf"),
        (("text/*",), "text/csv"),
        (("TEXT/CSV; charset=utf-8",), "text/csv"),
        (("text/csv;q=0.5, application/pdf;q=0.4",), "text/csv"),
        (("application/pdf;q=0, */*",), "text/csv"),
        (("text/html", "text/csv;q=0.001"), "text/csv"),
        (("text/html, */*;q=0.1",), "application/pdf"),
    ],
)
def test_it_gives_what_is_wanted_most(accept: tuple[str, ...], wanted: str) -> None:
    assert preferred(asked(*accept), offers=OFFERS) == wanted


@pytest.mark.parametrize(
    "accept",
    ["text/html", "application/json", "pdf", "text/csv;q=0", "text/csv;q=nan", "text/csv;q=", "*", ";", ",,,"],
)
def test_it_refuses_what_there_is_not(accept: str) -> None:
    with pytest.raises(NotAcceptable) as refused:
        preferred(asked(accept), offers=OFFERS)
    assert refused.value.offered == "application/pdf, text/csv"

"""Italian words of the panel: nothing that can happen is without."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from domain.lifecycle import Actor
from domain.mails import MailKind
from domain.services import ServiceStatus
from panel import words


@pytest.mark.parametrize(
    ("kind", "names"), [(Actor, words.ACTORS), (MailKind, words.MAILS), (ServiceStatus, words.SERVICE_LABELS)]
)
def test_everything_has_its_word(kind: type[StrEnum], names: dict[StrEnum, str]) -> None:
    assert set(names) == set(kind)
    assert len(set(names.values())) == len(names)


def test_every_event_that_is_written_can_be_told() -> None:
    root = Path(__file__).parents[2]
    written = {
        kind
        for room in ("activities", "api", "db", "front")
        for file in (root / room).glob("*.py")
        for kind in re.findall(r'(?:kind=|kind = |deed, )"(\w+)"', file.read_text())
    }
    assert len(written) > 15
    assert written <= set(words.EVENTS)

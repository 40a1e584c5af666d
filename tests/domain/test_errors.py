"""How errors are named, sorted and carried."""

import json
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any, get_type_hints
from uuid import UUID

import pytest

from domain import errors, service_errors
from domain.errors import (
    ActionRequired,
    DomainError,
    DuplicateOpenOrder,
    MailServerUnavailable,
    Rejected,
    TooEarlyToResend,
    Unavailable,
    by_name,
)

NAMES = sorted(by_name())
ORDER = UUID("6a6f85ac-36a7-583b-9fc4-5e8cfc9442e8")
SAMPLES: dict[Any, Any] = {
    UUID: ORDER,
    UUID | None: ORDER,
    str: "pec",
    int: 12,
    int | None: 450,
    date: date(2026, 3, 1),
    datetime: datetime(2026, 3, 1, 9, tzinfo=UTC),
}


def made(kind: type[DomainError]) -> DomainError:
    """One of this kind, with a value for each fact."""
    kinds = get_type_hints(kind)
    return kind(**{field.name: SAMPLES.get(kinds[field.name], []) for field in fields(kind)})


@pytest.mark.parametrize("name", NAMES)
def test_it_survives_the_journey(name: str) -> None:
    error = made(by_name()[name])
    told = by_name()[name].from_facts(json.loads(json.dumps(error.facts)))
    assert type(told) is type(error)
    assert vars(told) == vars(error)
    assert told.facts == error.facts


@pytest.mark.parametrize("name", NAMES)
def test_it_has_one_family_and_a_title(name: str) -> None:
    error = by_name()[name]
    assert sum(issubclass(error, family) for family in (Rejected, Unavailable, ActionRequired)) == 1
    assert error.__name__ == name
    assert str(made(error)) == made(error).title == (error.__doc__ or "").split("\n")[0]
    assert made(error).title.endswith(".")


def test_every_error_of_the_domain_is_known_by_name() -> None:
    named = [*vars(errors).values(), *vars(service_errors).values()]
    kinds = {kind for kind in named if isinstance(kind, type) and issubclass(kind, DomainError)}
    assert kinds - {DomainError, Rejected, Unavailable, ActionRequired} <= set(by_name().values())


def test_only_what_is_out_of_reach_is_worth_asking_again() -> None:
    outages = {name for name, error in by_name().items() if issubclass(error, Unavailable)}
    assert outages == {
        "AccountPending",
        "DatabaseUnavailable",
        "DocumentStoreUnavailable",
        "EngineUnavailable",
        "MailServerUnavailable",
        "ProviderUnavailable",
        "ReceiptPending",
        "SealNotValid",
        "TimestampUnavailable",
    }


def test_facts_are_plain_json() -> None:
    early = TooEarlyToResend(can_resend_at=datetime(2026, 3, 1, 9, tzinfo=UTC))
    assert early.facts == {"can_resend_at": "2026-03-01T09:00:00Z"}
    assert DuplicateOpenOrder(order_id=ORDER).facts == {"order_id": str(ORDER)}
    assert DuplicateOpenOrder(order_id=None).facts == {"order_id": None}
    assert MailServerUnavailable().facts == {"code": None}

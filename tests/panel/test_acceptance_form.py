"""What the titolare filled in: a decision that can be kept, or what is wrong with which field."""

import pytest

from domain.acceptance import TICKS, Capacity
from panel.acceptance_form import ERRORS, NEEDED, AcceptanceForm, read

WHOLE = {"contract": "on", "clauses": "on", "privacy": "on", "name": "Maria Rossi", "capacity": "titolare"}


def wrong(**fields: str) -> list[str]:
    problems = read(fields)
    assert isinstance(problems, dict)
    assert all(problems[field] == ERRORS[field] for field in problems)
    return list(problems)


def test_an_acceptance_needs_everything_but_a_reason() -> None:
    accepted = read({**WHOLE, "decision": "accept", "csrf": "ignored"})
    assert isinstance(accepted, AcceptanceForm)
    assert (accepted.decision, accepted.name, accepted.capacity) == ("accept", "Maria Rossi", Capacity.TITOLARE)
    assert (accepted.contract, accepted.clauses, accepted.privacy, accepted.reason) == ("on", "on", "on", None)


@pytest.mark.parametrize("field", NEEDED)
def test_an_acceptance_without_one_of_them_is_none(field: str) -> None:
    assert wrong(**(WHOLE | {"decision": "accept", field: " "})) == [field]


def test_all_mistakes_are_told_at_once_in_the_pages_order() -> None:
    assert wrong(decision="accept") == list(NEEDED)
    assert wrong(decision="accept", privacy="yes", name="x" * 201, reason="x" * 2001) == [*NEEDED, "reason"]


@pytest.mark.parametrize("decision", ["decline", "report"])
@pytest.mark.parametrize("fields", [{}, {"reason": "È un doppione,\r\ngrazie"}, WHOLE])
def test_declining_and_reporting_need_nothing_more(decision: str, fields: dict[str, str]) -> None:
    decided = read({**fields, "decision": decision})
    assert isinstance(decided, AcceptanceForm)
    assert decided.decision == decision
    assert decided.reason in {None, "È un doppione,\ngrazie"}


@pytest.mark.parametrize("decision", ["", "perhaps", "Accept", "accept\n"])
def test_another_decision_is_none(decision: str) -> None:
    assert wrong(**WHOLE, decision=decision) == ["decision"]
    assert wrong() == ["decision"]


@pytest.mark.parametrize("tick", TICKS)
@pytest.mark.parametrize("value", ["off", "ON", "true"])
def test_a_tick_is_on_or_none(tick: str, value: str) -> None:
    assert wrong(**(WHOLE | {"decision": "accept", tick: value})) == [tick]


@pytest.mark.parametrize("name", ["x" * 201, "Maria\nRossi", "Maria\0", "\u200b", "Maria \u202eRossi"])
def test_a_name_is_visible_words(name: str) -> None:
    assert wrong(**(WHOLE | {"decision": "accept", "name": name})) == ["name"]


@pytest.mark.parametrize("name", ["x" * 200, "Nicolò D'Àngelo", "Ľubica Żółć"])
def test_a_name_keeps_its_accents(name: str) -> None:
    accepted = read(WHOLE | {"decision": "accept", "name": name})
    assert isinstance(accepted, AcceptanceForm)
    assert accepted.name == name

"""Promises of the house that linters can't see."""

import ast
import re
import string
from pathlib import Path

import pytest

from api import errors as http_errors
from api.problems import PROBLEMS
from domain import errors
from worker import WORKFLOWS
from workflows.order import OrderWorkflow

ROOT = Path(__file__).parents[1]
ROOMS = ("api", "panel", "workflows", "activities", "db", "gateways", "emails", "domain", "simulators", "local")
SOURCES = [file for room in ROOMS for file in (ROOT / room).rglob("*.py") if "versions" not in file.parts]

UPDATES = {
    "accept", "assign_responsabili", "cancel", "decline", "place", "release", "report", "resend", "retry_activation",
}  # fmt: skip
SIGNALS = {"cancel_order", "provider_reported", "resend_contracts"}
ACTIVITIES = {
    "accept_contract", "assign_responsabili", "deliver_mails", "fail_activation", "hold_order", "open_account",
    "place_order", "queue_contract_mail", "queue_reminder", "record_activation", "refund", "release_order",
    "retry_activation", "revoke_account",
}  # fmt: skip
ERRORS = {
    "AccountPending", "DatabaseUnavailable", "DocumentsClosed", "DuplicateOpenOrder", "EngineUnavailable",
    "IdempotencyKeyMissing", "IdempotencyKeyReused", "InsufficientCredit", "MailServerUnavailable", "NoPriceList",
    "NotActivationFailed", "NotAwaitingDocuments", "OnlyOperators", "OnlyPartners", "OrderHeld", "OrderNotCancellable",
    "OrderNotFound", "OrderNotHeld", "PartnerNotFound", "PriceChanged", "ProviderUnavailable", "ReferenceAlreadyUsed",
    "ResponsabileNotEligible", "ResponsabiliNotAssignable", "TitolareMayNotOrder", "TitolareNotFound", "TokenDead",
    "TooEarlyToResend", "TooManyResends", "Unauthenticated",
}  # fmt: skip


def test_wire_names_are_pinned() -> None:
    """Histories and clients know them: a rename is a new name, and the old one stays."""
    definition = OrderWorkflow.__temporal_workflow_definition  # type: ignore[attr-defined] # noqa: SLF001
    assert [workflow.__name__ for workflow in WORKFLOWS] == ["OrderWorkflow"]
    assert set(definition.updates) == UPDATES
    assert set(definition.signals) == SIGNALS
    edge = {error.__name__ for error in vars(http_errors).values() if isinstance(error, type)}
    assert set(errors.by_name()) - edge == ERRORS


def test_activities_are_pinned() -> None:
    names = set()
    for file in (ROOT / "activities").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.AsyncFunctionDef) and any("defn" in ast.dump(d) for d in node.decorator_list):
                names.add(node.name)
    assert names == ACTIVITIES


@pytest.mark.parametrize("name", sorted(errors.by_name()))
def test_every_error_has_words_whose_gaps_are_its_facts(name: str) -> None:
    error = errors.by_name()[name]
    problem = PROBLEMS[error]
    assert 400 <= problem.status < 600
    for words in (problem.dettaglio, problem.detail):
        gaps = {gap for _, gap, _, _ in string.Formatter().parse(words) if gap}
        assert gaps <= set(error.__dataclass_fields__)
        assert words.endswith(".")


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_files_stay_small(file: Path) -> None:
    text = file.read_text()
    assert text.count("\n") <= 300
    if file.name == "__init__.py":
        assert all(isinstance(node, ast.Expr) for node in ast.parse(text).body)


def test_what_the_documents_name_exists() -> None:
    for page in ("docs/adding.md", "docs/flow.md", "README.md"):
        named = re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.(?:py|md|yml))", (ROOT / page).read_text())
        assert named
        for path in named:
            assert (ROOT / path).exists(), f"{page}: {path}"

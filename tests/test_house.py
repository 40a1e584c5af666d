"""Promises of the house that linters can't see."""

import ast
import re
import string
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

import worker
from domain import errors
from domain.deeds import DeedKind
from domain.ledger import Cause
from domain.lifecycle import Account, Action, Actor, CancelReason, Outcome, Status
from domain.mails import MailKind
from domain.orders import Recipient, Role
from domain.products import Product
from domain.services import ServiceAction, ServiceStatus, StatusReason
from domain.space import SpaceLevel
from emails import orders as order_letters
from emails import services as service_letters
from front import errors as http_errors
from front.problems import PROBLEMS
from settings import Settings
from worker import WORKFLOWS
from workflows.messages import MAIL_QUEUE, ORDERS, PROVIDER_QUEUE
from workflows.order import OrderWorkflow

ROOT = Path(__file__).parents[1]
ROOMS = (
    ".ci", "activities", "api", "bench", "db", "deploy", "docs", "domain", "emails", "front", "gateways", "local",
    "panel", "pdfs", "simulators", "tests", "workflows",
)  # fmt: skip
WRITTEN = {".py", ".md", ".html", ".css", ".txt", ".yml", ".yaml", ".toml", ".ini", ".mako", ".sh", ".sql"}
FILES = [
    file
    for file in (*ROOT.iterdir(), *(file for room in ROOMS for file in (ROOT / room).rglob("*")))
    if file.is_file() and (file.suffix in WRITTEN or file.name in ("Makefile", "Dockerfile"))
    if not {"versions", "node_modules"} & set(file.parts)
]
INITS = [file for file in FILES if file.name == "__init__.py"]

UPDATES = {
    "accept", "assign_responsabili", "cancel", "correct_contacts", "decline", "extend", "place", "release", "report",
    "resend", "retry_activation",
}  # fmt: skip
SIGNALS = {"cancel_order", "provider_reported", "resend_contracts"}
ACTIVITIES = {
    "accept_contract", "assign_responsabili", "buy_space", "choose_renewals", "correct_contacts",
    "deliver_announcements", "deliver_mails", "extend_acceptance", "fail_activation", "find_partners",
    "find_untold", "finish_day", "hold_order", "look", "measure_space",
    "open_account", "place_order", "queue_contract_mail", "queue_credentials",
    "queue_reminder", "record_activation", "refund", "release_order", "renew_service",
    "retry_activation", "revoke_account", "tell_provider", "watch_credit",
}  # fmt: skip
ERRORS = {
    "AccountPending", "ContactsChanged", "DatabaseUnavailable", "DocumentNotFound", "DocumentStoreUnavailable",
    "DocumentsClosed", "DuplicateOpenOrder", "EngineUnavailable",
    "IdempotencyKeyMissing", "IdempotencyKeyReused", "InsufficientCredit", "MailServerUnavailable", "NoPriceList",
    "NotActivationFailed", "NotAwaitingDocuments", "OnlyOperators", "OnlyPartners", "OrderHeld", "OrderNotCancellable",
    "OrderNotFound", "OrderNotHeld", "PartnerNotFound", "PriceChanged", "ProviderUnavailable", "ReferenceAlreadyUsed",
    "ResponsabileNotEligible", "ResponsabiliNotAssignable", "TitolareMayNotOrder", "TitolareNotFound", "TokenDead",
    "TitolareInUse", "TooEarlyToResend", "TooManyResends", "Unauthenticated", "UnsupportedDocument", "NotAccepted",
    "ExtensionTooLong", "ServiceNotFound", "ReceiptPending", "TimestampUnavailable", "PriceListInForce",
    "ExpiryChanged", "ProviderRefused", "RenewalNotAutomatic", "RenewalTooEarly", "ServiceSuspended",
    "ServiceTerminated", "TermOutOfRange", "SealNotValid",
    "CorrectionExceedsEntry", "EntryNotCorrectable", "EntryNotFound", "MonthNotBegun",
}  # fmt: skip


EDGE_ERRORS = {
    "BodyTooLarge", "InvalidRequest", "InvalidSignature", "MalformedBody", "MalformedForm", "MethodNotAllowed",
    "NoSuchResource", "NotAcceptable", "PreconditionFailed", "PreconditionRequired", "UnexpectedError",
    "UnsupportedBody",
}  # fmt: skip
VALUES = {
    Account: {"unknown", "active", "refused", "revoked"},
    Action: {
        "resend", "assign_responsabili", "add_document", "cancel", "retry_activation", "decide", "extend",
        "correct_contacts",
    },
    Actor: {"titolare", "partner", "operator", "provider", "system"},
    CancelReason: {
        "partner_request", "operator_request", "declined", "acceptance_expired", "activation_refused",
    },
    Cause: {"order", "renewal", "space", "refund", "top_up", "correction"},
    DeedKind: {"renewal", "notice", "suspension", "export_offer", "termination"},
    Outcome: {"refused", "activated", "cancelled"},
    Product: {"docfly_pa", "docfly"},
    Recipient: {"pec", "email"},
    Role: {"conservazione", "produzione"},
    ServiceAction: {"renew", "buy_space", "change_renewal", "mail_credentials"},
    ServiceStatus: {"active", "suspended", "terminated"},
    SpaceLevel: {"free", "nearly_full", "full"},
    StatusReason: {"expired", "grace_ended", "space_full"},
    Status: {
        "awaiting_documents", "awaiting_responsabile", "activating", "activation_failed", "active", "cancelled",
    },
}  # fmt: skip


def test_wire_names_are_pinned() -> None:
    """Histories and clients know them: a rename is a new name, and the old one stays."""
    definition = OrderWorkflow.__temporal_workflow_definition  # type: ignore[attr-defined] # noqa: SLF001
    assert [workflow.__name__ for workflow in WORKFLOWS] == [
        "OrderWorkflow", "CredentialMailWorkflow", "RenewalWorkflow", "SpaceWorkflow", "RenewalSweepWorkflow",
        "SpacePollWorkflow", "DispatchWorkflow",
    ]  # fmt: skip
    assert set(definition.updates) == UPDATES
    assert set(definition.signals) == SIGNALS
    assert set(definition.queries) == {"status"}
    assert {ORDERS, MAIL_QUEUE, PROVIDER_QUEUE} == {"orders", "mail", "provider"}


def test_errors_are_pinned() -> None:
    edge = {name for name, error in errors.by_name().items() if error.__module__ == http_errors.__name__}
    assert set(errors.by_name()) - edge == ERRORS
    assert edge == EDGE_ERRORS


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_values_are_pinned(kind: type[StrEnum]) -> None:
    """They stand in rows and histories."""
    assert {value.value for value in kind} == VALUES[kind]


def test_activities_are_pinned_and_each_has_its_worker() -> None:
    nobody: Any = None  # a list of steps needs no database
    urls = {name: SecretStr("smtp://localhost") for name in ("secret", "smtp_url", "pec_smtp_url")}
    settings = Settings.model_construct(**dict[str, Any](urls))
    steps = [
        *worker.record_activities(settings, nobody),
        *worker.mail_activities(settings, nobody, nobody, nobody),
        *worker.provider_activities(settings, nobody, nobody),
    ]
    assert sorted(step.__name__ for step in steps) == sorted(ACTIVITIES)
    assert set(_written_activities()) == ACTIVITIES


def _written_activities() -> Iterator[str]:
    for file in (ROOT / "activities").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.AsyncFunctionDef) and any("defn" in ast.dump(d) for d in node.decorator_list):
                yield node.name


@pytest.mark.parametrize("name", sorted(errors.by_name()))
def test_every_error_has_words_whose_gaps_are_its_facts(name: str) -> None:
    error = errors.by_name()[name]
    problem = PROBLEMS[error]
    assert 400 <= problem.status < 600
    assert (problem.status == 503) is (issubclass(error, errors.Unavailable) or error is errors.NoPriceList)
    for words in (problem.dettaglio, problem.detail):
        gaps = {gap for _, gap, _, _ in string.Formatter().parse(words) if gap}
        assert gaps <= set(error.__dataclass_fields__)
        assert words.endswith(".")
    assert problem.titolo.endswith(".")


def test_no_words_are_kept_for_what_is_no_error() -> None:
    assert set(PROBLEMS) == set(errors.by_name().values())


@pytest.mark.parametrize("kind", MailKind)
def test_every_mail_has_a_function_and_three_templates(kind: MailKind) -> None:
    assert callable((vars(order_letters) | vars(service_letters))[kind])
    assert {one.name for one in (ROOT / "emails/templates" / kind).iterdir()} == {
        "subject.txt", "body.txt", "body.html",
    }  # fmt: skip


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_files_stay_small(file: Path) -> None:
    assert file.read_text().count("\n") <= 300


@pytest.mark.parametrize("file", INITS, ids=lambda file: str(file.relative_to(ROOT)))
def test_an_init_holds_a_docstring_and_nothing_else(file: Path) -> None:
    (only,) = ast.parse(file.read_text()).body
    assert isinstance(only, ast.Expr)
    assert isinstance(only.value, ast.Constant)


@pytest.mark.parametrize("page", ["docs/adding.md", "docs/flow.md", "README.md"])
def test_what_a_page_names_exists(page: str) -> None:
    named = re.findall(r"`([a-z][a-z_.-]*/(?:[a-z_.-]+/)*[a-z_.-]+/?)(?:: (\w+))?`", (ROOT / page).read_text())
    assert named
    for path, name in named:
        assert (ROOT / path).exists(), path
        defined = rf"^( *(async )?def|class) {name}\b|^{name}\b"
        assert not name or re.search(defined, (ROOT / path).read_text(), re.MULTILINE), f"{path}: {name}"

"""The evidence of a decision, as a proof holds it."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from db.decisions import DecisionRow, evidence_file, who_decides
from db.orders import OrderRow
from domain.erasure import pseudonym
from tests.pdfs.samples import COMPANY

AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


EVIDENCE = {"titolare": who_decides(COMPANY), "name": "Niccolò D'Àngelo", "ip": None}


def decision(*, at: datetime = AT) -> DecisionRow:
    return DecisionRow(id=UUID(int=1), mail_id=UUID(int=2), at=at, evidence=EVIDENCE)


def test_its_file_is_the_same_whenever_it_is_made() -> None:
    order = OrderRow(id=UUID(int=3), number="2026-000001", titolare=COMPANY)
    content = evidence_file(decision(), order=order)
    later = decision(at=AT.astimezone(timezone(timedelta(hours=2))))
    assert evidence_file(later, order=order) == content
    order.titolare = pseudonym(COMPANY, titolare_id=UUID(int=4))  # erased
    assert evidence_file(later, order=order) == content

"""One ZIP that proves an acceptance years later, without us: files, their hashes, and a script that checks them."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from db import contracts, decisions, receipts, timeline
from db.base import Owner
from db.orders import OrderRow
from db.timeline import EventRow
from domain.errors import NotAccepted, ReceiptPending

SCRIPT = Path(__file__).parent / "proof_script.py"
HASHES = "hashes.txt"
SELF = "# SHA-256 of the lines above: "


async def archive(session: AsyncSession, order: OrderRow, *, owner: Owner, at: datetime) -> bytes:
    """The ZIP of an accepted order. Raises NotAccepted; ReceiptPending until the receipt is sealed."""
    if order.accepted_at is None or order.decision_id is None:
        raise NotAccepted
    if (receipt := await receipts.get(session, order_id=order.id)) is None:
        raise ReceiptPending
    decision = await decisions.get(session, decision_id=order.decision_id)
    events = await timeline.of_order(session, order_id=order.id, owner=owner)
    files = {
        **{f"contracts/{row.name}.pdf": row.content for row in await contracts.read(session, order_id=order.id)},
        "receipt.pdf": receipt.content,
        "evidence.json": decisions.evidence_file(decision, order=order),
        "timeline.json": _timeline(events),
        "verify.py": SCRIPT.read_bytes(),
    }
    return _zip({**files, HASHES: _hashes(files)}, at=at)


def _timeline(events: Sequence[EventRow]) -> bytes:
    chain = [{"record": event.record, "hash": event.hash.hex()} for event in events]
    return json.dumps(chain, ensure_ascii=False, indent=2).encode() + b"\n"


def _hashes(files: Mapping[str, bytes]) -> bytes:
    """As sha256sum writes and reads them; the last line is about the others."""
    lines = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return f"{lines}{SELF}{sha256(lines.encode()).hexdigest()}\n".encode()


def _zip(files: Mapping[str, bytes], *, at: datetime) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archived:
        for name, content in files.items():
            archived.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()

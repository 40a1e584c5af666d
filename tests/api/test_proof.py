"""The proof of an acceptance: whole, and nothing in it can be changed unseen."""

import asyncio
import io
import json
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from tests.api.checks import is_problem
from tests.personas import Operator, Partner, Stage, eventually
from tests.simulators.hands import Timestamps


async def fetched(bianchi: Partner, order_id: str) -> bytes:
    """The ZIP, once the receipt is sealed."""
    await bianchi.stage.workflow(order_id).result()
    answer = await bianchi.get(f"/v1/orders/{order_id}/proof")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip"), answer.text
    return answer.content


@pytest.fixture
async def folder(bianchi: Partner, tmp_path: Path) -> Path:
    """A proof, unpacked."""
    order_id = await bianchi.activated("docfly")
    zipfile.ZipFile(io.BytesIO(await fetched(bianchi, order_id))).extractall(tmp_path)
    return tmp_path


def verify(folder: Path) -> tuple[int, str]:
    """The script's exit status and what it says, on a Python with nothing installed."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py")]
    done = subprocess.run(command, cwd="/", check=False, capture_output=True, text=True)
    return done.returncode, done.stdout


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_it_holds_what_was_accepted(folder: Path) -> None:
    assert verify(folder) == (0, "OK: nothing was changed.\n")
    evidence = json.loads((folder / "evidence.json").read_text())
    assert {"name", "capacity", "contract", "clauses", "privacy", "ip", "user_agent", "token_id"} <= set(evidence)
    accepted = {document["name"]: document["sha256"] for document in evidence["documents"]}
    contracts = {path.stem: sha256(path.read_bytes()).hexdigest() for path in (folder / "contracts").iterdir()}
    assert accepted == contracts
    assert len(contracts) == 5
    kinds = [json.loads(event["record"])["kind"] for event in json.loads((folder / "timeline.json").read_text())]
    assert kinds[0] == "order_placed"
    assert "contract_accepted" in kinds


async def test_the_receipt_is_sealed_and_stamped(folder: Path) -> None:
    with (folder / "receipt.pdf").open("rb") as file:
        (signature,) = PdfFileReader(file).embedded_signatures
        nobody = ValidationContext(trust_roots=[])
        status = await async_validate_pdf_signature(signature, nobody)
    assert status.intact
    assert status.valid
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.intact


def test_any_changed_byte_is_found_out(folder: Path) -> None:
    for path in files(folder):
        content = path.read_bytes()
        for at in {0, len(content) // 3, len(content) - 1}:
            path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            status, said = verify(folder)
            assert status != 0, (path, at)
            assert path.name == "verify.py" or f"DIFFERS: {path.relative_to(folder).as_posix()} " in said, (at, said)
        path.write_bytes(content)
    assert verify(folder)[0] == 0


def test_a_missing_and_an_added_file_are_found_out(folder: Path) -> None:
    for path in files(folder):
        if path.name == "verify.py":
            continue
        content = path.read_bytes()
        path.unlink()
        assert f"DIFFERS: {path.relative_to(folder).as_posix()} " in verify(folder)[1]
        path.write_bytes(content)
    (folder / "contracts" / "altro.pdf").write_bytes(b"x")
    assert verify(folder) == (0, "Not part of the proof: contracts/altro.pdf\nOK: nothing was changed.\n")


def test_a_forger_who_knows_the_hashes_still_breaks_a_chain(folder: Path) -> None:
    """Whoever writes another timeline and its hash anew is found out by the chain."""
    events = json.loads((folder / "timeline.json").read_text())
    events[0]["record"] = events[0]["record"].replace("partner", "operator")
    (folder / "timeline.json").write_text(json.dumps(events))
    lines = [
        f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in files(folder)
        if path.name != "hashes.txt"
    ]
    text = "".join(lines)
    digest = sha256(text.encode()).hexdigest()
    (folder / "hashes.txt").write_text(f"{text}# SHA-256 of the lines above: {digest}\n")
    assert verify(folder) == (1, "DIFFERS: timeline.json (its chain is broken)\n1 file(s) differ.\n")


async def test_there_is_none_before_the_acceptance(bianchi: Partner, verdi: Partner, olga: Operator) -> None:
    order_id = await bianchi.placed()
    path = f"/v1/orders/{order_id}/proof"
    assert is_problem(await bianchi.get(path), 409, "NotAccepted")
    assert is_problem(await verdi.get(path), 404, "OrderNotFound")
    await bianchi.decide(order_id, "decline")
    assert is_problem(await olga.get(path), 409, "NotAccepted")


@pytest.mark.parametrize("mode", ["refuse", "error", "hang", "garbage"])
async def test_without_a_time_stamp_it_waits(bianchi: Partner, stage: Stage, timestamps: Timestamps, mode: str) -> None:
    timestamps.mode(mode)
    order_id = await bianchi.placed()
    await bianchi.decide(order_id)
    answer = await bianchi.get(f"/v1/orders/{order_id}/proof")
    assert is_problem(answer, 503, "ReceiptPending")
    assert answer.headers["retry-after"]
    await bianchi.assign(order_id)
    await bianchi.until(order_id, "active")
    person = (await bianchi.order(order_id))["responsabili"]["conservazione"]
    pec = (await bianchi.get(f"/v1/titolari/{person}")).json()["pec"]
    assert await eventually(lambda: stage.mails(pec))  # the credentials don't wait for a receipt
    await asyncio.to_thread(timestamps.mode, "stamp")
    await fetched(bianchi, order_id)
    receipts = [mail for mail in await stage.mails(bianchi.address) if mail["subject"].startswith("Contratti accett")]
    assert len(receipts) == 1

"""The proof of an acceptance: whole, and nothing in it can be changed unseen."""

import asyncio
import io
import json
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from gateways.seal import Seal
from tests.api.checks import is_problem
from tests.api.forgeries import FORGERIES, files, flipped, other_events, rewrite_hashes
from tests.personas import Operator, Partner, Stage, eventually
from tests.simulators.hands import Timestamps

OK = "OK: nothing was changed, if the seal on receipt.pdf is DocFly's: look at its certificate in a PDF reader.\n"


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


def test_it_holds_what_was_accepted(folder: Path) -> None:
    assert verify(folder) == (0, fine(folder))
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
            path.write_bytes(flipped(content, at))
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
    (folder / "nota.txt").write_bytes(b"x")
    said = "(not among what was accepted)\nDIFFERS: nota.txt (not part of the proof)\n2 file(s) differ.\n"
    assert verify(folder) == (1, f"DIFFERS: contracts/altro.pdf {said}")


def test_a_forger_who_writes_the_hashes_anew_meets_the_seal(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for title, (forge, name) in FORGERIES.items():
        forged = tmp_path_factory.mktemp("forged") / "proof"
        shutil.copytree(folder, forged)
        forge(forged)
        rewrite_hashes(forged)
        status, said = verify(forged)
        assert (status, f"DIFFERS: {name} " in said) == (1, True), (title, said)


async def test_no_file_can_be_another_orders(
    bianchi: Partner, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    order_id = await bianchi.activated("docfly")
    zipfile.ZipFile(io.BytesIO(await fetched(bianchi, order_id))).extractall(other)
    for path in files(other):
        name, ours = path.relative_to(other).as_posix(), (folder / path.relative_to(other)).read_bytes()
        if path.read_bytes() == ours or name == "hashes.txt":
            continue
        (folder / name).write_bytes(path.read_bytes())
        rewrite_hashes(folder)
        status, said = verify(folder)
        assert (status, name in said) == (1, True), (name, said)
        (folder / name).write_bytes(ours)


def test_no_seal_is_over_what_came_after_the_acceptance_and_it_says_so(folder: Path) -> None:
    end = accepted_at(folder) + 1
    for change in (
        lambda records: records[:end],
        lambda records: [*records[:end], records[-1].replace("order_activated", "order_cancelled")],
    ):
        other_events(change)(folder)
        rewrite_hashes(folder)
        assert verify(folder) == (0, fine(folder))


def accepted_at(folder: Path) -> int:
    """Which of the events it was."""
    kinds = [json.loads(event["record"])["kind"] for event in json.loads((folder / "timeline.json").read_text())]
    return kinds.index("contract_accepted")


def fine(folder: Path) -> str:
    """What the script says of a proof in which nothing was changed."""
    after = len(json.loads((folder / "timeline.json").read_text())) - accepted_at(folder) - 1
    return f"{after} event(s) after the acceptance: no seal is over them.\n{OK}"


def test_what_lies_beside_it_is_no_part_of_python(folder: Path) -> None:
    """As it is told to be called, so that Python would look there first."""
    for name in ("json.py", "re.py", "hashlib.py", "__future__.py"):
        (folder / name).write_text("import os\nprint('OK')\nos._exit(0)\n")
    done = subprocess.run([sys.executable, "verify.py"], cwd=folder, check=False, capture_output=True, text=True)
    said = "".join(
        f"DIFFERS: {name} (not part of the proof)\n" for name in ("__future__.py", "hashlib.py", "json.py", "re.py")
    )
    assert (done.returncode, done.stdout) == (1, f"{said}4 file(s) differ.\n")


def test_a_folder_elsewhere_is_no_part_of_it(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (folder / "allegati").symlink_to(tmp_path_factory.mktemp("elsewhere"))
    assert verify(folder) == (1, "DIFFERS: allegati (not part of the proof)\n1 file(s) differ.\n")


async def test_an_older_receipt_proves_what_it_can(stage: Stage, folder: Path) -> None:
    """Any page of ours that is sealed and names no hash stands for one."""
    settings = stage.settings
    seal = Seal(settings.seal_key.get_secret_value(), timestamp_url=settings.timestamp_url.get_secret_value())
    content = await seal.seal((folder / "contracts" / "modulo-d-ordine.pdf").read_bytes())
    seal.close()
    (folder / "receipt.pdf").write_bytes(content)
    rewrite_hashes(folder)
    older = "This receipt is an older one: its seal names neither evidence.json nor timeline.json.\n"
    assert verify(folder) == (0, older + OK)
    (folder / "receipt.pdf").write_bytes(flipped(content, 5000))
    rewrite_hashes(folder)
    assert verify(folder) == (1, "DIFFERS: receipt.pdf (not what was sealed)\n1 file(s) differ.\n")


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

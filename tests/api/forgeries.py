"""How somebody would forge a proof that is unpacked in a folder."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

Forgery = Callable[[Path], object]


def another_name(folder: Path) -> None:
    text = (folder / "evidence.json").read_text()
    (folder / "evidence.json").write_text(text.replace("Maria Rossi", "Mario Rossi"))


def another_contract(folder: Path) -> None:
    """And its hash in the evidence."""
    path = folder / "contracts" / "modulo-d-ordine.pdf"
    before, content = path.read_bytes(), flipped(path.read_bytes(), 1000)
    path.write_bytes(content)
    evidence = (folder / "evidence.json").read_text()
    (folder / "evidence.json").write_text(evidence.replace(sha256(before).hexdigest(), sha256(content).hexdigest()))


def one_contract_less(folder: Path) -> None:
    """In the evidence too."""
    evidence = json.loads((folder / "evidence.json").read_text())
    gone = evidence["documents"].pop()
    (folder / "contracts" / f"{gone['name']}.pdf").unlink()
    (folder / "evidence.json").write_text(json.dumps(evidence))


def swapped_contracts(folder: Path) -> None:
    one, other = sorted((folder / "contracts").iterdir())[:2]
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def without(name: str) -> Forgery:
    return lambda folder: (folder / name).unlink()


def writing(name: str, content: bytes) -> Forgery:
    return lambda folder: (folder / name).write_bytes(content)


def other_events(change: Callable[[list[str]], list[str]]) -> Forgery:
    """Whose chain is right."""

    def forge(folder: Path) -> None:
        records = [event["record"] for event in json.loads((folder / "timeline.json").read_text())]
        before, events = b"", []
        for record in change(records):
            before = sha256(before + record.encode()).digest()
            events.append({"record": record, "hash": before.hex()})
        (folder / "timeline.json").write_text(json.dumps(events))

    return forge


def other_receipt(change: Callable[[bytes], bytes]) -> Forgery:
    return lambda folder: (folder / "receipt.pdf").write_bytes(change((folder / "receipt.pdf").read_bytes()))


FORGERIES: dict[str, tuple[Forgery, str]] = {
    "another name": (another_name, "evidence.json"),
    "a contract and its hash": (another_contract, "evidence.json"),
    "a contract less": (one_contract_less, "evidence.json"),
    "contracts swapped": (swapped_contracts, "contracts/clausole-vessatorie.pdf"),
    "a contract removed": (without("contracts/modulo-d-ordine.pdf"), "contracts/modulo-d-ordine.pdf"),
    "a contract added": (writing("contracts/altro.pdf", b"x"), "contracts/altro.pdf"),
    "a file added": (writing("patto.pdf", b"x"), "patto.pdf"),
    "no receipt": (without("receipt.pdf"), "receipt.pdf"),
    "no evidence": (without("evidence.json"), "evidence.json"),
    "no timeline": (without("timeline.json"), "timeline.json"),
    "a receipt of anything": (writing("receipt.pdf", b"%PDF-1.7"), "receipt.pdf"),
    "a receipt changed at the start": (other_receipt(lambda pdf: flipped(pdf, 0)), "receipt.pdf"),
    "a receipt changed at the end": (other_receipt(lambda pdf: flipped(pdf, len(pdf) - 9)), "receipt.pdf"),
    "a receipt gone on with": (other_receipt(lambda pdf: pdf + b"1 0 obj\nendobj\n"), "receipt.pdf"),
    "a receipt cut off": (other_receipt(lambda pdf: pdf[:-1]), "receipt.pdf"),
    "a receipt signed twice": (other_receipt(lambda pdf: pdf + pdf[pdf.index(b"/ByteRange") :]), "receipt.pdf"),
    "no events": (other_events(lambda _: []), "timeline.json"),
    "the acceptance cut off": (other_events(lambda records: records[:1]), "timeline.json"),
    "a first event less": (other_events(lambda records: records[1:]), "timeline.json"),
    "other events": (
        other_events(lambda records: [one.replace('"partner"', '"operator"') for one in records]),
        "timeline.json",
    ),
    "a broken chain": (
        lambda folder: (folder / "timeline.json").write_text(
            (folder / "timeline.json").read_text().replace("order_placed", "order_held")
        ),
        "timeline.json",
    ),
}


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def rewrite_hashes(folder: Path) -> None:
    """As whoever has read the script does."""
    lines = [
        f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in files(folder)
        if path.name != "hashes.txt"
    ]
    text = "".join(lines)
    digest = sha256(text.encode()).hexdigest()
    (folder / "hashes.txt").write_text(f"{text}# SHA-256 of the lines above: {digest}\n")


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())

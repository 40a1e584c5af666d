"""Checks that nothing in this folder was changed: `python3 verify.py`. Needs Python 3.9 and nothing else.

Unpack the proof into a folder of its own. hashes.txt holds the SHA-256 of every file; whoever writes it anew meets the
seal. receipt.pdf is signed (PAdES, with a time stamp) and names the hash of evidence.json, which names those of the
contracts, and the hash of the acceptance in timeline.json, to which all before it is chained. What came after the
acceptance is chained too, but no seal is over it: whoever writes chain and hashes anew may write it as they like.
The script sees that the seal is over this very receipt. Whose seal it is, a PDF reader shows.
Exit status 0: all is as it was. 1: it names what differs.
"""

import sys

if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    del sys.path[0]  # this folder: what was put beside the script must not pass for a part of Python

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
HASHES = "hashes.txt"
RECEIPT, EVIDENCE, TIMELINE = "receipt.pdf", "evidence.json", "timeline.json"
MUST = {RECEIPT, EVIDENCE, TIMELINE, "verify.py"}
SELF = "# SHA-256 of the lines above: "
SIGNED = re.compile(rb"/ByteRange ?\[ ?0 (\d+) (\d+) (\d+) ?\]")
DIGEST = bytes.fromhex("06092a864886f70d01090431220420")
"""What stands in a signature before the SHA-256 of what was signed (CMS's messageDigest, in DER)."""


def main() -> int:
    """Say which files differ, and how the whole came out."""
    wrong = sorted(dict(differences()).items())
    for name, why in wrong:
        print(f"DIFFERS: {name} ({why})")
    if wrong:
        print(f"{len(wrong)} file(s) differ.")
        return 1
    if not named_by_receipt(EVIDENCE):
        print("This receipt is an older one: its seal names neither evidence.json nor timeline.json.")
    else:
        print(f"{len(read(TIMELINE)) - sealed_events()} event(s) after the acceptance: no seal is over them.")
    print("OK: nothing was changed, if the seal on receipt.pdf is DocFly's: look at its certificate in a PDF reader.")
    return 0


def differences() -> Iterator[tuple[str, str]]:
    """Each name with what is wrong about it."""
    yield from of_hashes()
    for name, check in ((EVIDENCE, of_evidence), (TIMELINE, of_timeline), (RECEIPT, of_seal)):
        try:
            yield from check()
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            yield name, "it can't be read as what it should be"


def of_hashes() -> Iterator[tuple[str, str]]:
    """What lies here against the list, which must be whole itself."""
    listed, intact = read_hashes()
    present = files()
    if not intact:
        yield HASHES, "its lines aren't those it was made with"
    for name in present - set(listed) - {HASHES}:
        yield name, "not part of the proof"
    for name in MUST - set(listed):
        yield name, f"not in {HASHES}"
    for name in set(listed) - MUST:
        if not name.startswith("contracts/"):
            yield name, "not part of the proof"
    for name, digest in listed.items():
        if name not in present:
            yield name, "missing"
        elif digest_of(name) != digest:
            yield name, "another content"


def read_hashes() -> tuple[dict[str, str], bool]:
    """Name to hash, and whether the list itself is whole."""
    try:
        text = (ROOT / HASHES).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return {}, False
    lines, _, last = text.rpartition(SELF)
    pairs = [line.split("  ", 1) for line in lines.splitlines() if "  " in line]
    listed = {name: digest for digest, name in pairs}
    return listed, last == sha256(lines.encode("utf-8")).hexdigest() + "\n"


def of_evidence() -> Iterator[tuple[str, str]]:
    """The contracts are those of the evidence, no more and no fewer, and the evidence is the receipt's."""
    if not named_by_receipt(EVIDENCE) <= {digest_of(EVIDENCE)}:
        yield EVIDENCE, "not the one that receipt.pdf names"
    accepted = {f"contracts/{document['name']}.pdf": document["sha256"] for document in read(EVIDENCE)["documents"]}
    if not accepted:
        yield EVIDENCE, "it names no contract"
    present = {name for name in files() if name.startswith("contracts/")}
    for name in present ^ set(accepted):
        yield name, "missing" if name in accepted else "not among what was accepted"
    for name in present & set(accepted):
        if digest_of(name) != accepted[name]:
            yield name, "not what was accepted"


def of_timeline() -> Iterator[tuple[str, str]]:
    """Each record is chained to the one before, and the acceptance is the receipt's."""
    before, accepted = b"", set()
    for event in read(TIMELINE):
        before = sha256(before + event["record"].encode("utf-8")).digest()
        if before.hex() != event["hash"]:
            yield TIMELINE, "its chain is broken"
            return
        if json.loads(event["record"])["kind"] == "contract_accepted":
            accepted.add(event["hash"])
    if not accepted:
        yield TIMELINE, "there is no acceptance in it"
    elif not named_by_receipt("contract_accepted") <= accepted:
        yield TIMELINE, "its acceptance is not the one that receipt.pdf names"


def sealed_events() -> int:
    """How many events there are up to the acceptance."""
    kinds = [json.loads(event["record"])["kind"] for event in read(TIMELINE)]
    return kinds.index("contract_accepted") + 1


def of_seal() -> Iterator[tuple[str, str]]:
    """There is one signature, over the whole file but itself, and over these very bytes."""
    pdf = (ROOT / RECEIPT).read_bytes()
    begins, ends, length = (int(number) for number in SIGNED.findall(pdf)[0])
    covered = pdf[:begins] + pdf[ends:]
    if pdf.count(b"/ByteRange") != 1 or ends + length != len(pdf):
        yield RECEIPT, "its seal isn't over the whole file"
    elif DIGEST + sha256(covered).digest() not in bytes.fromhex(pdf[begins + 1 : ends - 1].decode("ascii")):
        yield RECEIPT, "not what was sealed"


def named_by_receipt(name: str) -> set[str]:
    """The hash that the receipt names, in plain text and more than once; none if it is an older one."""
    pdf = (ROOT / RECEIPT).read_bytes() if RECEIPT in files() else b""
    return {digest.decode("ascii") for digest in re.findall(re.escape(name.encode()) + rb" ([0-9a-f]{64})", pdf)}


def files() -> set[str]:
    """The names of what lies here."""
    return {path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_symlink() or not path.is_dir()}


def digest_of(name: str) -> str:
    """A file's SHA-256."""
    return sha256((ROOT / name).read_bytes()).hexdigest()


def read(name: str) -> Any:
    """A file's JSON."""
    return json.loads((ROOT / name).read_bytes())


if __name__ == "__main__":
    sys.exit(main())

"""Checks that nothing in this folder was changed: `python3 verify.py`. Needs Python 3.9 and nothing else.

It re-computes the SHA-256 of every file, the chain of the timeline, and what the evidence says of the contracts.
Exit status 0: all is as it was. 1: it names what differs. The seal on receipt.pdf (PAdES, with a time stamp) is
checked by any PDF reader; the receipt lists the contracts' hashes too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent
HASHES = "hashes.txt"
SELF = "# SHA-256 of the lines above: "


def main() -> int:
    """Say which files differ, and how the whole came out."""
    for name in sorted(files() - {HASHES} - set(read_hashes()[0])):
        print(f"Not part of the proof: {name}")
    wrong = sorted(dict(differences()).items())
    for name, why in wrong:
        print(f"DIFFERS: {name} ({why})")
    print(f"{len(wrong)} file(s) differ." if wrong else "OK: nothing was changed.")
    return 1 if wrong else 0


def differences() -> Iterator[tuple[str, str]]:
    """Each name with what is wrong about it."""
    listed, intact = read_hashes()
    if not intact:
        yield HASHES, "its lines aren't those it was made with"
    present = files()
    for name, digest in listed.items():
        if name not in present:
            yield name, "missing"
        elif sha256((ROOT / name).read_bytes()).hexdigest() != digest:
            yield name, "another content"
    yield from meaning()


def files() -> set[str]:
    """The names of what lies here."""
    return {path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file()}


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


def meaning() -> Iterator[tuple[str, str]]:
    """What the files say of each other."""
    try:
        before = b""
        for event in json.loads((ROOT / "timeline.json").read_text(encoding="utf-8")):
            before = sha256(before + event["record"].encode("utf-8")).digest()
            if before.hex() != event["hash"]:
                yield "timeline.json", "its chain is broken"
                break
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        yield "timeline.json", "it can't be read"
    try:
        for document in json.loads((ROOT / "evidence.json").read_text(encoding="utf-8"))["documents"]:
            name = f"contracts/{document['name']}.pdf"
            if sha256((ROOT / name).read_bytes()).hexdigest() != document["sha256"]:
                yield name, "not what was accepted"
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        yield "evidence.json", "it can't be read, or a contract is missing"


if __name__ == "__main__":
    sys.exit(main())

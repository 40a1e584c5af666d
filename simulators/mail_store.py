"""The caught mail on disk: a Maildir, written so that a message is there wholly or not at all."""

import itertools
import os
import re
import time
from pathlib import Path

NUMBERS = re.compile(r"(\d+)(?:\.M(\d+))?(?:P\d+)?(?:Q(\d+))?")


class MailStore:
    """Ids are Maildir's unique names; they sort by arrival. Others may read and delete beside us."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = itertools.count(1)
        self._paths: dict[str, Path] = {}
        self._recipients: dict[str, tuple[str, ...]] = {}
        for part in ("tmp", "new", "cur"):
            (folder / part).mkdir(parents=True, exist_ok=True)

    def add(self, content: bytes, *, mail_from: str, rcpt_to: list[str]) -> str:
        """Keep it for good before returning its id: synced, then moved into sight."""
        now = time.time_ns() // 1000
        seconds, micros = divmod(now, 1_000_000)
        name = f"{seconds}.M{micros:06d}P{os.getpid()}Q{next(self._count)}.catcher"
        draft, final = self._folder / "tmp" / name, self._folder / "new" / name
        with draft.open("wb") as file:
            file.write(_envelope(mail_from, rcpt_to) + content.replace(b"\r\n", b"\n"))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(final)
        _sync_folder(final.parent)
        return name

    def ids(self, *, to: str = "") -> list[str]:
        """Newest first. `to`: a whole address, or a part of one."""
        names = sorted(self._scan(), key=_arrival, reverse=True)
        if not to:
            return names
        wanted = to.strip().lower()
        return [name for name in names if _matches(wanted, recipients=self._recipients_of(name))]

    def read(self, name: str) -> bytes | None:
        """The message as kept, envelope headers first; None when there is none (any more)."""
        path = self._path(name)
        try:
            return path.read_bytes() if path else None
        except FileNotFoundError:
            return None

    def _path(self, name: str) -> Path | None:
        """Found by scanning, never by joining: a name from a URL can't leave the folder."""
        path = self._paths.get(name)
        return path if path and path.exists() else self._scan().get(name)

    def _scan(self) -> dict[str, Path]:
        """What lies there now: readers move mail to `cur` and give it flags, tests throw it away."""
        self._paths = {
            entry.name.partition(":")[0]: Path(entry.path)
            for part in ("new", "cur")
            for entry in os.scandir(self._folder / part)
            if not entry.name.startswith(".")
        }
        return self._paths

    def _recipients_of(self, name: str) -> tuple[str, ...]:
        """From the envelope header at the file's top; remembered, since a message never changes."""
        path = None if name in self._recipients else self._path(name)
        if path:
            try:
                self._recipients[name] = _read_recipients(path)
            except FileNotFoundError:
                return ()
        return self._recipients.get(name, ())


def _envelope(mail_from: str, rcpt_to: list[str]) -> bytes:
    lines = f"X-MailFrom: {mail_from}\nX-RcptTo: {', '.join(rcpt_to)}\n"
    return lines.encode("utf-8", "surrogateescape")


def _sync_folder(folder: Path) -> None:
    """So that the new name survives a power cut as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _arrival(name: str) -> tuple[int, int, int]:
    found = NUMBERS.match(name)
    seconds, micros, count = found.groups(default="0") if found else ("0", "0", "0")
    return int(seconds), int(micros), int(count)


def _read_recipients(path: Path) -> tuple[str, ...]:
    with path.open("rb") as file:
        lines = [file.readline(), file.readline()]
    text = lines[1].decode("utf-8", "replace")
    if not text.startswith("X-RcptTo: "):
        return ()  # put here by someone else
    return tuple(one.strip().lower() for one in text.partition(" ")[2].split(","))


def _matches(wanted: str, *, recipients: tuple[str, ...]) -> bool:
    local_part, _, host = wanted.partition("@")
    if local_part and host:
        return wanted in recipients
    return any(wanted in one for one in recipients)

"""One `make up` to a home."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.errors import CannotRun

STOPPING_SECONDS = 40


class AlreadyRunning(CannotRun):
    """Another `make up` has this home."""


@contextmanager
def locked(file: Path) -> Iterator[int]:
    """Have the file alone; waits for one who is stopping. Raises AlreadyRunning.

    The descriptor is for a child that may outlive us: the file is free when both have let go.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor, where=file.parent)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def sign_off(descriptor: int) -> None:
    """Say that we are stopping, so that the next one waits instead of giving up."""
    os.ftruncate(descriptor, 0)


def _take(descriptor: int, *, where: Path) -> None:
    deadline = time.monotonic() + STOPPING_SECONDS
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode()
        if _alive(holder) or time.monotonic() > deadline:
            message = f"It already runs on {where} (process {holder or 'unknown'}): use that one, or stop it first."
            raise AlreadyRunning(message)
        time.sleep(0.2)


def _alive(holder: str) -> bool:
    """Whether whoever signed is still there."""
    try:
        os.kill(int(holder), 0)
    except PermissionError:
        return True
    except (ValueError, ProcessLookupError):
        return False
    return True

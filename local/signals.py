"""Being asked to stop."""

import os
import re
import signal
from pathlib import Path

REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def interrupt_once() -> None:
    """Raise KeyboardInterrupt on the first request to stop; stopping itself can't be interrupted."""
    for request in REQUESTS:
        signal.signal(request, _interrupt)


def _interrupt(_number: int, _frame: object) -> None:
    for request in REQUESTS:
        signal.signal(request, signal.SIG_IGN)
    raise KeyboardInterrupt


def make_was_interrupted() -> bool:
    """Whether `make`, our parent, got a SIGINT that we did not.

    Ctrl-C reaches both. After `kill -INT` make waits for us without telling us, and blocks the signal meanwhile.
    """
    parent = Path("/proc") / str(os.getppid())
    try:
        name, status = (parent / "comm").read_text().strip(), (parent / "status").read_text()
    except OSError:
        return False
    blocked = re.search(r"^SigBlk:\s*(\w+)$", status, re.MULTILINE)
    return "make" in name and blocked is not None and bool(int(blocked[1], 16) & 1 << signal.SIGINT - 1)

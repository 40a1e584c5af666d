"""Runs a command that is told to stop when its parent dies, however it dies.

`python leash.py INT command …` asks Linux for that signal and becomes the command; elsewhere it just
becomes the command. Started by its path and without site packages, it costs a few milliseconds.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def leashed(command: Sequence[str], *, stop: str = "TERM") -> list[str]:
    """The command, on a leash. For a child of the main thread: Linux means the thread when it says parent."""
    return [sys.executable, "-I", "-S", __file__, stop, *command]


def main() -> None:
    """Become the command; doesn't return."""
    stop, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.Signals[f"SIG{stop}"].value)
    os.execvp(command[0], command)  # noqa: S606 - that is the point


if __name__ == "__main__":
    main()

"""PostgreSQL refuses to run as root: this lets root start it as somebody else."""

import os
import subprocess
from pathlib import Path

from local.errors import CannotRun

NOBODY = 65534

# Root under another name: files stay root's, so it works below a closed home folder.
RENAMED = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
# Where user namespaces are refused: nobody, who owns the folder and may pass through the closed ones above it.
AS_NOBODY = [
    "setpriv",
    f"--reuid={NOBODY}",
    f"--regid={NOBODY}",
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--securebits=+no_setuid_fixup",  # or access(2), by which PostgreSQL looks for its own files, would say no
]


class RootRefused(CannotRun):
    """Nothing on this machine lets root run PostgreSQL: run as an ordinary user instead."""


def prefix(binary: Path, *, folder: Path) -> list[str]:
    """What to put before a command that won't run as root and works in the folder. Hands the folder over.

    Raises RootRefused.
    """
    if os.geteuid() != 0:
        return []
    for owner, words in ((0, RENAMED), (NOBODY, AS_NOBODY)):
        _hand_over(folder, owner=owner)
        if _works(words, binary=binary, folder=folder):
            return words
    raise RootRefused(RootRefused.__doc__)


def _hand_over(folder: Path, *, owner: int) -> None:
    """Seldom more than a look: only when a folder has come from another machine is there anything to do."""
    if folder.stat().st_uid != owner:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner, owner, follow_symlinks=False)


def _works(words: list[str], *, binary: Path, folder: Path) -> bool:
    """Whether it gets at both: a renamed root has lost its way into other people's closed folders."""
    try:
        trial = [*words, "sh", "-c", '"$0" --version && ls "$1"', str(binary), str(folder)]
        return subprocess.run(trial, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False

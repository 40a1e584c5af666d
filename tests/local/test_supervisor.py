"""The watch over the parts, on small parts of its own."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from local.home import Home
from local.leash import leashed
from local.lock import AlreadyRunning, locked
from local.parts import Part
from local.supervisor import PartFailed, supervised

PATIENCE_SECONDS = 20
SLEEP = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"


def _sleeper(folder: Path, *, name: str = "sleeper") -> Part:
    return Part(name=name, command=leashed([sys.executable, "-c", SLEEP, str(folder / name)]))


def _within_patience(done: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _process_id(file: Path) -> int:
    _within_patience(lambda: file.exists() and file.read_text())
    return int(file.read_text())


def _is_gone(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """One that is hard to spell."""
    home = Home(tmp_path / "50% è;b #c")
    home.make()
    return home


def test_a_killed_part_comes_back_and_all_end_together(home: Home) -> None:
    parts = [_sleeper(home.folder)]
    with locked(home.folder / "lock") as lock:
        with supervised(parts, home=home, environ=os.environ, lock=lock) as supervisor:
            first = _process_id(home.folder / "sleeper")
            os.kill(first, signal.SIGKILL)
            _within_patience(lambda: _process_id(home.folder / "sleeper") != first)
            supervisor.check_parts(parts)
        assert _is_gone(_process_id(home.folder / "sleeper"))


def test_parts_do_not_outlive_a_killed_supervisor(home: Home) -> None:
    parts = [_sleeper(home.folder)]
    with locked(home.folder / "lock") as lock, supervised(parts, home=home, environ=os.environ, lock=lock) as watch:
        part = _process_id(home.folder / "sleeper")
        os.kill(_process_id(home.folder / "supervisord.pid"), signal.SIGKILL)
        _within_patience(lambda: _is_gone(part))
        with pytest.raises(PartFailed, match="supervisor is gone"):
            watch.check()


def test_it_names_the_part_that_does_not_stay_up(home: Home) -> None:
    parts = [Part(name="broken", command=leashed(["false"])), _sleeper(home.folder)]
    with locked(home.folder / "lock") as lock, supervised(parts, home=home, environ=os.environ, lock=lock) as watch:

        def fails() -> bool:
            try:
                watch.check_parts(parts)
            except PartFailed as failure:
                return "broken.log" in str(failure)
            return False

        _within_patience(fails)


def test_a_home_has_one_master(home: Home) -> None:
    with (
        locked(home.folder / "lock"),
        pytest.raises(AlreadyRunning, match=str(os.getpid())),
        locked(home.folder / "lock"),
    ):
        pass
    with locked(home.folder / "lock"):
        pass

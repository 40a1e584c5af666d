"""Watches over the parts: what dies comes back. Written for PyPI's `supervisor`."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from local.errors import CannotRun
from local.home import Home, write
from local.leash import leashed
from local.lock import sign_off
from local.parts import ROOT, Part

STOP_SECONDS = 30
SO_MANY_EXITS = 5  # at the start; the waits between tries grow, so this is no passing trouble
LONGEST_SOCKET_PATH = 90  # the system allows 107, and the supervisor puts its process id behind it

# Paths are from the home, in which the supervisor is started: a % in a name would be its undoing.
HEAD = """\
[supervisord]
nodaemon=true
silent=true
logfile=log/supervisord.log
pidfile=supervisord.pid
logfile_maxbytes=1MB
logfile_backups=1
"""
# For people: `supervisorctl -c $DOCFLY_HOME/supervisord.conf status`, or `restart worker`.
CONTROL = """
[unix_http_server]
file=supervisor.sock
[supervisorctl]
serverurl=unix://%(here)s/supervisor.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
# Stopped in reverse order. Retries never end: a killed PostgreSQL won't start again before its last child has noticed.
PROGRAM = """
[program:{name}]
command={command}
directory={root}
priority={priority}
stopsignal={stop}
stopwaitsecs=20
killasgroup=true
autorestart=true
startsecs=1
startretries=1000000
redirect_stderr=true
stdout_logfile=log/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=2
"""


class PartFailed(CannotRun):
    """A part doesn't stay up."""


class Supervisor:
    """The running supervisor, and what its log says about the parts."""

    def __init__(self, process: subprocess.Popen[bytes], *, logs: Path) -> None:
        self._process = process
        self._logs = logs
        self._log = logs / "supervisord.log"
        self._seen = self._log.stat().st_size if self._log.exists() else 0

    def check(self) -> None:
        """Raise PartFailed if the supervisor is gone."""
        if self._process.poll() is not None:
            message = f"The supervisor is gone (status {self._process.returncode}). See supervisord.* in {self._logs}"
            raise PartFailed(message)

    def check_parts(self, parts: Sequence[Part]) -> None:
        """Raise PartFailed if a part, or the supervisor itself, doesn't stay up."""
        self.check()
        lines = self._log.read_text(errors="replace")[self._seen :].splitlines() if self._log.exists() else []
        for part in parts:
            if sum(f" exited: {part.name} " in line for line in lines) >= SO_MANY_EXITS:
                message = f"{part.name} doesn't stay up. See {self._logs / part.name}.log"
                raise PartFailed(message)

    def stop(self) -> None:
        """Every part, the last one first, each in its own time."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()  # the leashes tell the parts
            self._process.wait()


@contextmanager
def supervised(parts: Sequence[Part], *, home: Home, environ: Mapping[str, str], lock: int) -> Iterator[Supervisor]:
    """All parts, running for as long as the block lasts; with the lock, which it keeps until the last has stopped."""
    conf = home.folder / "supervisord.conf"
    write(conf, text=config(parts, home=home))
    command = leashed([sys.executable, "-P", "-m", "supervisor.supervisord", "-c", str(conf)])
    with (home.logs / "supervisord.err").open("wb") as errors:
        process = subprocess.Popen(
            command,
            cwd=home.folder,
            env=environ,
            stdout=errors,
            stderr=errors,
            start_new_session=True,
            pass_fds=[lock],
        )
    supervisor = Supervisor(process, logs=home.logs)
    try:
        yield supervisor
    finally:
        sign_off(lock)
        supervisor.stop()


def config(parts: Sequence[Part], *, home: Home) -> str:
    """The supervisor's file; what is secret comes by the environment."""
    head = HEAD + ("user=root\n" if os.geteuid() == 0 else "")
    control = CONTROL if len(os.fsencode(home.folder / "supervisor.sock")) <= LONGEST_SOCKET_PATH else ""
    programs = [
        PROGRAM.format(
            name=part.name,
            command=_literal(shlex.join(part.command)),
            priority=priority,
            stop=part.stop,
            root=str(ROOT).replace("%", "%%"),
        )
        for priority, part in enumerate(parts)
        if part.command
    ]
    return head + control + "".join(programs)


def _literal(text: str) -> str:
    """Kept from being taken for the supervisor's %(placeholders)s, or for its comments: these begin after a space."""
    return text.replace("%", "%%").replace(" #", " ''#").replace(" ;", " '';")

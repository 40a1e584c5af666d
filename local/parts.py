"""The parts of the running system, in the order in which they are started: how to start each, and what it tells others.

A part that was given from outside has no command: then it is only passed on.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local import postgres, temporal
from local.home import Home
from local.leash import leashed
from local.ports import LOOPBACK, PortBook
from settings import Given, variable

EVERYWHERE = ("0.0.0.0", "::", "localhost")  # noqa: S104 - as given; nothing is bound here
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, kw_only=True)
class Part:
    """One process to watch over; `variables` are for all of them, `facts` go into demo.json."""

    name: str
    command: list[str] = field(default_factory=list)
    stop: str = "TERM"
    variables: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What parts are made from."""

    given: Given
    home: Home
    ports: PortBook


def plan(ground: Ground) -> list[Part]:
    """Every part, with its port chosen and its secrets made."""
    makers: tuple[Callable[[Ground], Part], ...] = (_postgres, _temporal, _mail, _provider, _timestamps, _worker, _web)
    return [make(ground) for make in makers]


def cluster(ground: Ground) -> postgres.Cluster:
    """Our own PostgreSQL."""
    password = ground.home.secret("postgres_password").read_text()
    return postgres.Cluster(
        folder=ground.home.folder / "postgres", port=ground.ports.port("postgres"), password=password
    )


def _postgres(ground: Ground) -> Part:
    if url := ground.given.database_url:
        return Part(name="postgres", facts={"database_url": url.get_secret_value()})
    own = cluster(ground)
    own.prepare()
    return Part(
        name="postgres",
        command=own.command(),
        stop=postgres.STOP,
        variables={"DOCFLY_DATABASE_URL_FILE": str(ground.home.keep("database_url", text=own.url))},
        facts={"database_url": own.url},
    )


def _temporal(ground: Ground) -> Part:
    namespace = ground.given.temporal_namespace
    if address := ground.given.temporal_address:
        return Part(name="temporal", facts={"temporal_address": address, "temporal_ui": None, "namespace": namespace})
    port, ui_port = ground.ports.port("temporal"), ground.ports.port("temporal_ui")
    address, ui = f"{LOOPBACK}:{port}", f"http://{LOOPBACK}:{ui_port}"
    file = ground.home.folder / "temporal.sqlite"
    return Part(
        name="temporal",
        command=leashed(temporal.server(file, port=port, ui_port=ui_port, namespace=namespace)),
        variables={"TEMPORAL_ADDRESS": address},
        facts={"temporal_address": address, "temporal_ui": ui, "namespace": namespace},
    )


def _mail(ground: Ground) -> Part:
    """One catcher for both boxes, unless both were given."""
    missing = [box for box in ("smtp_url", "pec_smtp_url") if getattr(ground.given, box) is None]
    if not missing:
        return Part(name="mail", facts={"mail_url": None, "maildir": None})
    port, page, maildir = ground.ports.port("smtp"), ground.given.mail_port, ground.home.folder / "mail"
    listening = [f"--smtp-port={port}", f"--http-port={page}"]
    return Part(
        name="mail",
        command=_python("-m", "simulators.mail", f"--maildir={maildir}", *listening),
        variables={variable(box): f"smtp://{LOOPBACK}:{port}" for box in missing},
        facts={"mail_url": f"http://{LOOPBACK}:{page}", "maildir": str(maildir)},
    )


def _provider(ground: Ground) -> Part:
    if given := ground.given.provider_url:
        return Part(name="provider", facts={"provider_url": given.get_secret_value()})
    port, state = ground.ports.port("provider"), ground.home.folder / "provider.sqlite"
    url = f"http://{LOOPBACK}:{port}"
    return Part(
        name="provider",
        command=_python("-m", "simulators.provider", f"--port={port}", f"--state={state}"),
        variables={"DOCFLY_PROVIDER_URL": url},
        facts={"provider_url": url},
    )


def _timestamps(ground: Ground) -> Part:
    if ground.given.timestamp_url is not None:
        return Part(name="timestamps")
    port = ground.ports.port("timestamps")
    return Part(
        name="timestamps",
        command=_python("-m", "simulators.timestamps", f"--port={port}"),
        variables={"DOCFLY_TIMESTAMP_URL": f"http://{LOOPBACK}:{port}"},
    )


def _worker(ground: Ground) -> Part:
    variables = {"DOCFLY_HOME": str(ground.home.folder)}
    if ground.given.secret is None:
        variables["DOCFLY_SECRET_FILE"] = str(ground.home.secret("secret"))
    if ground.given.provider_secret is None:
        variables["DOCFLY_PROVIDER_SECRET_FILE"] = str(ground.home.secret("provider_secret", prefix="whsec_"))
    if ground.given.seal_key is None:
        variables["DOCFLY_SEAL_KEY_FILE"] = str(ground.home.seal_key())
    return Part(name="worker", command=_python("worker.py"), variables=variables)


def _web(ground: Ground) -> Part:
    host = LOOPBACK if ground.given.host in EVERYWHERE else ground.given.host
    base = f"http://{host}:{ground.given.port}"
    return Part(name="web", command=_python("web.py"), facts={"base_url": base})


def _python(*arguments: str) -> list[str]:
    return leashed([sys.executable, *arguments])

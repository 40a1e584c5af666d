"""`python -m local.up`: everything, in the foreground, until it is told to stop."""

import os
import sys
import time
from collections.abc import Iterable, Mapping

from local import ports
from local.errors import CannotRun
from local.home import Home
from local.lock import locked
from local.parts import Ground, Part, plan
from local.signals import interrupt_once
from local.startup import Startup
from local.supervisor import supervised
from settings import Given, variable

PORT_SECONDS = 3  # a system that was killed takes a moment to let go of its ports


class PortTaken(CannotRun):
    """A port that was asked for is somebody else's."""


def main() -> int:
    """Exit status: 0 when told to stop, 1 when it can't run, 2 when the environment is wrong."""
    given = Given.read_or_exit(os.environ)
    os.umask(0o077)  # names, addresses and keys are in what it keeps
    interrupt_once()
    try:
        up(given)
    except CannotRun as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def up(given: Given) -> None:
    """Start, get ready, stay. Raises CannotRun, or KeyboardInterrupt when told to stop."""
    home = Home(given.home)
    home.make()
    with locked(home.folder / "lock") as lock:
        parts = plan(Ground(given=given, home=home, ports=_book(given, home=home)))
        facts = {name: value for part in reversed(parts) for name, value in part.facts.items()}
        environ = _environ(parts)
        _claim(given, parts=parts)
        home.refresh_demo(facts)
        with supervised(parts, home=home, environ=environ, lock=lock) as supervisor:
            startup = Startup(supervisor=supervisor, parts=parts, facts=facts, environ=environ, logs=home.logs)
            startup.wait_for_database()
            startup.migrate()
            startup.seed()
            startup.wait_for_web()
            startup.wait_for_worker()
            _greet(home)
            startup.stay()


def _book(given: Given, *, home: Home) -> ports.PortBook:
    return ports.PortBook(home.folder / "ports.json", reserved=(given.port, given.mail_port))


def _environ(parts: Iterable[Part]) -> dict[str, str]:
    """Ours, and what the parts need to know of each other."""
    environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
    for part in parts:
        for name, value in part.variables.items():
            plain = name.removesuffix("_FILE")
            for given in (plain, f"{plain}_FILE"):  # set to nothing, or else the same in another way
                environ.pop(given, None)
            environ[name] = value
    return environ


def _claim(given: Given, *, parts: Iterable[Part]) -> None:
    """Make sure that the ports that were asked for are to be had. Raises PortTaken."""
    wanted = [("web", "port", given.host), ("mail", "mail_port", ports.LOOPBACK)]
    started = {part.name for part in parts if part.command}
    deadline = time.monotonic() + PORT_SECONDS
    for name, field, host in wanted:
        port: int = getattr(given, field)
        while name in started and not ports.is_free(port, host=host):
            if time.monotonic() > deadline:
                message = (
                    f"Port {port} is in use by something else: stop that, or choose another with {variable(field)}."
                )
                raise PortTaken(message)
            time.sleep(0.2)


def _greet(home: Home) -> None:
    """Where everything is and how to sign in; then the line that says so to programs."""
    demo = home.read_demo()
    places = {
        "DocFly": demo["base_url"],
        "Caught mail": demo["mail_url"],
        "Temporal": demo["temporal_ui"],
        "Logs": home.logs,
        "All of this": home.demo,
    }
    _print_table(places)
    people = [*demo.get("partners", []), {"name": "operator", **demo.get("operator", {})}]
    _print_table({person["name"]: f"{person.get('user')} / {person.get('password')}" for person in people})
    print(f"ready {demo['base_url']}", flush=True)


def _print_table(rows: Mapping[str, object]) -> None:
    for name, value in rows.items():
        if value is not None:
            print(f"  {name:<16} {value}")
    print()


if __name__ == "__main__":
    sys.exit(main())

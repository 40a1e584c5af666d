"""Ports of 127.0.0.1: free ones, and the same ones again."""

import json
import secrets
import socket
from pathlib import Path

from local.errors import CannotRun

LOOPBACK = "127.0.0.1"
# Below the ports that connections going out are given: a client that keeps knocking at a server being
# restarted would sooner or later be given the very port it knocks at, and so take it.
CHOICE = range(15_000, 32_000)


class NoFreePort(CannotRun):
    """Not one port in the range can be listened on."""


def is_free(port: int, *, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on it now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: past connections don't count
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError:
            return False
        return True


def free(choice: range = CHOICE) -> int:
    """A port nobody listens on, nor will who asks here too, as long as this process lives."""
    for port in secrets.SystemRandom().sample(choice, len(choice)):
        if is_free(port) and _claim(port):
            return port
    raise NoFreePort(NoFreePort.__doc__)


def _claim(port: int) -> bool:
    """Whether it is ours now: until its server listens, the UDP port of that number, which nobody uses, says so."""
    mark = socket.socket(type=socket.SOCK_DGRAM)
    try:
        mark.bind((LOOPBACK, port))
    except OSError:
        mark.close()
        return False
    mark.detach()  # open until the process ends
    return True


class PortBook:
    """Ports by name, kept in a file: a bookmark still works after the next start."""

    def __init__(self, file: Path, *, reserved: tuple[int, ...] = ()) -> None:
        self._file = file
        self._reserved = reserved
        self._ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}

    def port(self, name: str) -> int:
        """The same port as last time if it is still free, else another, remembered from now on."""
        port = self._ports.pop(name, None)
        while port is None or port in self._reserved or port in self._ports.values() or not is_free(port):
            port = free()
        self._ports[name] = port
        self._file.write_text(json.dumps(self._ports, indent=2))
        return port

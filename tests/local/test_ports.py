import socket
from pathlib import Path

import pytest

from local import ports


def test_a_port_with_a_listener_is_not_free() -> None:
    port = ports.free()
    assert ports.is_free(port)
    with socket.create_server((ports.LOOPBACK, port)):
        assert not ports.is_free(port)


def test_two_who_ask_at_once_get_different_ones() -> None:
    """Also before either listens."""
    choice = range(first := 32_100, first + 2)
    assert {ports.free(choice), ports.free(choice)} == set(choice)
    with pytest.raises(ports.NoFreePort):
        ports.free(choice)


def test_it_gives_the_same_ports_again(tmp_path: Path) -> None:
    book = ports.PortBook(tmp_path / "ports.json")
    chosen = [book.port("postgres"), book.port("temporal")]
    assert len(set(chosen)) == len(chosen)
    again = ports.PortBook(tmp_path / "ports.json")
    assert [again.port("postgres"), again.port("temporal")] == chosen


def test_it_gives_another_port_when_the_old_one_is_taken(tmp_path: Path) -> None:
    old = ports.PortBook(tmp_path / "ports.json").port("postgres")
    with socket.create_server((ports.LOOPBACK, old)):
        new = ports.PortBook(tmp_path / "ports.json").port("postgres")
    assert new != old
    assert ports.PortBook(tmp_path / "ports.json").port("postgres") == new


def test_it_keeps_off_the_ports_that_were_asked_for(tmp_path: Path) -> None:
    old = ports.PortBook(tmp_path / "ports.json").port("postgres")
    assert ports.PortBook(tmp_path / "ports.json", reserved=(old,)).port("postgres") != old

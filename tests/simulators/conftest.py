"""The simulators as real processes on free ports, and a receiver for the provider's callbacks.

One of each serves all tests; every test uses order ids and addresses of its own.
"""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from local.ports import free
from tests.simulators.hands import Catcher, Provider
from tests.simulators.receiver import Receiver


@pytest.fixture(scope="session")
def the_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with Provider(tmp_path_factory.mktemp("provider") / "state.sqlite") as process:
        yield process


@pytest.fixture
def provider(the_provider: Provider) -> Provider:
    """Running, and instant for everyone, whatever the test before did to it."""
    the_provider.ensure()
    the_provider.http.delete("/_control")
    return the_provider


@pytest.fixture(scope="session")
def the_catcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catcher]:
    with Catcher(tmp_path_factory.mktemp("mail")) as process:
        yield process


@pytest.fixture
def catcher(the_catcher: Catcher) -> Catcher:
    """Running, and kind to everyone, whatever the test before did to it."""
    the_catcher.ensure()
    the_catcher.mode("accept")
    return the_catcher


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    with Receiver(free()) as server:
        yield server


@pytest.fixture
def order() -> UUID:
    return uuid4()


@pytest.fixture
def address() -> str:
    return f"{uuid4().hex}@pec.example"

"""`make up` as its users meet it: the walk of the README, processes killed at any moment, a second start."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from mailbox import Maildir
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import psutil
import pytest

from local.ports import free
from tests import identities

ROOT = Path(__file__).parents[2]
PARTS = {
    "worker": ("worker.py",),
    "web": ("web.py",),
    "temporal": ("server", "start-dev"),
    "postgres": ("bin/postgres", "-D"),
    "mail": ("simulators.mail",),
    "timestamps": ("simulators.timestamps",),
}
OWN = range(32_000, 32_700)
"""Ports that nobody else here chooses: they must still be free after a stop."""

LINK = re.compile(r"https?://\S+/accept/[\w-]+")
T = TypeVar("T")


class House:
    """One `make up`, on ports and in a folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environ = {
            **os.environ,
            "DOCFLY_HOME": str(home),
            "DOCFLY_PORT": str(free(OWN)),
            "DOCFLY_MAIL_PORT": str(free(OWN)),
        }

    def start(self) -> None:
        """Until it says that it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local.up"], cwd=ROOT, env=self.environ, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        said = ""
        while not said.startswith("ready "):
            said = self.process.stdout.readline()
            assert said, "it ended before it was ready"
        self.demo = json.loads((self.home / "demo.json").read_text())
        assert said == f"ready {self.demo['base_url']}\n"
        headers = {"Authorization": f"Bearer {self.demo['partners'][0]['api_key']}"}
        self.http = httpx.Client(base_url=self.demo["base_url"], headers=headers, timeout=30, trust_env=False)

    def stop(self) -> None:
        self.http.close()
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)
        assert self.process.returncode == 0

    def kill(self, part: str) -> None:
        """As the kernel would; one that is only just coming back is waited for."""
        assert eventually(lambda: self._kill(PARTS[part]), within=60)

    def _kill(self, words: tuple[str, ...]) -> bool:
        killed = False
        for child in psutil.Process(self.process.pid).children(recursive=True):
            try:
                said = " ".join(child.cmdline())
                if all(word in said for word in words) and "leash" not in said:
                    child.kill()
                    killed = True
            except psutil.NoSuchProcess:
                continue
        return killed

    def call(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Insist, as a partner's program does: lost connections and 503 are repeated as they are."""

        def answer() -> httpx.Response | None:
            try:
                answer = self.http.request(method, path, **how)
            except httpx.TransportError:
                return None
            return None if answer.status_code == 503 else answer

        return eventually(answer, within=120)

    def order(self, order_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", f"/v1/orders/{order_id}").json()
        return found

    def mails(self) -> list[tuple[str, str, str]]:
        """Message-ID, recipient and text of what was caught."""
        box = Maildir(self.home / "mail", create=False)
        return [(mail["Message-ID"], mail["To"], text_of(mail)) for mail in box]


def text_of(mail: Any) -> str:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    body: bytes = part.get_payload(decode=True)
    return body.decode()


def eventually(look: Callable[[], T | None], *, within: float) -> T:
    end = time.monotonic() + within
    while not (seen := look()):
        assert time.monotonic() < end, f"still {seen!r}"
        time.sleep(0.1)
    return seen


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("home") / "var")
    house.start()
    yield house
    house.stop()


def test_the_walk_of_the_readme_works(house: House) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    walk = subprocess.run(
        ["/bin/bash", "-eu", "-c", "\n".join(blocks)],
        env=house.environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert walk.returncode == 0, walk.stderr
    said = walk.stdout.splitlines()
    assert (said.count("active"), said.count("303")) == (2, 2)
    assert "cancelled, 23.18 EUR back" in said
    assert any(line.startswith("balance as before") for line in said)
    assert "5 GB for 24.40 EUR" in said
    assert "on_request" in said
    assert any(line.startswith("OK: nothing was changed") for line in said)


def test_it_finishes_its_orders_whatever_is_killed(house: House) -> None:
    chance = random.Random(7)
    orders = [Journey(house, wanted) for wanted in ["active", "cancelled"] * 3]
    victims = [part for part in PARTS for _ in range(2)]
    chance.shuffle(victims)
    for journey in orders:
        for step in (journey.place, journey.accept, journey.assign_or_cancel):
            if victims:
                house.kill(victims.pop())
                time.sleep(chance.choice([0, 0.05, 0.3]))
            step()
    for journey in orders:
        journey.ends_once()
    caught = house.mails()
    doubled = Counter(message_id for message_id, _, _ in caught)
    assert len({(message_id, to) for message_id, to, _ in caught}) == len(doubled)
    assert sum(times - 1 for times in doubled.values()) <= len(PARTS)  # SMTP's own limit: the same id again


def test_it_goes_on_where_it_was(house: House) -> None:
    journey = Journey(house, "active")
    journey.place()
    house.stop()
    house.start()
    journey.accept()
    journey.assign_or_cancel()
    journey.ends_once()


class Journey:
    """One order on its way, whatever dies beside it."""

    def __init__(self, house: House, wanted: str) -> None:
        self.house, self.wanted, self.key = house, wanted, str(uuid4())
        self.company = identities.company()
        self.order_id = ""

    def titolare(self, body: dict[str, Any]) -> str:
        answer = self.house.call("POST", "/v1/titolari", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def place(self) -> None:
        body = {"product": "docfly_pa", "titolare_id": self.titolare(self.company)}
        answer = self.house.call("POST", "/v1/orders", json=body, headers={"Idempotency-Key": self.key})
        assert answer.status_code == 201, answer.text
        self.order_id = answer.json()["id"]

    def accept(self) -> None:
        link = eventually(self.link, within=120)
        form = {"contract": "on", "clauses": "on", "privacy": "on", "name": "Maria Rossi"}
        form |= {"capacity": "legal_representative", "decision": "accept"}
        answer = self.house.call("POST", link, data=form)
        assert answer.status_code in (303, 410), answer.text  # 410: the try that got no answer had been heard
        assert self.house.order(self.order_id)["accepted_at"]

    def link(self) -> str | None:
        texts = [text for _, to, text in self.house.mails() if to == self.company["pec"]]
        return next((found[0] for text in texts if (found := LINK.search(text))), None)

    def assign_or_cancel(self) -> None:
        if self.wanted == "cancelled":
            path, body = f"/v1/orders/{self.order_id}/cancellation", {"reason": "doppione"}
            assert self.house.call("POST", path, json=body).status_code in (202, 409)
            return
        person = self.titolare(identities.person())
        roles = {"conservazione": person, "produzione": person}
        answer = self.house.call("PUT", f"/v1/orders/{self.order_id}/responsabili", json=roles)
        assert answer.status_code in (200, 409), answer.text

    def ends_once(self) -> None:
        order = eventually(self.ended, within=180)
        refunded = "0.00" if self.wanted == "active" else order["charged"]["amount"]
        assert (order["status"], order["refunded"]["amount"]) == (self.wanted, refunded)
        entries = self.house.call("GET", "/v1/credit/entries", params={"limit": 100}).json()["items"]
        mine = [entry["cause"]["kind"] for entry in entries if entry["cause"]["id"] == self.order_id]
        assert sorted(mine) == (["order"] if self.wanted == "active" else ["order", "refund"])

    def ended(self) -> dict[str, Any] | None:
        order = self.house.order(self.order_id)
        return order if order["status"] == self.wanted else None

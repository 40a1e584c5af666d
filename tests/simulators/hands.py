"""What the tests work with: the simulators, as processes to start, ask and stop."""

import os
import secrets
import smtplib
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import UUID

import httpx

from local.ports import free

ROOT = Path(__file__).parents[2]
SECRET = "whsec_" + b64encode(secrets.token_bytes(24)).decode()

T = TypeVar("T")


def eventually(look: Callable[[], T], *, within: float = 5) -> T:
    """What `look` sees, as soon as it is something; fails after `within` seconds."""
    end = time.monotonic() + within
    while not (seen := look()):
        assert time.monotonic() < end, f"still {seen!r}"
        time.sleep(0.02)
    return seen


class Process:
    """A simulator; leaving the `with` stops it by SIGTERM and wants exit code 0."""

    module: str
    options: dict[str, object]

    def __init__(self, *, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.http = httpx.Client(base_url=self.url, timeout=5, trust_env=False)

    def start(self) -> None:
        command = [sys.executable, "-m", self.module]
        for name, value in self.options.items():
            command += [f"--{name}", str(value)]
        environment = os.environ | {"DOCFLY_PROVIDER_SECRET": SECRET}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        eventually(self._answers, within=20)

    def ensure(self) -> None:
        """Start it unless it runs."""
        if self.process.poll() is not None:
            self.start()

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.process.communicate()[1]
        try:
            return self.http.get("/healthz").is_success
        except httpx.TransportError:
            return False

    def stop(self) -> str:
        """What it wrote to its log."""
        self.process.terminate()
        log = self.process.communicate(timeout=5)[1]
        assert self.process.returncode == 0, log
        return log

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()
        self.http.close()


class Provider(Process):
    """The provider and what one asks of it."""

    module = "simulators.provider"

    def __init__(self, state: Path) -> None:
        port = free()
        self.options = {"port": port, "state": state}
        super().__init__(port=port)

    def put(self, order: UUID, *, callback_url: str = "http://127.0.0.1:9/") -> httpx.Response:
        return self.http.put(f"/accounts/{order}", json=opening(callback_url))

    def get(self, order: UUID) -> httpx.Response:
        return self.http.get(f"/accounts/{order}")

    def post(self, order: UUID, action: str) -> httpx.Response:
        return self.http.post(f"/accounts/{order}/{action}")

    def mode(self, mode: str, *, order: UUID | None = None, **details: object) -> None:
        body = {"mode": mode, "order_id": str(order) if order else None, **details}
        assert self.http.post("/_control", json=body).status_code == 200

    def complete(self, order: UUID, state: str, **details: object) -> httpx.Response:
        body = {"order_id": str(order), "state": state, **details}
        return self.http.post("/_control/complete", json=body)

    def use(self, order: UUID, used_bytes: int) -> httpx.Response:
        return self.http.post("/_control/usage", json={"order_id": str(order), "used_bytes": used_bytes})

    def held(self, order: UUID) -> dict[str, Any]:
        """What `/_control/accounts` says of this order."""
        accounts = self.http.get("/_control/accounts").json()
        return next(one for one in accounts if one["order_id"] == str(order))


def opening(callback_url: str) -> dict[str, object]:
    """The body of a PUT, with invented people."""
    return {
        "product": "docfly",
        "quotas": {"gb": 5, "users": 1, "archives": 1, "definitions": 2},
        "titolare": {"denominazione": "Rossi & Figli S.r.l.", "partita_iva": "01879020517"},
        "responsabile": {"given_name": "Maria", "family_name": "Rossi", "pec": "rossi@pec.example"},
        "callback_url": callback_url,
    }


class Timestamps(Process):
    """The time-stamping authority."""

    module = "simulators.timestamps"

    def __init__(self) -> None:
        port = free()
        super().__init__(port=port)
        self.options = {"port": port}

    def mode(self, mode: str) -> None:
        self.http.post("/_control", json={"mode": mode}).raise_for_status()


class Catcher(Process):
    """The mail catcher and what one asks of it."""

    module = "simulators.mail"

    def __init__(self, maildir: Path) -> None:
        port, self.smtp_port = free(), free()
        self.maildir = maildir
        self.options = {"maildir": maildir, "smtp-port": self.smtp_port, "http-port": port}
        super().__init__(port=port)

    def send(self, to: str, *, message: EmailMessage | None = None, timeout: float = 5) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=timeout) as smtp:
            smtp.send_message(message or mail(to), from_addr="docfly@platform.example", to_addrs=[to])

    def mode(self, mode: str, **details: object) -> None:
        assert self.http.post("/_control", json={"mode": mode, **details}).status_code == 200

    def messages(self, to: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get("/messages", params={"to": to}).json()
        return found


def mail(to: str, *, subject: str = "Accettazione contratti: perché") -> EmailMessage:
    """A message as the platform sends them: text, HTML, a PDF."""
    message = EmailMessage()
    message["From"] = "DocFly <docfly@platform.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<{to}>"
    message["Date"] = "Mon, 05 Jan 2026 10:00:00 +0100"
    message.set_content("Accettare qui: https://platform.example/accept/abc?x=1&y=2.\n<b>così</b>\n")
    message.add_alternative("<p>Accettare <script>alert(1)</script></p>", subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="contratto.pdf")
    return message

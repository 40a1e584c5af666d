"""The other end of the provider's callbacks."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self
from uuid import UUID

from standardwebhooks import Webhook

from tests.simulators.hands import SECRET


class Receiver:
    """Takes callbacks whose signature is right: 204, or first what `answers` says for the order."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/reports"
        self.taken: list[tuple[str, dict[str, str]]] = []
        self.answers: dict[str, list[int]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                self.send_response(receiver.receive(body, headers=dict(self.headers)))
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler

    def receive(self, body: bytes, *, headers: dict[str, str]) -> int:
        """The status to answer. Raises, and so drops the connection, when the signature is wrong."""
        Webhook(SECRET).verify(body, headers)
        report = json.loads(body)
        self.taken.append((headers["webhook-id"], report))
        answers = self.answers.get(report["order_id"], [])
        return answers.pop(0) if answers else 204

    def of(self, order: UUID) -> list[tuple[str, dict[str, str]]]:
        """Event ids and bodies received for this order, in their order."""
        return [(event, report) for event, report in self.taken if report["order_id"] == str(order)]

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

"""What every simulator's process needs: an HTTP server that stops when told, and words for refusals."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

HOLD_POLL_S = 0.1
KEEP_ALIVE_S = 75
"""How long a connection may idle: its client is the one to close it, who else may send into the close."""
LOOPBACK = "127.0.0.1"
"""Where a simulator listens unless it is told otherwise, as in a container."""


class Server(uvicorn.Server):
    """Writes no access log; SIGTERM and SIGINT end it with exit code 0."""

    def __init__(self, app: FastAPI, *, host: str, port: int) -> None:
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            lifespan="on",
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=2,
        )
        super().__init__(config)
        app.state.server = self
        app.add_exception_handler(RequestValidationError, _invalid_request)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal without raising it again afterwards: an asked-for end is no failure."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop)
        yield

    def _stop(self) -> None:
        self.should_exit = True


async def hold(request: Request) -> None:
    """Keep the caller waiting until it gives up, or this process ends."""
    server: Server = request.app.state.server
    while not server.should_exit and not await request.is_disconnected():  # noqa: ASYNC110 - nobody signals it
        await asyncio.sleep(HOLD_POLL_S)


def problem(status: int, title: str, **facts: object) -> JSONResponse:
    """An RFC 9457 answer; `facts` are further members of it."""
    body = {"type": "about:blank", "title": title, "status": status, **facts}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


async def _invalid_request(_request: Request, error: Exception) -> JSONResponse:
    """Say where and why, without repeating what was sent."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [{"pointer": "/" + "/".join(map(str, one["loc"][1:])), "detail": one["msg"]} for one in found]
    return problem(422, "The request is not valid.", reason="invalid_request", errors=errors)

"""Bodies are read here first, and no further than they may be long."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rendering import render
from front.errors import BodyTooLarge

BODY_BYTES = 64 * 1024


class BodyLimit:
    """Answers 413 to a body over the limit, before anything has been done; `streamed` routes limit it themselves."""

    def __init__(self, app: ASGIApp, *, streamed: Sequence[BaseRoute]) -> None:
        self._app, self._streamed = app, streamed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or any(route.matches(scope)[0] is Match.FULL for route in self._streamed):
            await self._app(scope, receive, send)
            return
        messages, size = [], 0
        while True:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if size > BODY_BYTES:
                answer = render(BodyTooLarge(limit_bytes=BODY_BYTES), Request(scope))
                await answer(scope, receive, send)
                return
            if not message.get("more_body", False):
                break
        await self._app(scope, _again(messages, receive), send)


def _again(messages: list[Message], receive: Receive) -> Receive:
    """What was read, once more, and then whatever comes."""
    waiting = iter(messages)

    async def replay() -> Message:
        return next(waiting, None) or await receive()

    return replay

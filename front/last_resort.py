"""What nobody foresaw: an outage of the database, or a bug, reported without its words (they may be data)."""

from collections.abc import Callable

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from db.connection import is_outage
from domain.errors import DatabaseUnavailable, DomainError
from front.errors import UnexpectedError
from telemetry import where

log = structlog.get_logger()


class LastResort:
    """The outermost floor of a face, which renders in its own way."""

    def __init__(self, app: ASGIApp, *, render: Callable[[DomainError, Request], Response]) -> None:
        self._app, self._render = app, render

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        try:
            await self._app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - the edge
            route = getattr(scope.get("route"), "path", None)
            facts = {"error": type(error).__name__, "route": route}
            if is_outage(error):
                log.warning("database_unavailable", **facts)
                answer = self._render(DatabaseUnavailable(), Request(scope))
            else:
                log.error("unexpected_error", **facts, where=where(error))  # noqa: TRY400 - a trace prints values
                answer = self._render(UnexpectedError(), Request(scope))
            await answer(scope, receive, send)

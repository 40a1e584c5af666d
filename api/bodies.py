"""Bodies are JSON (RFC 8259) in UTF-8, in which no field is given twice."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute

TWICE: Final = object()
"""Stands where a field was given more than once: no type takes it, so the field is refused where it is."""


class JsonRoute(APIRoute):
    """A route that reads its body strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The same handler, given our request."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            return await handle(_Request(request.scope, request.receive))

        return handler


class _Request(Request):
    async def json(self) -> Any:
        text = (await self.body()).decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse)


def _object(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in fields:
        found[name] = TWICE if name in found else value
    return found


def _refuse(constant: str) -> None:
    """NaN and the infinities are Python's own."""
    raise ValueError(constant)

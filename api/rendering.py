"""Errors become RFC 9457 problem documents here, in the language that was asked for."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.languages import is_english
from api.money import with_money
from api.validation import explain
from domain.errors import DomainError, Unavailable
from front.errors import BY_STATUS, InvalidRequest, MalformedBody, NoSuchResource, UnsupportedBody
from front.last_resort import LastResort
from front.problems import PROBLEMS

TYPE = "https://docfly.invalid/problems/"
RETRY_SECONDS = "2"
PROBLEM: dict[str, Any] = {
    "description": "A problem: its `type` says which",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail"],
                "properties": {
                    "type": {"type": "string", "format": "uri"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "errors": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["pointer", "detail"],
                            "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
                        },
                    },
                },
            }
        }
    },
}
IN_OPENAPI: dict[int | str, dict[str, Any]] = {
    422: {**PROBLEM, "description": "Some fields aren't valid"},
    "4XX": PROBLEM,
    "5XX": PROBLEM,
}
"""How the schema tells it: RFC 9457, and which fields."""


def render(error: DomainError, request: Request) -> JSONResponse:
    """The problem document of an error."""
    problem = PROBLEMS[type(error)]
    facts, english = error.facts, is_english(request)
    words = problem.detail if english else problem.dettaglio
    body = {
        "type": TYPE + type(error).__name__,
        "title": error.title if english else problem.titolo,
        "status": problem.status,
        "detail": words.format(**facts),
        **with_money(facts),
    }
    return JSONResponse(body, problem.status, _headers(error, request), media_type="application/problem+json")


def _headers(error: DomainError, request: Request) -> dict[str, str]:
    headers = {"Content-Language": "en" if is_english(request) else "it"}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = RETRY_SECONDS
    if PROBLEMS[type(error)].status == 401:  # noqa: PLR2004 - RFC 9110 § 11.6.1
        headers["WWW-Authenticate"] = "Bearer"
    if getattr(request.state, "replayed", False):
        headers["Idempotency-Replayed"] = "true"
    return headers


def install(app: FastAPI) -> None:
    """Have every error rendered here."""

    @app.exception_handler(DomainError)
    async def _domain(request: Request, error: DomainError) -> JSONResponse:
        return render(error, request)

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, error: RequestValidationError) -> JSONResponse:
        if any(problem["type"] == "json_invalid" for problem in error.errors()):
            return render(MalformedBody(), request)
        if any(isinstance(problem.get("input"), bytes) for problem in error.errors()):  # left as it came: no JSON type
            return render(UnsupportedBody(), request)
        return render(InvalidRequest(errors=explain(error, english=is_english(request))), request)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        answer = render(BY_STATUS.get(error.status_code, NoSuchResource)(), request)
        answer.headers.update(error.headers or {})
        if (known := answer.headers.get("Allow")) is not None:
            answer.headers["Allow"] = _allowed(request, known)
        return answer

    app.add_middleware(LastResort, render=render)


def _allowed(request: Request, known: str) -> str:
    """RFC 9110 § 10.2.1 wants all methods of the address; the framework names the first route's."""
    routes = [route for route in request.app.state.routes if route.matches(request.scope)[0] is not Match.NONE]
    named = {known, *(method for route in routes for method in route.methods)}
    return ", ".join(sorted(named | ({"HEAD"} if "GET" in named else set())))

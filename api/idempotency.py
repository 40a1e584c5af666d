"""One key, one request, one answer: for ever (the contract's Idempotency-Key)."""

import re
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from context import Session
from db import requests
from domain import errors
from domain.errors import DomainError, IdempotencyKeyMissing
from front.problems import PROBLEMS

_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)


def _key(request: Request) -> str:
    """The header's value. Raises IdempotencyKeyMissing."""
    key = request.headers.get("idempotency-key", "").strip()
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyMissing
    return key


IdempotencyKey = Annotated[str, Depends(_key)]


def in_openapi(*, required: bool) -> dict[str, Any]:
    """How the schema tells of it: a route's `openapi_extra`. What it lacks is 400, so it is no parameter of ours."""
    return {
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": required,
                "description": "1 to 255 visible ASCII characters: a repeat with the same one gives the first answer",
                "schema": {"type": "string", "minLength": 1, "maxLength": 255},
            }
        ]
    }


def _key_if_any(request: Request) -> str | None:
    """The header's value, if there is one. Raises IdempotencyKeyMissing for one that can't be a key."""
    return _key(request) if "idempotency-key" in request.headers else None


OptionalKey = Annotated[str | None, Depends(_key_if_any)]


class Created(BaseModel):
    """A first answer: 201, and where the new thing is."""

    location: str | None
    body: dict[str, Any]


async def answer_once(
    request: Request,
    session: Session,
    *,
    caller_id: UUID,
    key: str,
    wish: BaseModel,
    do: Callable[[], Awaitable[Created]],
) -> Response:
    """Do it and keep the answer, or give the answer that was kept.

    `do` is safe to repeat, so a request that comes while its twin is under way does it too; the answer
    stored first is everybody's. A 5xx is not an answer.
    """
    print_ = sha256(f"{request.method} {request.url.path} {wish.model_dump_json()}".encode()).digest()
    mine, repeated = await requests.open_(session, caller_id=caller_id, key=key, fingerprint=print_)
    answer = mine.answer or await requests.answer(session, mine, answer=await _first_answer(do))
    request.state.replayed = repeated  # only now: what fails on our side is nobody's first answer
    if "error" in answer:
        raise errors.by_name()[answer["error"]].from_facts(answer["facts"])
    return _created(answer, repeated=repeated)


async def answer_at_once(do: Callable[[], Awaitable[Created]]) -> Response:
    """Do it, for a request without a key: a repeat does it again."""
    return _created((await do()).model_dump(mode="json"), repeated=False)


def _created(answer: dict[str, Any], *, repeated: bool) -> Response:
    headers = {"Location": answer["location"]} if answer["location"] else {}
    if repeated:
        headers["Idempotency-Replayed"] = "true"
    return JSONResponse(answer["body"], 201, headers)


async def _first_answer(do: Callable[[], Awaitable[Created]]) -> dict[str, Any]:
    try:
        return (await do()).model_dump(mode="json")
    except DomainError as error:
        if PROBLEMS[type(error)].status >= 500:  # noqa: PLR2004 - RFC 9110 § 15.6: ours, so no answer yet
            raise
        return {"error": type(error).__name__, "facts": error.facts}

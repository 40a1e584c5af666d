"""Entity tags, and requests that depend on them (RFC 9110 §§ 8.8.3, 13.1)."""

import re
from collections.abc import Callable, Coroutine
from hashlib import sha256
from typing import Any, ClassVar, TypeVar

from fastapi import Request, Response
from pydantic import BaseModel

from api.bodies import JsonRoute
from front.errors import PreconditionFailed, PreconditionRequired

Answer = TypeVar("Answer", bound=BaseModel)

_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t,]*{_TAG})*[ \t,]*")
_WEAK = "W/"
NOT_MODIFIED = 304
KEPT_HEADERS = ("etag", "cache-control", "content-location", "expires", "vary")
"""What a 304 repeats of the answer that it stands for (RFC 9110 § 15.4.5)."""


class Restless(BaseModel):
    """An answer some of whose fields move although nobody changes anything: nothing that a change could overwrite."""

    MOVE_BY_THEMSELVES: ClassVar[dict[str, Any]]
    """As pydantic's `exclude` names them."""


IF_MATCH: dict[str, Any] = {
    "parameters": [
        {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": "The ETag of the state that is to be changed",
            "schema": {"type": "string"},
        }
    ]
}
"""How the schema tells of it: a route's `openapi_extra`."""


def tag(response: Response, answer: Answer) -> Answer:
    """The answer, its tag in the response's headers: same content, same tag."""
    response.headers["ETag"] = _tag_of(answer)
    return answer


def check_match(request: Request, answer: BaseModel) -> None:
    """Whether If-Match names the present state, but for what moves by itself.

    Raises PreconditionRequired, PreconditionFailed.
    `answer` is what a GET would answer now; read it under the lock that the change is made under.
    """
    if "if-match" not in request.headers:
        raise PreconditionRequired
    named = _named(request, "if-match")
    if named != ["*"] and _state_in(_tag_of(answer)) not in map(_state_in, named):
        raise PreconditionFailed


def takes_any(request: Request) -> bool:
    """Whether If-Match is `*`: the asker's change is wanted whatever the present state."""
    return _named(request, "if-match") == ["*"]


class TaggedRoute(JsonRoute):
    """A route whose GETs heed If-None-Match: 304 for who has the present state already."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The same handler; its answer is left out if the asker has it."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            response = await handle(request)
            return _not_modified(response) if _is_had(request, response) else response

        return handler


def _is_had(request: Request, response: Response) -> bool:
    """By weak comparison: a cache may weaken a tag on its way."""
    tagged = response.headers.get("etag")
    if tagged is None or request.method != "GET" or "if-none-match" not in request.headers:
        return False
    named = _named(request, "if-none-match")
    return "*" in named or tagged in {one.removeprefix(_WEAK) for one in named}


def _not_modified(response: Response) -> Response:
    kept = {name: value for name, value in response.headers.items() if name in KEPT_HEADERS}
    return Response(status_code=NOT_MODIFIED, headers=kept)


def _named(request: Request, header: str) -> list[str]:
    """The tags of a header, however many lines it has; `*` alone; nothing, if it is neither."""
    value = ",".join(request.headers.getlist(header)).strip(" \t")
    if value == "*":
        return ["*"]
    return re.findall(_TAG, value) if _TAGS.fullmatch(value) else []


def _tag_of(answer: BaseModel) -> str:
    """Two hashes: of what people change, and of all that is told."""
    moving = answer.MOVE_BY_THEMSELVES if isinstance(answer, Restless) else None
    return f'"{_hash(answer.model_dump_json(exclude=moving))}.{_hash(answer.model_dump_json())}"'


def _hash(content: str) -> str:
    return sha256(content.encode()).hexdigest()[:32]


def _state_in(tag: str) -> str:
    """The first of the two, with what stands before it: a weak tag's differs from every strong one's."""
    return tag.partition(".")[0]

"""Entity tags (RFC 9110 § 8.8.3)."""

from hashlib import sha256
from typing import TypeVar

from fastapi import Response
from pydantic import BaseModel

Answer = TypeVar("Answer", bound=BaseModel)


def tag(response: Response, answer: Answer) -> Answer:
    """The answer, its tag in the response's headers: same content, same tag."""
    response.headers["ETag"] = f'"{sha256(answer.model_dump_json().encode()).hexdigest()[:32]}"'
    return answer

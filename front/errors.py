"""Errors of HTTP itself, beside the domain's."""

from dataclasses import dataclass, field
from typing import Any

from domain.errors import Rejected


@dataclass(eq=False, kw_only=True)
class InvalidRequest(Rejected):
    """Some fields aren't right."""

    errors: list[dict[str, str]] = field(default_factory=list)
    """[{"pointer": where, "detail": what}]"""


@dataclass(eq=False, kw_only=True)
class MalformedBody(Rejected):
    """The body isn't JSON."""


@dataclass(eq=False, kw_only=True)
class MalformedForm(Rejected):
    """The form isn't whole, or isn't one."""


@dataclass(eq=False, kw_only=True)
class BodyTooLarge(Rejected):
    """The body is too large."""

    limit_bytes: int


@dataclass(eq=False, kw_only=True)
class UnsupportedBody(Rejected):
    """The body isn't of a kind that is read here."""

    expected: str = "application/json"


@dataclass(eq=False, kw_only=True)
class NotAcceptable(Rejected):
    """The resource isn't to be had in a format that is accepted."""

    offered: str


@dataclass(eq=False, kw_only=True)
class NoSuchResource(Rejected):
    """There is nothing at this address."""


@dataclass(eq=False, kw_only=True)
class MethodNotAllowed(Rejected):
    """The method can't be used here."""


@dataclass(eq=False, kw_only=True)
class InvalidSignature(Rejected):
    """The signature isn't the provider's."""


@dataclass(eq=False, kw_only=True)
class UnexpectedError(Rejected):
    """Something went wrong on our side."""


@dataclass(eq=False, kw_only=True)
class PreconditionRequired(Rejected):
    """The change must say by If-Match which state it changes."""


@dataclass(eq=False, kw_only=True)
class PreconditionFailed(Rejected):
    """The state that If-Match names isn't the present one."""


BY_STATUS: dict[int, Any] = {
    400: MalformedBody,
    404: NoSuchResource,
    405: MethodNotAllowed,
    415: UnsupportedBody,
}
"""What the framework itself may answer."""

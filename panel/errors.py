"""Errors of the panel itself, beside the domain's."""

from dataclasses import dataclass

from domain.errors import Rejected


@dataclass(eq=False, kw_only=True)
class SignInNeeded(Rejected):
    """Nobody has signed in, or the session is over."""


@dataclass(eq=False, kw_only=True)
class SecondFactorNeeded(Rejected):
    """An operator has still to turn the second factor on."""


@dataclass(eq=False, kw_only=True)
class ForeignForm(Rejected):
    """The form wasn't made by this session's page."""

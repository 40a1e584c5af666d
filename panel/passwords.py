"""Passwords: Argon2, in a thread of its own, since it is meant to take its time."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
HASHER = PasswordHasher()
NOBODYS = HASHER.hash(secrets.token_urlsafe())
"""Compared for a login that nobody has: it takes as long, and so tells nothing."""


async def hashed(password: str) -> str:
    """What is kept of it."""
    return await asyncio.to_thread(HASHER.hash, _bytes(password))


async def matches(password_hash: str, password: str) -> bool:
    """Whether it is the one."""
    return await asyncio.to_thread(_matches, password_hash, password)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


def _bytes(password: str) -> bytes:
    return password.encode(errors="replace")

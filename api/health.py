"""Whether the process lives, and whether it can work."""

import asyncio

from fastapi import APIRouter, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from context import Session, Temporal
from workflows import client

router = APIRouter(tags=["health"])
SECONDS = 2


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready(session: Session, temporal: Temporal, response: Response) -> dict[str, bool]:
    """Database and Temporal are reachable; 503 otherwise."""
    reachable = {"database": await _answers(session), "temporal": await client.is_reachable(temporal)}
    if not all(reachable.values()):
        response.status_code = 503
    return reachable


async def _answers(session: AsyncSession) -> bool:
    """Within the time that whoever asks is likely to wait; a server that hangs isn't reachable either."""
    try:
        async with asyncio.timeout(SECONDS):
            await session.execute(text("select 1"))
    except (SQLAlchemyError, OSError):  # a timeout is one
        return False
    return True

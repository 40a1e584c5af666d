"""Signing in by user and password; and out, here or everywhere."""

import secrets
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Annotated
from urllib.parse import urlsplit
from uuid import uuid4

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from context import Now, Process, Session
from db import users
from db.users import LONGEST, FailedSignInRow, SessionRow, UserRow
from domain.tokens import fingerprint
from panel import passwords, second_factor, unsent
from panel.errors import ForeignFormError
from panel.fields import visible
from panel.rendering import page
from panel.visitors import COOKIE, HOME, AnyVisitor, form_token

router = APIRouter()


WRONG = "Utente, password o codice errati."
TOO_MANY = "Troppi tentativi: riprovi tra 15 minuti."
FOREIGN = ("cross-site", "same-site")
"""As browsers say it (Fetch Metadata)."""


class Entry(BaseModel):
    """Who wants to come in, and what they want to go on with."""

    login: Annotated[str, Field(max_length=passwords.LONGEST), AfterValidator(visible)] = ""
    password: Annotated[str, Field(max_length=passwords.LONGEST)] = ""
    code: Annotated[str, Field(max_length=passwords.LONGEST), AfterValidator(visible)] = ""
    poi: Annotated[str, Field(max_length=4_000)] = ""
    """The address that they had asked for."""
    carried: str = ""
    """The form that they had sent, as `unsent` seals it."""


@router.get("/entra")
async def ask(request: Request, poi: str = "") -> Response:
    """User and password."""
    return ask_page(request, Entry(poi=poi[:4_000]))


def ask_page(request: Request, entry: Entry, *, status: int = 200, error: str | None = None) -> Response:
    """User and password; and what is to be taken up afterwards."""
    return page(request, "sign_in", status=status, entry=entry, error=error)


@router.post("/entra")
async def sign_in(
    request: Request, session: Session, made: Process, now: Now, entry: Annotated[Entry, Form()]
) -> Response:
    """A new session, whatever the browser had before; on to where the visitor wanted to go, or with what they sent."""
    if _is_foreign(request, our_url=made.public_url):
        raise ForeignFormError
    login, address = entry.login, came_from(request)
    if await users.is_locked_out(session, login=login, address=address, now=now):
        return ask_page(request, entry, status=429, error=TOO_MANY)
    user = await users.by_login(session, login=login)
    await session.commit()  # hashing takes its time
    is_right = await passwords.matches(user.password_hash if user else passwords.NOBODYS, entry.password)
    await users.one_at_a_time(session, login=login)  # of tries that came together, each counts those before it
    if await users.is_locked_out(session, login=login, address=address, now=now):
        return ask_page(request, entry, status=429, error=TOO_MANY)
    if (
        user is None
        or not is_right
        or not await has_second_factor(session, user, code=entry.code, now=now, sealed_by=made.secret)
    ):
        session.add(FailedSignInRow(id=uuid4(), login=login, address=address, at=now))
        await session.commit()
        return ask_page(request, entry, status=422, error=WRONG)
    await users.forget_old(session, now=now)
    cookie = secrets.token_urlsafe(32)
    begun = SessionRow(id=uuid4(), fingerprint=fingerprint(cookie), user_id=user.id, begun_at=now, seen_at=now)
    session.add(begun)
    await session.commit()
    answer: Response = RedirectResponse(entry.poi if _is_ours(entry.poi) else f"{HOME}/", 303)
    left = unsent.opened(entry.carried, by=made.secret)
    if request.headers.get("sec-fetch-site") == "same-origin" and left is not None and left.user_id == user.id:
        answer = page(request, "unsent", unsent=left, token=form_token(cookie, user_id=user.id, by=made.secret))
    is_tls = "https" in (request.url.scheme, urlsplit(made.public_url).scheme)  # a proxy may not be named
    answer.set_cookie(
        COOKIE, cookie, max_age=int(LONGEST.total_seconds()), path=HOME, secure=is_tls, httponly=True, samesite="lax"
    )
    return answer


def _is_foreign(request: Request, *, our_url: str) -> bool:
    """Whether another site sent it: that signs nobody in to an account of its own.

    Browsers that are too old for Fetch Metadata, or reach us without TLS, name the page's origin all the same.
    """
    if (site := request.headers.get("sec-fetch-site")) is not None:
        return site in FOREIGN
    origin = request.headers.get("origin")
    return origin is not None and origin.partition("://")[2] not in (request.url.netloc, urlsplit(our_url).netloc)


@router.post("/esci")
async def sign_out(who: AnyVisitor, session: Session) -> Response:
    """End the session of the browser that asks."""
    await users.sign_out(session, session_id=who.session_id)
    await session.commit()
    return _gone()


@router.post("/esci-ovunque")
async def sign_out_everywhere(who: AnyVisitor, session: Session) -> Response:
    """End all of the user's sessions, on whatever machine."""
    await users.sign_out_everywhere(session, user_id=who.id)
    await session.commit()
    return _gone()


def came_from(request: Request) -> str:
    """The network's address of who asks; behind a proxy that is trusted, the one that it names.

    Of IPv6 the first 64 bits: one host has all the others.
    """
    host = request.client.host if request.client else ""
    try:
        known = ip_address(host)
    except ValueError:
        return host
    return str(known) if known.version == 4 else str(ip_network((known, 64), strict=False))  # noqa: PLR2004


async def has_second_factor(session: AsyncSession, found: UserRow, *, code: str, now: datetime, sealed_by: str) -> bool:
    """Whether the code is right and new, where one is asked for; and the user still as the password was compared."""
    password_hash = found.password_hash
    user = await session.get(UserRow, found.id, with_for_update=True, populate_existing=True)
    if user is None or user.password_hash != password_hash:  # removed, or set anew, while it was compared
        return False
    if user.totp_secret is None:
        return True
    secret = second_factor.opened(user.totp_secret, by=sealed_by)
    step = secret and second_factor.step(secret, code=code, now=now, after=user.totp_step)
    user.totp_step = step or user.totp_step
    return bool(step)


def _is_ours(address: str) -> bool:
    """A page of the panel, and nobody else's: no host, no scheme, nothing that a browser would read as one."""
    return address.startswith(f"{HOME}/") and not set(address) & set("\\\r\n\t") and "//" not in address


def _gone() -> Response:
    answer = RedirectResponse(f"{HOME}/entra", 303)
    answer.delete_cookie(COOKIE, path=HOME)
    return answer

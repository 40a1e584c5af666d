"""A user's own security: the second factor, and all their sessions."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from context import Now, Process, Session
from db import users
from db.users import FailedSignInRow, SessionRow
from panel import passwords, second_factor
from panel.rendering import page
from panel.signing_in import came_from
from panel.visitors import SECURITY, AnyVisitor, Visitor

router = APIRouter(prefix="/sicurezza")
Code = Annotated[str, Form(max_length=6)]
Secret = Annotated[str, Form(max_length=passwords.LONGEST)]
WRONG = "Non è la Sua password; dopo troppi tentativi bisogna attendere 15 minuti."
TOO_SHORT = f"Almeno {passwords.SHORTEST} caratteri: una frase si ricorda meglio."


@router.get("")
async def show(request: Request, who: AnyVisitor, session: Session, made: Process) -> Response:
    """Whether it is on; and if not, what the app has to read."""
    return await _page(request, who, session, made, status=200)


@router.post("")
async def change(
    request: Request, who: AnyVisitor, session: Session, made: Process, now: Now, code: Code = ""
) -> Response:
    """Turn it on, or off for who may go without, each by a code that the app shows now."""
    user = await users.lock(session, user_id=who.id)
    here = await session.get_one(SessionRow, who.session_id)
    kept = user.totp_secret or here.offered_secret
    secret = kept and second_factor.opened(kept, by=made.secret)
    step = secret and second_factor.step(secret, code=code, now=now, after=user.totp_step)
    if not step:
        await session.rollback()
        return await _page(
            request, who, session, made, status=422, error="Il codice non è giusto: ne attenda un altro."
        )
    if user.totp_secret is None:
        user.totp_secret, here.offered_secret = kept, None
        await users.sign_out_elsewhere(session, user_id=who.id, here=who.session_id)
    elif user.partner_id is not None:
        user.totp_secret = None
    user.totp_step = step if user.totp_secret else None
    await session.commit()
    return RedirectResponse(SECURITY, 303)


@router.post("/password")
async def change_password(
    request: Request, who: AnyVisitor, session: Session, made: Process, now: Now, old: Secret = "", new: Secret = ""
) -> Response:
    """Another one; all other sessions end. Wrong tries count with those of the sign-in."""
    user = await users.lock(session, user_id=who.id)
    address = came_from(request)
    is_locked_out = await users.is_locked_out(session, login=user.login, address=address, now=now)
    if is_locked_out or not await passwords.matches(user.password_hash, old):
        session.add(FailedSignInRow(id=uuid4(), login=user.login, address=address, at=now))
        await session.commit()
        return await _page(request, who, session, made, status=422, wrong={"old": WRONG})
    if len(new) < passwords.SHORTEST:
        await session.rollback()
        return await _page(request, who, session, made, status=422, wrong={"new": TOO_SHORT})
    user.password_hash = await passwords.hashed(new)
    await users.sign_out_elsewhere(session, user_id=who.id, here=who.session_id)
    await session.commit()
    return RedirectResponse(SECURITY, 303)


async def _page(
    request: Request,
    who: Visitor,
    session: Session,
    made: Process,
    *,
    status: int,
    error: str | None = None,
    wrong: dict[str, str] | None = None,
) -> Response:
    offered = None
    if not who.has_second_factor:
        here = await session.get_one(SessionRow, who.session_id)
        offered = here.offered_secret and second_factor.opened(here.offered_secret, by=made.secret)
        if not offered:
            offered = second_factor.new_secret()
            here.offered_secret = second_factor.sealed(offered, by=made.secret)
        await session.commit()
    picture = offered and second_factor.picture(offered, login=who.login)
    return page(
        request,
        "security",
        status=status,
        who=who,
        secret=offered,
        picture=picture,
        error=error,
        wrong=wrong or {},
        shortest=passwords.SHORTEST,
    )

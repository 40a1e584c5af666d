"""A user's own security: the second factor, and all their sessions."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from context import Now, Session
from db import users
from db.users import SessionRow
from panel import second_factor
from panel.rendering import page
from panel.visitors import SECURITY, AnyVisitor, Visitor

router = APIRouter(prefix="/sicurezza")
Code = Annotated[str, Form(max_length=6)]


@router.get("")
async def show(request: Request, who: AnyVisitor, session: Session) -> Response:
    """Whether it is on; and if not, what the app has to read."""
    return await _page(request, who, session, status=200, error=None)


@router.post("")
async def change(request: Request, who: AnyVisitor, session: Session, now: Now, code: Code = "") -> Response:
    """Turn it on, or off for who may go without, each by a code that the app shows now."""
    user = await users.lock(session, user_id=who.id)
    here = await session.get_one(SessionRow, who.session_id)
    secret = user.totp_secret or here.offered_secret
    step = secret and second_factor.step(secret, code=code, now=now, after=user.totp_step)
    if not step:
        await session.rollback()
        return await _page(request, who, session, status=422, error="Il codice non è giusto: ne attenda un altro.")
    if user.totp_secret is None:
        user.totp_secret, here.offered_secret = secret, None
        await users.sign_out_elsewhere(session, user_id=who.id, here=who.session_id)
    elif not who.is_operator:
        user.totp_secret = None
    user.totp_step = step if user.totp_secret else None
    await session.commit()
    return RedirectResponse(SECURITY, 303)


async def _page(request: Request, who: Visitor, session: Session, *, status: int, error: str | None) -> Response:
    offered = None
    if not who.has_second_factor:
        here = await session.get_one(SessionRow, who.session_id)
        offered = here.offered_secret = here.offered_secret or second_factor.new_secret()
        await session.commit()
    picture = offered and second_factor.picture(offered, login=who.login)
    return page(request, "security", status=status, who=who, secret=offered, picture=picture, error=error)

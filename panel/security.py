"""A user's own security: the second factor, and all their sessions."""

from datetime import datetime
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from context import Now, Process, Session, context
from db import users
from db.users import FailedSignInRow, SessionRow, UserRow
from panel import passwords, second_factor
from panel.errors import SecondFactorNeededError
from panel.rendering import done, page
from panel.signing_in import came_from, has_second_factor
from panel.visitors import AnyVisitor, Visitor

router = APIRouter(prefix="/sicurezza")
Code = Annotated[str, Form(max_length=6)]
Secret = Annotated[str, Form(max_length=passwords.LONGEST)]
WRONG_CODE = "Il codice non è giusto: ne attenda un altro."
NOT_YOURS = "Non è la Sua password; dopo troppi tentativi bisogna attendere 15 minuti."
WRONG = "Password o codice errati; dopo troppi tentativi bisogna attendere 15 minuti."
TOO_SHORT = f"Almeno {passwords.SHORTEST} caratteri: una frase si ricorda meglio."


@router.get("")
async def show(request: Request, who: AnyVisitor, session: Session, made: Process) -> Response:
    """Whether it is on; and if not, what the app has to read."""
    return await _page(request, who, session, made, status=200)


@router.post("")
async def turn_on(
    request: Request, who: AnyVisitor, session: Session, made: Process, now: Now, password: Secret = "", code: Code = ""
) -> Response:
    """The second factor, by whoever knows the password, and a code that the app shows now; all other sessions end.

    One that is on stays as it is.
    """
    user = await users.lock(session, user_id=who.id)
    here = await session.get_one(SessionRow, who.session_id)
    if user.totp_secret is None:
        if not await _knows(request, session, user, password=password, now=now):
            await _count_wrong(request, session, user, now=now)
            return await _page(request, who, session, made, status=422, wrong={"password": NOT_YOURS})
        secret = here.offered_secret and second_factor.opened(here.offered_secret, by=made.secret)
        step = secret and second_factor.step(secret, code=code, now=now, after=None)
        if not step:
            await session.rollback()
            return await _page(request, who, session, made, status=422, wrong={"code": WRONG_CODE})
        user.totp_secret, user.totp_step, here.offered_secret = here.offered_secret, step, None
        await users.sign_out_elsewhere(session, user_id=who.id, here=who.session_id)
    await session.commit()
    return done("/sicurezza")


@router.post("/disattiva")
async def turn_off(
    request: Request, who: AnyVisitor, session: Session, made: Process, now: Now, password: Secret = "", code: Code = ""
) -> Response:
    """By whoever has all that the sign-in asks for: an open browser is not enough. Raises SecondFactorNeededError."""
    user = await users.lock(session, user_id=who.id)
    if user.partner_id is None:
        raise SecondFactorNeededError
    if user.totp_secret is not None:
        if not await _proves(request, session, user, password=password, code=code, now=now):
            await _count_wrong(request, session, user, now=now)
            return await _page(request, who, session, made, status=422, wrong={"code": WRONG})
        user.totp_secret, user.totp_step = None, None
    await session.commit()
    return done("/sicurezza")


@router.post("/password")
async def change_password(
    request: Request,
    who: AnyVisitor,
    session: Session,
    made: Process,
    now: Now,
    old: Secret = "",
    new: Secret = "",
    password_code: Code = "",
) -> Response:
    """Another one, by whoever has all that the sign-in asks for; all other sessions end."""
    user = await users.lock(session, user_id=who.id)
    if not await _proves(request, session, user, password=old, code=password_code, now=now):
        wrong = {"password_code": WRONG} if user.totp_secret else {"old": NOT_YOURS}
        await _count_wrong(request, session, user, now=now)
        return await _page(request, who, session, made, status=422, wrong=wrong)
    if len(new) < passwords.SHORTEST:
        await session.rollback()
        return await _page(request, who, session, made, status=422, wrong={"new": TOO_SHORT})
    user.password_hash = await passwords.hashed(new)
    await users.sign_out_elsewhere(session, user_id=who.id, here=who.session_id)
    await session.commit()
    return done("/sicurezza")


async def _proves(
    request: Request, session: AsyncSession, user: UserRow, *, password: str, code: str, now: datetime
) -> bool:
    """Whether they have all that the sign-in asks for: the password, and a new code where the second factor is on."""
    if not await _knows(request, session, user, password=password, now=now):
        return False
    return await has_second_factor(session, user, code=code, now=now, sealed_by=context(request).secret)


async def _knows(request: Request, session: AsyncSession, user: UserRow, *, password: str, now: datetime) -> bool:
    """Whether it is their password; after too many wrong tries, here or at the sign-in, nobody is believed."""
    is_locked_out = await users.is_locked_out(session, login=user.login, address=came_from(request), now=now)
    return not is_locked_out and await passwords.matches(user.password_hash, password)


async def _count_wrong(request: Request, session: AsyncSession, user: UserRow, *, now: datetime) -> None:
    """A wrong try, together with those of the sign-in."""
    session.add(FailedSignInRow(id=uuid4(), login=user.login, address=came_from(request), at=now))
    await session.commit()


async def _page(
    request: Request,
    who: Visitor,
    session: Session,
    made: Process,
    *,
    status: int,
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
        wrong=wrong or {},
        shortest=passwords.SHORTEST,
    )

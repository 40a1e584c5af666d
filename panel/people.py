"""*Utenti*: a partner's own people, and what each of them is there for.

The form that asks for a password makes it: sent twice, it tells the same one.
"""

from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from context import Process, Session
from db import acts, partners, requests, users
from db.users import UserRow
from domain.tokens import handed_over
from domain.users import BAD_LOGIN, LOGIN, Right, UserRole
from front.errors import NoSuchResource
from front.paging import ByTime, cut
from panel.passwords import hashed, matches
from panel.permissions import why_not
from panel.rendering import done, page
from panel.visitors import Manager, OfPartner, Visitor, partner_id

router = APIRouter(prefix="/utenti")
ROLES = {
    UserRole.OWNER: "proprietario: tutto, anche utenti e chiavi API",
    UserRole.ORDERS: "ordini: titolari, ordini, rinnovi e spazio",
    UserRole.FINANCE: "amministrazione: avvisi e soglie del credito",
    UserRole.READ_ONLY: "sola lettura",
}
TAKEN = "Questo nome utente è già in uso: ne scelga un altro."
LAST_OWNER = "È l'unico proprietario: prima ne nomini un altro."
ONES_OWN = "La Sua password si cambia in Sicurezza, con quella attuale."
TOLD_BEFORE = "Questa password è già stata consegnata, e da allora è cambiata: se serve, ne chieda una nuova."
LATEST = ByTime()

Wish = Annotated[UUID, Form()]
Role = Annotated[UserRole, Form()]


@router.get("")
async def show(request: Request, who: OfPartner, session: Session, paging: Annotated[ByTime, Query()]) -> Response:
    """All of them; and what operators did about this partner, and why, the latest first."""
    return await _page(request, who, session, paging=paging)


@router.post("")
async def add(
    request: Request,
    who: Manager,
    made: Process,
    session: Session,
    wish: Wish,
    role: Role,
    login: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """One more; their first password is told here, and nowhere else."""
    name, user_id = login.strip().lower(), uuid5(partner_id(who), f"user:{wish}")
    if not LOGIN.fullmatch(name):
        return await _page(request, who, session, login=login, role=role, error=BAD_LOGIN)
    password = handed_over(user_id, secret=made.secret)
    row = UserRow(id=user_id, login=name, partner_id=who.partner_id, role=role, password_hash=await hashed(password))
    if await requests.is_first(session, caller_id=partner_id(who), key=f"user:{wish}"):
        if not await users.add(session, row):
            return await _page(request, who, session, login=login, role=role, error=TAKEN)
        await session.commit()
    return await _tell(request, who, session, user_id=user_id, password=password)


async def _tell(request: Request, who: Visitor, session: AsyncSession, *, user_id: UUID, password: str) -> Response:
    """The password, as long as it is still theirs: a form that is sent again later tells and changes nothing."""
    user = await session.get(UserRow, user_id, populate_existing=True)
    is_theirs = user is not None and await matches(user.password_hash, password)
    if user is None or not is_theirs:
        return page(request, "error", status=409, who=who, title="Già fatto", words=TOLD_BEFORE)
    return page(request, "password", who=who, login=user.login, password=password)


async def _one(user_id: UUID, who: Manager, session: Session) -> UserRow:
    """A colleague, and nobody else's. Raises NoSuchResource. The partner is locked: of two owners one stays."""
    await partners.lock(session, partner_id=partner_id(who))
    row = await session.get(UserRow, user_id, populate_existing=True)
    if row is None or row.partner_id != who.partner_id:
        raise NoSuchResource
    return row


One = Annotated[UserRow, Depends(_one)]


@router.get("/{user_id}")
async def ask(request: Request, user: One, who: Manager) -> Response:
    """Another role, another password, or none of it any more."""
    return page(request, "user", who=who, user=user, roles=ROLES, wish=uuid4(), error=None)


@router.post("/{user_id}/ruolo")
async def change_role(request: Request, user: One, who: Manager, session: Session, role: Role) -> Response:
    """From the next click on."""
    if role is not UserRole.OWNER and await _is_last_owner(session, user):
        return page(request, "user", status=409, who=who, user=user, roles=ROLES, wish=uuid4(), error=LAST_OWNER)
    user.role = role
    await session.commit()
    return done("/utenti")


@router.post("/{user_id}/password")
async def renew_password(
    request: Request, user: One, who: Manager, made: Process, session: Session, wish: Wish
) -> Response:
    """A new first password; the old one, a lost second factor and all sessions are gone."""
    if user.id == who.id:
        return page(request, "user", status=409, who=who, user=user, roles=ROLES, wish=uuid4(), error=ONES_OWN)
    password = handed_over(uuid5(user.id, f"password:{wish}"), secret=made.secret)
    if await requests.is_first(session, caller_id=partner_id(who), key=f"password:{wish}"):
        await users.reset(session, user, password_hash=await hashed(password))
        await session.commit()
    return await _tell(request, who, session, user_id=user.id, password=password)


@router.post("/{user_id}/rimuovi")
async def remove(request: Request, user: One, who: Manager, session: Session) -> Response:
    """They get in no more."""
    if await _is_last_owner(session, user):
        return page(request, "user", status=409, who=who, user=user, roles=ROLES, wish=uuid4(), error=LAST_OWNER)
    await users.remove(session, user_id=user.id)
    await session.commit()
    return done("/utenti")


async def _is_last_owner(session: AsyncSession, user: UserRow) -> bool:
    assert user.partner_id is not None  # noqa: S101 - a partner's own
    everybody = await users.of_partner(session, partner_id=user.partner_id)
    return [one.id for one in everybody if one.role is UserRole.OWNER] == [user.id]


async def _page(
    request: Request,
    who: Visitor,
    session: AsyncSession,
    *,
    paging: ByTime = LATEST,
    login: str = "",
    role: UserRole = UserRole.READ_ONLY,
    error: str | None = None,
) -> Response:
    typed: dict[str, Any] = {"login": login, "role": role, "error": error}
    rows = await acts.of_partner(session, partner_id=partner_id(who), before=paging.before, limit=paging.limit + 1)
    shown, next_ = cut(rows, paging.limit, mark=lambda row: f"{row.at.isoformat()}|{row.id}")
    return page(
        request,
        "users",
        status=422 if error else 200,
        who=who,
        rows=await users.of_partner(session, partner_id=partner_id(who)),
        acts=shown,
        next=next_,
        roles=ROLES,
        why_not=why_not(who, Right.PEOPLE),
        wish=uuid4(),
        **typed,
    )

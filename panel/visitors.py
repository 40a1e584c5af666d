"""Who is at the panel: the session that a cookie opens, and the proof that a form is the panel's own."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from context import Now, Process, Session
from db import partners, users
from db.users import UserRow
from domain.errors import OnlyOperators, OnlyPartners
from domain.tokens import fingerprint
from domain.users import Right
from front.callers import Caller
from panel.errors import ForeignFormError, RightMissingError, SecondFactorNeededError, SignInNeededError

HOME = "/pannello"
COOKIE = "docfly_session"
SECURITY = f"{HOME}/sicurezza"
SIGN_OUTS = {f"{HOME}/esci", f"{HOME}/esci-ovunque"}
WITHOUT_SECOND_FACTOR = {SECURITY, f"{SECURITY}/password", *SIGN_OUTS}
"""What an operator reaches who hasn't turned it on yet."""
SEEN_EVERY = timedelta(minutes=1)
"""A session that is in use is written down no more often."""


@dataclass(frozen=True, kw_only=True)
class Visitor(Caller):
    """Somebody who has signed in."""

    session_id: UUID
    login: str
    has_second_factor: bool
    name: str
    """The partner's, or ours."""
    rights: frozenset[Right]
    """What they may do besides looking."""
    is_guest: bool = False
    """An operator who looks around as a partner."""
    form_token: str
    """What each form carries, so that no other site can send one in the visitor's name."""


def form_token(cookie: str, *, user_id: UUID, by: str) -> str:
    """Known only to who knows the cookie; and, unlike it, to the page. Signed as the user's, for when it is too old."""
    of_session = _text(sha256(b"form:" + cookie.encode()).digest())
    return f"{of_session}.{_signature(of_session, user_id=user_id, by=by)}"


def was_given_to(user_id: UUID, *, token: str, by: str) -> bool:
    """Whether a page of the user's has carried it, in whatever session of theirs."""
    of_session, _, signature = token.partition(".")
    return _is_same(signature, _signature(of_session, user_id=user_id, by=by))


def _signature(of_session: str, *, user_id: UUID, by: str) -> str:
    said = b"form:" + user_id.bytes + of_session.encode(errors="replace")
    return _text(hmac.digest(by.encode(), said, "sha256"))


def _text(digest: bytes) -> str:
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _is_same(sent: str, right: str) -> bool:
    return hmac.compare_digest(sent.encode(errors="replace"), right.encode())


async def seated(request: Request, session: Session, made: Process, now: Now) -> Visitor:
    """The session's owner, whose form is still to be checked. Raises SignInNeededError."""
    cookie = request.cookies.get(COOKIE, "")
    found = await users.signed_in(session, fingerprint=fingerprint(cookie), now=now) if cookie.isascii() else None
    if found is None:
        raise SignInNeededError
    user = found.user
    whose = user.partner_id or found.viewed_partner_id
    if user.partner_id is None and user.totp_secret is None and request.url.path not in WITHOUT_SECOND_FACTOR:
        raise SecondFactorNeededError
    if now - found.seen_at > SEEN_EVERY and "hx-request" not in request.headers:  # nobody touches a page that polls
        await users.touch(session, session_id=found.id, now=now)
    partner = await partners.get(session, partner_id=whose) if whose else None
    await session.commit()
    request.state.visitor = found_out = Visitor(
        id=user.id,
        partner_id=whose,
        rights=_rights(user, whose),
        is_guest=user.partner_id != whose,
        session_id=found.id,
        login=user.login,
        has_second_factor=user.totp_secret is not None,
        name=partner.name if partner else "Operatori DocFly",
        form_token=form_token(cookie, user_id=user.id, by=made.secret),
    )
    return found_out


async def visitor(request: Request, who: Annotated[Visitor, Depends(seated)]) -> Visitor:
    """The session's owner. Raises SignInNeededError, and ForeignFormError for a form without the page's token."""
    if request.method != "GET":
        check_token(await _sent_token(request), who)
    return who


def check_token(sent: str, who: Visitor) -> None:
    """That a form is one of this session's pages'. Raises ForeignFormError."""
    if not _is_same(sent, who.form_token):
        raise ForeignFormError


async def _sent_token(request: Request) -> str:
    try:
        sent = (await request.form()).get("form_token", "")
    except (UnicodeError, LookupError):  # in a charset that there isn't
        return ""
    return sent if isinstance(sent, str) else ""


def _rights(user: UserRow, whose: UUID | None) -> frozenset[Right]:
    """By role; an operator's own are the orders, and as a guest of a partner's none."""
    if user.role is not None:
        return user.role.rights
    return frozenset({Right.ORDERS}) if whose is None else frozenset()


Seated = Annotated[Visitor, Depends(seated)]
AnyVisitor = Annotated[Visitor, Depends(visitor)]


def operator(who: AnyVisitor) -> Visitor:
    """One of us. Raises OnlyOperators, and RightMissingError for one who looks around as a partner."""
    if who.is_guest:
        raise RightMissingError
    if not who.is_operator:
        raise OnlyOperators
    return who


def of_partner(who: AnyVisitor) -> Visitor:
    """Somebody of a partner's. Raises OnlyPartners."""
    if who.partner_id is None:
        raise OnlyPartners
    return who


Operator = Annotated[Visitor, Depends(operator)]
OfPartner = Annotated[Visitor, Depends(of_partner)]


class _Holder:
    """A visitor who holds a right. Raises RightMissingError."""

    def __init__(self, right: Right) -> None:
        self.right = right

    def __call__(self, who: AnyVisitor) -> Visitor:
        if self.right not in who.rights:
            raise RightMissingError
        return who


class _PartnersHolder(_Holder):
    """The same, of a partner's own people. Raises OnlyPartners first."""

    def __call__(self, who: OfPartner) -> Visitor:
        return super().__call__(who)


OrderKeeper = Annotated[Visitor, Depends(_Holder(Right.ORDERS))]
"""Who moves orders, a partner's or everybody's."""
Buyer = Annotated[Visitor, Depends(_PartnersHolder(Right.ORDERS))]
"""Who spends a partner's credit."""
Treasurer = Annotated[Visitor, Depends(_PartnersHolder(Right.MONEY))]
Manager = Annotated[Visitor, Depends(_PartnersHolder(Right.PEOPLE))]


def partner_id(who: Visitor) -> UUID:
    """Whose credit, users or keys they are."""
    assert who.partner_id is not None  # noqa: S101 - somebody of a partner's has one
    return who.partner_id

"""A form that came when its session was over: carried through the sign-in, and then offered to be sent again.

Another tab's, which comes when its user has signed in again, is offered at once. Only one that a page of ours has sent
(Fetch Metadata), none that holds a password or a file; and only to whom it was that the session was of.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from fastapi import Request
from pydantic import BaseModel

from context import Context
from db import users
from domain.tokens import fingerprint
from panel.order_tabs import STREAMED
from panel.visitors import COOKIE, SECURITY, SIGN_OUTS, was_given_to

TOKEN = "form_token"  # noqa: S105 - the field's name
FORM = "application/x-www-form-urlencoded"


class Unsent(BaseModel):
    """Where it was to go, what was filled in, and by whom."""

    path: str
    fields: dict[str, str]
    user_id: UUID


async def of(request: Request, made: Context) -> Unsent | None:
    """What a request would have sent; None if it isn't worth keeping, not ours, or nobody's that is known."""
    path = request.url.path
    if request.method != "POST" or request.headers.get("sec-fetch-site") != "same-origin":
        return None
    if path in SIGN_OUTS or path.startswith(SECURITY) or is_upload(request) or _kind(request) != FORM:
        return None
    if (user_id := await _sender(request, made)) is None:
        return None
    fields = {name: str(value) for name, value in (await request.form()).items() if name != TOKEN}
    query = f"?{request.url.query}" if request.url.query else ""
    return Unsent(path=f"{path}{query}", fields=fields, user_id=user_id)


async def of_older_page(request: Request, made: Context) -> Unsent | None:
    """The same of a form that another session of its user's has made; None also if the user is another one."""
    if (left := await of(request, made)) is None:
        return None
    token = str((await request.form()).get(TOKEN, ""))
    return left if was_given_to(left.user_id, token=token, by=made.secret) else None


def is_upload(request: Request) -> bool:
    """Whether it goes where bodies may be long: of those nothing is read before it is known whose they are."""
    return request.method == "POST" and any(route.path_regex.match(request.scope["path"]) for route in STREAMED)


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _sender(request: Request, made: Context) -> UUID | None:
    cookie = request.cookies.get(COOKIE, "")
    if not cookie.isascii():
        return None
    async with made.sessions() as session:
        return await users.whose(session, fingerprint=fingerprint(cookie))


def sealed(unsent: Unsent, *, by: str) -> str:
    """As the sign-in's page carries it: nobody reads or changes it there, nor says that it is theirs."""
    return _seal(by).encrypt(unsent.model_dump_json().encode()).decode()


def opened(carried: str, *, by: str) -> Unsent | None:
    """What the sign-in's page has carried; None if nothing, or nothing of ours."""
    try:
        return Unsent.model_validate_json(_seal(by).decrypt(carried))
    except (InvalidToken, ValueError):
        return None


def _seal(by: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"unsent:" + by.encode()).digest()))

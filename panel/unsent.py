"""A form that came when its session was over: carried through the sign-in, and then offered to be sent again.

Only one that a page of ours has sent (Fetch Metadata), and none that holds a password or a file.
"""

from fastapi import Request
from pydantic import BaseModel, ValidationError

from panel.order_tabs import STREAMED
from panel.visitors import HOME, SECURITY, SIGN_OUTS

TOKEN = "form_token"  # noqa: S105 - the field's name
FORM = "application/x-www-form-urlencoded"


class Unsent(BaseModel):
    """Where it was to go, and what was filled in."""

    path: str
    fields: dict[str, str]


async def of(request: Request) -> Unsent | None:
    """What a request would have sent; None if it isn't worth keeping, or not ours."""
    path = request.url.path
    if request.method != "POST" or request.headers.get("sec-fetch-site") != "same-origin":
        return None
    if path in SIGN_OUTS or path.startswith(SECURITY) or is_upload(request) or _kind(request) != FORM:
        return None
    fields = {name: str(value) for name, value in (await request.form()).items() if name != TOKEN}
    query = f"?{request.url.query}" if request.url.query else ""
    return Unsent(path=f"{path}{query}", fields=fields)


def is_upload(request: Request) -> bool:
    """Whether it goes where bodies may be long: of those nothing is read before it is known whose they are."""
    return request.method == "POST" and any(route.path_regex.match(request.scope["path"]) for route in STREAMED)


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def read(carried: str) -> Unsent | None:
    """What the sign-in's page has carried; None if nothing, or nothing of ours."""
    try:
        unsent = Unsent.model_validate_json(carried)
    except ValidationError:
        return None
    return unsent if unsent.path.startswith(f"{HOME}/") and "//" not in unsent.path else None

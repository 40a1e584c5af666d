"""A form that came when its session was over: carried through the sign-in, and then offered to be sent again.

Only one that a page of ours has sent (Fetch Metadata), and none that holds a password.
"""

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

from panel.visitors import HOME, SECURITY, SIGN_OUTS

TOKEN = "form_token"  # noqa: S105 - the field's name


class Unsent(BaseModel):
    """Where it was to go, and what was filled in."""

    path: str
    fields: dict[str, str]


async def of(request: Request) -> Unsent | None:
    """What a request would have sent; None if it isn't worth keeping, or not ours."""
    path = request.url.path
    if request.method != "POST" or request.headers.get("sec-fetch-site") != "same-origin":
        return None
    if path in SIGN_OUTS or path.startswith(SECURITY):
        return None
    form = await request.form()
    if any(isinstance(value, UploadFile) for value in form.values()):
        return None
    fields = {name: str(value) for name, value in form.items() if name != TOKEN}
    query = f"?{request.url.query}" if request.url.query else ""
    return Unsent(path=f"{path}{query}", fields=fields)


def read(carried: str) -> Unsent | None:
    """What the sign-in's page has carried; None if nothing, or nothing of ours."""
    try:
        unsent = Unsent.model_validate_json(carried)
    except ValidationError:
        return None
    return unsent if unsent.path.startswith(f"{HOME}/") and "//" not in unsent.path else None

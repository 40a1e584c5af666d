"""A page as an answer: its template, its headers, and what the layout says of who looks at it."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from panel.templating import TEMPLATES
from panel.visitors import HOME, Visitor

UNKEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Of whatever holds people's data: no proxy and no shared machine keeps it."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    **UNKEPT,
}

OK = 200
DONE = "docfly_done"
"""The cookie with which a change sends people on: the page that they then see says so, and takes it back."""


def page(
    request: Request, template: str, *, who: Visitor | None = None, status: int = 200, **words: Any
) -> HTMLResponse:
    """A whole page; `who` is left out before the sign-in, and where somebody may or may not have been known."""
    who, path = who or getattr(request.state, "visitor", None), request.url.path
    words["is_done"] = status == OK and DONE in request.cookies
    html = TEMPLATES.get_template(f"pages/{template}.html").render(who=who, home=HOME, path=path, **words)
    answer = HTMLResponse(html.encode(errors="replace"), status, HEADERS)
    if words["is_done"]:
        answer.delete_cookie(DONE, path=HOME)
    return answer


def done(address: str) -> RedirectResponse:
    """After a change, on to the page below HOME that shows it."""
    answer = RedirectResponse(f"{HOME}{address}", 303)
    answer.set_cookie(DONE, "1", max_age=60, path=HOME, httponly=True, samesite="lax")
    return answer


def part(template: str, **words: Any) -> HTMLResponse:
    """A piece of a page, which takes the place of an older one."""
    return HTMLResponse(TEMPLATES.get_template(f"parts/{template}.html").render(home=HOME, **words), 200, HEADERS)

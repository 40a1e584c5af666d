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
OUTCOME = "docfly_outcome"
"""The cookie with which a change sends people on: the page that they then see says how it went, and takes it back."""
DONE, ASKED = "done", "asked"


def page(
    request: Request, template: str, *, who: Visitor | None = None, status: int = 200, **words: Any
) -> HTMLResponse:
    """A whole page; `who` is left out before the sign-in, and where somebody may or may not have been known."""
    who, path = who or getattr(request.state, "visitor", None), request.url.path
    words["outcome"] = request.cookies.get(OUTCOME) if status == OK else None
    html = TEMPLATES.get_template(f"pages/{template}.html").render(who=who, home=HOME, path=path, **words)
    answer = HTMLResponse(html.encode(errors="replace"), status, HEADERS)
    if words["outcome"]:
        answer.delete_cookie(OUTCOME, path=HOME)
    return answer


def done(address: str) -> RedirectResponse:
    """After a change, on to the page below HOME that shows it."""
    return _on(address, outcome=DONE)


def asked(address: str) -> RedirectResponse:
    """After a cancellation that the provider has yet to confirm, on to the page below HOME that will show it."""
    return _on(address, outcome=ASKED)


def _on(address: str, *, outcome: str) -> RedirectResponse:
    answer = RedirectResponse(f"{HOME}{address}", 303)
    answer.set_cookie(OUTCOME, outcome, max_age=60, path=HOME, httponly=True, samesite="lax")
    return answer


def part(template: str, **words: Any) -> HTMLResponse:
    """A piece of a page, which takes the place of an older one."""
    return HTMLResponse(TEMPLATES.get_template(f"parts/{template}.html").render(home=HOME, **words), 200, HEADERS)

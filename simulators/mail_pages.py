"""The catcher's pages for people: the list and one message, with nothing in it that can act."""

import re
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from simulators import mail_message
from simulators.mail_routes import Store, found

PAGE_SIZE = 100
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

router = APIRouter(include_in_schema=False)


def links(text: str) -> Markup:
    """The text, escaped, its addresses clickable."""
    parts, end = [], 0
    for link in LINK.finditer(text):
        target = escape(link[0])
        parts += [escape(text[end : link.start()])]
        parts += [Markup('<a href="{0}" target="_blank" rel="noreferrer">{0}</a>').format(target)]
        end = link.end()
    return Markup().join([*parts, escape(text[end:])])


pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
pages.filters["links"] = links


@router.get("/")
def show_list(store: Store, to: str = "", page: Annotated[int, Query(ge=1)] = 1) -> HTMLResponse:
    """A hundred at a time, newest first; only these are opened."""
    ids = store.ids(to=to)
    shown = ids[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    contents = ((name, store.read(name)) for name in shown)
    messages = [mail_message.summary(name, content=c) for name, c in contents if c is not None]
    more = len(ids) > page * PAGE_SIZE
    return _page("mail_list.html", messages=messages, to=to, page=page, more=more, total=len(ids))


@router.get("/mail/{name}")
def show_message(name: str, store: Store) -> HTMLResponse:
    """Headers, text, HTML in a sandbox, attachments."""
    message = mail_message.read(name, content=found(store, name=name))
    return _page("mail_message.html", message=message)


def _page(template: str, **values: object) -> HTMLResponse:
    return HTMLResponse(pages.get_template(template).render(values), headers=HEADERS)

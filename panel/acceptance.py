"""The titolare's page: reading it never accepts, since mail scanners follow links."""

from collections import Counter
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from uuid import uuid4

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from context import Context, Now, Process, Session
from db import contracts, decisions, mails, orders, partners, receipts
from db.base import EVERY_PARTNER
from db.contracts import ContractRow
from db.decisions import Answer, DecisionRow
from db.mails import MailRow
from db.orders import OrderRow
from domain.erasure import is_pseudonym
from domain.errors import NotAwaitingDocuments, OrderHeld, TokenDead, Unavailable
from domain.lifecycle import CancelReason, Status
from domain.titolari import display_name
from domain.tokens import fingerprint
from panel import acceptance_pages as pages
from panel.acceptance_form import AcceptanceForm, read
from panel.acceptance_pages import AcceptanceView, Printed
from workflows import client

router = APIRouter(include_in_schema=False)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
STATIC = Path(__file__).parent / "static"
MOST_FIELDS = 20
PAPERS_SHOWN = timedelta(days=30)
"""After an acceptance, unless the holder is erased: contracts and receipt hold a person's data, links are forwarded."""


class Link(Enum):
    """How far the link has gone."""

    UNKNOWN = "unknown"
    OPEN = "open"
    """The decision is awaited."""
    USED = "used"
    """The decision was made through it."""
    DEAD = "dead"
    """A newer mail, a cancellation or the time-out has killed it."""


class Visit(NamedTuple):
    """What a link leads to."""

    link: Link
    mail: MailRow
    order: OrderRow
    contracts: list[ContractRow]
    """None once they aren't shown any more."""
    view: AcceptanceView


async def _visit(token: str, session: Session, now: Now) -> Visit | None:
    """Who holds the token may see the order it was made for."""
    mail = await mails.by_token(session, fingerprint=fingerprint(token)) if token.isascii() else None
    if mail is None or mail.order_id is None:
        return None
    order = await orders.get(session, order_id=mail.order_id, owner=EVERY_PARTNER)
    partner = await partners.get(session, partner_id=order.partner_id)
    link = _link(mail, order)
    printed = await contracts.newest(session, order_id=order.id) if _shows_papers(link, order, now) else []
    await session.commit()
    view = _view(order, partner=partner.name, printed=printed, address=f"/accept/{token}")
    return Visit(link, mail, order, printed, view)


def _link(mail: MailRow, order: OrderRow) -> Link:
    if mail.id != order.living_mail_id:
        return Link.DEAD
    if order.decision_id is not None or (order.held_at is not None and not order.status.is_final):
        return Link.USED
    return Link.OPEN if order.status is Status.AWAITING_DOCUMENTS else Link.DEAD


def _shows_papers(link: Link, order: OrderRow, now: datetime) -> bool:
    if link is Link.USED:
        is_recent = order.accepted_at is not None and now - order.accepted_at < PAPERS_SHOWN
        return is_recent and not is_pseudonym(order.titolare)
    return link is Link.OPEN


def _view(order: OrderRow, *, partner: str, printed: list[ContractRow], address: str) -> AcceptanceView:
    return AcceptanceView(
        number=order.number,
        partner=partner,
        holder=display_name(order.titolare),
        options=order.options,
        price=order.price,
        accept_by=order.accept_by,
        contracts=tuple(Printed(name=row.name, title=row.title) for row in printed),
        address=address,
    )


Visited = Annotated[Visit | None, Depends(_visit)]


@router.api_route("/accept/{token}", methods=["GET", "HEAD"])
async def show(visit: Visited) -> Response:
    """The form, or where the order stands; it changes nothing."""
    if visit is None:
        return _page(pages.unknown(), 404)
    if visit.link is Link.OPEN:
        return _page(pages.form(visit.view, errors={}, entered={}), 200)
    return _closed(visit, 200)


@router.api_route("/accept/{token}/contracts/{name}", methods=["GET", "HEAD"])
async def contract(visit: Visited, name: str, session: Session) -> Response:
    """One of the contracts that were mailed, to the byte."""
    if visit is None or not visit.contracts:
        return _gone(visit)
    for row in await contracts.read(session, order_id=visit.order.id):
        if row.name == name:
            return _pdf(row.content, name=row.name)
    return _page(pages.unknown(), 404)


@router.api_route("/accept/{token}/receipt", methods=["GET", "HEAD"])
async def receipt(visit: Visited, session: Session) -> Response:
    """The sealed receipt, after the acceptance."""
    if visit is None or not visit.contracts:
        return _gone(visit)
    if (row := await receipts.get(session, order_id=visit.order.id)) is not None:
        return _pdf(row.content, name=f"ricevuta-{visit.order.number}")
    return _page(pages.try_again(), 503) if visit.order.accepted_at else _page(pages.unknown(), 404)


@router.post("/accept/{token}")
async def decide(token: str, request: Request, visit: Visited, made: Process, session: Session, now: Now) -> Response:
    """The decision, kept with its evidence before the order hears of it; 303 to the outcome."""
    if visit is None:
        return _page(pages.unknown(), 404)
    if visit.link is not Link.OPEN:
        await _remind_workflow(visit, made)
        return _closed(visit, 410)
    entered = await _entered(request)
    form = read(entered)
    if not isinstance(form, AcceptanceForm):
        return _page(pages.form(visit.view, errors=form, entered=entered), 422)
    decision = DecisionRow(
        id=uuid4(),
        order_id=visit.order.id,
        mail_id=visit.mail.id,
        answer=Answer(form.decision),
        evidence=_evidence(form, request, visit),
        at=now,
    )
    try:
        await decisions.keep(session, decision)
        await _tell(decision, made)
    except (NotAwaitingDocuments, OrderHeld, TokenDead):
        return _closed(await _visit(token, session, now) or visit, 410)  # somebody was faster: perhaps the same finger
    except Unavailable:
        return _page(pages.try_again(), 503)
    return RedirectResponse(request.url.path, 303, HEADERS)


async def _entered(request: Request) -> dict[str, str]:
    """The form's fields, fit to be shown again. What is no form has none; and who says two things has said neither."""
    try:
        async with request.form(max_fields=MOST_FIELDS) as form:
            given = form.multi_items()
    except HTTPException:
        return {}
    times = Counter(name for name, _ in given)
    fields = {name: value for name, value in given if isinstance(value, str) and times[name] == 1}
    return {name: value.encode(errors="replace").decode() for name, value in fields.items()}  # no lone surrogates


async def _tell(decision: DecisionRow, made: Context) -> None:
    commands = {
        Answer.ACCEPT: client.accept_contract,
        Answer.DECLINE: client.decline_contract,
        Answer.REPORT: client.report_order,
    }
    await commands[decision.answer](made.temporal, order_id=decision.order_id, decision_id=decision.id)


async def _remind_workflow(visit: Visit, made: Context) -> None:
    """An acceptance that is in the row, but whose answer was lost on the way to the workflow, is told again."""
    decision_id = visit.order.decision_id
    if visit.link is Link.USED and decision_id is not None and not visit.order.status.is_final:
        try:
            await client.accept_contract(made.temporal, order_id=visit.order.id, decision_id=decision_id)
        except (NotAwaitingDocuments, Unavailable):
            return  # as it should be, or as it was: the next visit tries again


def _evidence(form: AcceptanceForm, request: Request, visit: Visit) -> dict[str, Any]:
    """Who accepted what, from where (the domain, section 3.3)."""
    documents = [
        {"name": row.name, "title": row.title, "version": row.version, "sha256": row.sha256.hex()}
        for row in visit.contracts
    ]
    return {
        "titolare": decisions.who_decides(visit.order.titolare),
        "documents": documents,
        **form.model_dump(mode="json"),
        "ip": request.client.host if request.client else None,
        "user_agent": request.headers.get("user-agent", "")[:500],
    }


def _closed(visit: Visit, status: int) -> Response:
    if visit.link is Link.DEAD:
        return _page(pages.dead(), 410)
    if visit.link is Link.OPEN:  # refused for what the row doesn't tell yet: the order is about to end, perhaps
        return _page(pages.overtaken(), status)
    order = visit.order
    declined = order.reason is CancelReason.DECLINED
    held = order.held_at is not None
    body = pages.outcome(visit.view, status=order.status, held=held, declined=declined)
    return _page(body, status)


def _gone(visit: Visit | None) -> Response:
    """What is answered to a link that leads nowhere, or no longer."""
    return _page(pages.unknown(), 404) if visit is None else _page(pages.dead(), 410)


def _pdf(content: bytes, *, name: str) -> Response:
    disposition = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, media_type="application/pdf", headers={**HEADERS, **disposition})


def _page(body: str, status: int) -> Response:
    return HTMLResponse(body, status, HEADERS)


def install(app: FastAPI) -> None:
    """Serve the page and its style sheet."""
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

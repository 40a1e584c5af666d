"""The panel, whole: pages under /pannello, and its own way to say what went wrong."""

import re
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from context import Context
from domain.errors import DomainError
from domain.words import giorno
from front.errors import NoSuchResource, UnexpectedError
from front.last_resort import LastResort
from front.problems import PROBLEMS
from panel import (
    acceptance_help,
    api_keys,
    buying,
    console,
    credentials,
    credit,
    exports,
    home,
    order,
    order_actions,
    order_tabs,
    orders,
    papers,
    people,
    post,
    preferences,
    renewal_mode,
    responsabili,
    security,
    service_actions,
    signing_in,
    storage,
    titolari,
    unsent,
)
from panel.errors import ForeignFormError, RightMissingError, SecondFactorNeededError, SignInNeededError
from panel.rendering import page
from panel.signing_in import Entry, ask_page
from panel.visitors import HOME, SECURITY, SIGN_OUTS
from panel.words import advice, istante, way_on

ROUTERS = (
    signing_in.router,
    security.router,
    home.router,
    orders.router,
    buying.router,
    order.router,
    order_actions.router,
    acceptance_help.router,
    responsabili.router,
    titolari.router,
    order_tabs.router,
    papers.router,
    service_actions.router,
    renewal_mode.router,
    credentials.router,
    storage.router,
    credit.router,
    preferences.router,
    people.router,
    api_keys.router,
    console.router,
    post.router,
    exports.router,
)
BELOW_A_PAGE = re.compile(r"/(stato|ruolo|rimuovi|password|disattiva|fine-consultazione)$")
"""The ends of addresses that are no pages."""
AT_HOME = {*SIGN_OUTS, f"{HOME}/bozza/lascia"}
"""Addresses that are no pages either, of forms that stand at home, or everywhere."""
NOT_ATTACHED = "Il file non è stato allegato: la sessione era scaduta. Entri, e lo alleghi di nuovo."
LIBRARIES = Path(__file__).parent / "node_modules"


def panel(context: Context) -> FastAPI:
    """An app of its own, to be mounted at HOME."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.state.context = context
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(SignInNeededError, _ask_to_sign_in)
    app.add_exception_handler(SecondFactorNeededError, _ask_for_second_factor)
    app.add_exception_handler(ForeignFormError, _tell_of_foreign_form)
    app.add_exception_handler(RightMissingError, _tell_of_role)
    app.add_exception_handler(DomainError, _tell)
    app.add_exception_handler(RequestValidationError, _tell_of_bad_request)
    app.add_exception_handler(HTTPException, _tell_of_nothing)
    app.add_middleware(LastResort, render=_render)
    return app


def install(app: FastAPI, context: Context) -> None:
    """Serve the pages, and the libraries that they use."""
    app.mount("/static/libraries", GZipMiddleware(StaticFiles(directory=LIBRARIES)), name="libraries")
    app.mount(HOME, panel(context), name="panel")
    for address in ("/", HOME):
        app.add_api_route(address, _welcome, include_in_schema=False)


async def _welcome() -> Response:
    """Where people begin."""
    return RedirectResponse(f"{HOME}/", 307)


async def _ask_to_sign_in(request: Request, _: Exception) -> Response:
    """And then back to where it was: most forms stand at the address that they are sent to, the others just above."""
    path, query = BELOW_A_PAGE.sub("", request.url.path), request.url.query
    wanted = f"{HOME}/" if path in AT_HOME else f"{path}?{query}" if query else path
    address = f"{HOME}/entra?poi={quote(wanted, safe='/')}"
    if unsent.is_upload(request):
        return ask_page(request, Entry(poi=wanted), error=NOT_ATTACHED)
    made: Context = request.app.state.context
    if (left := await unsent.of(request, made)) is not None:
        return ask_page(request, Entry(poi=wanted, carried=unsent.sealed(left, by=made.secret)))
    if "hx-request" in request.headers:
        return Response(headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


async def _ask_for_second_factor(_: Request, __: Exception) -> Response:
    return RedirectResponse(SECURITY, 303)


async def _tell_of_foreign_form(request: Request, _: Exception) -> Response:
    made: Context = request.app.state.context
    if (left := await unsent.of_older_page(request, made)) is not None:
        return page(request, "unsent", unsent=left, token=request.state.visitor.form_token)
    words = "La pagina è rimasta aperta troppo a lungo: torni indietro, la ricarichi e riprovi. Nulla è stato fatto."
    return page(request, "error", status=403, title="Modulo scaduto", words=words)


async def _tell_of_role(request: Request, _: Exception) -> Response:
    if request.state.visitor.is_guest:
        words = "Per farlo torni operatore: come ospite del partner può solo guardare."
        return page(request, "error", status=403, title="Sta guardando come il partner", words=words)
    words = "Il Suo ruolo non lo permette: chi è proprietario può cambiarlo in Impostazioni, Utenti."
    return page(request, "error", status=403, title="Non è del Suo ruolo", words=words)


async def _tell(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)  # noqa: S101 - it is registered for these
    return _render(error, request)


async def _tell_of_bad_request(request: Request, _: Exception) -> Response:
    if request.method == "GET":
        return _render(NoSuchResource(), request)
    words = "Torni indietro e controlli ciò che ha scritto. Nulla è stato fatto."
    return page(request, "error", status=422, title="Qualche dato non è valido", words=words)


async def _tell_of_nothing(request: Request, error: Exception) -> Response:
    if getattr(error, "status_code", None) == 400:  # noqa: PLR2004 - a form that can't be read
        return await _tell_of_bad_request(request, error)
    return _render(NoSuchResource(), request)


def _render(error: DomainError, request: Request) -> Response:
    problem = PROBLEMS.get(type(error), PROBLEMS[UnexpectedError])
    words = (advice(error) or problem.dettaglio).format(**{name: _shown(fact) for name, fact in vars(error).items()})
    way = way_on(error, order_id=request.path_params.get("order_id"))
    return page(request, "error", status=problem.status, title=problem.titolo, words=words, way_on=way)


def _shown(fact: object) -> object:
    """Dates as Italians write them."""
    if isinstance(fact, datetime):
        return istante(fact)
    return giorno(fact) if isinstance(fact, date) else fact

"""The API, whole."""

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.routing import BaseRoute

from api import (
    acceptance,
    credit,
    documents,
    forecast,
    health,
    orders,
    partner,
    prices,
    provider,
    rendering,
    renewals,
    services,
    space,
    statements,
    storage,
    titolari,
)
from api.heads import HeadAsGet
from api.limits import BodyLimit
from context import Context

ROUTERS = (
    titolari.router,
    prices.router,
    partner.router,
    orders.router,
    acceptance.router,
    documents.router,
    services.router,
    renewals.router,
    space.router,
    storage.router,
    credit.router,
    statements.router,
    forecast.router,
    provider.router,
    health.router,
)


def api(context: Context, *, streamed: Sequence[BaseRoute] = ()) -> FastAPI:
    """The ASGI app of the API; the panel is added by the entry point, with what limits its bodies itself."""
    app = FastAPI(
        title="DocFly Partner",
        version="0.1.0",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=rendering.IN_OPENAPI,
    )
    app.state.context = context
    rendering.install(app)
    app.add_middleware(HeadAsGet)
    app.add_middleware(BodyLimit, streamed=[*documents.STREAMED, *streamed])
    app.state.routes = [route for router in ROUTERS for route in router.routes]
    for router in ROUTERS:
        app.include_router(router)
    return app

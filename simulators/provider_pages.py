"""The provider's page for people: where a one-time link sets a password (which is thrown away)."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from simulators import provider_passwords
from simulators.provider_routes import Own

PAGE = """<!doctype html><html lang="it"><meta charset="utf-8"><title>Password</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<body style="font-family: sans-serif; max-width: 30em; margin: 3em auto">{}</body></html>"""
FORM = """<h1>Imposta la password</h1><p>Simulazione: nulla viene conservato.</p>
<form method="post"><label>Nuova password
<input type="password" name="password" autocomplete="new-password"></label>
<button>Imposta</button></form>"""
DONE = "<h1>Password impostata</h1><p>Il collegamento non vale più.</p>"
GONE = "<h1>Collegamento non valido</h1><p>È scaduto o è già stato usato.</p>"

router = APIRouter()


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/password/{token}")
async def show(token: str, own: Own) -> HTMLResponse:
    """The form; 410 for a link that is no longer good. Changes nothing."""
    if provider_passwords.is_good(own.database, token=token):
        return HTMLResponse(PAGE.format(FORM))
    return HTMLResponse(PAGE.format(GONE), status_code=410)


@router.post("/password/{token}")
async def set_password(token: str, own: Own) -> HTMLResponse:
    """Use the link up; 410 the second time."""
    if provider_passwords.use(own.database, token=token):
        return HTMLResponse(PAGE.format(DONE))
    return HTMLResponse(PAGE.format(GONE), status_code=410)

"""The catcher's JSON, for tests, and its strings."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from simulators import mail_message
from simulators.mail_message import CaughtMessage
from simulators.mail_moods import Mood, Moods
from simulators.mail_store import MailStore

router = APIRouter()


async def the_store(request: Request) -> MailStore:
    """The process's one."""
    store: MailStore = request.app.state.store
    return store


async def the_moods(request: Request) -> Moods:
    """The process's ones."""
    moods: Moods = request.app.state.moods
    return moods


Store = Annotated[MailStore, Depends(the_store)]
OwnMoods = Annotated[Moods, Depends(the_moods)]


def found(store: MailStore, *, name: str) -> bytes:
    """The message, or 404."""
    if (content := store.read(name)) is None:
        raise HTTPException(404, "No such message.")
    return content


@router.get("/messages")
def messages(
    store: Store,
    response: Response,
    to: str = "",
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> list[CaughtMessage]:
    """Newest first; `X-Total-Count` says how many there are in all."""
    ids = store.ids(to=to)
    response.headers["X-Total-Count"] = str(len(ids))
    contents = ((name, store.read(name)) for name in ids[offset : offset + limit])
    return [mail_message.read(name, content=c) for name, c in contents if c is not None]


@router.get("/messages/{name}")
def message(name: str, store: Store) -> CaughtMessage:
    """One of them."""
    return mail_message.read(name, content=found(store, name=name))


@router.get("/messages/{name}/raw")
def raw(name: str, store: Store) -> Response:
    """As it was caught, two envelope headers first."""
    headers = {"X-Content-Type-Options": "nosniff"}
    return Response(found(store, name=name), media_type="text/plain", headers=headers)


@router.get("/messages/{name}/attachments/{number}")
def attachment(name: str, number: int, store: Store) -> Response:
    """Its bytes, always as a download: caught HTML must not run here."""
    if (file := mail_message.attachment(found(store, name=name), number=number)) is None:
        raise HTTPException(404, "No such attachment.")
    described, content = file
    disposition = f"attachment; filename*=UTF-8''{quote(described.name, safe='')}"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=described.media_type, headers=headers)


@router.post("/_control")
async def set_mood(body: Mood, moods: OwnMoods) -> list[Mood]:
    """From the next recipient on."""
    moods.set(body)
    return moods.all()


@router.get("/_control")
async def current_moods(moods: OwnMoods) -> list[Mood]:
    """Everyone's first; `times` counts down."""
    return moods.all()


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}

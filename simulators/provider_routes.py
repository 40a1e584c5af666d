"""The provider's protocol, as in the contract: what the platform calls."""

import sqlite3
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from simulators import provider_passwords
from simulators.provider_account import Account, OpeningRequest, Quotas, State
from simulators.provider_accounts import Accounts
from simulators.provider_courier import Courier
from simulators.provider_modes import Behaviour, Mode, Modes
from simulators.serving import hold

STATUS = {State.PENDING: 202, State.REFUSED: 422}


class OutOfOrderError(Exception):
    """The mode says that this call fails."""


class QuotasRequest(BaseModel):
    """The body of `PUT /accounts/{order_id}/quotas`: all of them."""

    model_config = ConfigDict(extra="forbid")

    quotas: Quotas


class Provider:
    """What the routes work on; made once, by the process."""

    def __init__(self, database: sqlite3.Connection, *, courier: Courier, accounts: Accounts) -> None:
        self.database = database
        self.accounts = accounts
        self.courier = courier
        self.modes = Modes(database)


async def the_provider(request: Request) -> Provider:
    """The process's one."""
    provider: Provider = request.app.state.provider
    return provider


Own = Annotated[Provider, Depends(the_provider)]


async def the_behaviour(order_id: UUID, provider: Own, request: Request) -> Behaviour:
    """The order's; it strikes here when it is meant for all calls."""
    behaviour = provider.modes.of(order_id)
    if behaviour.calls == "all":
        await suffer(behaviour, request=request)
    return behaviour


async def suffer(behaviour: Behaviour, *, request: Request) -> None:
    """Raise OutOfOrderError when the mode is `error`, or `hang` and the caller has given up."""
    if behaviour.mode is Mode.HANG:
        await hold(request)
    if behaviour.mode in {Mode.HANG, Mode.ERROR}:
        raise OutOfOrderError


router = APIRouter(prefix="/accounts/{order_id}", dependencies=[Depends(the_behaviour)])


@router.put("")
async def open_account(
    body: OpeningRequest,
    order_id: UUID,
    own: Own,
    request: Request,
    behaviour: Annotated[Behaviour, Depends(the_behaviour)],
) -> JSONResponse:
    """200 active, 202 pending, 422 refused, 409 revoked."""
    await suffer(behaviour, request=request)
    account = own.accounts.open(order_id, request=body, behaviour=behaviour)
    own.courier.nudge()
    if behaviour.mode is Mode.HANG_AFTER:
        await hold(request)
        raise OutOfOrderError
    return JSONResponse(account.told(), status_code=STATUS.get(account.state, 200))


@router.get("")
async def read_account(order_id: UUID, own: Own) -> JSONResponse:
    """202 while pending, else 200 with the state, or 404."""
    account = own.accounts.get(order_id)
    return JSONResponse(account.told(), status_code=202 if account.state is State.PENDING else 200)


@router.post("/revoke")
async def revoke(order_id: UUID, own: Own) -> dict[str, str]:
    """Shut for good, or 409 with the state of what is live."""
    return own.accounts.revoke(order_id).told()


@router.post("/suspend")
async def suspend(order_id: UUID, own: Own) -> dict[str, str]:
    """Read-only."""
    return own.accounts.suspend(order_id).told()


@router.post("/resume")
async def resume(order_id: UUID, own: Own) -> dict[str, str]:
    """Open again."""
    return own.accounts.resume(order_id).told()


@router.put("/quotas")
async def set_quotas(order_id: UUID, body: QuotasRequest, own: Own) -> dict[str, object]:
    """The new quotas, as the account now has them."""
    account: Account = own.accounts.set_quotas(order_id, quotas=body.quotas)
    return {**account.told(), "quotas": account.quotas}


@router.get("/usage")
async def usage(order_id: UUID, own: Own) -> dict[str, int]:
    """Bytes used."""
    return {"used_bytes": own.accounts.get_live(order_id).used_bytes}


@router.post("/password-links")
async def make_password_link(order_id: UUID, own: Own, request: Request) -> dict[str, str]:
    """A new one-time link; the older ones stay good until used or expired."""
    own.accounts.get_live(order_id)
    token, expires_at = provider_passwords.make_link(own.database, order_id=order_id)
    until = datetime.fromtimestamp(expires_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"url": f"{request.base_url}password/{token}", "expires_at": until}

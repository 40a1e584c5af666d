"""The strings behind the provider: how it shall behave, and what it holds.

* `POST /_control` sets a mode, for one order or for everyone; `GET` reads the modes, `DELETE` forgets them.
* `POST /_control/complete {"order_id", "state"}` ends a pending account.
* `POST /_control/usage {"order_id", "used_bytes"}` fills a live account: what `GET /accounts/{order_id}/usage` answers.
* `GET /_control/accounts` tells of each account, among others, `state`, `quotas` and `used_bytes`.
"""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt

from simulators import provider_callbacks, provider_passwords
from simulators.provider_account import State
from simulators.provider_modes import Behaviour
from simulators.provider_routes import Own

router = APIRouter(prefix="/_control")


class ModeRequest(Behaviour):
    """A behaviour, for one order or (null) for everyone."""

    order_id: UUID | None = None


class CompleteRequest(BaseModel):
    """How a pending account ends; without `callback` only polling tells, without `named` no names are told."""

    model_config = ConfigDict(extra="forbid")

    order_id: UUID
    state: Literal[State.ACTIVE, State.REFUSED]
    reason: str = Field(default="refused", min_length=1, max_length=200)
    callback: bool = True
    named: bool = True
    times: int = Field(default=1, ge=1, le=100)


class UsageRequest(BaseModel):
    """What `GET /accounts/{order_id}/usage` shall answer."""

    model_config = ConfigDict(extra="forbid")

    order_id: UUID
    used_bytes: NonNegativeInt


@router.post("")
async def set_mode(body: ModeRequest, own: Own) -> dict[str, Behaviour]:
    """From the next call on."""
    own.modes.set(Behaviour(**body.model_dump(exclude={"order_id"})), order_id=body.order_id)
    return own.modes.all()


@router.get("")
async def modes(own: Own) -> dict[str, Behaviour]:
    """By order id; `*` is everyone."""
    return own.modes.all()


@router.delete("")
async def reset(own: Own) -> dict[str, Behaviour]:
    """Instant for all; the accounts stay."""
    own.modes.clear()
    return own.modes.all()


@router.post("/complete")
async def complete(body: CompleteRequest, own: Own) -> dict[str, str]:
    """End a pending account; 409 when it ended otherwise. A repeat repeats the same event."""
    own.accounts.complete(
        body.order_id,
        state=State(body.state),
        reason=body.reason if body.state is State.REFUSED else None,
        callbacks=body.times if body.callback else 0,
        is_named=body.named,
    )
    own.courier.nudge()
    return own.accounts.get(body.order_id).told()


@router.post("/usage")
async def set_usage(body: UsageRequest, own: Own) -> dict[str, int]:
    """Pretend that documents were stored."""
    account = own.accounts.set_used(body.order_id, used_bytes=body.used_bytes)
    return {"used_bytes": account.used_bytes}


@router.get("/accounts")
async def accounts(own: Own) -> list[dict[str, object]]:
    """All that is held, in the order in which it was first heard of."""
    told = provider_callbacks.tally(own.database)
    links = provider_passwords.tally(own.database)
    none = {"callbacks_sent": 0, "callbacks_waiting": 0}
    return [
        account.model_dump(mode="json", exclude={"answers"})
        | account.told()
        | told.get(str(account.order_id), none)
        | {"password_links": links.get(str(account.order_id), 0)}
        for account in own.accounts.all()
    ]

"""The provider's callback (contract: "Provider protocol"; Standard Webhooks 1.0)."""

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from context import Process, Session, Temporal
from db import accounts, orders, requests
from db.accounts import ProviderAccountRow
from db.base import EVERY_PARTNER
from domain.identifiers import LongText, Text
from domain.lifecycle import Account
from front.errors import InvalidSignature
from workflows import client

router = APIRouter(prefix="/v1/provider", tags=["provider"])


class Report(BaseModel):
    """What the provider reports of an account. It may say more than we know of."""

    model_config = ConfigDict(hide_input_in_errors=True)

    order_id: UUID
    state: Literal["active", "refused"]
    account: Text | None = None
    username: Text | None = None
    reason: LongText | None = None


@router.post("/reports", status_code=202)
async def report(request: Request, made: Process, session: Session, temporal: Temporal) -> dict[str, Any]:
    """Tell the order. A report that comes twice, or late, changes nothing; it is done once the order has heard it."""
    said = _read(await request.body(), dict(request.headers), secret=made.provider_secret)
    await orders.owner_of(session, order_id=said.order_id, owner=EVERY_PARTNER)
    message = f"report:{request.headers['webhook-id']}"
    if await requests.is_done(session, caller_id=said.order_id, key=message):
        return {}
    state = Account(said.state)
    facts = said.model_dump(include={"order_id", "account", "username", "reason"})
    await accounts.keep(session, ProviderAccountRow(state=state, **facts))
    await session.commit()
    await client.report_account(temporal, order_id=said.order_id, account=state)
    await requests.done(session, caller_id=said.order_id, key=message)
    await session.commit()
    return {}


def _read(body: bytes, headers: dict[str, str], *, secret: str) -> Report:
    """The signed report. Raises InvalidSignature, also for one that is older than five minutes."""
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError) as error:
        raise InvalidSignature from error
    try:
        return Report.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(_in_body(error)) from error


def _in_body(error: ValidationError) -> list[dict[str, Any]]:
    return [{**problem, "loc": ("body", *problem["loc"])} for problem in error.errors(include_input=False)]

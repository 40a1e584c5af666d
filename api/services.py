"""Services: what activated orders leave."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from api.bodies import JsonRoute
from api.keys import AnyCaller
from context import Session, Temporal
from db import mails, services
from db.mails import MailState
from domain.mails import MailKind
from domain.orders import CredentialMail
from workflows import client

router = APIRouter(prefix="/v1/services", tags=["services"], route_class=JsonRoute)


class CredentialMailAnswer(BaseModel):
    """The newest mail of credentials and how far it has come."""

    at: datetime
    to: Literal["pec"] = "pec"
    state: MailState


@router.post("/{service_id}/credential-mails", status_code=202)
async def mail_credentials(
    service_id: UUID, caller: AnyCaller, session: Session, temporal: Temporal
) -> CredentialMailAnswer:
    """A new one-time link to the responsabile della conservazione's PEC; limits as for contract mails."""
    service = await services.get(session, service_id=service_id, owner=caller.owner)
    sent = await mails.of_kind(session, order_id=service.order_id, kind=MailKind.CREDENTIALS)
    await session.commit()
    wish = CredentialMail(order_id=service.order_id, number=len(sent) + 1, actor=caller.actor)
    await client.mail_credentials(temporal, wish=wish)
    *_, newest = await mails.of_kind(session, order_id=service.order_id, kind=MailKind.CREDENTIALS)
    return CredentialMailAnswer(at=newest.at, state=newest.state)

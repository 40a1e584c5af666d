"""Other addresses for a titolare who hasn't decided: kept as a note on their way, since they are somebody's data."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client

from db.orders import OrderRow
from domain.errors import OrderHeld
from domain.lifecycle import Action, Actor, check
from domain.orders import Correction
from domain.titolari import Contacts
from front.noted import noted
from workflows import client


async def correct(
    order: OrderRow,
    contacts: Contacts,
    *,
    session: AsyncSession,
    temporal: Client,
    actor: Actor,
    note_id: UUID | None = None,
) -> None:
    """A new mail at once; what the addresses are already causes none.

    Raises NotAwaitingDocuments, OrderHeld, TooManyResends; then no note is left.
    """
    check(Action.CORRECT_CONTACTS, order.status)
    if order.held_at is not None:
        raise OrderHeld
    if contacts.put_into(order.titolare) == order.titolare:
        return
    async with noted(session, text=contacts.model_dump_json(), order_id=order.id) as note:
        correction = Correction(contacts_note=note, actor=actor, note_id=note_id)
        await client.correct_contacts(temporal, order_id=order.id, correction=correction)

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
    whatever_they_are: bool = False,
) -> None:
    """A new mail at once; what the addresses are already causes none.

    `order`: as the asker has seen it, and nobody may have changed it since, unless they mend `whatever_they_are`.

    Raises NotAwaitingDocuments, OrderHeld, TooManyResends, ContactsChanged; then no note is left.
    """
    check(Action.CORRECT_CONTACTS, order.status)
    if order.held_at is not None:
        raise OrderHeld
    if contacts.put_into(order.titolare) == order.titolare:
        return
    seen = None if whatever_they_are else order.living_mail_id
    async with noted(session, text=contacts.model_dump_json(), order_id=order.id) as note:
        correction = Correction(contacts_note=note, actor=actor, note_id=note_id, seen_mail_id=seen)
        await client.correct_contacts(temporal, order_id=order.id, correction=correction)

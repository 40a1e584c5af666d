"""Other addresses for a titolare who hasn't decided: kept as a note on their way, since they are somebody's data."""

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client

from db import notes
from db.orders import OrderRow
from domain.errors import DomainError, OrderHeld, Unavailable
from domain.lifecycle import Action, Actor, check
from domain.orders import Correction
from domain.titolari import Contacts
from workflows import client


async def correct(
    order: OrderRow, contacts: Contacts, *, session: AsyncSession, temporal: Client, actor: Actor
) -> None:
    """A new mail at once; what the addresses are already causes none.

    Raises NotAwaitingDocuments, OrderHeld, TooManyResends; then no note is left.
    """
    check(Action.CORRECT_CONTACTS, order.status)
    if order.held_at is not None:
        raise OrderHeld
    if contacts.put_into(order.titolare) == order.titolare:
        return
    note = await notes.hold(session, text=contacts.model_dump_json())
    try:
        await client.correct_contacts(
            temporal, order_id=order.id, correction=Correction(contacts_note=note, actor=actor)
        )
    except Unavailable:
        raise  # it may still happen
    except DomainError:
        await notes.take(session, note_id=note)
        await session.commit()
        raise

"""What is left of a titolare who was erased (GDPR art. 17), and what the law keeps (the domain, section 9)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain.calendar import rome_day
from domain.model import Value
from domain.titolari import Titolare

YEARS_KEPT: Final = 10
"""Art. 2220 c.c. (books and invoices) and art. 2946 c.c. (claims out of a contract)."""

NOTHING: Final = ""


class Kept(StrEnum):
    """What outlives an erasure."""

    ORDER = "order"
    """The order, its price and its dates, under a pseudonym."""
    PAPERS = "papers"
    """The contracts as they were sent, the receipt of their acceptance, and what was attached to the order."""
    APPOINTMENT = "appointment"
    """Who was responsabile: name and codice fiscale."""
    DECISION = "decision"
    """Who decided on the contract, how and when, and the mail that asked them."""
    MAIL = "mail"
    """The address of a mail that is still on its way."""


class Keeping(Value):
    """One thing that is kept, of which order, and to which day."""

    what: Kept
    number: str
    until: date


def kept_until(ended_at: datetime) -> date:
    """Ten years from the end of the year in which the last thing happened, in Rome."""
    return date(rome_day(ended_at).year + YEARS_KEPT, 12, 31)


def fields_of(titolare: Titolare) -> list[str]:
    """The personal data that a titolare has: every field but their kind."""
    return [name for name in Titolare.model_fields if name != "kind" and getattr(titolare, name) is not None]


def pseudonym(titolare: Titolare, *, titolare_id: UUID) -> Titolare:
    """A holder of whom an order tells no more than which of its partner's they were.

    The invoice is the partner's, and the books need no more; who it was, only the papers of the contract say.
    """
    return erased(titolare).model_copy(update={"denominazione": f"Titolare cancellato {str(titolare_id)[:8]}"})


def is_pseudonym(holder: Titolare) -> bool:
    """Whether an order's holder was erased: nobody orders without a PEC, and nobody keeps it."""
    return holder.pec is None


def for_appointments(titolare: Titolare) -> Titolare:
    """A responsabile of whom only name and codice fiscale are left."""
    kept = {"given_name", "family_name", "codice_fiscale"}
    return erased(titolare).model_copy(update=titolare.model_dump(include=kept))


def erased(titolare: Titolare) -> Titolare:
    """A record that is nobody's any more."""
    optional = {name for name, field in Titolare.model_fields.items() if not field.is_required()}
    nowhere = titolare.address.model_copy(update=dict.fromkeys(type(titolare.address).model_fields, NOTHING))
    texts = dict.fromkeys(Titolare.model_fields.keys() - optional - {"kind", "address"}, NOTHING)
    return titolare.model_copy(update={**texts, **dict.fromkeys(optional), "address": nowhere})
